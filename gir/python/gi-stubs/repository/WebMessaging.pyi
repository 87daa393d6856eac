"""The types of gi.repository.WebMessaging, for editors and type checkers.

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

MESSAGING_MAJOR_VERSION: int
MESSAGING_MICRO_VERSION: int
MESSAGING_MINOR_VERSION: int

class _Undefined: ...

UNDEFINED: _Undefined

class BroadcastChannel(EventTarget):
    """A named channel. It is a context manager, which closes it in the end."""
    @classmethod
    def new(cls, name: str) -> BroadcastChannel:
        """Makes a broadcast channel of the application itself in the thread-default main context."""
    @classmethod
    def new_for_origin(cls, name: str, origin: Origin) -> BroadcastChannel:
        """Makes a broadcast channel in the thread-default main context. Only channels with the same
        origin hear it.
        """
    @classmethod
    def new_for_window(cls, name: str, window: Window) -> BroadcastChannel:
        """Makes a broadcast channel that belongs to a window. It has the origin that the window has
        now.
        """
    def close(self) -> None:
        """Closes the channel. Messages that wait at it are dropped; those that were posted at it
        arrive.
        """
    def get_closed(self) -> bool:
        """Gets whether the channel was closed, or its window was."""
    def get_name(self) -> str:
        """Gets the name of the channel."""
    def get_origin(self) -> Origin | None:
        """Gets the origin of the channel."""
    def post_message(self, message: Any=None) -> bool:
        """Posts a value of Python to all other channels. A GLib.Variant is posted as it is."""
    def post_serialized(self, message: SerializedData) -> bool:
        """Posts a message that was serialized before to all other channels with this name and
        origin.
        """
    def set_on_message(self, handler: Callable[..., Any] | None = None, *user_data: Any) -> None:
        """Sets the function that handles messages."""
    def __init__(self, name: str, *, origin: Origin | None=None, window: Window | None=None) -> None: ...
    @property
    def on_message(self) -> Callable[[MessageEvent], Any] | None:
        """The function that handles messages."""
    @on_message.setter
    def on_message(self, value: Callable[[MessageEvent], Any] | None) -> None: ...
    @property
    def on_message_error(self) -> Callable[[MessageEvent], Any] | None:
        """The function that is told of messages that Python cannot hold."""
    @on_message_error.setter
    def on_message_error(self, value: Callable[[MessageEvent], Any] | None) -> None: ...
    @property
    def name(self) -> str:
        """The name of the channel."""
    @property
    def closed(self) -> bool:
        """Whether the channel was closed, or its window was."""
    def __enter__(self) -> BroadcastChannel: ...
    def __exit__(self, *_exception: Any) -> None: ...
    async def __aenter__(self) -> BroadcastChannel: ...
    async def __aexit__(self, *_exception: Any) -> None: ...
    @overload
    def add_event_listener(self, type: Literal["message"], listener: Callable[[MessageEvent], Any], *, capture: bool = False, once: bool = False, passive: bool = False) -> None: ...
    @overload
    def add_event_listener(self, type: Literal["messageerror"], listener: Callable[[MessageEvent], Any], *, capture: bool = False, once: bool = False, passive: bool = False) -> None: ...
    @overload
    def add_event_listener(self, type: str, listener: Callable[[Any], Any], *, capture: bool = False, once: bool = False, passive: bool = False) -> None: ...
    @overload
    def connect(self, detailed_signal: Literal["message"], handler: Callable[[Self, MessageEvent], Any]) -> int: ...
    @overload
    def connect(self, detailed_signal: Literal["messageerror"], handler: Callable[[Self, MessageEvent], Any]) -> int: ...
    @overload
    def connect(self, detailed_signal: str, handler: Callable[..., Any], *args: Any) -> int: ...

class BroadcastChannelClass(GObject.GPointer):
    parent_class: Any

class DOMException(GLib.Error):
    """An error that the web knows by a name: `error.name` is `"DataCloneError"` and the like."""
    name: str
    def __init__(self, message: str = "", name: str = "Error") -> None: ...

class DedicatedWorkerGlobalScope(WorkerGlobalScope):
    """The scope of a worker with one owner. What it posts arrives at the Worker object."""
    def post_message(self, message: Any=None, transfer: Sequence[Transferable]=()) -> bool:
        """Posts a value of Python to the owner. A GLib.Variant is posted as it is."""
    def post_serialized(self, message: SerializedData) -> bool:
        """Posts a message that was serialized before, as `MessagePort.post_serialized` does to
        another port.
        """
    def receive_async(self, cancellable: Gio.Cancellable | None = None, callback: Callable[..., Any] | None = None, *user_data: Any) -> None:
        """Waits for the next message of the owner, as `MessagePort.receive_async` does at a port."""
    def receive_finish(self, result: Gio.AsyncResult) -> MessageEvent:
        """Gets the message that a call of `DedicatedWorkerGlobalScope.receive_async` has waited for."""
    def set_on_message(self, handler: Any, *data: Any) -> None:
        """Sets the handler of C, which is told the scope as well."""
    @property
    def on_message(self) -> Callable[[MessageEvent], Any] | None:
        """The function that handles messages of the owner."""
    @on_message.setter
    def on_message(self, value: Callable[[MessageEvent], Any] | None) -> None: ...
    @property
    def on_message_error(self) -> Callable[[MessageEvent], Any] | None:
        """The function that is told of messages that Python cannot hold."""
    @on_message_error.setter
    def on_message_error(self, value: Callable[[MessageEvent], Any] | None) -> None: ...
    def messages(self) -> _Messages:
        """The messages of the owner until the worker is closed, for `for` and `async for`."""
    async def receive(self) -> MessageEvent:
        """Waits for the next message of the owner, in asyncio. See MessagePort.receive()."""
    @overload
    def add_event_listener(self, type: Literal["error"], listener: Callable[[ErrorEvent], Any], *, capture: bool = False, once: bool = False, passive: bool = False) -> None: ...
    @overload
    def add_event_listener(self, type: Literal["message"], listener: Callable[[MessageEvent], Any], *, capture: bool = False, once: bool = False, passive: bool = False) -> None: ...
    @overload
    def add_event_listener(self, type: Literal["messageerror"], listener: Callable[[MessageEvent], Any], *, capture: bool = False, once: bool = False, passive: bool = False) -> None: ...
    @overload
    def add_event_listener(self, type: str, listener: Callable[[Any], Any], *, capture: bool = False, once: bool = False, passive: bool = False) -> None: ...
    @overload
    def connect(self, detailed_signal: Literal["error"], handler: Callable[[Self, ErrorEvent], Any]) -> int: ...
    @overload
    def connect(self, detailed_signal: Literal["message"], handler: Callable[[Self, MessageEvent], Any]) -> int: ...
    @overload
    def connect(self, detailed_signal: Literal["messageerror"], handler: Callable[[Self, MessageEvent], Any]) -> int: ...
    @overload
    def connect(self, detailed_signal: str, handler: Callable[..., Any], *args: Any) -> int: ...

class DedicatedWorkerGlobalScopeClass(GObject.GPointer):
    parent_class: Any

class ErrorEvent(Event):
    """What has gone wrong, usually in a worker."""
    @classmethod
    def new(cls, type: str, message: str | None, filename: str | None, lineno: int, colno: int) -> ErrorEvent:
        """Makes an untrusted event that can be cancelled."""
    def get_colno(self) -> int:
        """Gets the column in the line."""
    def get_filename(self) -> str:
        """Gets the file or URL of the script."""
    def get_lineno(self) -> int:
        """Gets the line in the script."""
    def get_message(self) -> str:
        """Gets what has gone wrong."""
    def get_stack(self) -> str | None:
        """Gets which functions were being called, as the language of the script writes that."""
    def __init__(self, type: str='', error: Any=None, **properties: Any) -> None:
        """Makes an event of the program's own."""
    @property
    def message(self) -> str:
        """What has gone wrong."""
    @property
    def filename(self) -> str:
        """The file or URL of the script; empty if that is not known."""
    @property
    def lineno(self) -> int:
        """The line in it, 0 if that is not known."""
    @property
    def colno(self) -> int:
        """The column in the line, from 1 on; 0 if that is not known."""
    @property
    def stack(self) -> str | None:
        """Where it was raised, as the language of the worker writes that."""
    @property
    def error(self) -> Any:
        """What was raised: an exception, whose cause has the traceback of the worker."""

