"""Static files: found under the hash of their folder, kept for ever, and nothing but files."""

from __future__ import annotations

import gzip
import re
from pathlib import Path

from flask.testing import FlaskClient

from service.console.assets import FOREVER, STATIC, folders, url_of

CONSOLE = STATIC / "console"
LONGEST_MODULE = 250
# Ways to make markup or code of text.
MARKUP = re.compile(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|DOMParser|eval\(")


def test_a_file_is_kept_for_ever_under_the_hash_of_its_folder(client: FlaskClient) -> None:
    answer = client.get(url_of("console/main.js"))
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == FOREVER
    assert answer.content_type == "text/javascript; charset=utf-8"
    assert answer.data == (CONSOLE / "main.js").read_bytes()


def test_a_file_comes_compressed_to_whoever_takes_it(client: FlaskClient) -> None:
    url = url_of("console/console.css")
    packed = client.get(url, headers={"Accept-Encoding": "gzip"})
    assert packed.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.data) == client.get(url).data


def test_an_address_of_another_version_is_answered_and_not_kept(client: FlaskClient) -> None:
    answer = client.get("/assets/0123456789abcdef/console/main.js")
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "no-store"


def test_nothing_outside_the_folder_can_be_read(client: FlaskClient) -> None:
    version = url_of("console/main.js").split("/")[2]
    for name in ("console/nothing.js", "console/../../app.py", "console", "%2e%2e/app.py"):
        assert client.get(f"/assets/{version}/{name}").status_code == 404


def test_the_hash_changes_with_any_file_of_the_folder(tmp_path: Path) -> None:
    for name, words in (("one", "a"), ("two", "b")):
        (tmp_path / name / "w").mkdir(parents=True)
        (tmp_path / name / "w" / "main.js").write_text("same")
        (tmp_path / name / "w" / "other.js").write_text(words)
    hashes = {folders(tmp_path / name)["w"].hash for name in ("one", "two")}
    assert len(hashes) == 2


def test_the_page_has_no_script_or_style_of_its_own_and_allows_none(client: FlaskClient) -> None:
    answer = client.get("/console")
    page = answer.get_data(as_text=True)
    policy = answer.headers["Content-Security-Policy"]
    assert "script-src 'self'" in policy
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy
    assert re.findall(r"<script[^>]*>([^<]+)", page) == []
    assert "<style" not in page
    assert " style=" not in page
    assert all(client.get(url).status_code == 200 for url in re.findall(r"/assets/[^\"]+", page))


def test_no_module_makes_markup_of_text_or_grows_too_long() -> None:
    for path in CONSOLE.glob("*.js"):
        text = path.read_text("utf-8")
        assert MARKUP.search(text) is None, path.name
        assert len(text.splitlines()) <= LONGEST_MODULE, path.name
