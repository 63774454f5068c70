"""The address in every letter that ends them: one click by the mail program, or a page to press."""

from __future__ import annotations

from base64 import b64encode
from hashlib import sha256

from flask import Blueprint, Response, make_response, render_template, request

from service.api.app_state import api
from service.api.auth import allow_unidentified
from service.api.openapi import PREFIX
from service.domain.digest_texts import digest_texts
from service.domain.errors import NotFound
from service.queries.digests import Recipient, recipient_of
from service.usecases.choose_digest import stop_digest

STYLE = (
    "body{font:1rem/1.5 system-ui,sans-serif;max-width:36rem;margin:3rem auto;padding:0 1rem}"
    "button{font:inherit;padding:.5rem 1rem}"
)
_STYLE_HASH = b64encode(sha256(STYLE.encode()).digest()).decode()
HEADERS = {
    "Content-Security-Policy": "default-src 'none'; base-uri 'none'; frame-ancestors 'none'; "
    f"form-action 'self'; style-src 'sha256-{_STYLE_HASH}'",
    "Cache-Control": "no-store",
    # The address is a key: it is told to nobody.
    "Referrer-Policy": "no-referrer",
    "X-Robots-Tag": "noindex",
}

blp = Blueprint("digest_page", __name__, template_folder="templates", url_prefix=PREFIX)


@blp.route("/digest/unsubscribe", methods=["GET"])
@allow_unidentified
def ask() -> Response:
    """A page with a button; looking changes nothing, for mail programs follow links unasked."""
    return _page(_recipient(), done=False)


@blp.route("/digest/unsubscribe", methods=["POST"])
@allow_unidentified
def unsubscribe() -> Response:
    """End a reader's e-mails, as RFC 8058 asks: no sign-in, any body; twice is fine."""
    recipient = _recipient()
    stop_digest(api().ctx, reader_id=recipient.reader_id)
    return _page(recipient, done=True)


def _recipient() -> Recipient:
    ctx = api().ctx
    reader_id = ctx.mail.reader_of(request.args.get("token", ""))
    with ctx.reading() as session:
        found = recipient_of(session, reader_id) if reader_id else None
    if found is None:
        raise NotFound("This link is not whole, or its reader is gone.", code="unknown_token")
    return found


def _page(recipient: Recipient, *, done: bool) -> Response:
    language, texts = digest_texts(recipient.locale)
    site = recipient.site_name
    page = make_response(
        render_template(
            "unsubscribe.html",
            language=language,
            title=texts.page_title.format(site=site),
            said=(texts.page_done if done else texts.page_question).format(site=site),
            button=None if done else texts.stop,
            style=STYLE,
        )
    )
    page.headers.update(HEADERS)
    return page
