// is-event.js: what is an event
//
// Copyright (C) 2026 The libwebmessaging authors
//
// SPDX-License-Identifier: LGPL-2.1-or-later

import WebMessaging from 'gi://WebMessaging?version=1';

export const isEvent = object => object instanceof WebMessaging.Event;