class ErrorEventClass(GObject.GPointer):
    parent_class: Any

class EvalError(Exception):
    """What JavaScript calls by this name."""

class Event(GObject.Object):
    """Something that has happened at an event target."""
    @classmethod
    def new(cls, type: str) -> Event:
        """Makes an event, to be dispatched by the program. It does not bubble, is not cancelable and
        not composed; g_object_new() makes one with other properties.
        """
    def get_bubbles(self) -> bool:
        """Gets whether the event bubbles."""
    def get_cancelable(self) -> bool:
        """Gets whether the event can be cancelled."""
    def get_composed(self) -> bool:
        """Gets whether the event leaves a shadow tree."""
    def get_current_target(self) -> EventTarget | None:
        """Gets the object whose listeners are being called."""
    def get_default_prevented(self) -> bool:
        """Gets whether a listener has cancelled the event."""
    def get_event_phase(self) -> EventPhase:
        """Gets where the event is on its way. Targets have no parents here, so it is either at its
        target or nowhere.
        """
    def get_event_type(self) -> str:
        """Gets what has happened."""
    def get_is_trusted(self) -> bool:
        """Gets whether the library has dispatched the event."""
    def get_propagation_stopped(self) -> bool:
        """Gets whether `Event.stop_propagation` or `Event.stop_immediate_propagation` was called
        since the event was made or last dispatched.
        """
    def get_target(self) -> Any:
        """The object at which it has happened."""
    def get_time_stamp(self) -> int:
        """Gets when the event was made."""
    def init_event(self, type: str, bubbles: bool, cancelable: bool) -> None:
        """Makes the event a new, untrusted one, with no target and not cancelled. Does nothing while
        the event is being dispatched.
        """
    def prevent_default(self) -> None:
        """Cancels the event, if it can be cancelled. A listener with `WEB_LISTENER_PASSIVE` cannot."""
    def stop_immediate_propagation(self) -> None:
        """Keeps the event from all listeners and signal handlers that have not been called yet."""
    def stop_propagation(self) -> None:
        """Keeps the event from the listeners for the next phase."""
    @property
    def type(self) -> str:
        """What has happened: `"message"`, `"close"` and the like."""
    @property
    def target(self) -> Any:
        """The object at which it has happened."""
    @property
    def current_target(self) -> Any:
        """The object whose listeners are being called."""
    @property
    def event_phase(self) -> EventPhase:
        """Where the event is on its way."""
    @property
    def bubbles(self) -> bool:
        """Whether the event goes up a tree."""
    @property
    def cancelable(self) -> bool:
        """Whether prevent_default() has an effect."""
    @property
    def composed(self) -> bool:
        """Whether the event leaves a shadow tree."""
    @property
    def default_prevented(self) -> bool:
        """Whether a listener has cancelled the event."""
    @property
    def is_trusted(self) -> bool:
        """Whether the library has made the event, not a program."""
    @property
    def time_stamp(self) -> int:
        """When the event was made, in monotonic microseconds."""

class EventClass(GObject.GPointer):
    parent_class: Any
    padding: Any

class EventPhase(GObject.GEnum):
    """Where an event is on its way, see [eventPhase](https://dom.spec.whatwg.org/#dom-event-
    eventphase).
    """
    NONE: ClassVar[EventPhase]
    CAPTURING: ClassVar[EventPhase]
    AT_TARGET: ClassVar[EventPhase]
    BUBBLING: ClassVar[EventPhase]

