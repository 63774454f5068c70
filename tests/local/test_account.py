"""Which account PostgreSQL runs as, and what is opened for it."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from service.local.account import account_for, let_pass
from service.local.sockets import socket_folder

as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root changes accounts")


@pytest.mark.skipif(os.geteuid() == 0, reason="root cannot stay root")
def test_an_ordinary_user_runs_it_as_themselves(tmp_path: Path) -> None:
    assert account_for(tmp_path) is None


@as_root
def test_root_hands_it_to_an_account_without_rights(tmp_path: Path) -> None:
    assert account_for(tmp_path) in ("postgres", "nobody")


@as_root
def test_the_account_may_pass_the_folders_above_but_not_list_them(tmp_path: Path) -> None:
    private = tmp_path / "private"
    (private / "db").mkdir(parents=True)
    private.chmod(0o700)

    let_pass(private / "db", "nobody")

    assert private.stat().st_mode & 0o777 == 0o701


def test_a_long_path_still_gets_a_short_socket(tmp_path: Path) -> None:
    deep = tmp_path / ("a" * 120) / "db"
    folder = socket_folder(deep)
    folder.rmdir()

    assert len(str(folder / "pg" / ".s.PGSQL.5432")) < 104
