"""Moderators sign in and out, and see the sites they belong to."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from service.adapters.credentials import InstalledCredentials
from service.domain.errors import NotFound, Unauthenticated
from service.domain.identity import Role
from service.domain.password import PasswordCheck
from service.models import (
    CredentialKind,
    Moderator,
    ModeratorCredential,
    Site,
    utc_now,
)
from service.usecases.add_moderator import add_moderator
from service.usecases.context import Context
from service.usecases.disable_moderator import disable_account, disable_moderator
from service.usecases.identify_caller import identify_caller, identify_session
from service.usecases.set_password import set_password
from service.usecases.sign_in import SESSION_LIFETIME, sign_in
from service.usecases.sign_out import sign_out
from tests.makers import Makers
from tests.usecases.accounts import EMAIL, PASSWORD, add, session_of, token_of


class CountingCredentials(InstalledCredentials):
    """Counts the slow hashes that were computed, and computes them."""

    def __init__(self) -> None:
        super().__init__("a secret of this test alone, long enough too")
        self.checks: list[bool] = []

    def check_password(self, stored: str | None, password: str) -> PasswordCheck:
        self.checks.append(stored is not None)
        return super().check_password(stored, password)


def test_every_failed_sign_in_gets_one_answer_after_one_slow_check(
    ctx: Context, make: Makers, site: Site
) -> None:
    credentials = CountingCredentials()
    ctx = replace(ctx, credentials=credentials)
    add(ctx, site)
    add_moderator(ctx, site_id=site.id, email="token@x.example", name="T", role=Role.LEAD)
    gone = add(ctx, site, email="gone@x.example")
    disable_account(ctx, moderator_id=gone.id)
    nowhere = add(ctx, site, email="nowhere@x.example")
    disable_moderator(ctx, site_id=site.id, moderator_id=nowhere.id)

    answers = set()
    for email, password in [
        ("nobody@x.example", PASSWORD),
        (EMAIL, "not the right password"),
        ("token@x.example", PASSWORD),
        ("gone@x.example", PASSWORD),
        ("nowhere@x.example", PASSWORD),
    ]:
        with pytest.raises(Unauthenticated) as refused:
            sign_in(ctx, email=email, password=password)
        answers.add((refused.value.code, refused.value.detail))

    assert answers == {("sign_in_failed", "E-mail or password is wrong.")}
    assert credentials.checks == [False, True, False, True, True]


def test_a_hash_by_older_parameters_is_renewed_at_the_next_sign_in(
    ctx: Context, site: Site
) -> None:
    from argon2 import PasswordHasher

    account = add(ctx, site)
    with ctx.transaction() as tx:
        old = PasswordHasher(time_cost=1, memory_cost=1024).hash(PASSWORD)
        tx.session.get_one(Moderator, account.id).password_hash = old
    session_of(ctx)
    with ctx.reading() as reading:
        stored = reading.get_one(Moderator, account.id).password_hash
    assert stored is not None
    assert "m=65536,t=3,p=4" in stored
    assert session_of(ctx)


def test_a_session_holds_for_twelve_hours_and_not_longer(ctx: Context, site: Site) -> None:
    account, session = add(ctx, site), session_of(ctx)
    almost = replace(ctx, clock=lambda: utc_now() + SESSION_LIFETIME - timedelta(minutes=1))
    after = replace(ctx, clock=lambda: utc_now() + SESSION_LIFETIME + timedelta(seconds=1))
    found = identify_session(almost, session=session, site_key=None).moderator
    assert found is not None
    assert found.id == account.id
    with pytest.raises(Unauthenticated, match="has ended"):
        identify_session(after, session=session, site_key=None)


def test_sessions_that_ran_out_are_forgotten_at_the_next_sign_in(ctx: Context, site: Site) -> None:
    add(ctx, site)
    session_of(ctx)
    session_of(replace(ctx, clock=lambda: utc_now() + SESSION_LIFETIME + timedelta(seconds=1)))
    with ctx.reading() as reading:
        kept = select(func.count()).select_from(ModeratorCredential)
        assert reading.execute(kept).scalar_one() == 1


def test_signing_out_ends_this_session_and_no_other(ctx: Context, site: Site) -> None:
    account, here, there = add(ctx, site), session_of(ctx), session_of(ctx)
    found = identify_session(ctx, session=here, site_key=None).moderator
    assert found is not None
    assert found.session_id is not None
    sign_out(ctx, moderator_id=account.id, session_id=found.session_id)
    with pytest.raises(Unauthenticated):
        identify_session(ctx, session=here, site_key=None)
    assert identify_session(ctx, session=there, site_key=None).moderator


def test_a_new_password_ends_every_session_and_the_old_password(ctx: Context, site: Site) -> None:
    account, session = add(ctx, site), session_of(ctx)
    set_password(ctx, moderator_id=account.id, password="a heron is not a crane")
    with pytest.raises(Unauthenticated):
        identify_session(ctx, session=session, site_key=None)
    with pytest.raises(Unauthenticated):
        session_of(ctx)
    assert sign_in(ctx, email=EMAIL, password="a heron is not a crane").session


def test_a_session_is_at_the_site_asked_for_else_at_the_first(
    ctx: Context, make: Makers, site: Site
) -> None:
    another = make.site("another")
    add(ctx, site)
    add_moderator(ctx, site_id=another.id, email=EMAIL, name="M", role=Role.LEAD)
    session = session_of(ctx)
    assert identify_session(ctx, session=session, site_key=None).site.key == "another"
    found = identify_session(ctx, session=session, site_key="demo")
    assert found.site.id == site.id
    assert found.moderator is not None
    assert found.moderator.role is Role.MODERATOR


def test_a_site_one_does_not_belong_to_is_as_if_it_did_not_exist(
    ctx: Context, make: Makers, site: Site
) -> None:
    make.site("other")
    account = add(ctx, site)
    session, token = session_of(ctx), token_of(ctx, site, account)
    answers = set()
    for key in ("other", "no-such-site"):
        with pytest.raises(NotFound) as by_session:
            identify_session(ctx, session=session, site_key=key)
        with pytest.raises(NotFound) as by_token:
            identify_caller(ctx, credential=token, site_key=key)
        answers |= {(found.value.code, found.value.detail) for found in (by_session, by_token)}
    assert answers == {("site_not_found", "There is no site by this name.")}


def test_a_session_is_no_token_and_a_token_no_session(ctx: Context, site: Site) -> None:
    account = add(ctx, site)
    with pytest.raises(Unauthenticated):
        identify_caller(ctx, credential=session_of(ctx), site_key=None)
    with pytest.raises(Unauthenticated):
        identify_session(ctx, session=token_of(ctx, site, account), site_key=None)


def test_a_session_row_belongs_to_no_single_site(ctx: Context, site: Site) -> None:
    add(ctx, site)
    session_of(ctx)
    with ctx.reading() as reading:
        row = reading.execute(select(ModeratorCredential)).scalar_one()
    assert (row.kind, row.site_id) == (CredentialKind.SESSION.value, None)