class EventTarget(GObject.Object):
    """An object that tells its listeners of events."""
    @classmethod
    def new(cls) -> EventTarget:
        """Makes an event target for events of the program's own."""
    def add_event_listener(self, type: str, listener: Callable[[Any], Any], *, capture: bool = False, once: bool = False, passive: bool = False) -> None: ...
    def dispatch_event(self, event: Event) -> bool:
        """Dispatches an event: calls the listeners for its type, and then emits the signal that has
        this type for a name, if the class of the event target has one. The type may be any
        string.
        """
    def remove_event_listener(self, type: str, listener: Callable[[Event], Any], *, capture: bool=False) -> None:
        """Removes a function that was added with the same type and capture."""
    def set_event_handler(self, type: str, handler: Callable[..., Any] | None = None, *user_data: Any) -> None:
        """Sets the event handler for events of one type, as a script does with `onmessage` and the
        like.
        """
    def do_listeners_changed(self) -> None: ...

class EventTargetClass(GObject.GPointer):
    parent_class: Any
    listeners_changed: Any
    padding: Any

class ListenerFlags(GObject.GFlags):
    """How a listener is called, see
    [AddEventListenerOptions](https://dom.spec.whatwg.org/#dictdef-addeventlisteneroptions).
    """
    NONE: ClassVar[ListenerFlags]
    CAPTURE: ClassVar[ListenerFlags]
    ONCE: ClassVar[ListenerFlags]
    PASSIVE: ClassVar[ListenerFlags]

class MessageChannel(GObject.Object):
    """Two ports that are entangled."""
    @classmethod
    def new(cls) -> MessageChannel:
        """Makes a channel, whose two ports belong to the thread-default main context."""
    @classmethod
    def new_for_window(cls, window: Window) -> MessageChannel:
        """Makes a channel whose two ports belong to a window and close when the window does."""
    def get_port1(self) -> MessagePort:
        """The first port."""
    def get_port2(self) -> MessagePort:
        """The second port."""
    @property
    def port1(self) -> MessagePort:
        """The first port."""
    @property
    def port2(self) -> MessagePort:
        """The second port."""

class MessageChannelClass(GObject.GPointer):
    parent_class: Any

class MessageEvent(Event):
    """A message that has arrived."""
    @classmethod
    def new(cls, type: str, data: GLib.Variant | None = None) -> MessageEvent:
        """Makes an event for a message, to be dispatched by the program. g_object_new() makes one
        with other properties.
        """
    def get_data(self) -> GLib.Variant | None:
        """Gets the message."""
    def get_last_event_id(self) -> str:
        """Gets the identifier of the last event of a server. The library itself never sets one."""
    def get_object(self, handle: int) -> GObject.Object | None:
        """Gets the object that a handle in the data stands for: one that was transferred, or the
        copy of one that was cloned.
        """
    def get_origin(self) -> str:
        """Gets the origin of the window that has sent the message."""
    def get_ports(self) -> list[MessagePort] | None:
        """Gets the ports that were transferred with the message, in the order of the transfer list."""
    def get_source(self) -> MessageEventSource | None:
        """Gets the window that has sent the message."""
    def init_message_event(self, type: str, bubbles: bool, cancelable: bool, data: GLib.Variant | None = None, origin: str | None = None, last_event_id: str | None = None, source: MessageEventSource | None = None, ports: Sequence[MessagePort] | None = None) -> None:
        """Initializes the event again, as `Event.init_event` does, with another message. Does
        nothing while the event is being dispatched.
        """
    def __init__(self, type: str='', data: Any=None, **properties: Any) -> None:
        """Makes an event of the program's own. data is a value of Python, or a GLib.Variant."""
    @property
    def data(self) -> Any:
        """The message, in the types of Python."""
    @property
    def ports(self) -> tuple[MessagePort, ...]:
        """The ports that were transferred with the message."""
    @property
    def origin(self) -> str:
        """The origin of the window that has sent the message."""
    @property
    def last_event_id(self) -> str:
        """The identifier of the last event of a server."""
    @property
    def source(self) -> Window | MessagePort | None:
        """The window that has sent the message."""

class MessageEventClass(GObject.GPointer):
    parent_class: Any

class MessageEventSource(GObject.GInterface):
    """An event target that can be the source of a message: the `MessageEvent:source` of its
    event.
    """

class MessageEventSourceInterface(GObject.GPointer):
    parent_iface: Any

