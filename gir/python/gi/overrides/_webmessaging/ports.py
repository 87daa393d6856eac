"""Ports and channels."""

# Copyright (C) 2026 The libwebmessaging authors
#
# SPDX-License-Identifier: LGPL-2.1-or-later

import os
import socket
from collections.abc import Sequence
from typing import Any

from gi.repository import Gio

from . import draining, receiving
from .dom_exception import translate_methods
from .event_target import event_handler
from .events import MessageEvent
from .library import WebMessaging, WebMessagingPrivate, override
from .messages import post

translate_methods(WebMessaging.MessagePort)


def limit(name: str, doc: str) -> property:
    """A property of the port that can be set."""
    return property(lambda port: port.get_property(name),
                    lambda port, value: port.set_property(name, value), doc=doc)


@override
class MessagePort(WebMessaging.MessagePort):
    """A port. It is a context manager, which closes it in the end."""

    _web_has_port = True

    def __init__(self, *_args: Any, **_properties: Any) -> None:
        """There is no port without another side."""
        raise TypeError("A port is made with its other side: channel = MessageChannel(), then "
                        "channel.port1 and channel.port2")

    def post_message(self, message: Any = None, transfer: Sequence[Any] = ()) -> bool:
        """Posts a value of Python. A GLib.Variant is posted as it is, with its exact type.

        transfer: a list of what is given to the receiver, such as ports.
        """
        return post(self, super().post_message, message, transfer)

    on_message = event_handler(
        "message", "The function that handles messages. Setting it starts the port.")
    on_message_error = event_handler(
        "messageerror", "The function that is told of messages that Python cannot hold.")
    on_close = event_handler("close", "The function that is told that the other side is gone.")

    def start(self) -> None:
        """Starts the port: what waits at it, and what will come, is delivered."""
        self._listen()
        super().start()

    @property
    def started(self) -> bool:
        """Whether the port was started."""
        return self.get_started()

    @property
    def closed(self) -> bool:
        """Whether the channel has ended."""
        return self.get_closed()

    @staticmethod
    def from_fd(fd: int) -> "MessagePort":
        """A port of a descriptor, which may come from another process. The port closes it.

        fd: one side of a connected pair of Unix sockets of type SOCK_SEQPACKET, or what steal_fd()
        has returned. If the call fails, it stays open.
        """
        return WebMessaging.MessagePort.new_from_fd(fd)

    @staticmethod
    def from_socket(sock: socket.socket | Gio.Socket) -> "MessagePort":
        """A port of a socket of Python, which is detached, or of a Gio.Socket."""
        if isinstance(sock, Gio.Socket):
            return WebMessaging.MessagePort.new_from_socket(sock)
        port = WebMessaging.MessagePort.new_from_fd(sock.fileno())
        sock.detach()
        return port

    @staticmethod
    def from_fd_list(fd_list: Gio.UnixFDList, index: int) -> "MessagePort":
        """A port of a descriptor that has come with a message of D-Bus."""
        return WebMessaging.MessagePort.new_from_fd_list(fd_list, index)

    @staticmethod
    def for_launcher(launcher: Gio.SubprocessLauncher) -> "MessagePort":
        """A port for a child process, which is yet to be started. Close the launcher after that."""
        return WebMessaging.MessagePort.new_for_launcher(launcher)

    @staticmethod
    def from_environment() -> "MessagePort":
        """The port that the parent process has given to this one."""
        try:
            return WebMessaging.MessagePort.new_from_environment()
        finally:
            # Python has a copy of the environment, which it gives to children.
            os.environ.pop("WEB_MESSAGING_FD", None)

    @property
    def buffered_amount(self) -> int:
        """How many bytes were posted to another process and are not written yet."""
        return self.get_buffered_amount()

    buffer_limit = limit(
        "buffer-limit", "From how many waiting bytes on a post fails with a QuotaExceededError.")
    message_limit = limit(
        "message-limit", "How many bytes a message from another process may have.")
    descriptor_limit = limit(
        "descriptor-limit", "How many descriptors a message from another process may bring.")

    @property
    def peer_credentials(self) -> Gio.Credentials | None:
        """Who has sent what has come last from another process; None if nothing has."""
        return self.get_peer_credentials()

    async def drain(self, amount: int = 0) -> None:
        """Waits, in asyncio, until no more than this many bytes wait for another process.

        Raises a DOMException if the port is transferred meanwhile.
        """
        await draining.drain(self, amount)

    def __enter__(self) -> "MessagePort":
        return self

    def __exit__(self, *_exception: Any) -> None:
        self.close()

    async def __aenter__(self) -> "MessagePort":
        return self

    async def __aexit__(self, *_exception: Any) -> None:
        self.close()

    def messages(self) -> receiving.Messages:
        """The messages of the port until the channel ends.

        `for event in port.messages():` runs the main context of this thread while it waits, and
        `async for` lets asyncio run it.
        """
        return receiving.Messages(self)

    async def receive(self) -> MessageEvent:
        """Waits for the next message, in asyncio: `event = await port.receive()`.

        Raises a DOMException when the channel has ended, and a RuntimeError if the port belongs to
        another thread. A call that is cancelled takes no message: the next one gets it. If the
        message arrives in the turn of the loop in which the call is cancelled, it waits for the next
        call, not for a handler, and does not go along with a transfer.
        """
        return await receiving.receive(self)


@override
class MessageChannel(WebMessaging.MessageChannel):
    """Two ports that are entangled."""

    def _get_ports(self) -> tuple[MessagePort, MessagePort]:
        """The wrapper keeps the ports: what the channel keeps, the garbage collector does not see."""
        try:
            return self._web_ports
        except AttributeError:
            self._web_ports = super().get_port1(), super().get_port2()
            WebMessagingPrivate.release_ports(self)
            return self._web_ports

    @property
    def port1(self) -> MessagePort:
        """The first port."""
        return self._get_ports()[0]

    @property
    def port2(self) -> MessagePort:
        """The second port."""
        return self._get_ports()[1]

    def get_port1(self) -> MessagePort:
        """The first port."""
        return self.port1

    def get_port2(self) -> MessagePort:
        """The second port."""
        return self.port2
