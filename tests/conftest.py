"""Real parts for the tests: one PostgreSQL and one Redis-compatible server for the whole run."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import hypothesis
import pytest
from flask import Flask
from flask.testing import FlaskClient
from playwright.sync_api import Browser, sync_playwright
from sqlalchemy import Engine, text
from sqlalchemy.orm import Session, sessionmaker

from config.settings import Settings
from service.adapters.database import make_engine, make_sessions, upgrade
from service.adapters.guideline_file import load_policy
from service.api.app_state import EXTENSION
from service.api.caching import MEMORY, PageMemory
from service.app import create_app
from service.bootstrap import Parts, make_api, make_parts
from service.domain.guideline import Policy
from service.local.postgres import running_postgres
from service.local.valkey import running_valkey
from service.models import Base, Site
from service.usecases.context import Context
from tests.makers import Makers
from tests.webhook_receiver import Receiver, running_receiver
from workers.bench.running_stack import RunningStack, running_stack

# A busy machine is slow, not wrong: no example is judged by the time it took.
hypothesis.settings.register_profile("parley", deadline=None)
hypothesis.settings.load_profile("parley")

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
NO_BROWSER = f"No browser: install one of {', '.join(BROWSERS)} from the system's packages."
SECRET = "a secret that only the tests know, long enough"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """A test in a browser that fails is tried once more (ADR 38); the report lists it as R.

    All tests of the running stack go to one process, so that it is started once (ADR 40).
    """
    for item in items:
        needs = getattr(item, "fixturenames", ())
        if "browser" in needs:
            item.add_marker(pytest.mark.flaky(reruns=1))
        if "stack" in needs or "browser" in needs:
            item.add_marker(pytest.mark.xdist_group("stack"))


@pytest.fixture(scope="session")
def scratch() -> Iterator[Path]:
    """A folder for servers' data. PostgreSQL runs under an account of its own where we are root,
    and pytest closes its own temporary folder to everybody else whenever another run starts.
    """
    folder = Path(tempfile.mkdtemp(prefix="parley-tests-"))
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def database_url(scratch: Path) -> Iterator[str]:
    """A PostgreSQL of our own, with every table."""
    with running_postgres(scratch / "postgres") as url:
        engine = make_engine(url, pool_size=2)
        upgrade(engine)
        engine.dispose()
        yield url


@pytest.fixture(scope="session")
def redis_url(scratch: Path) -> Iterator[str]:
    """A Redis-compatible server of our own."""
    with running_valkey(scratch / "redis") as url:
        yield url


@pytest.fixture(scope="session")
def engine(database_url: str) -> Iterator[Engine]:
    engine = make_engine(database_url, pool_size=5)
    yield engine
    engine.dispose()


@pytest.fixture(scope="session")
def settings(database_url: str, redis_url: str) -> Settings:
    return Settings(
        database_url=database_url,
        redis_url=redis_url,
        secret_key=SECRET,
        page_cache_seconds=0,
        comment_rate="1000 per second",
        write_rate="1000 per second",
    )


@pytest.fixture(scope="session")
def policy(settings: Settings) -> Policy:
    """The guidelines as they ship."""
    return load_policy(settings.guidelines_file)


@pytest.fixture
def sessions(engine: Engine) -> Iterator[sessionmaker[Session]]:
    """Sessions inside one outer transaction that is rolled back when the test ends."""
    with engine.connect() as connection:
        outer = connection.begin()
        yield sessionmaker(
            connection, expire_on_commit=False, join_transaction_mode="create_savepoint"
        )
        outer.rollback()


@pytest.fixture
def shared(settings: Settings, engine: Engine, policy: Policy) -> Iterator[Context]:
    """A context that commits, so that threads see each other; everything is emptied again."""
    parts = make_parts(settings, sessions=make_sessions(engine), policy=policy)
    yield parts.ctx
    parts.engine.dispose()
    tables = ", ".join(table.name for table in Base.metadata.sorted_tables)
    with engine.begin() as connection:
        # The log refuses to be emptied; the test's own rows have to go all the same.
        connection.execute(text("SET LOCAL session_replication_role = replica"))
        connection.execute(text(f"TRUNCATE {tables} CASCADE"))


@pytest.fixture
def parts(settings: Settings, sessions: sessionmaker[Session], policy: Policy) -> Iterator[Parts]:
    parts = make_parts(settings, sessions=sessions, policy=policy)
    yield parts
    parts.engine.dispose()


@pytest.fixture
def ctx(parts: Parts) -> Context:
    return parts.ctx


@pytest.fixture
def make(ctx: Context) -> Makers:
    """Makers of real rows with good defaults."""
    return Makers(ctx)


@pytest.fixture
def site(make: Makers) -> Site:
    return make.site()


@pytest.fixture(scope="session")
def routes(settings: Settings, policy: Policy) -> Iterator[Flask]:
    """The application with all its routes: a quarter of a second to make, so made once."""
    parts = make_parts(settings, policy=policy)
    yield create_app(settings, make_api(settings, parts))
    parts.engine.dispose()


@pytest.fixture
def app(routes: Flask, settings: Settings, parts: Parts) -> Flask:
    """The application on this test's transaction, with nothing remembered from another test."""
    routes.extensions[EXTENSION] = make_api(settings, parts)
    routes.extensions[MEMORY] = PageMemory(settings.page_cache_seconds)
    return routes


@pytest.fixture
def client(app: Flask, site: Site) -> FlaskClient:
    """A client of the API; `site` is the default site."""
    return app.test_client()


@pytest.fixture(scope="session")
def shipped_models() -> Path:
    return Path(__file__).resolve().parent.parent / "workers" / "models"


@pytest.fixture(scope="session")
def stack(scratch: Path) -> Iterator[RunningStack]:
    """A whole running Parley with the demo site, as `./parley up` starts it."""
    # A page a moment old is right for readers; a test that has just seen a comment published
    # would have to wait for it.
    settings = {
        "PARLEY_COMMENT_RATE": "1000 per second",
        "PARLEY_PAGE_CACHE_SECONDS": "0",
        "PARLEY_WEBHOOK_ALLOW_PRIVATE": "true",
    }
    with running_stack(scratch / "stack", settings) as found:
        yield found


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """The system's Chromium; nothing is downloaded. One for all: Playwright runs once a process."""
    found = next(filter(None, map(shutil.which, BROWSERS)), None)
    if found is None:
        pytest.fail(NO_BROWSER)
    with sync_playwright() as playwright:
        # Chromium's own sandbox does not work for root, as which containers often run. Pages a
        # test fills in count as public ones, which may not call other servers of this machine.
        flags = ["--no-sandbox", "--disable-features=LocalNetworkAccessChecks"]
        running = playwright.chromium.launch(executable_path=found, args=flags)
        yield running
        running.close()


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    """A publisher's server."""
    with running_receiver() as running:
        yield running