class MessagePort(EventTarget, MessageEventSource, Transferable):
    """A port. It is a context manager, which closes it in the end."""
    @classmethod
    def new_for_launcher(cls, launcher: Gio.SubprocessLauncher) -> MessagePort:
        """Makes a channel to a child process that is yet to be started, and returns the port of this
        side. The child gets the other one with `MessagePort.new_from_environment`.
        """
    @classmethod
    def new_from_environment(cls) -> MessagePort:
        """Makes the port that the parent process has given to this one, with
        `MessagePort.new_for_launcher`.
        """
    @classmethod
    def new_from_fd(cls, fd: int) -> MessagePort:
        """Makes a port of a descriptor. The other side of the pair, usually in another process,
        becomes the other port of the channel in the same way.
        """
    @classmethod
    def new_from_fd_list(cls, fd_list: Gio.UnixFDList, index: int) -> MessagePort:
        """Makes a port of a descriptor in a list, as `MessagePort.new_from_fd` does."""
    @classmethod
    def new_from_socket(cls, socket: Gio.Socket) -> MessagePort:
        """Makes a port of a socket, as `MessagePort.new_from_fd` does of a descriptor."""
    @staticmethod
    def flush_all(cancellable: Gio.Cancellable | None = None) -> bool:
        """Waits until everything is written that any port or broadcast channel of this process has
        posted to another process.
        """
    @staticmethod
    def take_over(handed_over: GObject.Object) -> MessagePort:
        """Makes a port in the thread-default main context of the caller, in place of the port that
        another thread has handed over.
        """
    def close(self) -> None:
        """Ends the channel. The other port gets a close event, after the messages that were posted
        before.
        """
    def drain_async(self, amount: int, cancellable: Gio.Cancellable | None = None, callback: Callable[..., Any] | None = None, *user_data: Any) -> None:
        """Waits until no more than `amount` bytes of what was posted to another process wait to be
        written.
        """
    def drain_finish(self, result: Gio.AsyncResult) -> bool:
        """Finishes `MessagePort.drain_async`."""
    def get_buffered_amount(self) -> int:
        """Gets how many bytes were posted to another process and are not written yet, because the
        receiver does not take them. Messages that are on their way to the receiver do not count.
        """
    def get_closed(self) -> bool:
        """Gets whether the channel has ended: the port was closed, or was told that the other side
        is gone. Messages that arrived before the port was closed are still delivered.
        """
    def get_peer_credentials(self) -> Gio.Credentials | None:
        """Gets which process, user and group have sent the message that the port has received last.
        The kernel vouches for them. A port may move: the next message may come from another
        process.
        """
    def get_started(self) -> bool:
        """Gets whether the port was started."""
    def hand_over(self) -> GObject.Object:
        """Gives the port up for another thread, which passes the returned object to
        `MessagePort.take_over`. The messages that wait at the port go with it.
        """
    def post_message(self, message: Any=None, transfer: Sequence[Transferable]=()) -> bool:
        """Posts a value of Python. A GLib.Variant is posted as it is, with its exact type."""
    def post_serialized(self, message: SerializedData) -> bool:
        """Posts a message that was serialized before to the other port of the channel."""
    def receive_async(self, cancellable: Gio.Cancellable | None = None, callback: Callable[..., Any] | None = None, *user_data: Any) -> None:
        """Waits for the next message."""
    def receive_finish(self, result: Gio.AsyncResult) -> MessageEvent:
        """Gets the message that a call of `MessagePort.receive_async` has waited for."""
    def set_on_message(self, handler: Callable[..., Any] | None = None, *user_data: Any) -> None:
        """Sets the function that handles messages, and starts the port."""
    def start(self) -> None:
        """Starts the port: what waits at it, and what will come, is delivered."""
    def steal_fd(self) -> int:
        """Turns a port into a descriptor, which any means that carries descriptors takes to another
        process: there `MessagePort.new_from_fd` makes a port of it again.
        """
    def steal_socket(self) -> Gio.Socket:
        """Turns a port into a socket, as `MessagePort.steal_fd` turns it into a descriptor."""
    def steal_to_fd_list(self, fd_list: Gio.UnixFDList) -> int:
        """Turns a port into a descriptor in a list, as `MessagePort.steal_fd` does. The number that
        it returns goes into the message as a `h` value (`g_variant_new_handle()`).
        """
    def __init__(self, made_by_channel: Never) -> None: ...
    @property
    def on_message(self) -> Callable[[MessageEvent], Any] | None:
        """The function that handles messages. Setting it starts the port."""
    @on_message.setter
    def on_message(self, value: Callable[[MessageEvent], Any] | None) -> None: ...
    @property
    def on_message_error(self) -> Callable[[MessageEvent], Any] | None:
        """The function that is told of messages that Python cannot hold."""
    @on_message_error.setter
    def on_message_error(self, value: Callable[[MessageEvent], Any] | None) -> None: ...
    @property
    def on_close(self) -> Callable[[Event], Any] | None:
        """The function that is told that the other side is gone."""
    @on_close.setter
    def on_close(self, value: Callable[[Event], Any] | None) -> None: ...
    @property
    def started(self) -> bool:
        """Whether the port was started."""
    @property
    def closed(self) -> bool:
        """Whether the channel has ended."""
    @staticmethod
    def from_fd(fd: int) -> MessagePort:
        """A port of a descriptor, which may come from another process. The port closes it."""
    @staticmethod
    def from_socket(sock: socket.socket | Gio.Socket) -> MessagePort:
        """A port of a socket of Python, which is detached, or of a Gio.Socket."""
    @staticmethod
    def from_fd_list(fd_list: Gio.UnixFDList, index: int) -> MessagePort:
        """A port of a descriptor that has come with a message of D-Bus."""
    @staticmethod
    def for_launcher(launcher: Gio.SubprocessLauncher) -> MessagePort:
        """A port for a child process, which is yet to be started. Close the launcher after that."""
    @staticmethod
    def from_environment() -> MessagePort:
        """The port that the parent process has given to this one."""
    @property
    def buffered_amount(self) -> int:
        """How many bytes were posted to another process and are not written yet."""
    @property
    def buffer_limit(self) -> int:
        """From how many waiting bytes on a post fails with a QuotaExceededError."""
    @buffer_limit.setter
    def buffer_limit(self, value: int) -> None: ...
    @property
    def message_limit(self) -> int:
        """How many bytes a message from another process may have."""
    @message_limit.setter
    def message_limit(self, value: int) -> None: ...
    @property
    def descriptor_limit(self) -> int:
        """How many descriptors a message from another process may bring."""
    @descriptor_limit.setter
    def descriptor_limit(self, value: int) -> None: ...
    @property
    def peer_credentials(self) -> Gio.Credentials | None:
        """Who has sent what has come last from another process; None if nothing has."""
    async def drain(self, amount: int=0) -> None:
        """Waits, in asyncio, until no more than this many bytes wait for another process."""
    def __enter__(self) -> MessagePort: ...
    def __exit__(self, *_exception: Any) -> None: ...
    async def __aenter__(self) -> MessagePort: ...
    async def __aexit__(self, *_exception: Any) -> None: ...
    def messages(self) -> _Messages:
        """The messages of the port until the channel ends."""
    async def receive(self) -> MessageEvent:
        """Waits for the next message, in asyncio: `event = await port.receive()`."""
    @overload
    def add_event_listener(self, type: Literal["close"], listener: Callable[[Event], Any], *, capture: bool = False, once: bool = False, passive: bool = False) -> None: ...
    @overload
    def add_event_listener(self, type: Literal["message"], listener: Callable[[MessageEvent], Any], *, capture: bool = False, once: bool = False, passive: bool = False) -> None: ...
    @overload
    def add_event_listener(self, type: Literal["messageerror"], listener: Callable[[MessageEvent], Any], *, capture: bool = False, once: bool = False, passive: bool = False) -> None: ...
    @overload
    def add_event_listener(self, type: str, listener: Callable[[Any], Any], *, capture: bool = False, once: bool = False, passive: bool = False) -> None: ...
    @overload
    def connect(self, detailed_signal: Literal["close"], handler: Callable[[Self, Event], Any]) -> int: ...
    @overload
    def connect(self, detailed_signal: Literal["message"], handler: Callable[[Self, MessageEvent], Any]) -> int: ...
    @overload
    def connect(self, detailed_signal: Literal["messageerror"], handler: Callable[[Self, MessageEvent], Any]) -> int: ...
    @overload
    def connect(self, detailed_signal: str, handler: Callable[..., Any], *args: Any) -> int: ...

