// META: title=The shape that Web IDL gives the interfaces
// META: script=/resources/WebIDLParser.js
// META: script=/resources/idlharness.js
// Upstream: dom/idlharness.any.js, html/dom/idlharness.worker.js
'use strict';

// What the DOM and HTML standards say of the interfaces that a message needs.
const idl = `
[Exposed=*]
interface Event {
  constructor(DOMString type, optional EventInit eventInitDict = {});
  readonly attribute DOMString type;
  readonly attribute EventTarget? target;
  readonly attribute EventTarget? srcElement;
  readonly attribute EventTarget? currentTarget;
  sequence<EventTarget> composedPath();
  const unsigned short NONE = 0;
  const unsigned short CAPTURING_PHASE = 1;
  const unsigned short AT_TARGET = 2;
  const unsigned short BUBBLING_PHASE = 3;
  readonly attribute unsigned short eventPhase;
  undefined stopPropagation();
  attribute boolean cancelBubble;
  undefined stopImmediatePropagation();
  readonly attribute boolean bubbles;
  readonly attribute boolean cancelable;
  attribute boolean returnValue;
  undefined preventDefault();
  readonly attribute boolean defaultPrevented;
  readonly attribute boolean composed;
  [LegacyUnforgeable] readonly attribute boolean isTrusted;
  readonly attribute DOMHighResTimeStamp timeStamp;
  undefined initEvent(DOMString type, optional boolean bubbles = false,
                      optional boolean cancelable = false);
};
typedef double DOMHighResTimeStamp;
dictionary EventInit {
  boolean bubbles = false;
  boolean cancelable = false;
  boolean composed = false;
};
[Exposed=*]
interface EventTarget {
  constructor();
  undefined addEventListener(DOMString type, EventListener? callback,
                             optional (AddEventListenerOptions or boolean) options = {});
  undefined removeEventListener(DOMString type, EventListener? callback,
                                optional (EventListenerOptions or boolean) options = {});
  boolean dispatchEvent(Event event);
};
callback interface EventListener {
  undefined handleEvent(Event event);
};
dictionary EventListenerOptions {
  boolean capture = false;
};
dictionary AddEventListenerOptions : EventListenerOptions {
  boolean passive;
  boolean once = false;
};
[LegacyTreatNonObjectAsNull]
callback EventHandlerNonNull = any (Event event);
typedef EventHandlerNonNull? EventHandler;
typedef MessagePort MessageEventSource;
[Exposed=(Window,Worker)]
interface MessageEvent : Event {
  constructor(DOMString type, optional MessageEventInit eventInitDict = {});
  readonly attribute any data;
  readonly attribute USVString origin;
  readonly attribute DOMString lastEventId;
  readonly attribute MessageEventSource? source;
  readonly attribute FrozenArray<MessagePort> ports;
  undefined initMessageEvent(DOMString type, optional boolean bubbles = false,
                             optional boolean cancelable = false, optional any data = null,
                             optional USVString origin = "", optional DOMString lastEventId = "",
                             optional MessageEventSource? source = null,
                             optional sequence<MessagePort> ports = []);
};
dictionary MessageEventInit : EventInit {
  any data = null;
  USVString origin = "";
  DOMString lastEventId = "";
  MessageEventSource? source = null;
  sequence<MessagePort> ports = [];
};
[Exposed=(Window,Worker)]
interface MessageChannel {
  constructor();
  readonly attribute MessagePort port1;
  readonly attribute MessagePort port2;
};
interface mixin MessageEventTarget {
  attribute EventHandler onmessage;
  attribute EventHandler onmessageerror;
};
[Exposed=(Window,Worker), Transferable]
interface MessagePort : EventTarget {
  undefined postMessage(any message, sequence<object> transfer);
  undefined postMessage(any message, optional StructuredSerializeOptions options = {});
  undefined start();
  undefined close();
  attribute EventHandler onclose;
};
MessagePort includes MessageEventTarget;
[Exposed=(Window,Worker)]
interface BroadcastChannel : EventTarget {
  constructor(DOMString name);
  readonly attribute DOMString name;
  undefined postMessage(any message);
  undefined close();
  attribute EventHandler onmessage;
  attribute EventHandler onmessageerror;
};
dictionary StructuredSerializeOptions {
  sequence<object> transfer = [];
};
`;

const idlArray = new IdlArray();

idlArray.add_idls(idl);
idlArray.add_objects({
    Event: ['new Event("type")'],
    EventTarget: ['new EventTarget()'],
    MessageEvent: ['new MessageEvent("type", {data: 5})'],
    MessageChannel: ['new MessageChannel()'],
    MessagePort: ['new MessageChannel().port1'],
    BroadcastChannel: ['new BroadcastChannel("name")'],
});
idlArray.test();
