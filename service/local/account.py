"""PostgreSQL refuses to run as root: which account it runs as instead, and what that may reach."""

from __future__ import annotations

import logging
import os
import pwd
import stat
from pathlib import Path

from service.local.processes import StartFailed

_log = logging.getLogger(__name__)
_CANDIDATES = ("postgres", "nobody")


def account_for(data_dir: Path) -> str | None:
    """The account for a cluster in `data_dir`: None (stay who we are) unless we are root.

    A cluster that exists keeps its owner. Raises `StartFailed` where root finds no account.
    """
    if os.geteuid() != 0:
        return None
    if (data_dir / "PG_VERSION").exists() and (owner := data_dir.stat().st_uid) != 0:
        return pwd.getpwuid(owner).pw_name
    for name in _CANDIDATES:
        try:
            return pwd.getpwnam(name).pw_name
        except KeyError:
            continue
    raise StartFailed(
        "PostgreSQL refuses to run as root, and this machine has none of the accounts "
        f"{', '.join(_CANDIDATES)}. Start Parley as an ordinary user."
    )


def own_folder(folder: Path, account: str | None) -> None:
    """Make `folder` (mode 0700) and give it to `account`, or to ourselves where that is None."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    if account is None:
        if folder.stat().st_uid != os.geteuid():
            raise StartFailed(f"{folder} belongs to another user; remove it or choose another")
        return
    entry = pwd.getpwnam(account)
    os.chown(folder, entry.pw_uid, entry.pw_gid)
    folder.chmod(0o700)


def let_pass(path: Path, account: str | None) -> None:
    """Let `account` walk to `path`: adds the search bit, never the read bit, to folders above."""
    if account is None:
        return
    for folder in reversed(path.resolve().parents):
        mode = folder.stat().st_mode
        if not mode & stat.S_IXOTH:
            _log.warning("made %s passable for the account %s", folder, account)
            folder.chmod(mode | stat.S_IXOTH)


def let_read(tree: Path, account: str | None) -> None:
    """Let `account` read and run everything in `tree`, which an umask of 077 would forbid."""
    if account is None:
        return
    let_pass(tree, account)
    for path in (tree, *tree.rglob("*")):
        if path.is_symlink():
            continue
        mode = path.stat().st_mode
        wanted = stat.S_IROTH | (stat.S_IXOTH if mode & stat.S_IXUSR else 0)
        if mode & wanted != wanted:
            path.chmod(mode | wanted)