class MessagePortClass(GObject.GPointer):
    parent_class: Any

class MessagingError(GObject.GEnum):
    """Errors of the library. They are named after the `DOMException`s that the standard throws
    in the same place.
    """
    DATA_CLONE: ClassVar[MessagingError]
    INVALID_STATE: ClassVar[MessagingError]
    SYNTAX: ClassVar[MessagingError]
    INVALID_ARGUMENT: ClassVar[MessagingError]
    QUOTA_EXCEEDED: ClassVar[MessagingError]
    @staticmethod
    def quark() -> int: ...

class Origin(GObject.GBoxed):
    """The scheme, host and port of a URL: who a window speaks for."""
    @classmethod
    def new_for_url(cls, url: str) -> Origin:
        """Makes the origin of a URL. URLs of the schemes `https`, `http`, `wss`, `ws` and `ftp` have
        a scheme, host and port for an origin; that of a `blob:` URL is the origin of the `http`
        or `https` URL in it. The origin of all others, such as `file:`, `data:` or a scheme of
        the application's own, is opaque, and a new one at each call.
        """
    @classmethod
    def new_opaque(cls) -> Origin:
        """Makes an opaque origin, which is the same origin as itself only."""
    def equal(self, other: Origin) -> bool:
        """Compares two origins, as `Origin.is_same_origin` does. This is a `GLib.EqualFunc`, for
        hash tables.
        """
    def get_host(self) -> str | None:
        """Gets the host: a domain in ASCII and lower case, as it stands in the Domain Name System,
        or an address. An IPv6 address has no brackets here, as in `GLib.Uri.get_host`.
        """
    def get_port(self) -> int:
        """Gets the port, if it is not the one that the scheme has without saying."""
    def get_scheme(self) -> str | None:
        """Gets the scheme, such as `"https"`."""
    def hash(self) -> int:
        """Gets a number for the origin, which is the same for the same origin. This is a
        `GLib.HashFunc`.
        """
    def is_opaque(self) -> bool:
        """Gets whether the origin is opaque."""
    def is_same_origin(self, other: Origin) -> bool:
        """Compares two origins."""
    def ref(self) -> Origin:
        """Adds a reference."""
    def serialize(self) -> str:
        """Serializes the origin."""
    def unref(self) -> None:
        """Drops a reference."""

class Serializable(GObject.GInterface):
    """An object that a message can carry a copy of."""
    def deserialize(self, serialized: GLib.Variant) -> bool:
        """Carries out the deserialization steps of the object."""
    def serialize(self) -> GLib.Variant:
        """Carries out the serialization steps of the object."""
    def do_deserialize(self, serialized: GLib.Variant) -> bool:
        """Carries out the deserialization steps of the object."""
    def do_serialize(self) -> GLib.Variant:
        """Carries out the serialization steps of the object."""

class SerializableInterface(GObject.GPointer):
    """What a class provides so that its objects can be cloned."""
    parent_iface: Any
    serialize: Any
    deserialize: Any

class SerializedData(GObject.GBoxed):
    """A message, for another process or for later."""
    @classmethod
    def new(cls, value: GLib.Variant | None = None, transfer: Sequence[Transferable] | None = None, objects: Sequence[Serializable] | None = None) -> SerializedData:
        """Serializes a value, and transfers the objects in the transfer list."""
    @classmethod
    def new_from_bytes(cls, bytes: GLib.Bytes) -> SerializedData:
        """Reads a message. May be called on any thread."""
    def deserialize(self) -> tuple[bool, GLib.Variant | None, list[GObject.Object] | None]:
        """Deserializes a message, and receives what was transferred with it."""
    def get_value(self) -> tuple[bool, GLib.Variant | None]:
        """Gets the value of a message. May be called on any thread."""
    def ref(self) -> SerializedData:
        """Adds a reference. May be called on any thread."""
    def to_bytes(self) -> bytes:
        """The message for another process. Nothing can be transferred in it."""
    def unref(self) -> None:
        """Drops a reference. May be called on any thread."""
    @staticmethod
    def serialize(value: Any, transfer: Sequence[Transferable]=()) -> SerializedData:
        """Serializes a value, and transfers what is in the list."""
    @staticmethod
    def from_bytes(data: Any) -> SerializedData:
        """A message of another process. data: bytes, or anything that has them."""
    def to_value(self) -> Any:
        """Deserializes the message, and receives what was transferred with it."""

