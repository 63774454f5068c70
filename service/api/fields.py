"""Marshmallow fields that refuse what a database or a page could not take."""

from __future__ import annotations

import base64
import binascii
import math
import re
import struct
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from marshmallow import ValidationError, fields, validate
from werkzeug.routing import BaseConverter

from service.queries.review import QueuePosition
from service.queries.thread_order import Position

URL_MAX = 2_000
# A priority and an id.
_QUEUE_PLACE = struct.Struct(">d16s")
# The last byte of a cursor: an id alone (not demoted, demoted), with a rank, with a time.
DEMOTED = (False, True)
RANKED = (2, 3)
FEATURED = 4
_RANKED_PLACE = struct.Struct(">16sd")
_FEATURED_PLACE = struct.Struct(">16sq")
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
KEY_PATTERN = r"[A-Za-z0-9._~:@!$'()*+,;=-]{1,200}"
SITE_PATTERN = r"[a-z0-9][a-z0-9-]{0,63}"
# A host name or an address, an optional port, and a path without spaces.
URL_PATTERN = r"^https?://[A-Za-z0-9.-]+(:[0-9]{1,5})?(/[^\s\x00]*|\?[^\s\x00]*)?$"


class Text(fields.String):
    """A string without NUL characters and lone surrogates; PostgreSQL takes neither."""

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> Any:
        text = super()._deserialize(value, attr, data, **kwargs)
        if "\x00" in text:
            raise ValidationError("Must not contain NUL characters.")
        if any("\ud800" <= ch <= "\udfff" for ch in text):
            raise ValidationError("Must be valid Unicode: it contains a lone surrogate.")
        return text


class WebUrl(Text):
    """An absolute http or https address."""

    def __init__(self, **kwargs: Any) -> None:
        checks = [validate.Length(max=URL_MAX), validate.Regexp(URL_PATTERN)]
        super().__init__(validate=checks, **kwargs)

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> Any:
        text = super()._deserialize(value, attr, data, **kwargs)
        try:
            parts = urlsplit(text)
            if parts.port is not None and parts.port == 0:
                raise ValueError
        except ValueError as error:
            raise ValidationError("Is not a web address.") from error
        return text


class Cursor(fields.Field[Position]):
    """Where the next page begins. Opaque to the caller."""

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> Position:
        try:
            text = str(value)
            padded = text + "=" * (-len(text) % 4)
            raw = base64.b64decode(padded, altchars=b"-_", validate=True)
            return self._read(raw)
        except (ArithmeticError, LookupError, ValueError, struct.error) as error:
            raise ValidationError("Is not a cursor of this list.") from error

    def _read(self, raw: bytes) -> Position:
        return Position(UUID(bytes=raw[:-1]), demoted=DEMOTED[raw[-1]])


class ThreadCursor(Cursor):
    """A cursor of a list of threads, which may go by rank or by when the newsroom picked them."""

    def _read(self, raw: bytes) -> Position:
        if raw[-1] < len(DEMOTED):
            return super()._read(raw)
        if raw[-1] == FEATURED:
            identity, micros = _FEATURED_PLACE.unpack(raw[:-1])
            picked_at = EPOCH + timedelta(microseconds=micros)
            return Position(UUID(bytes=identity), featured_at=picked_at)
        identity, rank = _RANKED_PLACE.unpack(raw[:-1])
        if not math.isfinite(rank):
            raise ValueError
        demoted = DEMOTED[RANKED.index(raw[-1])]
        return Position(UUID(bytes=identity), demoted=demoted, rank=rank)


def encode_cursor(value: Position) -> str:
    """The text form of a cursor: URL-safe, without padding."""
    tag = DEMOTED.index(value.demoted)
    raw = value.id.bytes + bytes([tag])
    if value.rank is not None:
        raw = _RANKED_PLACE.pack(value.id.bytes, value.rank) + bytes([RANKED[tag]])
    elif value.featured_at is not None:
        micros = (value.featured_at - EPOCH) // timedelta(microseconds=1)
        raw = _FEATURED_PLACE.pack(value.id.bytes, micros) + bytes([FEATURED])
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


class QueueCursor(fields.Field[QueuePosition]):
    """Where the next page of the review queue begins. Opaque to the caller."""

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> QueuePosition:
        try:
            text = str(value)
            raw = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
            priority, identity = _QUEUE_PLACE.unpack(raw)
            if not math.isfinite(priority):
                raise ValueError
            return QueuePosition(priority, UUID(bytes=identity))
        except (binascii.Error, struct.error, ValueError, UnicodeError) as error:
            raise ValidationError("Is not a cursor of this list.") from error


def encode_queue_cursor(value: QueuePosition) -> str:
    """The text form of a queue cursor: URL-safe, without padding."""
    raw = _QUEUE_PLACE.pack(value.priority, value.id.bytes)
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


class ArticleKeyConverter(BaseConverter):
    """The publisher's key in a path: 1 to 200 unreserved characters, no slash."""

    regex = KEY_PATTERN


def is_site_key(text: str) -> bool:
    """Whether a text can be the key of a site."""
    return re.fullmatch(SITE_PATTERN, text) is not None
