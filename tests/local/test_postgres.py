"""The embedded PostgreSQL: real servers, each in a folder of its own."""

from __future__ import annotations

from pathlib import Path

import psycopg
import pytest

from service.local.postgres import start_postgres
from service.local.processes import StartFailed
from service.local.sockets import socket_folder


def test_it_keeps_its_data_over_a_restart(tmp_path: Path) -> None:
    first = start_postgres(tmp_path / "db")
    with psycopg.connect(_dsn(first.url)) as connection:
        connection.execute("CREATE TABLE kept (word text)")
        connection.execute("INSERT INTO kept VALUES ('fáilte')")
    first.stop()

    second = start_postgres(tmp_path / "db")
    with psycopg.connect(_dsn(second.url)) as connection:
        row = connection.execute("SELECT word FROM kept").fetchone()
    second.stop()

    assert row == ("fáilte",)


def test_it_can_store_vectors(tmp_path: Path) -> None:
    server = start_postgres(tmp_path / "db", durable=False)
    with psycopg.connect(_dsn(server.url)) as connection:
        connection.execute("CREATE EXTENSION vector")
        row = connection.execute("SELECT '[1,0]'::vector <=> '[0,1]'::vector").fetchone()
    server.stop()

    assert row == (1.0,)


def test_stopping_leaves_no_process_and_no_socket(tmp_path: Path) -> None:
    server = start_postgres(tmp_path / "db", durable=False)
    sockets = socket_folder(tmp_path / "db")

    server.stop()

    assert server.process.returncode is not None
    assert not sockets.exists()


def test_a_damaged_folder_is_reported_with_the_servers_own_words(tmp_path: Path) -> None:
    start_postgres(tmp_path / "db", durable=False).stop()
    (tmp_path / "db" / "PG_VERSION").write_text("9\n")

    with pytest.raises(StartFailed, match="version"):
        start_postgres(tmp_path / "db", durable=False)


def _dsn(url: str) -> str:
    return url.replace("postgresql+psycopg://", "postgresql://")