class SharedWorker(EventTarget):
    """A process of Python that the application has once for a function and a name."""
    @classmethod
    def new(cls, url: str, name: str | None, argv: Sequence[str], data: GLib.Variant | None = None) -> SharedWorker:
        """Connects to the shared worker of the application that has this URL and name, and starts it
        if there is none.
        """
    def get_port(self) -> MessagePort:
        """Gets the port to the worker. It is not started."""
    def __new__(
        cls, function: Callable[[SharedWorkerGlobalScope], Any] | str, /, *, name: str = ""
    ) -> SharedWorker: ...
    @property
    def on_error(self) -> Callable[[ErrorEvent], Any] | None:
        """The function that is told that the worker could not be started, or has failed."""
    @on_error.setter
    def on_error(self, value: Callable[[ErrorEvent], Any] | None) -> None: ...
    @property
    def port(self) -> MessagePort:
        """The port to the worker, always the same."""
    @overload
    def add_event_listener(self, type: Literal["error"], listener: Callable[[ErrorEvent], Any], *, capture: bool = False, once: bool = False, passive: bool = False) -> None: ...
    @overload
    def add_event_listener(self, type: str, listener: Callable[[Any], Any], *, capture: bool = False, once: bool = False, passive: bool = False) -> None: ...
    @overload
    def connect(self, detailed_signal: Literal["error"], handler: Callable[[Self, ErrorEvent], Any]) -> int: ...
    @overload
    def connect(self, detailed_signal: str, handler: Callable[..., Any], *args: Any) -> int: ...

class SharedWorkerClass(GObject.GPointer):
    parent_class: Any

class SharedWorkerGlobalScope(WorkerGlobalScope):
    """The scope of a worker that several users share. Each of them gets a port of its own."""
    @property
    def on_connect(self) -> Callable[[MessageEvent], Any] | None:
        """The function that is told of a new user: the event has the user's port."""
    @on_connect.setter
    def on_connect(self, value: Callable[[MessageEvent], Any] | None) -> None: ...
    @overload
    def add_event_listener(self, type: Literal["error"], listener: Callable[[ErrorEvent], Any], *, capture: bool = False, once: bool = False, passive: bool = False) -> None: ...
    @overload
    def add_event_listener(self, type: Literal["connect"], listener: Callable[[MessageEvent], Any], *, capture: bool = False, once: bool = False, passive: bool = False) -> None: ...
    @overload
    def add_event_listener(self, type: str, listener: Callable[[Any], Any], *, capture: bool = False, once: bool = False, passive: bool = False) -> None: ...
    @overload
    def connect(self, detailed_signal: Literal["error"], handler: Callable[[Self, ErrorEvent], Any]) -> int: ...
    @overload
    def connect(self, detailed_signal: Literal["connect"], handler: Callable[[Self, MessageEvent], Any]) -> int: ...
    @overload
    def connect(self, detailed_signal: str, handler: Callable[..., Any], *args: Any) -> int: ...

class SharedWorkerGlobalScopeClass(GObject.GPointer):
    parent_class: Any

class Transferable(GObject.GInterface):
    """An object that a message can move to another main context."""
    def export_data_holder(self, data_holder: GObject.Object, fd_list: Gio.UnixFDList) -> GLib.Variant:
        """Turns a data holder into a value, for a receiver in another process. A `h` value in it
        stands for the descriptor with this number in `fd_list`.
        """
    def import_data_holder(self, value: GLib.Variant, fd_list: Gio.UnixFDList) -> GObject.Object:
        """Turns a value from another process into a data holder, for
        `Transferable.transfer_receive`.
        """
    def is_detached(self) -> bool:
        """Gets whether the object has been transferred away or closed, so that it cannot be
        transferred. Objects of a class that does not implement the method never are.
        """
    def transfer(self) -> GObject.Object:
        """Carries out the transfer steps of the object."""
    def transfer_receive(self, data_holder: GObject.Object) -> bool:
        """Carries out the transfer-receiving steps of the object."""
    def do_export_data_holder(self, data_holder: GObject.Object, fd_list: Gio.UnixFDList) -> GLib.Variant:
        """Turns a data holder into a value, for a receiver in another process. A `h` value in it
        stands for the descriptor with this number in `fd_list`.
        """
    def do_import_data_holder(self, value: GLib.Variant, fd_list: Gio.UnixFDList) -> GObject.Object:
        """Turns a value from another process into a data holder, for
        `Transferable.transfer_receive`.
        """
    def do_is_detached(self) -> bool:
        """Gets whether the object has been transferred away or closed, so that it cannot be
        transferred. Objects of a class that does not implement the method never are.
        """
    def do_transfer(self) -> GObject.Object:
        """Carries out the transfer steps of the object."""
    def do_transfer_receive(self, data_holder: GObject.Object) -> bool:
        """Carries out the transfer-receiving steps of the object."""

class TransferableInterface(GObject.GPointer):
    """What a class provides so that its objects can be transferred."""
    parent_iface: Any
    is_detached: Any
    transfer: Any
    transfer_receive: Any
    export_data_holder: Any
    import_data_holder: Any

class URIError(ValueError):
    """What JavaScript calls by this name."""

