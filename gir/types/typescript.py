"""Writes the types for GJS: what C has, among what is written by hand."""

# Copyright (C) 2026 The libwebmessaging authors
#
# SPDX-License-Identifier: LGPL-2.1-or-later

import re
import textwrap
from collections.abc import Iterator
from pathlib import Path

from gir import Class, Function, Namespace, Type

SIMPLE_TYPES = {
    "GLib.Quark": "number", "GType": "GObject.GType", "filename": "string", "gboolean": "boolean",
    "gdouble": "number", "gpointer": "any", "none": "void", "utf8": "string",
}

EVENTS = {"close": "Event", "error": "ErrorEvent"}

INDENT = " " * 8

# Web IDL, #idl-DOMException-error-names
CODES = (
    "INDEX_SIZE", "DOMSTRING_SIZE", "HIERARCHY_REQUEST", "WRONG_DOCUMENT", "INVALID_CHARACTER",
    "NO_DATA_ALLOWED", "NO_MODIFICATION_ALLOWED", "NOT_FOUND", "NOT_SUPPORTED", "INUSE_ATTRIBUTE",
    "INVALID_STATE", "SYNTAX", "INVALID_MODIFICATION", "NAMESPACE", "INVALID_ACCESS", "VALIDATION",
    "TYPE_MISMATCH", "SECURITY", "NETWORK", "ABORT", "URL_MISMATCH", "QUOTA_EXCEEDED", "TIMEOUT",
    "INVALID_NODE_TYPE", "DATA_CLONE",
)


def format_type(type: Type, callbacks: dict[str, Function]) -> str:
    """A type as TypeScript writes it."""
    if type.element is not None:
        text = "Uint8Array" if type.element.name == "guint8" else f"{format_type(type.element, callbacks)}[]"
    elif re.fullmatch(r"gu?int(8|16|32|64)?|gu?long|gsize|gssize", type.name):
        text = "number"
    elif type.name == "Gio.AsyncReadyCallback":
        text = "((source: any, result: Gio.AsyncResult) => void)"
    elif type.name in callbacks:
        callback = callbacks[type.name]
        text = f"(({format_parameters(callback, callbacks)}) => {format_results(callback, callbacks)})"
    else:
        text = SIMPLE_TYPES.get(type.name, type.name)
    return f"{text} | null" if type.is_nullable and text != "any" else text


def format_results(function: Function, callbacks: dict[str, Function]) -> str:
    """What a call returns: a value, or an array of them."""
    results = [format_type(type, callbacks) for type in function.results]
    return "void" if not results else results[0] if len(results) == 1 else f"[{', '.join(results)}]"


def format_parameters(function: Function, callbacks: dict[str, Function]) -> str:
    """The parameters. What a callback gets of its owner at the end is not there in JavaScript."""
    names = {"function": "func"}
    return ", ".join(f"{names.get(parameter.name, parameter.name)}: {format_type(parameter.type, callbacks)}"
                     for parameter in function.parameters if parameter.name != "user_data")


def to_camel_case(name: str) -> str:
    """The name of a property in JavaScript."""
    return re.sub(r"[-_](\w)", lambda match: match[1].upper(), name)


