"""Dates, as seconds since 1970."""

# Copyright (C) 2026 The libwebmessaging authors
#
# SPDX-License-Identifier: LGPL-2.1-or-later

import datetime

EPOCH = datetime.datetime(1970, 1, 1, tzinfo=datetime.timezone.utc)


def to_datetime(seconds: float) -> datetime.datetime:
    """From seconds since 1970. A double far from then tells milliseconds apart, but no less."""
    if isinstance(seconds, int):
        return EPOCH + datetime.timedelta(seconds=seconds)
    if abs(seconds) < 2**32:
        return EPOCH + datetime.timedelta(microseconds=round(seconds * 1e6))
    return EPOCH + datetime.timedelta(milliseconds=round(seconds * 1e3))
