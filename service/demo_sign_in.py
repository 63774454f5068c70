"""Signs readers of the demo in, as a publisher's own sign-in would."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import timedelta

from service.adapters.tokens import issue_reader_token
from service.demo.stage import demo_reader_id
from service.seed import DEMO_SITE, demo_secret

TTL = timedelta(hours=2)


def demo_sign_in(secret_key: str) -> Callable[[Sequence[str], str], str | None]:
    """A function from a site's secrets and a name to a reader's token.

    It gives None unless the secrets hold the demo's own: a site that somebody else set up under
    the demo's key gets no tokens from here.
    """
    secret = demo_secret(secret_key)

    def sign_in(secrets: Sequence[str], name: str) -> str | None:
        if secret not in secrets:
            return None
        user = {"id": demo_reader_id(name), "username": name}
        return issue_reader_token(user, secret, TTL, site=DEMO_SITE)

    return sign_in
