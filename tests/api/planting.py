"""A site with one of everything moderators handle, for tests that look for it from outside."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Flask
from sqlalchemy import select

from service.api.openapi import PREFIX
from service.domain.identity import Role
from service.models import Base, Decision, ModeratorCredential, Reader, ReviewItem, Site
from service.usecases.context import Context
from service.usecases.score_comments import score_comments
from tests.makers import FixedEngine, Makers, bearer, reader_token

MARK = "zanzibar"


def planted(app: Flask, ctx: Context, make: Makers, site: Site) -> None:
    """One of everything moderators handle, in it a word that no other site has."""
    client = app.test_client()
    make.article(site, key=MARK)
    author, other = bearer(reader_token(MARK)), bearer(reader_token("other"))
    person = make.moderator(site, name=MARK, role=Role.ADMIN)

    def did(path: str, headers: dict[str, str], **body: Any) -> Any:
        answer = client.post(f"{PREFIX}{path}", json=body, headers=headers)
        assert answer.status_code in (201, 202), (path, answer.get_data(as_text=True))
        return answer.json

    def posted(body: str) -> Any:
        comment = did(f"/articles/{MARK}/comments", author, body=body)
        score_comments(ctx, FixedEngine())
        return client.get(f"{PREFIX}/comments/{comment['id']}", headers=author).json

    links = " ".join(f"http://{host}.example/{MARK}" for host in "abc")
    rejected, comment = posted(links), posted(f"The {MARK} ferry is slow today.")
    did(f"/comments/{comment['id']}/reports", other, guideline="civil", detail=MARK)
    notice = {"category": "defamation", "name": MARK, "email": f"{MARK}@x.example"}
    did(
        f"/comments/{comment['id']}/notices",
        {},
        **notice,
        explanation=f"In {MARK} this is untrue.",
        good_faith=True,
    )
    with ctx.reading() as session:
        reader = session.scalars(select(Reader).where(Reader.username == MARK.title())).one()
        of_rejected = select(Decision.id).where(Decision.comment_id == UUID(rejected["id"]))
        decision = session.scalars(of_rejected).first()
    did(f"/decisions/{decision}/appeals", author, body=f"{MARK} is a fine place to be from.")
    readers = f"/moderation/readers/{reader.id}"
    did(f"{readers}/notes", person.headers, note=MARK)
    did(f"{readers}/sanctions", person.headers, kind="warn", guideline="civil", note=MARK)
    assert did("/moderation/claims", person.headers, count=1)["items"]


def ids_by_parameter(ctx: Context) -> dict[str, list[Any]]:
    """The ids of all rows by the name an address gives them: `comment_id`, `item_id`, …"""
    found: dict[str, list[Any]] = {}
    with ctx.reading() as session:
        for table in Base.metadata.sorted_tables:
            if "id" not in table.columns or table.name in ("site", "event"):
                continue
            ids = list(session.execute(select(table.c.id)).scalars())
            for name in {f"{table.name}_id", f"{table.name.split('_')[-1]}_id"}:
                found.setdefault(name, []).extend(ids)
        found["claim_id"] = list(session.scalars(select(ReviewItem.claim_id)))
        found["token_id"] = list(session.execute(select(ModeratorCredential.id)).scalars())
    return {name: [value for value in ids if value] for name, ids in found.items() if any(ids)}


def all_ids(ids: dict[str, list[Any]]) -> set[str]:
    return {str(value) for values in ids.values() for value in values}
