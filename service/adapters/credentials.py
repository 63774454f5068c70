"""Keys, tokens, passwords and sessions behind the one protocol use cases know."""

from __future__ import annotations

import hashlib
import hmac
from datetime import datetime

from service.adapters import api_keys, session_tokens, tokens
from service.adapters.passwords import Passwords
from service.domain.identity import ReaderIdentity, SiteKeys
from service.domain.password import PasswordCheck


class InstalledCredentials:
    """Checks credentials with the installation's secret and the site's own."""

    def __init__(self, secret_key: str) -> None:
        self._secret = secret_key
        self._passwords = Passwords()

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

    def hash_password(self, password: str) -> str:
        """The form a password is stored in. Slow on purpose."""
        return self._passwords.hash(password)

    def check_password(self, stored: str | None, password: str) -> PasswordCheck:
        """Check a password; as slow where nothing is stored."""
        return self._passwords.check(stored, password)

    def new_session(self) -> tuple[str, str]:
        """A new session of a moderator: the cookie's value, and the form it is stored in."""
        return session_tokens.new_session_token()

    def is_session(self, credential: str) -> bool:
        """Whether it has the shape of a moderator's session."""
        return session_tokens.is_session_token(credential)

    def new_sign_in_code(self) -> tuple[str, str]:
        """A new one-time code to sign in with: in full, and the form it is stored in."""
        return session_tokens.new_sign_in_code()

    def new_csrf_token(self, session: str) -> str:
        """A token for the forms of this session."""
        return session_tokens.new_csrf_token(self._secret, api_keys.hash_api_key(session))

    def csrf_token_holds(self, session: str, token: str) -> bool:
        """Whether a token was made for this session."""
        hashed = api_keys.hash_api_key(session)
        return session_tokens.csrf_token_holds(self._secret, hashed, token)

    def hash_api_key(self, key: str) -> str:
        """The form a key is stored in."""
        return api_keys.hash_api_key(key)

    def pseudonym(self, *parts: str) -> str:
        """HMAC-SHA256 of the parts under the installation's secret, in hex."""
        message = "\x1f".join(parts).encode("utf-8", "surrogatepass")
        return hmac.new(self._secret.encode(), message, hashlib.sha256).hexdigest()

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
            email=claims.email,
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
