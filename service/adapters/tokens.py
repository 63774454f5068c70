"""Sign-in tokens: the publisher's for its readers (HS256 or JWKS), and Parley's own for guests."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from joserfc import jws, jwt
from joserfc.errors import JoseError
from joserfc.jwk import OctKey

from service.adapters.token_claims import (
    MAX_ID_CHARS,
    ReaderClaims,
    bad_claim,
    read_reader,
    read_text,
    read_time,
    read_username,
)
from service.adapters.token_keys import HMAC_ALGORITHM, Key, keys_for, secret_key
from service.domain.errors import Unauthenticated

__all__ = [
    "GuestClaims",
    "ReaderClaims",
    "is_guest_token",
    "issue_guest_token",
    "issue_reader_token",
    "verify_guest_token",
    "verify_reader_token",
]

MAX_TOKEN_BYTES = 8192
LEEWAY = timedelta(seconds=30)  # publishers' clocks are not ours
GUEST_TTL = timedelta(days=180)
GUEST_TYPE = "parley-guest+jwt"
READER_TYPES = ("jwt", "at+jwt")


@dataclass(frozen=True, slots=True)
class GuestClaims:
    """A guest: a name that was typed in once, kept by one browser, on one site."""

    site_id: str
    reader_id: str
    username: str
    issued_at: datetime
    expires_at: datetime


def verify_reader_token(
    token: str,
    *,
    secrets: Sequence[str],
    jwks: Mapping[str, object] | None,
    site: str | None,
    now: datetime,
) -> ReaderClaims:
    """Check a publisher's token and read the reader it names.

    Args:
        token: a JWT of at most 8,192 bytes, signed with HS256, EdDSA, RS256 or ES256.
        secrets: the site's HS256 secrets; several while one is being rotated out.
        jwks: the site's public keys as a JWK set, or None. Never reads symmetric keys from it.
        site: the site's key. A token with an `aud` claim must name it; None accepts no `aud`.
        now: aware time of the check; 30 s of leeway on both ends.

    Raises:
        Unauthenticated: with one of the codes `token_malformed`, `token_too_large`,
            `token_algorithm`, `token_key`, `token_signature`, `token_expired`,
            `token_not_yet_valid`, `token_site`, `token_claims`.
    """
    header = _header(token)
    if str(header.get("typ", "jwt")).lower() not in READER_TYPES:
        raise Unauthenticated("This is not a sign-in token of a publisher.", code="token_malformed")
    claims = _decode(token, str(header["alg"]), keys_for(header, secrets, jwks))
    _check_times(claims, now)
    _check_audience(claims, site)
    return read_reader(claims, now=now)


def issue_reader_token(
    user: Mapping[str, object],
    secret: str,
    ttl: timedelta,
    *,
    site: str | None = None,
    token_id: str | None = None,
    now: datetime | None = None,
) -> str:
    """Sign a reader's token as a publisher would; for `./parley token` and for tests.

    Args:
        user: the `user` claim: `id`, `username`, and optionally `email`, `avatar`, `badges`.
        ttl: how long it holds from `now` (default: the present).
        site: written as `aud` when given.
    """
    issued_at = now or datetime.now(UTC)
    claims: dict[str, object] = {"user": dict(user), **_lifetime(issued_at, ttl)}
    if site is not None:
        claims["aud"] = site
    if token_id is not None:
        claims["jti"] = token_id
    return jwt.encode({"alg": HMAC_ALGORITHM, "typ": "JWT"}, claims, secret_key(secret))


def issue_guest_token(
    site_id: str,
    reader_id: str,
    username: str,
    secret: str,
    *,
    ttl: timedelta = GUEST_TTL,
    now: datetime | None = None,
) -> str:
    """Sign a guest's token with the installation's secret.

    Its type, audience and key all differ from a publisher's token, so neither passes as the other
    even where a publisher was careless enough to use the same secret.
    """
    claims = {
        "sub": reader_id,
        "name": username,
        "aud": _guest_audience(site_id),
        **_lifetime(now or datetime.now(UTC), ttl),
    }
    header = {"alg": HMAC_ALGORITHM, "typ": GUEST_TYPE}
    return jwt.encode(header, claims, _guest_key(secret))


def is_guest_token(token: str) -> bool:
    """Whether a token says that it is a guest's; nothing is said of its worth.

    Raises:
        Unauthenticated: it is no token at all.
    """
    return _header(token).get("typ") == GUEST_TYPE


def verify_guest_token(token: str, *, site_id: str, secret: str, now: datetime) -> GuestClaims:
    """Check a guest's token against the site it was made for.

    Raises:
        Unauthenticated: with the codes of `verify_reader_token`.
    """
    header = _header(token)
    if header.get("typ") != GUEST_TYPE or header["alg"] != HMAC_ALGORITHM:
        raise Unauthenticated("This is not a guest's token.", code="token_malformed")
    claims = _decode(token, HMAC_ALGORITHM, [_guest_key(secret)])
    _check_times(claims, now)
    if claims.get("aud") != _guest_audience(site_id):
        raise Unauthenticated("The token was made for another site.", code="token_site")
    issued_at, expires_at = read_time(claims, "iat"), read_time(claims, "exp")
    if issued_at is None or expires_at is None:
        raise bad_claim("A guest's token needs `iat` and `exp`.")
    return GuestClaims(
        site_id=site_id,
        reader_id=read_text(claims, "sub", "sub", MAX_ID_CHARS),
        username=read_username(claims, "name", "name"),
        issued_at=issued_at,
        expires_at=expires_at,
    )


def _header(token: str) -> dict[str, object]:
    """The unverified header; only used to choose which of our own keys may verify the token."""
    if len(token) > MAX_TOKEN_BYTES:
        raise Unauthenticated("The token is larger than 8 kB.", code="token_too_large")
    if not token.isascii() or token.count(".") != 2:
        raise _malformed()
    try:
        header: dict[str, object] = jws.extract_compact(token.encode("ascii")).headers()
    except (JoseError, ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        raise _malformed() from error
    if not isinstance(header.get("alg"), str):
        raise _malformed()
    return header


def _decode(token: str, algorithm: str, keys: Sequence[Key]) -> dict[str, object]:
    for key in keys:
        try:
            claims: dict[str, object] = jwt.decode(token, key, algorithms=[algorithm]).claims
            return claims
        except (JoseError, ValueError, TypeError, KeyError, RecursionError):
            continue
    raise Unauthenticated(
        "The token's signature does not match a key of this site.", code="token_signature"
    )


def _check_times(claims: Mapping[str, object], now: datetime) -> None:
    expires_at = read_time(claims, "exp")
    if expires_at is not None and expires_at + LEEWAY <= now:
        raise Unauthenticated("The token has expired; sign in again.", code="token_expired")
    for name in ("nbf", "iat"):
        starts_at = read_time(claims, name)
        if starts_at is not None and starts_at - LEEWAY > now:
            raise Unauthenticated(
                f"The token is not valid yet: `{name}` lies in the future.",
                code="token_not_yet_valid",
            )


def _check_audience(claims: Mapping[str, object], site: str | None) -> None:
    audience = claims.get("aud")
    if audience is None:
        return  # the site's own key signed it: that binds it to the site
    named = audience if isinstance(audience, list) else [audience]
    if site is None or site not in named:
        raise Unauthenticated("The token was made for another site.", code="token_site")


def _lifetime(issued_at: datetime, ttl: timedelta) -> dict[str, int]:
    return {"iat": int(issued_at.timestamp()), "exp": int((issued_at + ttl).timestamp())}


def _guest_key(secret: str) -> OctKey:
    return OctKey.import_key(hmac.digest(secret.encode(), b"parley guest token", hashlib.sha256))


def _guest_audience(site_id: str) -> str:
    return f"parley-guest:{site_id}"


def _malformed() -> Unauthenticated:
    return Unauthenticated("The token is not a signed JWT.", code="token_malformed")
