"""What Python expects of the introspected classes. PyGObject loads this file by itself."""

# Copyright (C) 2026 The libwebmessaging authors
#
# SPDX-License-Identifier: LGPL-2.1-or-later

import asyncio
import threading
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from gi.repository import Gio, GLib, GObject

from ..module import get_introspection_module
from ..overrides import override
from . import _web_messaging_clone as clone

WebMessaging = get_introspection_module("WebMessaging")

__all__ = []


def _export(item: Any, name: str | None = None) -> Any:
    globals()[name or item.__name__] = item
    __all__.append(name or item.__name__)
    return item


class DOMException(GLib.Error):
    """An error that the web knows by a name: `error.name` is `"DataCloneError"` and the like."""

    _CODES = {
        "DataCloneError": WebMessaging.MessagingError.DATA_CLONE,
        "InvalidStateError": WebMessaging.MessagingError.INVALID_STATE,
        "SyntaxError": WebMessaging.MessagingError.SYNTAX,
    }

    def __init__(self, message: str = "", name: str = "Error") -> None:
        domain = GLib.quark_to_string(WebMessaging.messaging_error_quark())
        super().__init__(message, domain, int(self._CODES.get(name, -1)))
        self.name = name

    def __repr__(self) -> str:
        return f"DOMException({self.message!r}, {self.name!r})"

    def __str__(self) -> str:
        return f"{self.name}: {self.message}"


_export(DOMException)
_export(clone.EvalError)
_export(clone.URIError)
_export(clone.UNDEFINED, "UNDEFINED")


def _to_exception(error: GLib.Error) -> Exception:
    """An error of the library, as Python knows it."""
    if error.domain != GLib.quark_to_string(WebMessaging.messaging_error_quark()):
        return error
    if error.code == WebMessaging.MessagingError.TYPE:
        return TypeError(error.message)
    return DOMException(error.message, WebMessaging.dom_exception_get_name(error))


def _is_serializable(value: Any) -> bool:
    return isinstance(value, GObject.Object) and isinstance(value, WebMessaging.Serializable)


_types = clone.Types(DOMException, _is_serializable)


def register_record(cls: type, name: str | None = None) -> type:
    """Lets the objects of a dataclass be cloned; also a decorator.

    A receiver that has registered a dataclass for the name gets an object of it. To any other it
    is a dict, or what stands for that in its language.
    """
    _types.register(cls, name or cls.__name__)
    return cls


_export(register_record)


def _data_clone_error(message: str) -> DOMException:
    return DOMException(message, "DataCloneError")


def _encode(value: Any, transfer: Sequence[Any]) -> tuple[bytes, list[GLib.Bytes], list[Any]]:
    handles: dict[int, int] = {}
    for item in transfer:
        if item is None:
            raise TypeError("There is a None in the transfer list")
        if not isinstance(item, GObject.Object) or not isinstance(item, WebMessaging.Transferable):
            raise _data_clone_error(f"A {type(item).__name__} cannot be transferred")
        if id(item) in handles:
            raise _data_clone_error("The same object stands twice in the transfer list")
        handles[id(item)] = len(handles)
    encoder = clone.Encoder(_types, handles)
    try:
        cbor = encoder.encode(value)
    except clone.CloneError as error:
        raise _data_clone_error(str(error)) from None
    return cbor, [GLib.Bytes.new(data) for data in encoder.buffers], encoder.objects


def _decode(message: "SerializedData", cbor: bytes, get_object: Callable[[int], Any]) -> Any:
    buffers: list[GLib.Bytes] = []

    def get_buffer(index: int) -> bytes:
        if not buffers:
            buffers.extend(message.get_buffers())
        return buffers[index].get_data()

    try:
        return clone.Decoder(_types, cbor, get_buffer, get_object).decode()
    except clone.CloneError as error:
        raise _data_clone_error(str(error)) from None


