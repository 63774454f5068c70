"""Where the API says that live updates are."""

from __future__ import annotations

from dataclasses import replace

import pytest
from flask.testing import FlaskClient

from config.settings import Settings
from service.app import create_app
from service.bootstrap import Parts, make_api
from service.models import Site

LIVE = "https://live.example"


@pytest.fixture
def live_client(settings: Settings, parts: Parts, site: Site) -> FlaskClient:
    settings = replace(settings, live_url=LIVE)
    return create_app(settings, make_api(settings, replace(parts, settings=settings))).test_client()


def test_without_a_live_process_the_site_says_so_and_the_stream_is_a_problem(
    client: FlaskClient,
) -> None:
    answer = client.get("/api/v1/articles/any/stream")

    assert client.get("/api/v1/site").json["live_url"] is None
    assert (answer.status_code, answer.json["code"]) == (404, "live_off")


def test_with_one_the_site_names_it_and_the_stream_is_there(live_client: FlaskClient) -> None:
    answer = live_client.get("/api/v1/articles/it's-late/stream?site=demo")

    assert live_client.get("/api/v1/site").json["live_url"] == LIVE
    assert answer.status_code == 307
    assert answer.headers["Location"] == f"{LIVE}/api/v1/articles/it%27s-late/stream?site=demo"
    assert answer.headers["Cache-Control"] == "no-store"


def test_an_address_that_leads_back_here_is_no_endless_loop(live_client: FlaskClient) -> None:
    answer = live_client.get("/api/v1/articles/any/stream", base_url=LIVE)

    assert (answer.status_code, answer.json["code"]) == (404, "live_off")


def test_the_stream_of_an_unknown_site_is_a_problem(live_client: FlaskClient) -> None:
    answer = live_client.get("/api/v1/articles/any/stream?site=nowhere")

    assert (answer.status_code, answer.json["code"]) == (404, "site_not_found")
