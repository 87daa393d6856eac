"""What the override of WebMessaging is made of, each part to be read and tested alone."""

# Copyright (C) 2026 The libwebmessaging authors
#
# SPDX-License-Identifier: LGPL-2.1-or-later