class Window(EventTarget, MessageEventSource):
    """The target of window.postMessage()."""
    @classmethod
    def new(cls, url: str | None = None) -> Window:
        """Makes a window in the thread-default main context, with the origin of a URL."""
    @classmethod
    def new_for_origin(cls, origin: Origin) -> Window:
        """Makes a window in the thread-default main context."""
    def close(self) -> None:
        """Closes the window for good, and its ports and broadcast channels. Messages that wait at
        them and at the window are dropped.
        """
    def get_closed(self) -> bool:
        """Gets whether the window was closed."""
    def get_origin(self) -> Origin:
        """Gets the origin of the window."""
    def post_message(self, source: Window | None, message: Any=None, target_origin: str | None=None, transfer: Sequence[Transferable]=()) -> bool:
        """Posts a value of Python. A GLib.Variant is posted as it is, with its exact type."""
    def post_serialized(self, source: Window | None, message: SerializedData, target_origin: str | None = None) -> bool:
        """Posts a message that was serialized before to a window."""
    def set_origin(self, origin: Origin) -> None:
        """Gives the window another origin, because it shows another document, for example. The
        library drops messages for the old origin when their turn comes.
        """
    def do_queue_message(self, message: SerializedData, target_origin: Origin, source: Window, source_origin: Origin) -> None: ...
    @property
    def on_message(self) -> Callable[[MessageEvent], Any] | None:
        """The function that handles messages."""
    @on_message.setter
    def on_message(self, value: Callable[[MessageEvent], Any] | None) -> None: ...
    @property
    def on_message_error(self) -> Callable[[MessageEvent], Any] | None:
        """The function that is told of messages that Python cannot hold."""
    @on_message_error.setter
    def on_message_error(self, value: Callable[[MessageEvent], Any] | None) -> None: ...
    @property
    def closed(self) -> bool:
        """Whether the window is closed."""
    @property
    def origin(self) -> str:
        """The origin of the window, as a text."""
    @overload
    def add_event_listener(self, type: Literal["message"], listener: Callable[[MessageEvent], Any], *, capture: bool = False, once: bool = False, passive: bool = False) -> None: ...
    @overload
    def add_event_listener(self, type: Literal["messageerror"], listener: Callable[[MessageEvent], Any], *, capture: bool = False, once: bool = False, passive: bool = False) -> None: ...
    @overload
    def add_event_listener(self, type: str, listener: Callable[[Any], Any], *, capture: bool = False, once: bool = False, passive: bool = False) -> None: ...
    @overload
    def connect(self, detailed_signal: Literal["message"], handler: Callable[[Self, MessageEvent], Any]) -> int: ...
    @overload
    def connect(self, detailed_signal: Literal["messageerror"], handler: Callable[[Self, MessageEvent], Any]) -> int: ...
    @overload
    def connect(self, detailed_signal: str, handler: Callable[..., Any], *args: Any) -> int: ...

class WindowClass(GObject.GPointer):
    parent_class: Any
    queue_message: Any
    padding: Any

class Worker(EventTarget):
    """A process of Python that runs a function. It is a context manager, which terminates it in
    the end.
    """
    @classmethod
    def new_process(cls, argv: Sequence[str | os.PathLike[str]], name: str='', data: Any=None, launcher: Gio.SubprocessLauncher | None=None) -> Worker:
        """Starts any program as a worker. It calls WorkerGlobalScope.from_environment()."""
    @classmethod
    def new_thread(cls, name: str | None, func: Callable[..., Any], *user_data: Any) -> Worker:
        """Starts a worker that is a thread with a main context of its own."""
    def get_closed(self) -> bool:
        """Gets whether the worker was terminated, or has ended by itself and the program was told."""
    def get_name(self) -> str:
        """Gets the name of the worker."""
    def get_subprocess(self) -> Gio.Subprocess | None:
        """Gets the process of the worker."""
    def join(self) -> None:
        """Waits until the thread or process of the worker has ended. A thread has then called the
        function that frees its data, so that nothing that the thread used is used any more.
        """
    def post_message(self, message: Any=None, transfer: Sequence[Transferable]=()) -> bool:
        """Posts a value of Python to the worker. A GLib.Variant is posted as it is."""
    def post_serialized(self, message: SerializedData) -> bool:
        """Posts a message that was serialized before, as `MessagePort.post_serialized` does to
        another port.
        """
    def receive_async(self, cancellable: Gio.Cancellable | None = None, callback: Callable[..., Any] | None = None, *user_data: Any) -> None:
        """Waits for the next message of the worker, as `MessagePort.receive_async` does at a port.
        The worker need not be started: messages wait until somebody asks for them.
        """
    def receive_finish(self, result: Gio.AsyncResult) -> MessageEvent:
        """Gets the message that a call of `Worker.receive_async` has waited for."""
    def set_on_message(self, handler: Callable[..., Any] | None, *data: Any) -> None:
        """Sets the handler of C, which is told the worker as well."""
    def start(self) -> None:
        """Starts the worker: its messages are delivered to handlers, also those that have come."""
    def terminate(self) -> None:
        """Kills the process of the worker. Nothing arrives from it any more, and on_close is not
        called.
        """
    def __new__(
        cls, function: Callable[..., Any] | str, /,
        *args: Any, name: str = "", **kwargs: Any
    ) -> Worker: ...
    @property
    def on_message(self) -> Callable[[MessageEvent], Any] | None:
        """The function that handles messages. Setting it starts the worker."""
    @on_message.setter
    def on_message(self, value: Callable[[MessageEvent], Any] | None) -> None: ...
    @property
    def on_message_error(self) -> Callable[[MessageEvent], Any] | None:
        """The function that is told of messages that Python cannot hold."""
    @on_message_error.setter
    def on_message_error(self, value: Callable[[MessageEvent], Any] | None) -> None: ...
    @property
    def on_error(self) -> Callable[[ErrorEvent], Any] | None:
        """The function that is told what goes wrong in the worker. It gets an ErrorEvent."""
    @on_error.setter
    def on_error(self, value: Callable[[ErrorEvent], Any] | None) -> None: ...
    @property
    def on_close(self) -> Callable[[Event], Any] | None:
        """The function that is told that the worker has ended by itself."""
    @on_close.setter
    def on_close(self, value: Callable[[Event], Any] | None) -> None: ...
    def messages(self) -> _Messages:
        """The messages of the worker until it ends, for `for` and `async for`."""
    async def receive(self) -> MessageEvent:
        """Waits for the next message of the worker, in asyncio. See MessagePort.receive()."""
    @property
    def name(self) -> str:
        """The name of the worker."""
    @property
    def closed(self) -> bool:
        """Whether nothing will arrive from the worker any more."""
    @property
    def subprocess(self) -> Gio.Subprocess | None:
        """The process of the worker, None if it is a thread."""
    def __enter__(self) -> Worker: ...
    def __exit__(self, *_exception: Any) -> None: ...
    async def __aenter__(self) -> Worker: ...
    async def __aexit__(self, *_exception: Any) -> None: ...
    @overload
    def add_event_listener(self, type: Literal["close"], listener: Callable[[Event], Any], *, capture: bool = False, once: bool = False, passive: bool = False) -> None: ...
    @overload
    def add_event_listener(self, type: Literal["error"], listener: Callable[[ErrorEvent], Any], *, capture: bool = False, once: bool = False, passive: bool = False) -> None: ...
    @overload
    def add_event_listener(self, type: Literal["message"], listener: Callable[[MessageEvent], Any], *, capture: bool = False, once: bool = False, passive: bool = False) -> None: ...
    @overload
    def add_event_listener(self, type: Literal["messageerror"], listener: Callable[[MessageEvent], Any], *, capture: bool = False, once: bool = False, passive: bool = False) -> None: ...
    @overload
    def add_event_listener(self, type: str, listener: Callable[[Any], Any], *, capture: bool = False, once: bool = False, passive: bool = False) -> None: ...
    @overload
    def connect(self, detailed_signal: Literal["close"], handler: Callable[[Self, Event], Any]) -> int: ...
    @overload
    def connect(self, detailed_signal: Literal["error"], handler: Callable[[Self, ErrorEvent], Any]) -> int: ...
    @overload
    def connect(self, detailed_signal: Literal["message"], handler: Callable[[Self, MessageEvent], Any]) -> int: ...
    @overload
    def connect(self, detailed_signal: Literal["messageerror"], handler: Callable[[Self, MessageEvent], Any]) -> int: ...
    @overload
    def connect(self, detailed_signal: str, handler: Callable[..., Any], *args: Any) -> int: ...

