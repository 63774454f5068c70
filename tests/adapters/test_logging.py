"""Log lines: JSON, with what an operator needs and without what readers wrote."""

from __future__ import annotations

import io
import json
import logging
from collections.abc import Iterator

import pytest
import structlog

from service.adapters.logging import (
    DROPPED_KEYS,
    bind_context,
    clear_context,
    configure_logging,
    get_logger,
)

TEXT = "You are all fools"
EMAIL = "alice@example.org"
TOKEN = "eyJhbGciOiJIUzI1NiJ9.eyJ1c2VyIjoxfQ.c2lnbmF0dXJl"
KEY = "pk_" + "A" * 43


@pytest.fixture
def stream() -> Iterator[io.StringIO]:
    root = logging.getLogger()
    before = (list(root.handlers), root.level)
    written = io.StringIO()
    configure_logging("info", written)
    yield written
    clear_context()
    structlog.reset_defaults()
    root.handlers, root.level = before


def lines(stream: io.StringIO) -> list[dict[str, object]]:
    return [json.loads(line) for line in stream.getvalue().splitlines()]


def test_a_line_says_what_when_where_and_how_long(stream: io.StringIO) -> None:
    bind_context(request_id="r-1", route="POST /articles/{key}/comments")
    get_logger("parley").info("comment stored", comment_id="c-1", seconds=0.02)
    (line,) = lines(stream)
    assert line.pop("time")
    assert line == {
        "event": "comment stored",
        "level": "info",
        "logger": "parley",
        "request_id": "r-1",
        "route": "POST /articles/{key}/comments",
        "comment_id": "c-1",
        "seconds": 0.02,
    }


def test_a_new_request_starts_without_the_values_of_the_last(stream: io.StringIO) -> None:
    bind_context(request_id="r-1")
    clear_context()
    get_logger("parley").info("next")
    assert "request_id" not in lines(stream)[0]


def test_lines_of_other_libraries_are_json_too(stream: io.StringIO) -> None:
    logging.getLogger("celery.worker").warning("task %s took %d s", "sweep", 3)
    (line,) = lines(stream)
    assert (line["event"], line["logger"]) == ("task sweep took 3 s", "celery.worker")


@pytest.mark.parametrize("key", sorted(DROPPED_KEYS))
def test_dangerous_keys_are_dropped_at_any_depth(stream: io.StringIO, key: str) -> None:
    names = [key, key.upper(), f"reader_{key}", key.replace("_", "-")]
    get_logger("parley").info(
        "stored",
        kept="yes",
        nested={"deep": [dict.fromkeys(names, TEXT)], "kept": 1},
        **dict.fromkeys(names, TEXT),
    )
    assert TEXT not in stream.getvalue()
    assert lines(stream)[0]["kept"] == "yes"
    assert lines(stream)[0]["nested"] == {"deep": [{}], "kept": 1}


@pytest.mark.parametrize("secret", [EMAIL, TOKEN, KEY, "postgres:hunter2"])
def test_secrets_inside_sentences_are_masked(stream: io.StringIO, secret: str) -> None:
    logging.getLogger("library").warning("could not use postgres://%s@db/x for it", secret)
    logging.getLogger("library").warning("saw %s there", secret if "hunter" not in secret else "-")
    assert secret not in stream.getvalue()
    assert len(lines(stream)) == 2


def test_a_failure_is_described_without_the_value_it_stumbled_over(stream: io.StringIO) -> None:
    try:
        raise ValueError(f'invalid input "{TEXT}"\nDETAIL: Key (email)=({EMAIL})')
    except ValueError:
        get_logger("parley").exception("failed")
        logging.getLogger("library").exception("failed")
    assert TEXT not in stream.getvalue()
    assert EMAIL not in stream.getvalue()
    for line in lines(stream):
        assert line["error"] == "builtins.ValueError"
        assert line["error_message"] == "invalid input …"
        assert "test_logging.py" in str(line["error_at"])


@pytest.mark.parametrize("padding", [480, 499, 500])
def test_a_secret_at_the_edge_of_the_bounded_length_is_masked(
    stream: io.StringIO, padding: int
) -> None:
    for secret in (EMAIL, TOKEN * 100, KEY):
        get_logger("parley").info("long", path="x" * padding + " " + secret)
    assert "alice@" not in stream.getvalue()
    assert TOKEN[:14] not in stream.getvalue()
    assert KEY[:14] not in stream.getvalue()


def test_a_value_is_cut_to_a_bounded_length(stream: io.StringIO) -> None:
    get_logger("parley").info("long", path="x" * 10_000)
    assert len(stream.getvalue()) < 1_000


def test_line_breaks_in_values_cannot_forge_a_line(stream: io.StringIO) -> None:
    get_logger("parley").info('a\n{"event": "forged"}', path='b\n{"event": "forged"}')
    assert len(lines(stream)) == 1


def test_what_is_below_the_level_is_not_written(stream: io.StringIO) -> None:
    get_logger("parley").debug("detail")
    assert stream.getvalue() == ""
