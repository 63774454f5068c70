"""Moderators' accounts: who belongs where, and what each change leaves behind."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from service.domain.errors import Conflict, Invalid, NotFound, Unauthenticated
from service.domain.identity import Role
from service.models import (
    Moderator,
    ModeratorCredential,
    Site,
    new_id,
    utc_now,
)
from service.queries.moderators import get_member
from service.usecases.add_moderator import add_moderator
from service.usecases.change_role import change_role
from service.usecases.context import Context
from service.usecases.create_moderator_token import create_moderator_token
from service.usecases.disable_moderator import disable_account, disable_moderator
from service.usecases.enable_moderator import enable_moderator
from service.usecases.identify_caller import identify_caller, identify_session
from service.usecases.revoke_moderator_token import revoke_moderator_token
from service.usecases.set_opt_outs import set_opt_outs
from service.usecases.set_password import set_password
from service.usecases.sign_in import sign_in
from tests.makers import Makers
from tests.usecases.accounts import EMAIL, PASSWORD, add, events, membership, session_of, token_of


def test_a_new_moderator_signs_in_with_the_password_and_sees_the_site(
    ctx: Context, site: Site
) -> None:
    account = add(ctx, site, Role.LEAD)
    signed_in = sign_in(ctx, email=" Maeve@Courier.example ", password=PASSWORD)
    assert signed_in.moderator.id == account.id
    assert [(found.key, role) for found, role in signed_in.sites] == [("demo", "lead")]


def test_only_a_hash_of_the_password_and_of_the_session_is_stored(ctx: Context, site: Site) -> None:
    account, session = add(ctx, site), session_of(ctx)
    with ctx.reading() as reading:
        stored = reading.get_one(Moderator, account.id).password_hash
        hashes = set(reading.execute(select(ModeratorCredential.hash)).scalars())
    assert stored is not None
    assert stored.startswith("$argon2id$v=19$m=65536,t=3,p=4$")
    assert session not in hashes


@pytest.mark.parametrize("email", ["", "maeve", "a b@c", "@", "x" * 250 + "@a.example", "a@b\x07"])
def test_what_is_no_address_is_refused_by_name(ctx: Context, site: Site, email: str) -> None:
    with pytest.raises(Invalid) as refused:
        add(ctx, site, email=email)
    assert list(refused.value.errors) == ["email"]


def test_an_account_of_another_site_joins_with_its_own_name_and_password(
    ctx: Context, make: Makers, site: Site
) -> None:
    other = make.site("other")
    account = add(ctx, site)
    joined = add_moderator(ctx, site_id=other.id, email=EMAIL, name="Stranger", role=Role.LEGAL)
    assert (joined.id, joined.name) == (account.id, "Maeve")
    roles = [
        (found.key, role) for found, role in sign_in(ctx, email=EMAIL, password=PASSWORD).sites
    ]
    assert roles == [("demo", "moderator"), ("other", "legal")]


def test_adding_an_account_that_exists_never_changes_its_password(
    ctx: Context, make: Makers, site: Site
) -> None:
    add(ctx, site)
    with pytest.raises(Conflict, match="keeps its password"):
        add(ctx, make.site("other"))
    assert session_of(ctx)


def test_nobody_is_added_to_a_site_twice(ctx: Context, site: Site) -> None:
    add(ctx, site)
    with pytest.raises(Conflict, match="belongs to the site already"):
        add_moderator(ctx, site_id=site.id, email=EMAIL, name="Maeve", role=Role.ADMIN)


def test_the_log_says_what_was_done_without_an_address_or_a_name(ctx: Context, site: Site) -> None:
    admin = add(ctx, site, Role.ADMIN, email="admin@courier.example")
    account = add(ctx, site)
    by = admin.id
    change_role(ctx, site_id=site.id, moderator_id=account.id, role=Role.LEAD, by=by)
    token = create_moderator_token(ctx, site_id=site.id, moderator_id=account.id, by=by).stored
    revoke_moderator_token(ctx, site_id=site.id, moderator_id=account.id, token_id=token.id, by=by)
    set_password(ctx, moderator_id=account.id, password="another long password")
    set_opt_outs(ctx, site_id=site.id, moderator_id=account.id, queues=["toxic"])
    disable_moderator(ctx, site_id=site.id, moderator_id=account.id, by=by)
    enable_moderator(ctx, site_id=site.id, moderator_id=account.id, by=by)

    written = [
        event for event in events(ctx, site) if event.data["moderator_id"] == str(account.id)
    ]
    assert [event.kind.removeprefix("moderator.") for event in written] == [
        "added",
        "role_changed",
        "token_created",
        "token_revoked",
        "password_set",
        "preferences_changed",
        "disabled",
        "enabled",
    ]
    assert written[1].data == {
        "moderator_id": str(account.id),
        "from": "moderator",
        "to": "lead",
    }
    assert (written[0].actor, written[1].actor, written[1].actor_id) == (
        "publisher",
        "moderator",
        by,
    )
    everything = " ".join(str(event.data) for event in written)
    assert "courier" not in everything
    assert "Maeve" not in everything
    assert "toxic" not in everything


def test_a_disabled_account_is_out_at_once_everywhere(
    ctx: Context, make: Makers, site: Site
) -> None:
    account, other = add(ctx, site), make.site("other")
    add_moderator(ctx, site_id=other.id, email=EMAIL, name="M", role=Role.LEAD)
    session, token = session_of(ctx), token_of(ctx, other, account)
    disable_account(ctx, moderator_id=account.id)
    with pytest.raises(Unauthenticated):
        identify_session(ctx, session=session, site_key=None)
    with pytest.raises(Unauthenticated):
        identify_caller(ctx, credential=token, site_key=None)
    assert [events(ctx, at)[-1].kind for at in (site, other)] == ["moderator.disabled"] * 2


def test_ending_the_work_at_one_site_leaves_the_others_alone(
    ctx: Context, make: Makers, site: Site
) -> None:
    account, other = add(ctx, site), make.site("other")
    add_moderator(ctx, site_id=other.id, email=EMAIL, name="M", role=Role.LEAD)
    session = session_of(ctx)
    here, there = token_of(ctx, site, account), token_of(ctx, other, account)
    disable_moderator(ctx, site_id=site.id, moderator_id=account.id)
    with pytest.raises(Unauthenticated):
        identify_caller(ctx, credential=here, site_key=None)
    with pytest.raises(NotFound):
        identify_session(ctx, session=session, site_key="demo")
    assert identify_session(ctx, session=session, site_key=None).site.id == other.id
    assert identify_caller(ctx, credential=there, site_key=None).site.id == other.id


def test_what_ended_does_not_come_back_when_the_work_goes_on(ctx: Context, site: Site) -> None:
    account = add(ctx, site)
    session, token = session_of(ctx), token_of(ctx, site, account)
    disable_moderator(ctx, site_id=site.id, moderator_id=account.id)
    with pytest.raises(Conflict, match="is disabled"):
        token_of(ctx, site, account)
    enable_moderator(ctx, site_id=site.id, moderator_id=account.id)
    with pytest.raises(Unauthenticated):
        identify_session(ctx, session=session, site_key=None)
    with pytest.raises(Unauthenticated):
        identify_caller(ctx, credential=token, site_key=None)
    assert session_of(ctx)


def test_the_last_admin_of_a_site_stays_one(ctx: Context, site: Site) -> None:
    admin = add(ctx, site, Role.ADMIN)
    gone = add(ctx, site, Role.ADMIN, email="gone@x.example")
    disable_account(ctx, moderator_id=gone.id)
    for refused in (
        lambda: change_role(ctx, site_id=site.id, moderator_id=admin.id, role=Role.LEAD),
        lambda: disable_moderator(ctx, site_id=site.id, moderator_id=admin.id),
        lambda: disable_account(ctx, moderator_id=admin.id),
    ):
        with pytest.raises(Conflict) as last:
            refused()
        assert last.value.code == "last_admin"
    assert membership(ctx, site, admin.id).role == "admin"

    add(ctx, site, Role.ADMIN, email="next@x.example")
    change_role(ctx, site_id=site.id, moderator_id=admin.id, role=Role.LEAD)
    assert membership(ctx, site, admin.id).role == "lead"


def test_nothing_is_done_about_a_moderator_of_another_site(
    ctx: Context, make: Makers, site: Site
) -> None:
    account, other = add(ctx, site), make.site("other")
    token = create_moderator_token(ctx, site_id=site.id, moderator_id=account.id).stored
    who: dict[str, Any] = {"site_id": other.id, "moderator_id": account.id}
    for refused in (
        lambda: change_role(ctx, **who, role=Role.ADMIN),
        lambda: disable_moderator(ctx, **who),
        lambda: enable_moderator(ctx, **who),
        lambda: create_moderator_token(ctx, **who),
        lambda: revoke_moderator_token(ctx, **who, token_id=token.id),
        lambda: set_opt_outs(ctx, **who, queues=[]),
        lambda: set_password(ctx, moderator_id=new_id(), password=PASSWORD),
    ):
        with pytest.raises(NotFound):
            refused()


def test_a_token_may_have_an_end(ctx: Context, site: Site) -> None:
    account = add(ctx, site)
    made = create_moderator_token(
        ctx, site_id=site.id, moderator_id=account.id, lifetime=timedelta(days=1)
    )
    assert identify_caller(ctx, credential=made.plain, site_key=None).moderator
    later = replace(ctx, clock=lambda: utc_now() + timedelta(days=2))
    with pytest.raises(Unauthenticated):
        identify_caller(later, credential=made.plain, site_key=None)
    with ctx.reading() as session:
        shown = get_member(session, account.id, site_id=site.id, now=later.clock())
    assert shown.tokens == []
