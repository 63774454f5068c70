"""GET /engagement: who may ask, for what, as what; and what is refused."""

from __future__ import annotations

import csv
import io
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient

from service.api.engagement_schemas import ActiveOut, EngagementOut, TotalsOut
from service.models import Site
from service.usecases.context import Context
from service.usecases.create_site import create_api_key
from service.usecases.follow_events import follow_events
from tests.makers import Makers, bearer, reader_token

PATH = "/api/v1/engagement"


@pytest.fixture
def publisher(ctx: Context, site: Site) -> dict[str, str]:
    return bearer(create_api_key(ctx, site_id=site.id, name="editors"))


@pytest.fixture
def counted(ctx: Context, make: Makers, site: Site) -> str:
    """Two comments under an article of the local pages; gives the article's key."""
    article = make.article(site, "pier", section="local")
    first = make.published(article, make.reader(site))
    make.published(article, make.reader(site), parent_id=first.id)
    # A title is indexed before comments under it are scored, so it comes last.
    make.article(site, "pier", title="=A new pier")
    follow_events(ctx)
    return article.key


def today() -> str:
    return datetime.now(UTC).date().isoformat()


def test_an_editor_sees_totals_a_line_for_each_day_and_the_busiest_articles(
    client: FlaskClient, publisher: dict[str, str], counted: str
) -> None:
    answer = client.get(PATH, headers=publisher)
    shown = answer.get_json()
    assert answer.status_code == 200
    assert (shown["to"], len(shown["series"])) == (today(), 28)
    assert shown["totals"]["comments"] == shown["series"][-1]["comments"] == 2
    assert shown["totals"]["replies_per_comment"] == 1.0
    assert shown["totals"]["first_reply_seconds"] is not None
    assert [line["article"]["key"] for line in shown["top_articles"]] == [counted]
    assert shown["health"]["components"][0]["name"] == "unaided"
    assert shown["as_of"] is not None
    # The answer is made by hand, for speed: it has what its schema documents and no more.
    assert EngagementOut().load(shown)
    assert set(shown["totals"]) == set(TotalsOut().fields)


def test_a_moderator_may_ask_and_a_reader_may_not(
    client: FlaskClient, make: Makers, site: Site
) -> None:
    assert client.get(PATH, headers=make.moderator(site).headers).status_code == 200
    assert client.get(PATH, headers=bearer(reader_token())).status_code == 403
    assert client.get(PATH).status_code in (401, 403)


@pytest.mark.parametrize(
    ("by", "name"), [("day", "day"), ("section", "section"), ("article", "article")]
)
def test_a_spreadsheet_gets_the_same_lines(
    client: FlaskClient, publisher: dict[str, str], counted: str, by: str, name: str
) -> None:
    lines = client.get(f"{PATH}?by={by}", headers=publisher).get_json()["series"]
    answer = client.get(f"{PATH}?by={by}", headers={**publisher, "Accept": "text/csv"})
    table = list(csv.DictReader(io.StringIO(answer.text)))
    assert answer.mimetype == "text/csv"
    assert "attachment" in answer.headers["Content-Disposition"]
    assert len(table) == len(lines)
    assert int(table[-1]["comments"]) == lines[-1]["comments"] == 2
    assert name in table[0]


def test_a_title_is_no_formula_in_a_spreadsheet(
    client: FlaskClient, publisher: dict[str, str], counted: str
) -> None:
    answer = client.get(f"{PATH}?by=article&format=csv", headers=publisher)
    assert next(csv.DictReader(io.StringIO(answer.text)))["title"] == "'=A new pier"


def test_an_article_s_figures_point_to_its_drift(
    client: FlaskClient, publisher: dict[str, str], counted: str
) -> None:
    shown = client.get(f"{PATH}?article={counted}", headers=publisher).get_json()
    assert shown["article"] == counted
    assert shown["drift_url"] == "/api/v1/drift?article=pier"
    section = client.get(f"{PATH}?section=local", headers=publisher).get_json()
    assert section["totals"]["comments"] == 2


