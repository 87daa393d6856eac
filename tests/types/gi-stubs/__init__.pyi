"""As much of the stubs of PyGObject as the test needs: Debian has no package of them."""

# Copyright (C) 2026 The libwebmessaging authors
#
# SPDX-License-Identifier: LGPL-2.1-or-later

def require_version(namespace: str, version: str) -> None: ...
