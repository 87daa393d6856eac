"""Writes CBOR items with cbor2."""

# Copyright (C) 2026 The libwebmessaging authors
#
# SPDX-License-Identifier: LGPL-2.1-or-later

import io

import cbor2

# cbor2 has one type for it, which its encoder knows.
UNDEFINED = cbor2.undefined


# An encoder takes longer to make than most messages take to write. Those that have done their work
# wait here for the next message.
_encoders: list[cbor2.CBOREncoder] = []
_nowhere = io.BytesIO()


class CborWriter:
    """Appends items to a message."""

    def __init__(self) -> None:
        self.file = io.BytesIO()
        try:
            self._encoder = _encoders.pop()
            self._encoder.fp = self.file
        except IndexError:
            self._encoder = cbor2.CBOREncoder(self.file)
        # A whole item: None, bool, int, float, str, bytes or UNDEFINED.
        self.write_primitive = self._encoder.encode
        # The head of an item, by its major type and its length, number or tag.
        self.write_head = self._encoder.encode_length

    def finish(self) -> bytes:
        """Returns what was written. Nothing can be added any more."""
        # It must not keep the message until it is used again.
        self._encoder.fp = _nowhere
        _encoders.append(self._encoder)
        del self._encoder, self.write_primitive, self.write_head
        return self.file.getvalue()


def _check_cbor2() -> None:
    """The head of an item is not a part of the API that cbor2 promises to keep."""
    writer = CborWriter()
    try:
        writer.write_head(6, 0x57454200)
        writer.write_primitive([-1, 1.5, "é", b"x", None, UNDEFINED])
    except Exception as error:
        raise ImportError(f"WebMessaging cannot use this version of cbor2: {error!r}") from error
    if writer.finish().hex() != "da57454200" "8620fb3ff800000000000062c3a94178f6f7":
        raise ImportError("WebMessaging cannot use this version of cbor2: it writes other bytes")


_check_cbor2()