@pytest.mark.parametrize(
    ("query", "status", "field"),
    [
        ("from=2026-02-30", 422, "from"),
        ("from=yesterday", 422, "from"),
        ("from={today}&to={before}", 422, "from"),
        ("to={after}", 422, "to"),
        ("from=2020-01-01&to=2026-01-01", 422, "from"),
        ("from=0001-01-01", 422, "from"),
        ("to=1999-12-31", 422, "to"),
        ("to=9999-12-31", 422, "to"),
        ("by=mood", 422, "by"),
        ("format=xls", 422, "format"),
        ("limit=0", 422, "limit"),
        ("section=local&article=pier", 422, "section"),
        ("section=", 422, "section"),
        ("section=%00", 422, "section"),
        ("section=gardening", 404, "section"),
        ("article=nowhere", 404, "article"),
    ],
)
def test_what_makes_no_sense_is_refused_by_name(
    client: FlaskClient, publisher: dict[str, str], query: str, status: int, field: str
) -> None:
    now = datetime.now(UTC).date()
    day = timedelta(days=1)
    asked = query.format(today=now, before=now - day, after=now + 2 * day)
    answer = client.get(f"{PATH}?{asked}", headers=publisher)
    problem = answer.get_json()
    assert answer.status_code == status
    assert answer.mimetype == "application/problem+json"
    if status == 422:
        assert list(problem["errors"]) == [field]
    else:
        assert problem["code"] == f"{field}_not_found"
        assert field in problem["detail"]


def test_two_years_can_be_asked_for(client: FlaskClient, publisher: dict[str, str]) -> None:
    now = datetime.now(UTC).date()
    first = now - timedelta(days=730)
    shown = client.get(f"{PATH}?from={first}&to={now}", headers=publisher).get_json()
    assert len(shown["series"]) == 731


def test_figures_that_did_not_change_are_not_sent_again(
    ctx: Context,
    make: Makers,
    site: Site,
    client: FlaskClient,
    publisher: dict[str, str],
    counted: str,
) -> None:
    def ask(tag: str) -> Any:
        return client.get(PATH, headers={**publisher, "If-None-Match": tag})

    first = client.get(PATH, headers=publisher)
    tag = first.headers["ETag"]
    assert "private" in first.headers["Cache-Control"]
    assert ask(tag).status_code == 304
    make.published(make.article(site), make.reader(site))
    follow_events(ctx)
    assert ask(tag).status_code == 200


def test_what_is_talked_about_now_needs_no_roll_up(
    make: Makers, site: Site, client: FlaskClient, publisher: dict[str, str]
) -> None:
    quiet, busy = make.article(site, "quiet"), make.article(site, "busy")
    for _ in range(2):
        make.published(busy, make.reader(site))
    make.comment(quiet, make.reader(site))
    answer = client.get(f"{PATH}/active?hours=3", headers=publisher)
    shown = answer.get_json()
    named = [(line["key"], line["comments"], line["published"]) for line in shown["articles"]]
    assert named == [("busy", 2, 2), ("quiet", 1, 0)]
    assert set(shown) == set(ActiveOut().fields)
    for hours in ("0", "73", "many"):
        refused = client.get(f"{PATH}/active?hours={hours}", headers=publisher)
        assert list(refused.get_json()["errors"]) == ["hours"]


def test_another_site_s_figures_stay_there(
    ctx: Context, make: Makers, client: FlaskClient, publisher: dict[str, str], counted: str
) -> None:
    other = make.site("elsewhere")
    make.published(make.article(other, "theirs", section="theirs"), make.reader(other))
    follow_events(ctx)
    assert client.get(PATH, headers=publisher).get_json()["totals"]["comments"] == 2
    for query in ("article=theirs", "section=theirs"):
        assert client.get(f"{PATH}?{query}", headers=publisher).status_code == 404
    active = client.get(f"{PATH}/active", headers=publisher).get_json()
    assert [line["key"] for line in active["articles"]] == [counted]