class SerializedData(WebMessaging.SerializedData):
    """A message, for another process or for later."""

    @staticmethod
    def serialize(value: Any, transfer: Sequence[Any] = ()) -> "SerializedData":
        """Serializes a value, and transfers what is in the list."""
        cbor, buffers, objects = _encode(value, transfer)
        try:
            return WebMessaging.SerializedData.new_for_cbor(
                GLib.Bytes.new(cbor), buffers, list(transfer), objects)
        except GLib.Error as error:
            raise _to_exception(error) from None

    def to_value(self) -> Any:
        """Deserializes the message, and receives what was transferred with it."""
        try:
            _received, objects = self.deserialize_objects()
        except GLib.Error as error:
            raise _to_exception(error) from None
        cbor = self.get_cbor()
        if cbor is None:
            return None
        return _decode(self, cbor.get_data(), lambda index: objects[index])


SerializedData = override(SerializedData)
_export(SerializedData)


class MessageEvent(WebMessaging.MessageEvent):
    """A message that has arrived."""

    @property
    def data(self) -> Any:
        """The message, in the types of Python."""
        try:
            return self._web_data
        except AttributeError:
            pass
        self._web_data = self._decode_data()
        return self._web_data

    def _decode_data(self) -> Any:
        message = self.get_message()
        if message is None:
            data = self.get_data()
            message = WebMessaging.SerializedData.new(data, None, None) if data else None
        cbor = message.get_cbor() if message is not None else None
        if cbor is None:
            return None
        return _decode(message, cbor.get_data(), self.get_object)

    @property
    def ports(self) -> tuple["MessagePort", ...]:
        """The ports that were transferred with the message."""
        return tuple(self.get_ports() or ())

    @property
    def origin(self) -> str:
        """The origin of the window that has sent the message."""
        return self.get_origin()

    @property
    def last_event_id(self) -> str:
        """The identifier of the last event of a server."""
        return self.get_last_event_id()

    @property
    def source(self) -> Any:
        """The window that has sent the message."""
        return self.get_source()


MessageEvent = override(MessageEvent)
_export(MessageEvent)


class _Thread(threading.local):
    """Whether a thread runs Python: those of C libraries need no values of Python."""

    def __init__(self) -> None:
        ident = threading.get_ident()
        self.runs_python = any(thread.ident == ident for thread in threading.enumerate())


_thread = _Thread()


def _deserialize(event: MessageEvent, cbor: bytes | None, *_args: Any) -> int:
    """Makes a value of a message that has arrived, before anybody sees the event.

    HTML, structured-data.html#structureddeserializewithtransfer.
    """
    if not _thread.runs_python:
        return 1
    try:
        event._web_data = _decode(event.get_message(), bytes(cbor), event.get_object) \
            if cbor else None
        return 1
    except DOMException as error:
        GLib.log_default_handler(
            "WebMessaging", GLib.LogLevelFlags.LEVEL_DEBUG, f"A message was refused: {error}", None)
        return -1


WebMessaging.tasks_set_deserializer(True, _deserialize)


