"""Short folders for Unix sockets, whose paths may have 104 bytes on macOS and 108 on Linux."""

from __future__ import annotations

import hashlib
import os
import shutil
import tempfile
from pathlib import Path

from service.local.processes import StartFailed

_LONGEST_BASE = 60  # leaves room for parley-<10>/pg/.s.PGSQL.5432.lock


def socket_folder(data_dir: Path) -> Path:
    """The folder for the sockets of the stack in `data_dir`, always the same for the same folder.

    Raises `StartFailed` where somebody else owns it: they could listen in.
    """
    base = Path(tempfile.gettempdir())
    if len(os.fsencode(base)) > _LONGEST_BASE:
        base = Path("/tmp")  # noqa: S108 - the folder itself is checked below
    key = hashlib.sha256(os.fsencode(data_dir.resolve())).hexdigest()[:10]
    folder = base / f"parley-{key}"
    folder.mkdir(mode=0o711, exist_ok=True)
    if folder.is_symlink() or folder.stat().st_uid != os.geteuid():
        raise StartFailed(f"{folder} belongs to another user; remove it, or set TMPDIR")
    folder.chmod(0o711)
    return folder


def remove_sockets(data_dir: Path) -> None:
    """Take the folder away again once no server uses it."""
    shutil.rmtree(socket_folder(data_dir), ignore_errors=True)
