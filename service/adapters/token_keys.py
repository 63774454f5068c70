"""Which of a site's own keys may verify a token. The token never chooses the kind of key."""

from __future__ import annotations

import warnings
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from typing import TypeAlias

from joserfc.errors import JoseError, SecurityWarning
from joserfc.jwk import ECKey, OctKey, OKPKey, RSAKey

from service.domain.errors import Unauthenticated

Key: TypeAlias = OctKey | OKPKey | RSAKey | ECKey

HMAC_ALGORITHM = "HS256"
# Which kind of public key each algorithm needs. "EdDSA" is what publishers' libraries still
# write; RFC 9864 renamed it to "Ed25519". A symmetric key in a JWKS is never used: it is public.
_KEY_TYPES = {"EdDSA": "OKP", "Ed25519": "OKP", "RS256": "RSA", "ES256": "EC"}
_KEY_CLASSES: dict[str, type[OKPKey | RSAKey | ECKey]] = {
    "OKP": OKPKey,
    "RSA": RSAKey,
    "EC": ECKey,
}
_CACHED_SECRETS = 256

warnings.filterwarnings("ignore", message="EdDSA is deprecated", category=SecurityWarning)


@lru_cache(maxsize=_CACHED_SECRETS)
def secret_key(secret: str) -> OctKey:
    """An HS256 key. Cached: the library tries four formats to refuse a public key used as secret.

    Raises:
        ValueError: the secret is empty, or it is really a public key.
    """
    return OctKey.import_key(secret)


def _secret_keys(secrets: Sequence[str]) -> Iterator[OctKey]:
    for secret in secrets:
        try:
            yield secret_key(secret)
        except ValueError:
            continue  # an unusable secret verifies nothing; the others still do


def keys_for(
    header: Mapping[str, object], secrets: Sequence[str], jwks: Mapping[str, object] | None
) -> list[Key]:
    """Our keys for the token's algorithm. The algorithm never chooses the kind of a key:
    secrets verify HS256 only, public keys verify only the algorithms of their own type."""
    algorithm = header["alg"]
    if algorithm == HMAC_ALGORITHM:
        keys: list[Key] = [*_secret_keys(secrets)]
    elif jwks is not None and algorithm in _KEY_TYPES:
        keys = _public_keys(jwks, _KEY_TYPES[str(algorithm)], header.get("kid"))
    else:
        raise Unauthenticated(
            "The token's algorithm is not accepted here: use HS256 with the site's secret, "
            "or EdDSA, RS256 or ES256 with a key of the site's JWKS.",
            code="token_algorithm",
        )
    if not keys:
        raise Unauthenticated("The site has no key for this token.", code="token_key")
    return keys


def _public_keys(jwks: Mapping[str, object], key_type: str, kid: object) -> list[Key]:
    entries = jwks.get("keys")
    if not isinstance(entries, list):
        raise Unauthenticated("The site's JWKS holds no `keys` list.", code="token_key")
    keys: list[Key] = []
    for entry in entries:
        if not isinstance(entry, dict) or entry.get("kty") != key_type:
            continue
        if kid is not None and entry.get("kid") != kid:
            continue
        try:
            keys.append(_KEY_CLASSES[key_type].import_key(entry))
        except (JoseError, ValueError, TypeError, KeyError):
            continue  # one unreadable key must not lock out the readers of the others
    return keys
