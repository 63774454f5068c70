"""`./parley export statements|transparency`: files a regulator can take as they are."""

from __future__ import annotations

import csv
import io
import json
from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from service.cli import cli
from service.domain.dsa_validation import validate_batch
from service.models import Decision, Site
from service.usecases.context import Context
from tests.makers import Makers
from tests.usecases.breaches import remove, signed_in


@pytest.fixture(autouse=True)
def _same_database(monkeypatch: pytest.MonkeyPatch, ctx: Context) -> None:
    """The command talks to the database of the test, inside the test's transaction."""
    monkeypatch.setattr("service.export_cli.running_context", lambda data: ctx)


@pytest.fixture
def removal(ctx: Context, make: Makers, site: Site) -> Decision:
    comment = make.published(make.article(site), make.reader(site))
    decision = remove(ctx, comment, signed_in(make, site))
    with ctx.transaction() as tx:
        row = tx.session.get_one(Decision, decision.id)
        row.final_at = row.created_at - timedelta(seconds=1)
    return decision


def run(*arguments: str) -> Result:
    return CliRunner().invoke(cli, ["export", *arguments])


def days(decision: Decision) -> list[str]:
    day = decision.created_at.date().isoformat()
    return ["--from", day, "--to", day]


def test_statements_go_into_files_the_database_takes(removal: Decision, tmp_path: Path) -> None:
    done = run("statements", *days(removal), "--out", str(tmp_path / "out"))
    assert done.exit_code == 0, done.output
    assert done.output.startswith("1 statements in 1 files")
    (file,) = (tmp_path / "out").iterdir()
    batch = json.loads(file.read_text("utf-8"))
    assert validate_batch(batch) == []
    assert [row["puid"] for row in batch["statements"]] == [str(removal.id)]


def test_the_report_is_a_csv_table(removal: Decision) -> None:
    done = run("transparency", *days(removal))
    assert done.exit_code == 0, done.output
    rows = list(csv.reader(io.StringIO(done.stdout, newline="")))
    assert rows[0] == ["section", "indicator", "category", "value"]
    assert ["own_initiative", "by_measure", "remove", "1"] in rows


@pytest.mark.usefixtures("site")
def test_an_absurd_period_or_site_is_refused(tmp_path: Path) -> None:
    out = ["--out", str(tmp_path / "out")]
    assert run("statements", "--from", "2026-02-01", "--to", "2026-01-01", *out).exit_code != 0
    assert run("transparency", "--from", "soon", "--to", "2026-01-01").exit_code != 0
    nowhere = ["--from", "2026-01-01", "--to", "2026-01-02", "--site", "nowhere"]
    assert run("statements", *nowhere, *out).exit_code != 0
    assert not (tmp_path / "out").exists()
