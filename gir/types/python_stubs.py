"""Writes the stubs for Python, of a GIR file and of the annotations in the overrides of Python."""

# Copyright (C) 2026 The libwebmessaging authors
#
# SPDX-License-Identifier: LGPL-2.1-or-later

import ast
import re
import textwrap
from collections.abc import Iterator
from pathlib import Path

from gir import Class, Function, Namespace, Type

HEADER = '''"""The types of gi.repository.WebMessaging, for editors and type checkers.

Written by `./dev types`, of the GIR file and of the overrides.
"""

# Copyright (C) 2026 The libwebmessaging authors
#
# SPDX-License-Identifier: LGPL-2.1-or-later

import os
import socket
from collections.abc import AsyncIterator, Callable, Iterator, Mapping, Sequence
from typing import Any, ClassVar, Concatenate, Literal, Never, ParamSpec, Protocol, Self, TypeVar, overload

from gi.repository import Gio, GLib, GObject

_P = ParamSpec("_P")
_T = TypeVar("_T")

class _Messages(Iterator[MessageEvent], AsyncIterator[MessageEvent]):
    def __next__(self) -> MessageEvent: ...
    async def __anext__(self) -> MessageEvent: ...

class _Decorates(Protocol):
    def __call__(
        self, function: Callable[Concatenate[DedicatedWorkerGlobalScope, _P], Any], /
    ) -> Callable[..., Worker]: ...
'''

# For a library without overrides
PLAIN_HEADER = '''"""The types of gi.repository.{name}, for editors and type checkers.

Written by `./dev types`, of the GIR file.
"""

# Copyright (C) 2026 The libwebmessaging authors
#
# SPDX-License-Identifier: LGPL-2.1-or-later

from collections.abc import Callable
from typing import Any, ClassVar

{imports}
'''

SIMPLE_TYPES = {
    "GLib.Quark": "int", "GType": "GObject.GType", "filename": "str", "gboolean": "bool",
    "gdouble": "float", "gpointer": "Any", "none": "None", "utf8": "str",
}

BASES = {
    "bitfield": "GObject.GFlags", "enumeration": "GObject.GEnum", "interface": "GObject.GInterface",
    "record": "GObject.GBoxed",
}

EVENTS = {"close": "Event", "error": "ErrorEvent"}

DUNDERS = ("__init__", "__enter__", "__exit__", "__aenter__", "__aexit__")

# What annotations in the overrides cannot say, because a module there does not know all classes.
TYPES = {
    "MessageEvent.ports": "tuple[MessagePort, ...]",
    "MessageEvent.source": "Window | MessagePort | None",
    "SharedWorker.port": "MessagePort",
}

WRITTEN = {
    "DOMException.__init__": """
        name: str
        def __init__(self, message: str = "", name: str = "Error") -> None: ...""",
    "MessagePort.__init__": """
        def __init__(self, made_by_channel: Never) -> None: ...""",
    "Worker.__new__": """
        def __new__(
            cls, function: Callable[..., Any] | str, /,
            *args: Any, name: str = "", **kwargs: Any
        ) -> Worker: ...""",
    "SharedWorker.__new__": """
        def __new__(
            cls, function: Callable[[SharedWorkerGlobalScope], Any] | str, /, *, name: str = ""
        ) -> SharedWorker: ...""",
    "register_record": """
        @overload
        def register_record(
            cls: type[_T], name: str | None = None, *,
            write: Callable[[_T], Mapping[str, Any]] | None = None,
            read: Callable[[dict[str, Any]], _T] | None = None
        ) -> type[_T]: ...
        @overload
        def register_record(
            cls: None = None, name: str | None = None, *,
            write: Callable[[_T], Mapping[str, Any]] | None = None,
            read: Callable[[dict[str, Any]], _T] | None = None
        ) -> Callable[[type[_T]], type[_T]]: ...""",
    "worker": """
        @overload
        def worker(
            function: Callable[Concatenate[DedicatedWorkerGlobalScope, _P], Any]
        ) -> Callable[_P, Worker]: ...
        @overload
        def worker(*, name: str = "") -> _Decorates: ...""",
}


