"""Moderators with browsers."""

from __future__ import annotations

from itertools import count
from typing import Any
from uuid import UUID

from flask import Flask

from service.domain.identity import Role
from service.models import Site
from service.usecases.add_moderator import add_moderator
from service.usecases.context import Context

API = "/api/v1/moderation"
SESSION = f"{API}/session"
PASSWORD = "seven grey herons at low tide"
COOKIE = "parley_session"
_people = count(1)


class Person:
    """A moderator with a browser and an address on the network of one's own."""

    def __init__(self, app: Flask, ctx: Context, site: Site, role: Role) -> None:
        number = next(_people)
        self.email = f"person-{number}@courier.example"
        self.browser = app.test_client()
        self.browser.environ_base["REMOTE_ADDR"] = f"2001:db8::{number:x}"
        self.id: UUID = add_moderator(
            ctx, site_id=site.id, email=self.email, name="Maeve", role=role, password=PASSWORD
        ).id

    def sign_in(self, password: str = PASSWORD, email: str | None = None) -> Any:
        given = {"email": email or self.email, "password": password}
        return self.browser.post(SESSION, json=given)

    def csrf(self) -> dict[str, str]:
        """The header that shows that the page is ours; signs in."""
        return {"X-CSRF-Token": self.sign_in().json["csrf_token"]}

    def get(self, path: str, **options: Any) -> Any:
        return self.browser.get(f"{API}{path}", **options)
