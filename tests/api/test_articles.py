"""Articles, counts, guidelines, guests and the state of the service over HTTP."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient

from service.models import Article, Site
from service.usecases.context import Context
from service.usecases.create_site import create_api_key
from service.usecases.index_article import index_article
from tests.api.conftest import Reader
from tests.makers import FixedEngine, Makers, bearer, reader_token

ARTICLE = "/api/v1/articles/harbour-bridge"


def test_a_publisher_registers_and_updates_an_article(
    client: FlaskClient, publisher: dict[str, str]
) -> None:
    fields = {"title": "Bridge closes", "body": "The bridge closes. " * 30, "section": "local"}
    first = client.put(ARTICLE, json=fields, headers=publisher)
    again = client.put(ARTICLE, json={"section": "roads"}, headers=publisher)
    assert (first.status_code, again.status_code) == (201, 200)
    assert again.json["title"] == "Bridge closes"  # what is left out stays
    assert again.json["section"] == "roads"


def test_an_articles_text_is_waiting_until_a_worker_indexed_it(
    client: FlaskClient, ctx: Context, make: Makers, site: Site
) -> None:
    article = make.article(site, key="harbour-bridge", title="Bridge", body="It closes. " * 30)
    assert client.get(ARTICLE).json["text"] == "waiting"
    index_article(ctx, FixedEngine(), article_id=article.id)
    assert client.get(ARTICLE).json["text"] == "indexed"


@pytest.mark.parametrize("credential", [None, reader_token(), "pk_" + "A" * 43])
def test_only_a_publisher_registers_articles(client: FlaskClient, credential: str | None) -> None:
    headers = bearer(credential) if credential else {}
    answer = client.put(ARTICLE, json={"title": "Mine now"}, headers=headers)
    assert answer.status_code in {401, 403}
    assert client.get(ARTICLE).status_code == 404


@pytest.mark.parametrize(
    ("json", "field"),
    [
        ({"title": ""}, "title"),
        ({"title": "a\x00"}, "title"),
        ({"url": "ftp://example.org/"}, "url"),
        ({"url": "http://exa mple.org/"}, "url"),
        ({"url": "https://elsewhere.example/story"}, "url"),  # not the site's domain
        ({"mode": "ajar"}, "mode"),
        ({"closes_at": "tomorrow"}, "closes_at"),
        ({"tags": "roads"}, "tags"),
        ({"tags": ["x" * 61]}, "tags"),
        ({"colour": "red"}, "colour"),
    ],
)
def test_a_bad_article_is_refused_by_field(
    client: FlaskClient, ctx: Context, make: Makers, json: dict[str, object], field: str
) -> None:
    site = make.site(key="paper", domains=["paper.example"])
    headers = bearer(create_api_key(ctx, site_id=site.id, name="tests"))
    answer = client.put(ARTICLE, json=json, headers=headers)
    assert answer.status_code == 422
    assert field in answer.json["errors"]


def test_a_visit_registers_a_page_of_the_sites_own_domains_once(
    client: FlaskClient, make: Makers
) -> None:
    make.site(key="paper", domains=["paper.example"])
    url = "https://www.paper.example/story?id=1#comments"
    first = client.post("/api/v1/articles?site=paper", json={"url": url})
    again = client.post("/api/v1/articles?site=paper", json={"url": url.replace("#comments", "")})
    assert first.status_code == 200
    assert first.json["key"] == again.json["key"]
    assert first.json["text"] == "waiting"
    other = client.post("/api/v1/articles?site=paper", json={"url": "https://evil.example/"})
    assert (other.status_code, list(other.json["errors"])) == (422, ["url"])


def test_counts_of_many_articles_come_in_one_call(
    client: FlaskClient, ctx: Context, make: Makers, site: Site, ann: Reader
) -> None:
    one = make.article(site, key="one", url="https://a.example/1", title="One", body="One.")
    index_article(ctx, FixedEngine(), article_id=one.id)
    make.article(site, key="two", url="https://a.example/2")
    ann.published("Counted.", article="one")
    query = "url=https://a.example/1&url=https://a.example/2&url=https://a.example/3"
    assert client.get(f"/api/v1/counts?{query}").json["counts"] == {
        "https://a.example/1": 1,
        "https://a.example/2": 0,
        "https://a.example/3": 0,
    }
    many = "&".join(f"url=https://a.example/{n}" for n in range(101))
    assert client.get(f"/api/v1/counts?{many}").status_code == 422
    assert client.get("/api/v1/counts").status_code == 422


def test_an_unchanged_page_is_answered_with_304(client: FlaskClient, article: Article) -> None:
    page = client.get(f"{ARTICLE}/comments")
    again = client.get(f"{ARTICLE}/comments", headers={"If-None-Match": page.headers["ETag"]})
    assert (page.status_code, again.status_code, again.data) == (200, 304, b"")


def test_a_changed_page_is_answered_in_full(
    client: FlaskClient, article: Article, ann: Reader
) -> None:
    page = client.get(f"{ARTICLE}/comments")
    ann.published("Something new.")
    again = client.get(f"{ARTICLE}/comments", headers={"If-None-Match": page.headers["ETag"]})
    assert again.status_code == 200


def test_guidelines_come_in_the_language_asked_for(client: FlaskClient, site: Site) -> None:
    english = client.get("/api/v1/guidelines").json
    irish = client.get("/api/v1/guidelines?locale=ga-IE").json
    assert len(english["guidelines"]) >= 7
    assert english["guidelines"][0]["title"] != irish["guidelines"][0]["title"]


def test_a_guest_comments_where_the_site_allows_it(client: FlaskClient, make: Makers) -> None:
    site = make.site(key="paper", guests_allowed=True)
    make.article(site, key="harbour-bridge")
    token = client.post("/api/v1/guests?site=paper", json={"username": "Passer-by"}).json["token"]
    answer = client.post(
        f"{ARTICLE}/comments?site=paper", json={"body": "Just passing."}, headers=bearer(token)
    )
    assert answer.status_code == 202
    assert answer.json["author"]["username"] == "Passer-by"


def test_a_guest_is_refused_where_the_site_does_not(
    client: FlaskClient, make: Makers, article: Article
) -> None:
    open_site = make.site(key="paper", guests_allowed=True)
    token = client.post("/api/v1/guests?site=paper", json={"username": "Eve"}).json["token"]
    refused = client.post("/api/v1/guests", json={"username": "Eve"})
    smuggled = client.post(f"{ARTICLE}/comments", json={"body": "Hi."}, headers=bearer(token))
    assert refused.status_code == 403
    assert smuggled.status_code == 401  # a token of another site
    assert open_site.guests_allowed


def test_an_unknown_site_is_not_found(client: FlaskClient) -> None:
    assert client.get("/api/v1/guidelines?site=nowhere").status_code == 404
    assert client.get("/api/v1/guidelines?site=No%00where").status_code == 422


def test_readiness_names_the_missing_worker(client: FlaskClient) -> None:
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json["database"] == "ok"
    assert answer.json["scorer"] == "no worker"
    assert client.get("/healthz").status_code == 200


def test_metrics_count_comments_requests_and_decisions(
    client: FlaskClient, article: Article, ann: Reader
) -> None:
    ann.published("Counted by Prometheus.")
    page = client.get("/metrics").get_data(as_text=True)
    assert 'parley_comments_total{status="published"} 1.0' in page
    assert 'parley_decisions_total{action="publish",rule="none"}' in page
    assert 'route="/api/v1/articles/<article_key:key>/comments"' in page
    assert "parley_oldest_pending_seconds" in page


def test_every_answer_carries_a_request_id(client: FlaskClient) -> None:
    assert client.get("/healthz", headers={"X-Request-ID": "abc"}).headers["X-Request-ID"] == "abc"
    assert len(client.get("/healthz").headers["X-Request-ID"]) == 32
