"""What a publisher's page gets: loaders, files, sizes, counts, events, plain pages, the demo."""

from __future__ import annotations

import gzip
import json
import re
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from playwright.sync_api import expect

from service.api.embed import MODULES
from service.console.assets import STATIC
from tests.widget.conftest import Serve, Visit
from tests.widget.courier import Courier
from tests.widget.test_visit import FERRY, REPLIES, card, sign_in, widget
from workers.bench.running_stack import RunningStack

FOLDER = STATIC / "widget"
FIRST_VISIT_BYTES = 20_000
LONGEST = 250
QUESTIONS = (
    (),
    ("Will the new deck have lamps along the cycle lane?",),
    (FERRY, "Has the council asked the traders' association about the rates?"),
)
LANGUAGES = ("en", "ga", "de", "fr", "es")
# Words of the server's own that stand in where English has no text of the widget's.
SERVED = re.compile(r"^e\.")


def packed(*names: str) -> int:
    return sum(len(gzip.compress((FOLDER / name).read_bytes(), 9, mtime=0)) for name in names)


@pytest.mark.fast
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_first_visit_loads_less_than_20_kb(client: FlaskClient, language: str) -> None:
    loader = len(gzip.compress(client.get("/embed.js").data, 9, mtime=0))
    modules = [f"{name}.js" for name in MODULES]
    size = loader + packed(*modules, "widget.css", f"messages/{language}.json")
    assert size < FIRST_VISIT_BYTES


@pytest.mark.fast
def test_modules_stay_short() -> None:
    long = {p.name for p in FOLDER.glob("*.js") if len(p.read_text("utf-8").splitlines()) > LONGEST}
    assert long == set()


@pytest.mark.fast
@pytest.mark.parametrize("part", ["", "write.", "more."])
@pytest.mark.parametrize("language", LANGUAGES[1:])
def test_every_language_says_everything_with_the_same_blanks(language: str, part: str) -> None:
    english, other = (
        json.loads((FOLDER / f"messages/{name}.{part}json").read_text("utf-8"))
        for name in ("en", language)
    )
    assert {key for key in other if not SERVED.match(key)} == {
        key for key in english if not SERVED.match(key)
    }
    for key, text in english.items():
        assert blanks(text) == blanks(other[key]), key


def blanks(text: Any) -> set[str]:
    return set(re.findall(r"{\w+}", json.dumps(text)))


@pytest.mark.fast
def test_every_word_the_modules_ask_for_is_there() -> None:
    words: set[str] = set()
    for part in ("", "write.", "more."):
        words |= set(json.loads((FOLDER / f"messages/en.{part}json").read_text("utf-8")))
    asked = {
        key
        for path in FOLDER.glob("*.js")
        for key in re.findall(r"""(?<![\w.])t\("([\w.]+)\"""", path.read_text("utf-8"))
    }
    assert asked - words == set()


def live_address(stack: RunningStack) -> str:
    """Where live updates come from."""
    return str(stack.call("GET", "/api/v1/site?site=demo").json["live_url"])


def test_the_loader_is_kept_for_minutes_and_names_files_kept_for_ever(client: FlaskClient) -> None:
    loader = client.get("/embed.js")
    assert loader.headers["Cache-Control"] == "public, max-age=300"
    assert loader.headers["Access-Control-Allow-Origin"] == "*"
    etag = loader.headers["ETag"]
    assert client.get("/embed.js", headers={"If-None-Match": etag}).status_code == 304
    names = re.findall(r'import\("([^"]+)"\)', loader.text)
    assert len(names) == len(MODULES)
    for name in names:
        module = client.get(name)
        assert "immutable" in module.headers["Cache-Control"]
        assert module.headers["Access-Control-Allow-Origin"] == "*"


def test_nothing_comes_from_elsewhere_and_no_cookie_is_set(visit: Visit, paper: Courier) -> None:
    article = paper.article()
    paper.comment(article, "Colm Daly", FERRY)
    page = visit(article)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.reload()
    expect(card(page, FERRY)).to_be_visible()
    ours = (paper.stack.address, live_address(paper.stack), "data:")
    assert {url for url in asked if not url.startswith(ours)} == set()
    assert page.context.cookies() == []
    assert not [url for url in asked if "token" in url.lower()]


def test_it_works_on_a_strict_page_of_another_origin(
    visit: Visit, serve: Serve, paper: Courier
) -> None:
    article = paper.article()
    paper.comment(article, "Colm Daly", FERRY)
    address = paper.stack.address
    policy = (
        f"default-src 'none'; script-src {address};"
        f" connect-src {address} {live_address(paper.stack)};"
        " require-trusted-types-for 'script'"
    )
    html = f"""<!doctype html><html lang=en><title>Paper</title>
    <script type=module src="{address}/embed.js"></script>
    <parley-comments article="{article}" site="{article}"></parley-comments>"""
    page = visit(article)
    page.goto(serve(html, {"Content-Security-Policy": policy}))
    expect(card(page, FERRY)).to_be_visible()
    sign_in(page, paper, "Nora Byrne")
    card(page, FERRY).get_by_role("button", name="Respect").click()
    expect(card(page, FERRY).locator(".respect")).to_contain_text("1")


