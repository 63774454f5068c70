"""A code that signs a moderator in once, for a few minutes."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest

from service.domain.errors import Conflict, NotFound, Unauthenticated
from service.models import Moderator, Site, utc_now
from service.usecases.context import Context
from service.usecases.disable_moderator import disable_account
from service.usecases.identify_caller import identify_caller, identify_session
from service.usecases.make_sign_in_link import LINK_LIFETIME, make_sign_in_link
from service.usecases.set_password import set_password
from service.usecases.sign_in_by_link import sign_in_by_link
from tests.makers import Makers
from tests.usecases.accounts import PASSWORD, add, events, session_of, token_of


@pytest.fixture
def maeve(ctx: Context, site: Site) -> Moderator:
    return add(ctx, site)


def refused(ctx: Context, code: str) -> None:
    with pytest.raises(Unauthenticated) as caught:
        sign_in_by_link(ctx, code=code)
    assert caught.value.code == "sign_in_failed"


def test_a_code_begins_one_session_at_all_sites_of_its_account(
    ctx: Context, make: Makers, maeve: Moderator
) -> None:
    code = make_sign_in_link(ctx, moderator_id=maeve.id)
    signed_in = sign_in_by_link(ctx, code=code)
    assert signed_in.moderator.id == maeve.id
    assert [(site.key, role) for site, role in signed_in.sites] == [("demo", "moderator")]
    caller = identify_session(ctx, session=signed_in.session, site_key=None)
    assert caller.moderator is not None
    assert caller.moderator.id == maeve.id
    refused(ctx, code)


def test_the_log_says_who_was_let_in_by_a_link_and_never_the_code(
    ctx: Context, site: Site, maeve: Moderator
) -> None:
    code = make_sign_in_link(ctx, moderator_id=maeve.id)
    sign_in_by_link(ctx, code=code)
    made, signed_in = events(ctx, site)[-2:]
    assert (made.kind, made.actor, made.actor_id) == ("moderator.link_made", "publisher", None)
    assert (signed_in.kind, signed_in.actor_id) == ("moderator.signed_in", maeve.id)
    assert signed_in.data == {"moderator_id": str(maeve.id), "way": "link"}
    assert code not in str([event.data for event in (made, signed_in)])


def test_a_code_runs_out_after_fifteen_minutes(ctx: Context, maeve: Moderator) -> None:
    assert timedelta(minutes=15) == LINK_LIFETIME
    code = make_sign_in_link(ctx, moderator_id=maeve.id)
    refused(replace(ctx, clock=lambda: utc_now() + LINK_LIFETIME), code)


@pytest.mark.parametrize("code", ["", "ml_", "nonsense", "ml_" + "A" * 43, "\ud800", "\x00"])
def test_what_never_was_a_code_is_refused(ctx: Context, maeve: Moderator, code: str) -> None:
    refused(ctx, code)


def test_other_credentials_of_the_account_are_no_codes_and_a_code_is_no_credential(
    ctx: Context, site: Site, maeve: Moderator
) -> None:
    refused(ctx, session_of(ctx))
    refused(ctx, token_of(ctx, site, maeve))
    code = make_sign_in_link(ctx, moderator_id=maeve.id)
    with pytest.raises(Unauthenticated):
        identify_session(ctx, session=code, site_key=None)
    with pytest.raises(Unauthenticated):
        identify_caller(ctx, credential=code, site_key=None)


def test_a_new_password_and_an_ended_account_end_their_links(
    ctx: Context, maeve: Moderator
) -> None:
    before_password = make_sign_in_link(ctx, moderator_id=maeve.id)
    set_password(ctx, moderator_id=maeve.id, password=f"{PASSWORD} and more")
    refused(ctx, before_password)
    before_end = make_sign_in_link(ctx, moderator_id=maeve.id)
    disable_account(ctx, moderator_id=maeve.id)
    refused(ctx, before_end)
    with pytest.raises(Conflict):
        make_sign_in_link(ctx, moderator_id=maeve.id)


def test_there_is_no_link_for_nobody(ctx: Context) -> None:
    with pytest.raises(NotFound):
        make_sign_in_link(ctx, moderator_id=uuid4())
