"""`parley moderators` and `parley token moderator`: what the operator sees on the terminal."""

from __future__ import annotations

import os
import pty
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import text
from sqlalchemy.engine import make_url

from service.adapters.database import make_engine, upgrade
from service.bootstrap import make_parts, settings_from_environment
from service.domain.errors import Unauthenticated
from service.moderators_cli import moderators
from service.token_cli import token
from service.usecases.context import Context
from service.usecases.create_site import create_site
from service.usecases.identify_caller import SignedInModerator, identify_caller
from service.usecases.sign_in import sign_in
from service.usecases.sign_in_by_link import sign_in_by_link
from tests.conftest import SECRET

ROOT = Path(__file__).parents[1]
EMAIL = "maeve@courier.example"
PASSWORD = "seven grey herons at low tide"
DATABASE = "moderators_cli"


@pytest.fixture(scope="module")
def environment(database_url: str, redis_url: str) -> Iterator[dict[str, str]]:
    """A database of its own, because commands commit, named to them by the environment."""
    server = make_engine(database_url, pool_size=1)
    with server.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text(f"CREATE DATABASE {DATABASE}"))
    server.dispose()
    url = make_url(database_url).set(database=DATABASE).render_as_string(hide_password=False)
    engine = make_engine(url, pool_size=2)
    upgrade(engine)
    engine.dispose()
    yield {
        "PARLEY_DATABASE_URL": url,
        "PARLEY_REDIS_URL": redis_url,
        "PARLEY_SECRET_KEY": SECRET,
    }


@dataclass
class Terminal:
    """Runs commands and looks at what they did."""

    ctx: Context

    def run(self, *arguments: str, typed: str | None = None) -> Result:
        command, *rest = arguments
        group = {"moderators": moderators, "token": token}[command]
        return CliRunner().invoke(group, rest, input=typed)

    def ok(self, *arguments: str, typed: str | None = None) -> str:
        result = self.run(*arguments, typed=typed)
        assert result.exit_code == 0, result.output
        return result.stdout

    def refused(self, *arguments: str, typed: str | None = None) -> str:
        result = self.run(*arguments, typed=typed)
        assert result.exit_code == 1
        assert "Traceback" not in result.stderr
        return result.stderr

    def whose(self, credential: str) -> SignedInModerator:
        found = identify_caller(self.ctx, credential=credential.strip(), site_key=None)
        assert found.moderator is not None
        return found.moderator


