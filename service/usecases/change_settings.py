"""A reader chooses the language statements and messages are written in."""

from __future__ import annotations

from uuid import UUID

from service.models import Reader
from service.usecases.context import Context


def change_settings(ctx: Context, *, reader_id: UUID, locale: str | None) -> Reader:
    """Set the reader's locale, such as `ga` or `fr-BE`; None: the site's own."""
    with ctx.transaction() as tx:
        reader = tx.session.get_one(Reader, reader_id, with_for_update={"key_share": True})
        reader.locale = locale
    return reader