def format_type(type: Type, is_result: bool) -> str:
    """A type as Python writes it. What a function takes may be any sequence."""
    if type.element is not None:
        if type.name == "array" and type.element.name == "guint8":
            text = "bytes"
        else:
            text = f"{'list' if is_result else 'Sequence'}[{format_type(type.element, is_result)}]"
    elif re.fullmatch(r"gu?int(8|16|32|64)?|gu?long|gsize|gssize", type.name):
        text = "int"
    elif type.name.endswith(("Handler", "Func", "Listener", "Callback")):
        # What it is called with depends on the data that the program adds.
        text = "Callable[..., Any]"
    else:
        text = SIMPLE_TYPES.get(type.name, type.name)
    return f"{text} | None" if type.is_nullable and text != "Any" else text


def format_results(function: Function) -> str:
    """What a call returns: a value, or a tuple of them."""
    results = [format_type(type, True) for type in function.results]
    return "None" if not results else results[0] if len(results) == 1 else f"tuple[{', '.join(results)}]"


def format_parameters(function: Function, first: str | None) -> str:
    """The parameters. Those at the end that may be None can be left out."""
    texts = [] if first is None else [first]
    n_required = max((number for number, parameter in enumerate(function.parameters, 1)
                      if not parameter.type.is_nullable), default=0)
    for number, parameter in enumerate(function.parameters, 1):
        name = f"{parameter.name}_" if parameter.name in ("from", "import") else parameter.name
        default = " = None" if number > n_required else ""
        texts.append(f"{name}: {format_type(parameter.type, False)}{default}")
        if parameter.has_closure:
            texts.append("*user_data: Any")
    return ", ".join(texts)


def format_doc(text: str) -> str:
    """The docstring, as an editor shows it."""
    if not text:
        return ""
    lines = textwrap.wrap(text, 90)
    body = "\n".join(lines)
    return f'"""{body}"""' if len(lines) == 1 else f'"""{body}\n"""'


def format_function(function: Function, head: str, first: str | None) -> str:
    """A function of C."""
    signature = f"{head}({format_parameters(function, first)}) -> {format_results(function)}:"
    if not function.doc:
        return f"{signature} ..."
    return f"{signature}\n{textwrap.indent(format_doc(function.doc), '    ')}"


class Overrides:
    """What the modules of the overrides define."""

    def __init__(self, folder: Path | None = None) -> None:
        self.classes: dict[str, ast.ClassDef] = {}
        self.functions: dict[str, ast.FunctionDef] = {}
        self.names: list[str] = []
        if folder is not None:
            self.read(folder)

    def read(self, folder: Path) -> None:
        """Reads the modules."""
        [exported] = [statement.value for statement in ast.parse((folder / "WebMessaging.py").read_text()).body
                      if isinstance(statement, ast.Assign) and ast.unparse(statement.targets[0]) == "__all__"]
        self.names = ast.literal_eval(exported)
        for path in sorted((folder / "_webmessaging").glob("*.py")):
            for statement in ast.parse(path.read_text()).body:
                if getattr(statement, "name", None) not in self.names:
                    continue
                if isinstance(statement, ast.ClassDef):
                    self.classes[statement.name] = statement
                elif isinstance(statement, ast.FunctionDef):
                    self.functions[statement.name] = statement


def format_annotation(node: ast.expr | None) -> str:
    """An annotation, with the names that it has in the stubs."""
    if node is None:
        return "Any"
    text = ast.unparse(node).replace("WebMessaging.", "").replace("receiving.Messages", "_Messages")
    return re.sub(r"'([^']+)'", r"\1", text)


def get_doc(node: ast.AST) -> str:
    """The first paragraph of a docstring."""
    return " ".join((ast.get_docstring(node) or "").split("\n\n")[0].split())