class WorkerClass(GObject.GPointer):
    parent_class: Any

class WorkerGlobalScope(EventTarget):
    """The worker's end of the connection to its owner: its name, and how it ends."""
    @staticmethod
    def from_environment() -> WorkerGlobalScope:
        """The scope of this program, which somebody has started as a worker: see
        Worker.new_process().
        """
    def close(self) -> None:
        """Ends the worker: no more messages arrive, and iterations over messages end."""
    def get_cancellable(self) -> Gio.Cancellable:
        """Gets what is cancelled when the owner of a thread terminates it. A function that takes
        long looks at it now and then, or gives it to the calls that it waits for.
        """
    def get_closing(self) -> bool:
        """Gets whether the worker is about to end: it has called `WorkerGlobalScope.close`, was
        terminated, or has lost its owner.
        """
    def get_data(self) -> GLib.Variant | None:
        """Gets what the owner of a process has given to it with `Worker.new_process`."""
    def get_name(self) -> str:
        """Gets the name that the owner has given to the worker."""
    def report_error(self, error: GLib.Error) -> None:
        """Tells the owner of the worker that something has gone wrong: it gets `Worker::error` with
        the message of `error`. If nobody has connected to that signal, the library logs a warning
        there. The worker goes on; call `WorkerGlobalScope.close` if it should not.
        """
    def report_exception(self, message: str, filename: str | None, lineno: int, colno: int, stack: str | None = None, exception: SerializedData | None = None) -> None:
        """Tells the owner of the worker of an exception that nobody has handled. The owner gets
        `Worker::error`, after all that was posted before.
        """
    def report_failure(self) -> None:
        """Tells the owner that the script of the worker could not be found or understood: it gets
        `Worker::error` with a plain event.
        """
    def run(self) -> None:
        """Handles messages until the worker is closed. A program that is a worker calls this last,
        so that its owner gets all that was posted. It raises SystemExit if a handler has.
        """
    def start(self) -> None:
        """Has the messages for the worker delivered. For a program with a main loop of its own;
        others call `WorkerGlobalScope.run`.
        """
    @property
    def on_error(self) -> Callable[[ErrorEvent], Any] | None:
        """The function that is told of errors in workers that this worker has started."""
    @on_error.setter
    def on_error(self, value: Callable[[ErrorEvent], Any] | None) -> None: ...
    @property
    def name(self) -> str:
        """The name that the owner has given to the worker."""
    @property
    def closing(self) -> bool:
        """Whether the worker is about to end, and handles no more messages."""
    @property
    def data(self) -> Any:
        """What the owner has given to the program at its start, in the types of Python."""
    @overload
    def add_event_listener(self, type: Literal["error"], listener: Callable[[ErrorEvent], Any], *, capture: bool = False, once: bool = False, passive: bool = False) -> None: ...
    @overload
    def add_event_listener(self, type: str, listener: Callable[[Any], Any], *, capture: bool = False, once: bool = False, passive: bool = False) -> None: ...
    @overload
    def connect(self, detailed_signal: Literal["error"], handler: Callable[[Self, ErrorEvent], Any]) -> int: ...
    @overload
    def connect(self, detailed_signal: str, handler: Callable[..., Any], *args: Any) -> int: ...

class WorkerGlobalScopeClass(GObject.GPointer):
    parent_class: Any
    padding: Any

def dom_exception_get_name(error: GLib.Error) -> str | None:
    """Gets the name under which scripts know an error of the library."""

def main_context_get_priority(context: GLib.MainContext | None = None) -> int:
    """Gets at which priority the messages of a main context are delivered."""

def main_context_set_priority(context: GLib.MainContext | None, priority: int) -> None:
    """Sets at which priority the messages of a main context are delivered, `G_PRIORITY_DEFAULT`
    at first. It holds for all ports, windows, workers and broadcast channels that belong to
    `context`, now or later.
    """

def messaging_error_quark() -> int: ...

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
) -> Callable[[type[_T]], type[_T]]: ...

def structured_clone(value: Any, transfer: Sequence[Transferable]=()) -> Any:
    """A deep copy of a value, as a message would make it."""

@overload
def worker(
    function: Callable[Concatenate[DedicatedWorkerGlobalScope, _P], Any]
) -> Callable[_P, Worker]: ...
@overload
def worker(*, name: str = "") -> _Decorates: ...