@pytest.fixture
def terminal(environment: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> Iterator[Terminal]:
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    parts = make_parts(settings_from_environment())
    create_site(parts.ctx, key="demo", name="The Courier")
    create_site(parts.ctx, key="other", name="The Other")
    yield Terminal(parts.ctx)
    with parts.engine.begin() as connection:
        for table in ("moderator_credential", "membership", "moderator"):
            connection.execute(text(f"DELETE FROM {table}"))  # noqa: S608 - names of our own
    parts.engine.dispose()


def add(terminal: Terminal, *options: str, email: str = EMAIL) -> str:
    return terminal.ok(
        "moderators", "add", email, "--name=Maeve", "--password-stdin", *options,
        typed=f"{PASSWORD}\n",
    )  # fmt: skip


def test_an_added_moderator_can_sign_in(terminal: Terminal) -> None:
    assert add(terminal, "--role=lead", email="Maeve@Courier.example") == (
        "maeve@courier.example is lead at demo.\n"
    )
    signed_in = sign_in(terminal.ctx, email=EMAIL, password=PASSWORD)
    assert [(site.key, role) for site, role in signed_in.sites] == [("demo", "lead")]


def test_without_a_password_an_account_has_tokens_only(terminal: Terminal) -> None:
    terminal.ok("moderators", "add", EMAIL, "--name=Maeve")
    with pytest.raises(Unauthenticated):
        sign_in(terminal.ctx, email=EMAIL, password="")
    assert terminal.whose(terminal.ok("moderators", "token", EMAIL)).name == "Maeve"


def test_a_short_password_is_refused_by_name_and_nothing_is_made(terminal: Terminal) -> None:
    said = terminal.refused(
        "moderators", "add", EMAIL, "--name=M", "--password-stdin", typed="short\n"
    )
    assert "password: Must have 12 to 200 characters" in said
    assert terminal.ok("moderators", "list") == ""


def test_what_is_unknown_is_refused_in_a_line(terminal: Terminal) -> None:
    assert "no site by this name" in terminal.refused(
        "moderators", "add", EMAIL, "--name=M", "--site=nowhere"
    )
    assert "no account of this address" in terminal.refused("moderators", "disable", EMAIL)
    assert "email: Is not an e-mail address." in terminal.refused(
        "moderators", "add", "maeve", "--name=M"
    )


def test_the_list_shows_one_site(terminal: Terminal) -> None:
    add(terminal, "--role=admin")
    terminal.ok("moderators", "add", "other@x.example", "--name=Other One", "--site=other")
    assert terminal.ok("moderators", "list") == f"{EMAIL}\tadmin\tMaeve\t0 tokens\n"
    assert terminal.ok("moderators", "list", "--site=other").startswith("other@x.example\tmoder")


def test_a_disabled_account_is_out_and_may_come_back(terminal: Terminal) -> None:
    add(terminal)
    shown = terminal.ok("moderators", "token", EMAIL)
    assert "everywhere" in terminal.ok("moderators", "disable", EMAIL)
    with pytest.raises(Unauthenticated):
        terminal.whose(shown)
    with pytest.raises(Unauthenticated):
        sign_in(terminal.ctx, email=EMAIL, password=PASSWORD)
    assert "\tdisabled" in terminal.ok("moderators", "list")
    assert "is disabled" in terminal.refused("moderators", "token", EMAIL)

    terminal.ok("moderators", "enable", EMAIL)
    assert sign_in(terminal.ctx, email=EMAIL, password=PASSWORD).session


def test_the_work_may_end_at_one_site(terminal: Terminal) -> None:
    add(terminal)
    terminal.ok("moderators", "add", EMAIL, "--name=M", "--site=other")
    terminal.ok("moderators", "disable", EMAIL, "--site=demo")
    signed_in = sign_in(terminal.ctx, email=EMAIL, password=PASSWORD)
    assert [site.key for site, _ in signed_in.sites] == ["other"]
    terminal.ok("moderators", "enable", EMAIL, "--site=demo")
    assert "\tdisabled" not in terminal.ok("moderators", "list")


def test_the_last_admin_is_not_disabled(terminal: Terminal) -> None:
    add(terminal, "--role=admin")
    assert "last admin" in terminal.refused("moderators", "disable", EMAIL)


def test_a_new_password_replaces_the_old_one(terminal: Terminal) -> None:
    add(terminal)
    said = terminal.ok(
        "moderators", "password", EMAIL, "--password-stdin", typed="a heron is no crane\n"
    )
    assert "every session has ended" in said
    with pytest.raises(Unauthenticated):
        sign_in(terminal.ctx, email=EMAIL, password=PASSWORD)
    assert sign_in(terminal.ctx, email=EMAIL, password="a heron is no crane").session
    assert "No password was given" in terminal.refused("moderators", "password", EMAIL)


def test_on_a_terminal_the_password_is_asked_for_twice_and_not_shown(
    terminal: Terminal, environment: dict[str, str]
) -> None:
    ours, theirs = pty.openpty()
    command = [sys.executable, "-m", "service.cli", "moderators", "add", EMAIL, "--name=Maeve"]
    with subprocess.Popen(
        command,
        cwd=ROOT,
        env={**os.environ, **environment},
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        start_new_session=True,
    ) as process:
        os.close(theirs)
        seen = ""
        for question in ("Password", "again"):
            while question not in seen:
                seen += os.read(ours, 1024).decode()
            os.write(ours, f"{PASSWORD}\n".encode())
        while f"{EMAIL} is moderator at demo." not in seen:
            seen += os.read(ours, 1024).decode()
    os.close(ours)
    assert process.returncode == 0
    assert PASSWORD not in seen
    assert sign_in(terminal.ctx, email=EMAIL, password=PASSWORD).session


def test_a_name_is_a_moderator_with_a_fresh_token_each_time(terminal: Terminal) -> None:
    first, again = (terminal.ok("token", "moderator", "ann") for _ in range(2))
    assert first.startswith("mt_")
    assert len(first.splitlines()) == 1
    assert first != again
    assert terminal.whose(first).id == terminal.whose(again).id


def test_two_names_are_two_moderators(terminal: Terminal) -> None:
    ann, bob = (terminal.ok("token", "moderator", name) for name in ("ann", "bob"))
    assert terminal.whose(ann).id != terminal.whose(bob).id
    assert (terminal.whose(ann).name, terminal.whose(bob).name) == ("ann", "bob")


def test_a_role_is_kept_unless_another_is_asked_for(terminal: Terminal) -> None:
    lead = terminal.ok("token", "moderator", "ann", "--role=lead")
    assert terminal.whose(lead).role == "lead"
    assert terminal.whose(terminal.ok("token", "moderator", "ann")).role == "lead"
    legal = terminal.ok("token", "moderator", "ann", "--role=legal")
    assert terminal.whose(legal).role == terminal.whose(lead).role == "legal"


def test_a_moderator_who_was_added_is_found_by_name(terminal: Terminal) -> None:
    add(terminal)
    shown = terminal.ok("token", "moderator", "Maeve")
    assert terminal.whose(shown).id == terminal.whose(
        terminal.ok("moderators", "token", EMAIL)
    ).id  # fmt: skip
    add(terminal, email="second@x.example")
    assert "Several moderators" in terminal.refused("token", "moderator", "Maeve")


def test_a_name_at_another_site_is_the_same_moderator_there(terminal: Terminal) -> None:
    here = terminal.ok("token", "moderator", "ann", "--role=admin")
    there = terminal.ok("token", "moderator", "ann", "--site=other")
    assert terminal.whose(here).id == terminal.whose(there).id
    assert (terminal.whose(here).role, terminal.whose(there).role) == ("admin", "moderator")


def test_a_link_opens_the_console_once(terminal: Terminal) -> None:
    add(terminal)
    address, _, code = terminal.ok("moderators", "link", EMAIL).strip().partition("#sign-in=")
    assert address == "http://127.0.0.1:8000/console"
    assert sign_in_by_link(terminal.ctx, code=code).moderator.email == EMAIL
    with pytest.raises(Unauthenticated):
        sign_in_by_link(terminal.ctx, code=code)


def test_there_is_no_link_for_who_does_not_work_there(terminal: Terminal) -> None:
    add(terminal)
    assert "no account of this address" in terminal.refused(
        "moderators", "link", "nobody@courier.example"
    )
    assert "does not work at other" in terminal.refused("moderators", "link", EMAIL, "--site=other")
