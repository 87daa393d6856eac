/* test-jsc.vala: scripts in JavaScriptCore, as Vala sees them
 *
 * Copyright (C) 2026 The libwebmessaging authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

void test_plug_in () {
    var main_context = MainContext.default ();
    var context = new JSC.Context ();
    var channel = new WebMessaging.MessageChannel ();
    var answer = 0.0;

    try {
        WebMessagingJsc.install (context, WebMessagingJsc.Flags.NONE);
    } catch (Error error) {
        assert_not_reached ();
    }
    context.set_value ("port", WebMessagingJsc.wrap_port (context, channel.port2));
    assert (WebMessagingJsc.unwrap_port (context.get_value ("port")) == channel.port2);
    context.evaluate ("port.onmessage = ({data}) => port.postMessage(data + 0.5)", -1);
    channel.port1.message.connect ((event) => {
        answer = event.get_data ().get_double ();
    });
    channel.port1.start ();
    try {
        channel.port1.post_message (new Variant.double (1));
    } catch (Error error) {
        assert_not_reached ();
    }
    while (answer == 0.0) {
        main_context.iteration (true);
    }
    assert (answer == 1.5);
}

void test_installed_twice () {
    var context = new JSC.Context ();

    try {
        WebMessagingJsc.install (context, WebMessagingJsc.Flags.TIMERS | WebMessagingJsc.Flags.MICROTASKS);
        WebMessagingJsc.install (context, WebMessagingJsc.Flags.ALL);
        assert_not_reached ();
    } catch (Error error) {
        assert (error is WebMessaging.MessagingError.INVALID_STATE);
    }
}

void test_worker () {
    var main_context = MainContext.default ();
    var host = new WebMessagingJsc.Host ();
    var received = "";

    host.set_loader ((url) => {
        if (url != "app:worker.js") {
            throw new IOError.NOT_FOUND ("No script at %s", url);
        }
        return new Bytes ("postMessage(greeting)".data);
    });
    host.set_worker_func ((context) => {
        context.set_value ("greeting", new JSC.Value.string (context, "hello"));
    });
    var worker = WebMessagingJsc.worker_new ("app:worker.js", "greeter", host);
    worker.message.connect ((event) => {
        received = event.get_data ().get_string ();
    });
    worker.start ();
    while (received == "") {
        main_context.iteration (true);
    }
    worker.terminate ();
    assert (received == "hello");
}

int main (string[] args) {
    Test.init (ref args);
    Test.add_func ("/vala/jsc/plug-in", test_plug_in);
    Test.add_func ("/vala/jsc/installed-twice", test_installed_twice);
    Test.add_func ("/vala/jsc/worker", test_worker);

    return Test.run ();
}
