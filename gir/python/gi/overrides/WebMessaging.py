"""What Python expects of the introspected classes. PyGObject loads this file by itself.

The parts are in the package _webmessaging beside it.
"""

# Copyright (C) 2026 The libwebmessaging authors
#
# SPDX-License-Identifier: LGPL-2.1-or-later

from ._webmessaging.broadcast import BroadcastChannel
from ._webmessaging.cbor_writer import UNDEFINED
from ._webmessaging.dom_exception import DOMException, translate_methods
from ._webmessaging.event_target import EventTarget
from ._webmessaging.events import ErrorEvent, Event, MessageEvent
from ._webmessaging.exceptions import EvalError, URIError
from ._webmessaging.library import WebMessaging, make_classes
from ._webmessaging.messages import SerializedData, register_record, structured_clone
from ._webmessaging.ports import MessageChannel, MessagePort
from ._webmessaging.windows import Window
from ._webmessaging.worker_scopes import (
    DedicatedWorkerGlobalScope,
    SharedWorkerGlobalScope,
    WorkerGlobalScope,
)
from ._webmessaging.workers import SharedWorker, Worker, worker

__all__ = [
    "UNDEFINED", "BroadcastChannel", "DOMException", "DedicatedWorkerGlobalScope", "ErrorEvent",
    "EvalError", "Event", "EventTarget", "MessageChannel", "MessageEvent", "MessagePort",
    "SerializedData", "SharedWorker", "SharedWorkerGlobalScope", "URIError", "Window", "Worker",
    "WorkerGlobalScope", "register_record", "structured_clone", "worker",
]

make_classes()
for _class in (WebMessaging.Origin, WebMessaging.Serializable, WebMessaging.Transferable):
    translate_methods(_class)
