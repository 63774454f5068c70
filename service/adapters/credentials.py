"""API keys and readers' tokens behind the one protocol use cases know."""

from __future__ import annotations

from datetime import datetime

from service.adapters import api_keys, tokens
from service.domain.identity import ReaderIdentity, SiteKeys


class InstalledCredentials:
    """Checks credentials with the installation's secret and the site's own."""

    def __init__(self, secret_key: str) -> None:
        self._secret = secret_key

    def is_api_key(self, credential: str) -> bool:
        """Whether it has the shape of a publisher's key."""
        return api_keys.is_api_key(credential)

    def is_moderator_token(self, credential: str) -> bool:
        """Whether it has the shape of a moderator's API token."""
        return api_keys.is_moderator_token(credential)

    def new_moderator_token(self) -> tuple[str, str, str]:
        """A new token: in full, as stored, and the prefix it is known by."""
        plain, hashed = api_keys.new_moderator_token()
        return plain, hashed, api_keys.display_prefix(plain)

    def hash_api_key(self, key: str) -> str:
        """The form a key is stored in."""
        return api_keys.hash_api_key(key)

    def new_api_key(self) -> tuple[str, str, str]:
        """A new key: in full, as stored, and the prefix it is known by."""
        plain, hashed = api_keys.new_api_key()
        return plain, hashed, api_keys.display_prefix(plain)

    def read_token(self, token: str, site: SiteKeys, now: datetime) -> ReaderIdentity:
        """Check a sign-in or guest token of this site. Raises Unauthenticated."""
        if tokens.is_guest_token(token):
            guest = tokens.verify_guest_token(token, site_id=site.id, secret=self._secret, now=now)
            return ReaderIdentity(
                id=guest.reader_id,
                username=guest.username,
                avatar=None,
                badges=(),
                issued_at=guest.issued_at,
                is_guest=True,
            )
        claims = tokens.verify_reader_token(
            token, secrets=site.sso_secrets, jwks=site.sso_jwks, site=site.key, now=now
        )
        return ReaderIdentity(
            id=claims.id,
            username=claims.username,
            avatar=claims.avatar,
            badges=claims.badges,
            issued_at=claims.issued_at,
            is_guest=False,
        )

    def issue_guest_token(self, site: SiteKeys, guest_id: str, username: str, now: datetime) -> str:
        """A token for a guest of this site."""
        return tokens.issue_guest_token(
            site_id=site.id,
            reader_id=guest_id,
            username=username,
            secret=self._secret,
            now=now,
        )