def format_definition(node: ast.FunctionDef | ast.AsyncFunctionDef) -> str:
    """A function or method of Python."""
    arguments = ast.parse(ast.unparse(node)).body[0].args
    for argument in [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs,
                     arguments.vararg, arguments.kwarg]:
        if argument is not None and argument.annotation is not None:
            argument.annotation = ast.Name(format_annotation(argument.annotation))
    head = f"{'async ' if isinstance(node, ast.AsyncFunctionDef) else ''}def {node.name}"
    signature = f"{head}({ast.unparse(arguments)}) -> {format_annotation(node.returns)}:"
    # Which sequence transfers what is known.
    signature = signature.replace("transfer: Sequence[Any]", "transfer: Sequence[Transferable]")
    decorators = "".join(f"@{ast.unparse(decorator)}\n" for decorator in node.decorator_list
                         if ast.unparse(decorator) != "override")
    doc = format_doc(get_doc(node)) if not node.name.startswith("__") or node.name == "__init__" else ""
    return decorators + (f"{signature}\n{textwrap.indent(doc, '    ')}" if doc else f"{signature} ...")


def format_property(name: str, type: str, doc: str, is_writable: bool) -> str:
    """A property."""
    body = f"\n{textwrap.indent(format_doc(doc), '    ')}" if doc else " ..."
    text = f"@property\ndef {name}(self) -> {type}:{body}"
    if is_writable:
        text += f"\n@{name}.setter\ndef {name}(self, value: {type}) -> None: ..."
    return text


def is_shown(name: str, member: str) -> bool:
    """Tells whether a method of the overrides is for programs."""
    if member == "__init__":
        return f"{name}.__new__" not in WRITTEN
    # For a class with signals, there is one overload for each.
    if member in ("connect", "connect_after"):
        return False
    return member in DUNDERS or not member.startswith("_")


