"""Dates, as seconds since 1970."""

# Copyright (C) 2026 The libwebmessaging authors
#
# SPDX-License-Identifier: LGPL-2.1-or-later

import datetime

from .exceptions import CloneError

EPOCH = datetime.datetime(1970, 1, 1, tzinfo=datetime.UTC)

# A double tells microseconds apart up to here, and milliseconds beyond.
MICROSECONDS_END = 2**32


def to_seconds(value: datetime.datetime) -> float:
    """To seconds since 1970, an int where that is exact."""
    if value.tzinfo is None:
        raise CloneError("datetime object could not be cloned: it has no time zone")
    # A subclass may have an operator of its own.
    since = datetime.datetime.__sub__(value, EPOCH)
    seconds = since.days * 86400 + since.seconds
    try:
        # In UTC it may be before year 1 or after 9999.
        EPOCH + since
    except OverflowError:
        raise CloneError("datetime object could not be cloned: it is out of range in UTC") from None
    microseconds = since.microseconds
    if not -MICROSECONDS_END <= seconds < MICROSECONDS_END:
        # Not rounded: the last moment of year 9999 must not become the next year.
        microseconds = microseconds // 1000 * 1000
    return (seconds * 1000000 + microseconds) / 1e6 if microseconds else seconds


def to_datetime(seconds: float) -> datetime.datetime:
    """From seconds since 1970."""
    if isinstance(seconds, int):
        return EPOCH + datetime.timedelta(seconds=seconds)
    if abs(seconds) < MICROSECONDS_END:
        return EPOCH + datetime.timedelta(microseconds=round(seconds * 1e6))
    return EPOCH + datetime.timedelta(milliseconds=round(seconds * 1e3))