def test_the_page_hears_what_happens(visit: Visit, paper: Courier) -> None:
    page = visit(paper.article())
    expect(widget(page).get_by_role("button", name="Leave a comment")).to_be_visible()
    token = paper.token("Nora Byrne")
    heard = page.evaluate(
        """async (token) => {
            const heard = [];
            const element = document.querySelector("parley-comments");
            await element.setToken(token);
            for (const name of ["parley-posted", "parley-decided", "parley-count"]) {
                element.addEventListener(name, (event) => heard.push([name, event.detail]));
            }
            const root = element.shadowRoot;
            root.querySelector(".compose button").click();
            while (!root.querySelector("textarea")) await new Promise((go) => setTimeout(go, 50));
            root.querySelector("textarea").value = "Will there be room for prams on the ferry?";
            root.querySelector("form").requestSubmit();
            const names = () => new Set(heard.map(([name]) => name));
            while (names().size < 3) await new Promise((go) => setTimeout(go, 50));
            return heard;
        }""",
        token,
    )
    # In no order: the stream may count the comment before its author's own question is answered.
    said = dict(heard)
    assert said["parley-decided"]["status"] == "published"
    assert said["parley-count"] == {"count": 1}
    assert token not in page.content()


def test_an_expired_token_is_renewed_by_the_page(visit: Visit, paper: Courier) -> None:
    page = visit(paper.article())
    expect(widget(page).get_by_role("button", name="Leave a comment")).to_be_visible()
    page.evaluate(
        """(token) => {
            const element = document.querySelector("parley-comments");
            element.addEventListener("parley-token-needed", (event) => {
                event.stopImmediatePropagation();
                event.preventDefault();
                element.setToken(token);
            }, { capture: true });
            element.setToken("no.longer.valid");
        }""",
        paper.token("Aoife Ward"),
    )
    expect(widget(page).get_by_text("You are here as")).to_contain_text("Aoife Ward")


def test_all_counters_of_a_page_are_filled_by_one_request(
    visit: Visit, serve: Serve, paper: Courier
) -> None:
    urls = [f"https://paper.example/story-{number}" for number in range(3)]
    site = paper.article()
    for number, url in enumerate(urls):
        article = paper.another(f"story-{number}", url=url)
        for reader in range(number):
            paper.comment(article, f"Reader {reader}", QUESTIONS[number][reader])
    page = visit(site)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    links = [f'<a href="{url}#x" data-parley-count data-parley-site={site}>-</a>' for url in urls]
    html = f"""<!doctype html><html lang=en><title>Front</title>{"".join(links)}
    <script type=module src="{paper.stack.address}/count.js"></script>"""
    page.goto(serve(html))
    for number in range(len(urls)):
        expect(page.locator("a").nth(number)).to_have_text(str(number))
    # The page left behind may still ask for its own paper's counts.
    assert len([url for url in asked if f"/api/v1/counts?site={site}&" in url]) == 1


def test_without_script_there_is_a_plain_page(visit: Visit, paper: Courier) -> None:
    article = paper.article()
    root = paper.comment(article, "Colm Daly", FERRY)
    for number, reply in enumerate(REPLIES):
        paper.comment(article, f"Reader {number}", reply, parent=root)
    page = visit(
        article, path=f"/articles/{article}/comments.html?site={article}", java_script_enabled=False
    )
    expect(page.get_by_text(FERRY)).to_be_visible()
    page.get_by_role("link", name="Show 1 more reply").click()
    expect(page.get_by_text(REPLIES[-1])).to_be_visible()
    page.goto(f"{paper.stack.address}/articles/no-such/comments.html?site={article}")
    expect(page.get_by_text("article_not_found")).to_be_visible()


def test_tokens_are_given_to_readers_of_the_demo_only(stack: RunningStack) -> None:
    answer = stack.call("POST", "/demo/token?site=demo", body={"name": "Nora Byrne"})
    assert answer.status == 200
    me = stack.call("GET", "/api/v1/me?site=demo", token=answer.json["token"])
    assert me.json["username"] == "Nora Byrne"
    assert stack.call("POST", "/demo/token?site=demo", body={"name": ""}).status == 422
    assert stack.call("POST", "/demo/token?site=nowhere", body={"name": "Nora"}).status == 404


def documented() -> str:
    return (Path(__file__).resolve().parents[2] / "docs" / "widget.md").read_text("utf-8")


@pytest.mark.fast
def test_every_colour_and_part_is_documented() -> None:
    page = documented()
    css = (FOLDER / "widget.css").read_text("utf-8")
    settings = set(re.findall(r"var\((--parley-[a-z-]+)", css))
    parts = {
        part
        for path in FOLDER.glob("*.js")
        for found in re.findall(r'part: "([a-z ]+)"', path.read_text("utf-8"))
        for part in found.split()
    }
    assert {name for name in settings if f"`{name}`" not in page} == set()
    assert {name for name in parts if f"`{name}`" not in page} == set()