class StubWriter:
    """Writes the stubs of a namespace."""

    def __init__(self, namespace: Namespace, overrides: Overrides | None = None) -> None:
        self.namespace = namespace
        self.overrides = overrides or Overrides()

    def write(self) -> str:
        """All of it."""
        blocks = [HEADER.strip()]
        blocks.append("\n".join(f"{name}: int" for name in sorted(self.namespace.constants)))
        blocks.append("class _Undefined: ...\n\nUNDEFINED: _Undefined")
        return "\n\n".join([*blocks, *self.list_blocks()]) + "\n"

    def write_plain(self, name: str) -> str:
        """All of a library that has no overrides."""
        blocks = list(self.list_blocks())
        used = set(re.findall(r"\b([A-Z]\w+)\.[A-Z]", "\n".join(blocks))) - set(self.namespace.classes)
        imports = f"from gi.repository import {', '.join(sorted(used))}"
        return "\n\n".join([PLAIN_HEADER.format(name=name, imports=imports).strip(), *blocks]) + "\n"

    def list_blocks(self) -> Iterator[str]:
        """The classes and functions."""
        for name in sorted({*self.namespace.classes, *self.overrides.classes}):
            yield self.write_class(name)
        yield from (format_function(function, f"def {function.name}", None)
                    for function in self.namespace.functions if function.name not in self.overrides.names)
        yield from (textwrap.dedent(WRITTEN[name]).strip() if name in WRITTEN else format_definition(function)
                    for name, function in sorted(self.overrides.functions.items()))

    def write_class(self, name: str) -> str:
        """A class, with what C has of it, and what the overrides add or replace."""
        cls, override = self.namespace.classes.get(name), self.overrides.classes.get(name)
        members = dict(self.list_members(cls)) if cls is not None else {}
        if override is not None:
            members.update(self.list_overridden(name, override))
        if cls is not None:
            for method in ("add_event_listener", "connect"):
                text = self.write_overloads(cls, method)
                if text:
                    members[method] = text
        doc = get_doc(override) if override is not None else ""
        body = [format_doc(doc or (cls.doc if cls is not None else "")), *members.values()]
        body = [part for part in body if part]
        head = f"class {name}({', '.join(self.get_bases(cls, override))}):"
        return f"{head}\n" + textwrap.indent("\n".join(body), "    ") if body else f"{head} ..."

    def get_bases(self, cls: Class | None, override: ast.ClassDef | None) -> list[str]:
        """The base classes."""
        if cls is None:
            return [ast.unparse(base) for base in override.bases]
        if cls.is_struct_of_type:
            return ["GObject.GPointer"]
        if cls.parent is None:
            return [BASES[cls.kind]]
        return [cls.parent, *cls.interfaces]

    def list_members(self, cls: Class) -> Iterator[tuple[str, str]]:
        """What C has."""
        if cls.is_struct_of_type:
            yield from ((field, f"{field}: Any") for field in cls.fields)
            return
        yield from ((name, f"{name}: ClassVar[{cls.name}]") for name in cls.members)
        if cls.kind == "class" and cls.name not in self.overrides.classes:
            properties = "".join(
                f", {item.name.replace('-', '_')}: {format_type(item.type, False)} = ..."
                for item in cls.properties if item.is_writable)
            yield "__init__", f"def __init__(self{', *' + properties if properties else ''}) -> None: ..."
        for function in cls.constructors:
            result = function.results[0]
            yield function.name, "@classmethod\n" + format_function(
                Function(function.name, function.doc, function.parameters, [Type(cls.name, None, result.is_nullable)]),
                f"def {function.name}", "cls")
        for function in cls.functions:
            yield function.name, "@staticmethod\n" + format_function(function, f"def {function.name}", None)
        for function in cls.methods:
            yield function.name, format_function(function, f"def {function.name}", "self")
        for function in cls.virtual_methods:
            yield f"do_{function.name}", format_function(function, f"def do_{function.name}", "self")

    def list_overridden(self, name: str, override: ast.ClassDef) -> Iterator[tuple[str, str]]:
        """What Python adds or replaces."""
        for statement in override.body:
            if isinstance(statement, ast.Assign):
                yield from self.list_assigned(name, statement)
            elif isinstance(statement, (ast.FunctionDef, ast.AsyncFunctionDef)):
                member = statement.name
                written, type = WRITTEN.get(f"{name}.{member}"), TYPES.get(f"{name}.{member}")
                if written is not None:
                    yield member, textwrap.dedent(written).strip()
                elif type is not None:
                    yield member, format_property(member, type, get_doc(statement), False)
                elif is_shown(name, member):
                    yield member, format_definition(statement)

    def list_assigned(self, name: str, statement: ast.Assign) -> Iterator[tuple[str, str]]:
        """Properties that a function makes."""
        member, value = ast.unparse(statement.targets[0]), statement.value
        if member.startswith("_") or not isinstance(value, ast.Call):
            return
        first, doc = (ast.literal_eval(argument) for argument in value.args)
        kind = ast.unparse(value.func)
        if kind == "event_handler":
            handler = f"Callable[[{EVENTS.get(first, 'MessageEvent')}], Any] | None"
            yield member, format_property(member, handler, doc, True)
        elif kind == "limit":
            yield member, format_property(member, "int", doc, True)
        else:
            yield member, format_property(member, self.get_type_of_getter(name, first), doc, False)

    def get_type_of_getter(self, name: str, getter: str) -> str:
        """What a getter of C returns. A target may be of any class."""
        methods = {method.name: method for method in self.namespace.classes[name].methods}
        return "Any" if getter.endswith("target") else format_results(methods[getter])

    def list_signals(self, cls: Class) -> dict[str, str]:
        """The event of each signal of a class, and of those that it is derived from."""
        parent = self.namespace.classes.get(cls.parent or "")
        signals = self.list_signals(parent) if parent is not None else {}
        return {**signals, **{signal.name: EVENTS.get(signal.name, "MessageEvent") for signal in cls.signals}}

    def write_overloads(self, cls: Class, method: str) -> str:
        """The methods that tell by a name which event a function gets."""
        is_connect = method == "connect"
        if not cls.signals and (cls.name != "EventTarget" or is_connect):
            return ""
        parts = []
        options = ", *, capture: bool = False, once: bool = False, passive: bool = False"
        for signal, event in [*self.list_signals(cls).items(), ("", "")]:
            type = f'Literal["{signal}"]' if signal else "str"
            if is_connect:
                handler = f"Callable[[Self, {event}], Any]" if signal else "Callable[..., Any]"
                arguments = f"self, detailed_signal: {type}, handler: {handler}"
                arguments += "" if signal else ", *args: Any"
            else:
                handler = f"Callable[[{event or 'Any'}], Any]"
                arguments = f"self, type: {type}, listener: {handler}{options}"
            overload = "@overload\n" if self.list_signals(cls) else ""
            parts.append(f"{overload}def {method}({arguments}) -> {'int' if is_connect else 'None'}: ...")
        return "\n".join(parts)
