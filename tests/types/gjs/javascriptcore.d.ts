// The part of JavaScriptCore that the programs use.
//
// Copyright (C) 2026 The libwebmessaging authors
//
// SPDX-License-Identifier: LGPL-2.1-or-later

declare module 'gi://JavaScriptCore?version=6.0' {
    namespace JavaScriptCore {
        class Value {
            private readonly isValue: true;
        }

        class Context {
            evaluate(code: string, length: number): Value;
            set_value(name: string, value: Value): void;
        }
    }

    export default JavaScriptCore;
}
