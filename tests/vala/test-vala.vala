/* test-vala.vala: the API as Vala sees it
 *
 * Copyright (C) 2026 The libwebmessaging authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

async void receive (WebMessaging.MessagePort port) {
    try {
        var event = yield port.receive_async ();
        assert (event.get_data ().get_string () == "hello");
        port.post_message (new Variant.string ("answer"));
        yield port.receive_async ();
        assert_not_reached ();
    } catch (WebMessaging.MessagingError error) {
        assert (error is WebMessaging.MessagingError.INVALID_STATE);
    } catch (Error error) {
        assert_not_reached ();
    }
}

void test_channel () {
    var context = MainContext.default ();
    var channel = new WebMessaging.MessageChannel ();
    var answer = "";
    var closed = false;

    channel.port1.message.connect ((event) => {
        answer = event.get_data ().get_string ();
        channel.port1.close_port ();
    });
    channel.port2.close.connect ((event) => {
        closed = event.type == "close";
    });
    channel.port1.start ();
    receive.begin (channel.port2);
    try {
        channel.port1.post_message (new Variant.string ("hello"));
    } catch (Error error) {
        assert_not_reached ();
    }
    while (!closed) {
        context.iteration (true);
    }
    assert (answer == "answer");
}

void test_error () {
    var channel = new WebMessaging.MessageChannel ();

    try {
        channel.port1.post_message (null, { channel.port1 });
        assert_not_reached ();
    } catch (Error error) {
        assert (error is WebMessaging.MessagingError.DATA_CLONE);
    }
}

void test_worker () {
    var context = MainContext.default ();
    var answer = 0;
    var closed = false;
    var worker = new WebMessaging.Worker.thread ("doubler", (scope) => {
        scope.set_on_message ((self, event) => {
            try {
                self.post_message (new Variant.int32 (event.get_data ().get_int32 () * 2));
            } catch (Error error) {
                assert_not_reached ();
            }
            self.close ();
        });
    });

    worker.set_on_message ((self, event) => {
        answer = event.get_data ().get_int32 ();
    });
    worker.close.connect ((event) => {
        closed = true;
    });
    try {
        worker.post_message (new Variant.int32 (21));
    } catch (Error error) {
        assert_not_reached ();
    }
    while (!closed) {
        context.iteration (true);
    }
    assert (answer == 42);
}

void test_broadcast () {
    var context = MainContext.default ();
    var sender = new WebMessaging.BroadcastChannel ("vala");
    var receiver = new WebMessaging.BroadcastChannel ("vala");
    var received = "";

    receiver.message.connect ((event) => {
        received = event.get_data ().get_string ();
        receiver.close ();
    });
    try {
        sender.post_message (new Variant.string ("hello"));
        while (!receiver.closed) {
            context.iteration (true);
        }
        receiver.post_message (null);
        assert_not_reached ();
    } catch (Error error) {
        assert (error is WebMessaging.MessagingError.INVALID_STATE);
    }
    assert (received == "hello");
}

int main (string[] args) {
    Test.init (ref args);
    Test.add_func ("/vala/channel", test_channel);
    Test.add_func ("/vala/error", test_error);
    Test.add_func ("/vala/worker", test_worker);
    Test.add_func ("/vala/broadcast", test_broadcast);

    return Test.run ();
}
