"""Prints the folder that Python looks in for modules below a prefix, or nothing if there is none.

Usage: python-dir.py PREFIX
"""

# Copyright (C) 2026 The libwebmessaging authors
#
# SPDX-License-Identifier: LGPL-2.1-or-later

import os
import site
import sys

# Debian's Python looks in /usr/local as well, which is below /usr, but a prefix of its own.
prefix = os.path.join(sys.argv[1], "")
folders = [folder.removeprefix(prefix) for folder in site.getsitepackages()]
print(next((folder for folder in folders if folder.startswith("lib/")), ""))
