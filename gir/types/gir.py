"""Reads a GIR file: what a library has, as far as an editor wants to know it."""

# Copyright (C) 2026 The libwebmessaging authors
#
# SPDX-License-Identifier: LGPL-2.1-or-later

import dataclasses
import re
from pathlib import Path
from xml.etree import ElementTree

CORE = "{http://www.gtk.org/introspection/core/1.0}"
C = "{http://www.gtk.org/introspection/c/1.0}"
GLIB = "{http://www.gtk.org/introspection/glib/1.0}"


@dataclasses.dataclass
class Type:
    """The type of a value. element: of the items, if it is an array."""

    name: str
    element: "Type | None" = None
    is_nullable: bool = False


@dataclasses.dataclass
class Parameter:
    """A parameter, as a binding shows it: without lengths of arrays and without data of closures."""

    name: str
    type: Type
    # A callback, which may get more arguments of the caller's.
    has_closure: bool = False


@dataclasses.dataclass
class Function:
    """A function, method, constructor, virtual method, signal or type of a callback."""

    name: str
    doc: str
    parameters: list[Parameter]
    # The result, and then what the function returns through parameters.
    results: list[Type]


@dataclasses.dataclass
class Property:
    """A property of an object."""

    name: str
    type: Type
    is_writable: bool


@dataclasses.dataclass
class Class:
    """A class, interface, boxed type, structure or enumeration."""

    kind: str
    name: str
    doc: str
    parent: str | None
    interfaces: list[str]
    is_struct_of_type: bool
    constructors: list[Function]
    functions: list[Function]
    methods: list[Function]
    virtual_methods: list[Function]
    signals: list[Function]
    properties: list[Property]
    # Members of an enumeration, fields of a structure.
    members: dict[str, int]
    fields: list[str]


@dataclasses.dataclass
class Namespace:
    """All of a library."""

    classes: dict[str, Class]
    callbacks: dict[str, Function]
    functions: list[Function]
    constants: dict[str, Type]


def read_doc(element: ElementTree.Element) -> str:
    """The first paragraph, without the markup of gi-docgen."""
    doc = element.find(CORE + "doc")
    if doc is None or doc.text is None:
        return ""
    text = " ".join(doc.text.strip().split("\n\n")[0].split())
    text = re.sub(r"\[\w+@(?:WebMessaging\.)?([\w.:-]+)\]", r"`\1`", text)
    return re.sub(r"[@%](\w+)", r"`\1`", text)


def read_type(element: ElementTree.Element) -> Type:
    """The type of a parameter, a result or a property."""
    is_nullable = element.get("nullable") == "1" or element.get("allow-none") == "1"
    array = element.find(CORE + "array")
    if array is not None:
        return Type(array.get("name", "array"), read_type(array), is_nullable)
    inner = element.find(CORE + "type")
    if inner is None:
        return Type("none")
    name = inner.get("name", "gpointer")
    item = inner.find(CORE + "type")
    return Type(name, Type(item.get("name", "gpointer")) if item is not None else None, is_nullable)


def read_function(element: ElementTree.Element) -> Function:
    """What is called."""
    group = element.find(CORE + "parameters")
    parameters = [] if group is None else group.findall(CORE + "parameter")
    result = element.find(CORE + "return-value")
    lengths = {int(array.get("length", -1)) for owner in [*parameters, result] if owner is not None
               for array in owner.findall(CORE + "array")}
    closures = {int(parameter.get(key, -1)) for parameter in parameters for key in ("closure", "destroy")}
    shown, results = [], [read_type(result)] if result is not None else []
    for number, parameter in enumerate(parameters):
        if number in lengths or number in closures:
            continue
        if parameter.get("direction", "in") == "in":
            shown.append(Parameter(parameter.get("name", ""), read_type(parameter),
                                   "closure" in parameter.attrib))
        else:
            results.append(read_type(parameter))
    return Function(element.get("shadows", element.get("name", "")), read_doc(element), shown,
                    [type for type in results if type.name != "none"])


def read_functions(owner: ElementTree.Element, tag: str) -> list[Function]:
    """Those of a kind that bindings have."""
    return [read_function(element) for element in owner.findall(tag)
            if element.get("introspectable") != "0" and "shadowed-by" not in element.attrib]


def read_class(element: ElementTree.Element) -> Class:
    """Anything that has methods or members."""
    return Class(
        element.tag.removeprefix(CORE), element.get("name", ""), read_doc(element),
        element.get("parent"),
        [implements.get("name", "") for implements in element.findall(CORE + "implements")],
        GLIB + "is-gtype-struct-for" in element.attrib,
        read_functions(element, CORE + "constructor"), read_functions(element, CORE + "function"),
        read_functions(element, CORE + "method"), read_functions(element, CORE + "virtual-method"),
        read_functions(element, GLIB + "signal"),
        [Property(item.get("name", ""), read_type(item), item.get("writable") == "1")
         for item in element.findall(CORE + "property")],
        {item.get("name", "").upper(): int(item.get("value", ""))
         for item in element.findall(CORE + "member")},
        [item.get("name", "") for item in element.findall(CORE + "field")])


def read(path: Path) -> Namespace:
    """Reads a file."""
    [namespace] = ElementTree.parse(path).getroot().findall(CORE + "namespace")
    kinds = [CORE + kind for kind in ("class", "interface", "record", "enumeration", "bitfield")]
    return Namespace(
        {element.get("name", ""): read_class(element) for element in namespace if element.tag in kinds},
        {element.get("name", ""): read_function(element)
         for element in namespace.findall(CORE + "callback")},
        read_functions(namespace, CORE + "function"),
        {element.get("name", ""): read_type(element)
         for element in namespace.findall(CORE + "constant")})
