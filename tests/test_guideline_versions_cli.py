"""`parley guidelines backtest|activate|rollback|versions|shadow` on a running installation."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import text
from sqlalchemy.engine import make_url

from config.settings import Settings
from service.adapters.database import make_engine, upgrade
from service.bootstrap import make_parts
from service.domain.guideline import Policy
from service.guidelines_cli import guidelines
from service.usecases.context import Context
from service.usecases.score_comments import score_comments
from tests.conftest import SECRET
from tests.makers import FixedEngine, Makers
from tests.usecases.guideline_texts import STRICT, WITH_LIST, guidelines_for

DATABASE = "guidelines_cli"


@pytest.fixture
def ctx(
    database_url: str, redis_url: str, policy: Policy, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Context]:
    """A database of its own with a site, because commands commit."""
    url = make_url(database_url).set(database=DATABASE).render_as_string(hide_password=False)
    _on_server(database_url, f"CREATE DATABASE {DATABASE}")
    settings = Settings(database_url=url, redis_url=redis_url, secret_key=SECRET)
    for name in ("database_url", "redis_url", "secret_key"):
        monkeypatch.setenv(f"PARLEY_{name.upper()}", getattr(settings, name))
    parts = make_parts(settings, policy=policy)
    upgrade(parts.engine)
    yield parts.ctx
    parts.engine.dispose()
    _on_server(database_url, f"DROP DATABASE {DATABASE} WITH (FORCE)")


def _on_server(url: str, statement: str) -> None:
    engine = make_engine(url, pool_size=1)
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text(statement))
    engine.dispose()


def run(*arguments: str) -> Result:
    return CliRunner().invoke(guidelines, arguments)


def written(folder: Path, name: str, *changes: tuple[str, str]) -> str:
    (folder / "lists").mkdir(exist_ok=True)
    (folder / "lists" / "hosts.txt").write_text("bad.example\n", "utf-8")
    file = folder / name
    file.write_text(guidelines_for("demo", *changes), "utf-8")
    return str(file)


def test_an_editor_tries_a_file_puts_it_in_force_and_goes_back(
    ctx: Context, tmp_path: Path
) -> None:
    make = Makers(ctx)
    site = make.site()
    comment = make.comment(make.article(site), make.reader(site), body="A remark about ferries.")
    first = run("activate", written(tmp_path, "a.yaml"), "--note", "our own")
    assert first.exit_code == 0, first.output
    assert "is in force at demo" in first.stdout
    ctx.policy.look_again(site.id)
    score_comments(ctx, FixedEngine(toxicity=0.3))

    strict = written(tmp_path, "b.yaml", *STRICT, ("mode: enforce", "mode: shadow"))
    tried = run("backtest", written(tmp_path, "c.yaml", *STRICT)).stdout
    assert "1 comments decided again" in tried
    assert "publish → hold: 1" in tried
    assert "rule abuse: matched 0, now 1 (+1 −0), changes 1 comments" in tried
    assert f"{comment.id}  publish → hold (abuse)" in tried
    assert "A remark about ferries." in tried

    assert run("activate", strict, "--note", "in shadow first").exit_code == 0
    assert "abuse: matched 0 in 7 days" in run("shadow").stdout
    back = run("rollback", "--note", "not yet")
    assert back.stdout.split()[1] == first.stdout.split()[1]
    listed = run("versions").stdout
    assert f"* {first.stdout.split()[1]}" in listed
    assert "by the command line: in shadow first" in listed


def test_a_file_goes_in_force_with_the_lists_beside_it(ctx: Context, tmp_path: Path) -> None:
    site = Makers(ctx).site()
    result = run("activate", written(tmp_path, "g.yaml", *WITH_LIST), "--note", "hosts")
    assert result.exit_code == 0, result.output
    ctx.policy.look_again(site.id)
    assert ctx.policy(site.id).list_files == {"lists/hosts.txt": "bad.example\n"}


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (("weight: 5", "weight: x"), "g.yaml:6: severities.light.weight"),
        (("site: demo", "site: paper"), "metadata.site: must be 'demo'"),
    ],
)
def test_a_file_with_a_fault_is_refused(
    ctx: Context, tmp_path: Path, change: tuple[str, str], says: str
) -> None:
    site = Makers(ctx).site()
    result = run("activate", written(tmp_path, "g.yaml", change), "--note", "x")
    assert result.exit_code == 1
    assert says in result.stderr
    ctx.policy.look_again(site.id)
    assert ctx.policy(site.id) is ctx.policy()
