"""What a sign-in token may say about a reader, read field by field; each refusal has a reason."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from service.domain.errors import Unauthenticated

MAX_ID_CHARS = 255
MAX_USERNAME_CHARS = 80
MAX_EMAIL_CHARS = 254
MAX_AVATAR_CHARS = 2048
MAX_BADGES = 20
MAX_BADGE_CHARS = 40
LATEST_TIMESTAMP = 253_402_300_799  # the last second a datetime can hold, 9999-12-31T23:59:59Z

_EMAIL = re.compile(r"[^@\s]+@[^@\s]+")
_AVATAR = re.compile(r"https?://[^\s\"'<>\\]+")
# Characters that turn the reading direction: a name with them can pose as another reader's.
_DIRECTION_CHANGERS = frozenset(
    "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
)


@dataclass(frozen=True, slots=True)
class ReaderClaims:
    """A reader as the publisher's sign-in describes them. Times are aware and in UTC."""

    id: str
    username: str
    issued_at: datetime
    expires_at: datetime
    email: str | None = None
    avatar: str | None = None
    badges: tuple[str, ...] = ()
    token_id: str | None = None


def bad_claim(detail: str) -> Unauthenticated:
    """The refusal for a token that is signed well and says something it may not."""
    return Unauthenticated(detail, code="token_claims")


def read_reader(claims: Mapping[str, object], *, now: datetime) -> ReaderClaims:
    """Read a reader out of verified claims.

    Args:
        claims: the payload of a token whose signature and times were already checked.
        now: taken as the time of issue when the token names none (`iat`, else `nbf`).

    Raises:
        Unauthenticated: code `token_claims`; the detail names the claim.
    """
    user = claims.get("user")
    if not isinstance(user, dict):
        raise bad_claim("The token needs a `user` claim: an object with `id` and `username`.")
    issued_at = read_time(claims, "iat") or read_time(claims, "nbf") or now
    expires_at = read_time(claims, "exp")
    if expires_at is None:
        raise bad_claim("The token needs an `exp` claim: the second in which it ends.")
    return ReaderClaims(
        id=read_text(user, "id", "user.id", MAX_ID_CHARS),
        username=read_username(user, "username", "user.username"),
        issued_at=issued_at,
        expires_at=expires_at,
        email=_optional_pattern(user, "email", _EMAIL, MAX_EMAIL_CHARS, "an e-mail address"),
        avatar=_optional_pattern(user, "avatar", _AVATAR, MAX_AVATAR_CHARS, "an http(s) address"),
        badges=_badges(user),
        token_id=_optional_text(claims, "jti", "jti", MAX_ID_CHARS),
    )


def read_time(claims: Mapping[str, object], name: str) -> datetime | None:
    """A NumericDate claim (RFC 7519 §2: seconds since 1970) as an aware UTC time; None if absent.

    Raises:
        Unauthenticated: code `token_claims`, for anything but a number between 1970 and 9999.
    """
    value = claims.get(name)
    if value is None:
        return None
    # bool is an int in Python; `not 0 <= x` also refuses NaN.
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise bad_claim(f"The claim `{name}` must be a number of seconds since 1970.")
    if not 0 <= value <= LATEST_TIMESTAMP:
        raise bad_claim(f"The claim `{name}` is out of range.")
    return datetime.fromtimestamp(value, UTC)


def read_username(user: Mapping[str, object], key: str, name: str) -> str:
    """A display name: 1 to 80 visible characters, in NFC, without anything that turns direction."""
    username = unicodedata.normalize("NFC", read_text(user, key, name, MAX_USERNAME_CHARS)).strip()
    if any(character in _DIRECTION_CHANGERS for character in username):
        raise bad_claim(f"The claim `{name}` contains a character that changes text direction.")
    if not any(unicodedata.category(character)[0] in "LNSP" for character in username):
        raise bad_claim(f"The claim `{name}` has no visible character.")
    return username


def read_text(source: Mapping[str, object], key: str, name: str, max_chars: int) -> str:
    """A string of 1 to `max_chars` characters that a database can store.

    Raises:
        Unauthenticated: code `token_claims`, for a missing, empty, long or unstorable value.
    """
    value = source.get(key)
    if value is None or value == "":
        raise bad_claim(f"The token needs a `{name}` claim.")
    if not isinstance(value, str):
        raise bad_claim(f"The claim `{name}` must be a string.")
    if len(value) > max_chars:
        raise bad_claim(f"The claim `{name}` is longer than {max_chars} characters.")
    # Cc: control characters, among them NUL; Cs: lone surrogates, which UTF-8 cannot carry.
    if any(unicodedata.category(character) in ("Cc", "Cs") for character in value):
        raise bad_claim(f"The claim `{name}` contains a control character.")
    return value


def _optional_text(source: Mapping[str, object], key: str, name: str, max_chars: int) -> str | None:
    if source.get(key) in (None, ""):
        return None
    return read_text(source, key, name, max_chars)


def _optional_pattern(
    user: Mapping[str, object], key: str, pattern: re.Pattern[str], max_chars: int, what: str
) -> str | None:
    value = _optional_text(user, key, f"user.{key}", max_chars)
    if value is not None and not pattern.fullmatch(value):
        raise bad_claim(f"The claim `user.{key}` must be {what}.")
    return value


def _badges(user: Mapping[str, object]) -> tuple[str, ...]:
    badges = user.get("badges")
    if badges is None:
        return ()
    if not isinstance(badges, list) or len(badges) > MAX_BADGES:
        raise bad_claim(f"The claim `user.badges` must be a list of at most {MAX_BADGES} strings.")
    return tuple(
        read_text({"badge": badge}, "badge", "user.badges", MAX_BADGE_CHARS) for badge in badges
    )