class MessagePort(WebMessaging.MessagePort):
    """A port. It is a context manager, which closes it in the end, and an iterator of messages."""

    def post_message(self, message: Any = None, transfer: Sequence[Any] | None = None) -> bool:
        """Posts a value of Python. A GLib.Variant is posted as it is, with its exact type."""
        transfer = list(transfer or ())
        try:
            if isinstance(message, GLib.Variant):
                return super().post_message(message, transfer)
            if any(item is self for item in transfer):
                raise _data_clone_error(
                    "A port cannot be transferred in a message that it posts itself")
            cbor, buffers, objects = _encode(message, transfer)
            return self.post_cbor(cbor, buffers, transfer, objects)
        except GLib.Error as error:
            raise _to_exception(error) from None

    @property
    def on_message(self) -> Callable[[MessageEvent], Any] | None:
        """The function that handles messages. Setting it starts the port."""
        return getattr(self, "_web_on_message", None)

    @on_message.setter
    def on_message(self, handler: Callable[[MessageEvent], Any] | None) -> None:
        self._web_on_message = handler
        self.set_on_message(None if handler is None else lambda _port, event, *_: handler(event))

    def __enter__(self) -> "MessagePort":
        return self

    def __exit__(self, *_exception: Any) -> None:
        self.close()

    def __iter__(self) -> Iterator[MessageEvent]:
        """Runs the main context of the port, and returns the events until the channel ends."""
        return self

    def __next__(self) -> MessageEvent:
        results: list[Gio.AsyncResult] = []
        context = self.get_context()
        self.receive_async(None, lambda _port, result: results.append(result))
        while not results:
            context.iteration(True)
        try:
            return self.receive_finish(results[0])
        except GLib.Error as error:
            if error.matches(WebMessaging.messaging_error_quark(),
                             WebMessaging.MessagingError.INVALID_STATE):
                raise StopIteration from None
            raise _to_exception(error) from None

    def receive(self) -> "asyncio.Future[MessageEvent]":
        """Waits for the next message: `event = await port.receive()`.

        The main context of the port must be running, in this thread or in another one. A call that
        is cancelled takes no message from the next one.
        """
        loop = asyncio.get_running_loop()
        future: asyncio.Future[MessageEvent] = loop.create_future()
        try:
            receivers = self._web_receivers
        except AttributeError:
            receivers = self._web_receivers = _Receivers()
        if receivers.unclaimed:
            future.set_result(receivers.unclaimed.popleft())
            return future

        receivers.waiting.append(future)
        cancellable = Gio.Cancellable()
        future.add_done_callback(lambda done: cancellable.cancel() if done.cancelled() else None)

        def finish(_port: MessagePort, result: Gio.AsyncResult) -> None:
            event, exception = None, None
            try:
                event = self.receive_finish(result)
            except GLib.Error as error:
                exception = _to_exception(error)
            loop.call_soon_threadsafe(receivers.settle, future, event, exception)

        def start(*_args: Any) -> bool:
            self.receive_async(cancellable, finish)
            return GLib.SOURCE_REMOVE

        source = GLib.Idle(GLib.PRIORITY_DEFAULT)
        source.set_callback(start)
        source.attach(self.get_context())
        return future


class _Receivers:
    """Those who await messages of a port. A message that came for one that was cancelled meanwhile
    is for the next one."""

    def __init__(self) -> None:
        self.waiting: deque[asyncio.Future[MessageEvent]] = deque()
        self.unclaimed: deque[MessageEvent] = deque()

    def settle(self, future: "asyncio.Future[MessageEvent]", event: MessageEvent | None,
               error: Exception | None) -> None:
        """Hands over what has become of a call."""
        if event is None:
            if not future.done():
                self.waiting.remove(future)
                future.set_exception(error)
            return
        while self.waiting:
            receiver = self.waiting.popleft()
            if not receiver.done():
                receiver.set_result(event)
                return
        self.unclaimed.append(event)


MessagePort = override(MessagePort)
_export(MessagePort)


class Window(WebMessaging.Window):
    """The target of window.postMessage()."""

    def post_message(self, source: "Window | None", message: Any = None,
                     target_origin: str | None = None,
                     transfer: Sequence[Any] | None = None) -> bool:
        """Posts a value of Python. A GLib.Variant is posted as it is, with its exact type."""
        transfer = list(transfer or ())
        try:
            if isinstance(message, GLib.Variant):
                return super().post_message(source, message, target_origin, transfer)
            return self.post_serialized(
                source, SerializedData.serialize(message, transfer), target_origin)
        except GLib.Error as error:
            raise _to_exception(error) from None


Window = override(Window)
_export(Window)


class MessageChannel(WebMessaging.MessageChannel):
    """Two ports that are entangled."""

    @property
    def port1(self) -> MessagePort:
        """The first port."""
        return self.get_port1()

    @property
    def port2(self) -> MessagePort:
        """The second port."""
        return self.get_port2()


MessageChannel = override(MessageChannel)
_export(MessageChannel)


def structured_clone(value: Any, transfer: Sequence[Any] = ()) -> Any:
    """A deep copy of a value, as a message would make it."""
    return SerializedData.serialize(value, transfer).to_value()


_export(structured_clone)