class TypeWriter:
    """Writes the types of a namespace."""

    def __init__(self, namespace: Namespace, template: Path) -> None:
        self.namespace = namespace
        self.template = template.read_text()

    def format(self, function: Function, head: str) -> str:
        """A function of C."""
        callbacks = self.namespace.callbacks
        doc = f"/** {function.doc} */\n" if function.doc else ""
        return (f"{doc}{head}{function.name}({format_parameters(function, callbacks)}): "
                f"{format_results(function, callbacks)};")

    def write(self) -> str:
        """All of it."""
        text = re.sub(r"^( {8}class (\w+)[^\n]*\{\n)((?: {12}.*\n)*?) {12}// @introspected\n",
                      self.fill_class, self.template, flags=re.MULTILINE)
        codes = "".join(f"{INDENT}    {prefix}readonly {code}_ERR: {number};\n"
                        for prefix in ("static ", "") for number, code in enumerate(CODES, 1))
        text = text.replace(f"{INDENT}    // @codes\n", codes)
        others = textwrap.indent("\n".join(self.list_others()), INDENT) + "\n"
        return text.replace(f"{INDENT}// @introspected\n", others)

    def fill_class(self, match: re.Match[str]) -> str:
        """A class that is written by hand, with what C has under other names."""
        head, name, body = match.groups()
        known = set(re.findall(r"^ {12}(?:static |readonly |private )*(\w+)[?(:]", body, re.MULTILINE))
        doc = self.namespace.classes[name].doc
        lines = "\n".join(text for member, text in self.list_members(self.namespace.classes[name])
                          if member not in known)
        return (f"{INDENT}/** {doc} */\n" if doc else "") + head + body + (
            textwrap.indent(lines, INDENT + "    ") + "\n" if lines else "")

    def list_members(self, cls: Class) -> Iterator[tuple[str, str]]:
        """The members of a class."""
        yield "$gtype", f"static $gtype: GObject.GType<{cls.name}>;"
        for function in cls.constructors:
            result = Type(cls.name, None, function.results[0].is_nullable)
            yield "static new", self.format(
                Function(function.name, function.doc, function.parameters, [result]), "static ")
            if function.name == "new" and cls.parent in self.namespace.classes:
                # A class has another one than that which it is derived from.
                yield "static new", "static new(...args: never): any;"
        for function in cls.functions:
            yield function.name, self.format(function, "static ")
        for item in cls.properties:
            type = format_type(item.type, self.namespace.callbacks)
            names = dict.fromkeys((to_camel_case(item.name), item.name.replace("-", "_")))
            for name in names:
                yield name, f"{'' if item.is_writable else 'readonly '}{name}: {type};"
        for function in [*cls.methods, *self.list_of_interfaces(cls)]:
            yield function.name, self.format(function, "")
            if function.name == "get_data":
                # GObject.Object has another one.
                yield function.name, "get_data(key: string): any;"
        if cls.signals:
            yield from (("connect", text) for text in self.list_overloads(cls))

    def list_of_interfaces(self, cls: Class) -> Iterator[Function]:
        """The methods that a class has of the interfaces that it implements."""
        for name in cls.interfaces:
            yield from self.namespace.classes[name].methods

    def list_signals(self, cls: Class) -> dict[str, str]:
        """The event of each signal of a class, and of those that it is derived from."""
        parent = self.namespace.classes.get(cls.parent or "")
        signals = self.list_signals(parent) if parent is not None else {}
        return {**signals, **{signal.name: EVENTS.get(signal.name, "MessageEvent") for signal in cls.signals}}

    def list_overloads(self, cls: Class) -> Iterator[str]:
        """The methods that tell by a name which event a function gets."""
        for signal, event in self.list_signals(cls).items():
            yield f"connect(signal: '{signal}', callback: (source: this, event: {event}) => void): number;"
        yield "connect(signal: string, callback: (...args: any[]) => any): number;"
        for method, options in (("addEventListener", "AddEventListenerOptions"),
                                ("removeEventListener", "EventListenerOptions")):
            for signal, event in [*self.list_signals(cls).items(), ("", "any")]:
                type = f"'{signal}'" if signal else "string"
                yield f"{method}(type: {type}, listener: Listener<{event}>, options?: boolean | {options}): void;"

    def list_others(self) -> Iterator[str]:
        """What the template does not mention."""
        yield from (f"const {name}: number;" for name in sorted(self.namespace.constants))
        yield from (self.format(function, "function ") for function in self.namespace.functions)
        for name, cls in sorted(self.namespace.classes.items()):
            if f"class {name}" not in self.template.replace("<", " ") and not cls.is_struct_of_type:
                yield f"/** {cls.doc} */" if cls.doc else ""
                yield self.write_class(cls)

    def write_class(self, cls: Class) -> str:
        """A class, interface or enumeration of C alone."""
        if cls.name == "MessagingError":
            members = [f"static {name}: {value};" for name, value in cls.members.items()]
            return block(f"class {cls.name} extends GLib.Error", [
                f"static $gtype: GObject.GType<{cls.name}>;", *members,
                *(self.format(function, "static ") for function in cls.functions)])
        if cls.members:
            return "\n".join([
                block(f"enum {cls.name}", [f"{name} = {value}," for name, value in cls.members.items()]),
                block(f"namespace {cls.name}", [f"const $gtype: GObject.GType<{cls.name}>;"])])
        if cls.kind == "interface":
            virtual = [self.format(Function(f"vfunc_{function.name}", function.doc, function.parameters,
                                            function.results), "") for function in cls.virtual_methods]
            return "\n".join([
                block(f"interface {cls.name}", [self.format(function, "") for function in cls.methods]),
                block(f"namespace {cls.name}", [
                    f"const $gtype: GObject.GType<{cls.name}>;",
                    f"const prototype: {cls.name};",
                    "/** What a class of a program implements. */",
                    block("interface Interface", virtual)])])
        return block(f"class {cls.name}", [
            "private constructor();", *(text for _, text in self.list_members(cls))])


def block(head: str, lines: list[str]) -> str:
    """Lines in braces."""
    return head + " {\n" + textwrap.indent("\n".join(lines), "    ") + "\n}"
