"""What part of a site engagement is asked about."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from service.domain.errors import Invalid, NotFound
from service.models import Article
from service.queries.articles import get_article


@dataclass(frozen=True, slots=True)
class Scope:
    """All of a site, one section, or one article."""

    site_id: UUID
    section: str | None = None
    article: Article | None = None


def find_scope(session: Session, *, site_id: UUID, section: str | None, key: str | None) -> Scope:
    """The part by its names. Raises Invalid for both at once, NotFound where there is none."""
    if section is not None and key is not None:
        raise Invalid({"section": ["Give `section` or `article`, not both."]})
    if section is not None and not _has_section(session, site_id, section):
        raise NotFound("There is no article in a `section` so named.", code="section_not_found")
    if key is None:
        return Scope(site_id, section)
    return Scope(site_id, article=get_article(session, site_id=site_id, key=key))


def _has_section(session: Session, site_id: UUID, section: str) -> bool:
    wanted = exists().where(Article.site_id == site_id, Article.section == section)
    return bool(session.scalar(select(wanted)))
