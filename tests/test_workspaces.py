"""Opening a workspace: refused untouched when it is none, migrated with its old file kept."""

from __future__ import annotations

import hashlib
import os
import shutil
import sqlite3
import stat
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest

from crm_tui import workspaces
from crm_tui.db import APPLICATION_ID, Workspace, proxy
from crm_tui.errors import CannotOpen, NotAllowed, StorageFailed
from crm_tui.scope import Actor
from crm_tui.services.operators import sign_in
from crm_tui.workspaces import HISTORY, known_migrations, open_workspace
from tests import business, postgres
from tests.disks import Disk, small_disk

Open = Callable[..., Workspace]


def fingerprint(path: Path) -> tuple[str, int]:
    """What proves a file untouched: its bytes, and when it was last written to."""
    return hashlib.sha256(path.read_bytes()).hexdigest(), path.stat().st_mtime_ns


def refused(location: Path | str, **how: bool) -> str:
    """Return why a workspace cannot be opened, its path left out; what is open already stays so."""
    before = proxy.obj
    with pytest.raises(CannotOpen) as told:
        open_workspace(str(location), **how)
    assert before is None or proxy.obj is before
    assert told.value.exit_code == 5
    return str(told.value).replace(str(location), "FILE")


def test_where_nothing_is_nothing_is_made_unasked(tmp_path: Path) -> None:
    assert refused(tmp_path / "no.db", create=False) == "There is no workspace at FILE."
    assert refused(tmp_path / "no.db", readonly=True) == "There is no workspace at FILE."
    (tmp_path / "empty.db").touch()
    assert refused(tmp_path / "empty.db", readonly=True) == "There is no workspace at FILE: the file is empty."
    assert not (tmp_path / "no.db").exists()


# --- refused, and left as it is


@pytest.fixture
def foreign(tmp_path: Path) -> Path:
    path = tmp_path / "shop.db"
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE client (name)")
        connection.execute("PRAGMA user_version = 7")
    connection.close()
    return path


@pytest.mark.parametrize("readonly", [False, True])
@pytest.mark.parametrize(
    "content",
    [
        b"hello",
        b"name,city\nACME,Berlin\n" * 100,
        b"SQLite format 3\x00",
        b"SQLite format 3\x00" + bytes(60),
        bytes(5000),
    ],
)
def test_what_is_no_workspace_is_refused(tmp_path: Path, content: bytes, readonly: bool) -> None:
    path = tmp_path / "w.db"
    path.write_bytes(content)
    before = fingerprint(path)
    assert refused(path, readonly=readonly) == "FILE is not a crm-tui workspace. It was left untouched."
    assert fingerprint(path) == before
    assert list(tmp_path.iterdir()) == [path]


def test_somebody_elses_database_is_refused(foreign: Path) -> None:
    before = fingerprint(foreign)
    said = "FILE is a database of another program, not a crm-tui workspace. It was left untouched."
    assert refused(foreign) == said
    assert fingerprint(foreign) == before
    assert list(foreign.parent.iterdir()) == [foreign]


def test_what_is_no_file_is_refused(tmp_path: Path) -> None:
    assert refused(tmp_path) == "FILE is a folder, not a workspace."
    os.mkfifo(tmp_path / "pipe")
    assert refused(tmp_path / "pipe") == "FILE is not a crm-tui workspace. It was left untouched."
    assert refused("/dev/null") == "FILE is not a crm-tui workspace. It was left untouched."


@pytest.mark.parametrize("path", ["w\0.db", "~nobody-of-that-name/w.db", "x" * 300, "/dev/null/w.db", "/proc/w.db"])
def test_a_path_that_cannot_be_is_told(path: str) -> None:
    assert refused(path).startswith("The workspace FILE cannot be opened: ")


@pytest.fixture
def newer(sqlite_location: str) -> Path:
    with sqlite3.connect(sqlite_location) as connection:
        connection.execute(f"INSERT INTO {HISTORY} (name, applied) VALUES ('9999_far_future', '2030-01-01')")
    connection.close()
    return Path(sqlite_location)


@pytest.mark.parametrize("readonly", [False, True])
def test_a_newer_version_is_refused(newer: Path, readonly: bool) -> None:
    before = fingerprint(newer)
    said = "The workspace FILE was made by a newer crm-tui (it has 9999_far_future)."
    assert refused(newer, readonly=readonly) == f"{said} Update the program; nothing was changed."
    assert fingerprint(newer) == before


def test_a_newer_version_keeps_what_its_killed_writer_left_beside_it(newer: Path, tmp_path: Path) -> None:
    """What stands in the write-ahead log belongs to the newer program: we must not move it into the file."""
    writer = sqlite3.connect(newer)
    writer.execute("INSERT INTO tag (name, created_at, updated_at) VALUES ('vip', '2026-01-01', '2026-01-01')")
    writer.commit()
    folder = tmp_path / "copied"
    folder.mkdir()
    for path in newer.parent.glob("workspace.db*"):
        shutil.copy2(path, folder / path.name)
    writer.close()
    copied = folder / "workspace.db"
    before = fingerprint(copied), fingerprint(folder / "workspace.db-wal")
    refused(copied)
    assert (fingerprint(copied), fingerprint(folder / "workspace.db-wal")) == before


def test_a_file_that_its_owner_made_read_only_is_refused_and_may_be_read(sqlite_location: str, open_at: Open) -> None:
    path = Path(sqlite_location)
    path.chmod(0o444)
    before = fingerprint(path)
    said = "The workspace FILE is read-only for you. Open it with --readonly, or ask for its permissions."
    assert refused(path) == said
    workspace = open_at(sqlite_location, readonly=True)
    ana = sign_in(workspace, "ana", readonly=True)
    with pytest.raises(NotAllowed, match="--readonly"):
        business.client(workspace, ana)
    with pytest.raises(StorageFailed, match="read-only"), workspace.write():
        workspace.database.execute_sql("DELETE FROM presence")
    workspace.close()
    assert fingerprint(path) == before


@pytest.mark.parametrize("cut", [100, 4096, 50_000])
def test_a_truncated_file_is_told_and_left_as_it_is(sqlite_location: str, cut: int) -> None:
    path = Path(sqlite_location)
    path.write_bytes(path.read_bytes()[:cut])
    before = fingerprint(path)
    said = refused(path)
    assert said.startswith(("The workspace FILE cannot be read: The workspace's file is damaged", "FILE is not a"))
    assert fingerprint(path) == before


def test_a_damaged_file_is_told_and_left_as_it_is(sqlite_location: str) -> None:
    path = Path(sqlite_location)
    content = bytearray(path.read_bytes())
    content[100:4096] = b"\xff" * 3996
    path.write_bytes(content)
    before = fingerprint(path)
    assert "The workspace's file is damaged" in refused(path)
    assert fingerprint(path) == before


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Disk | None]:
    with small_disk(tmp_path / "disk") as made:
        yield made


@pytest.fixture
def read_only_disk(tmp_path: Path, disk: Disk | None, sqlite_location: str) -> Iterator[Path]:
    """A disk that nobody can write to, with a workspace on it."""
    folder = tmp_path / "disk"
    shutil.copy(sqlite_location, folder / "w.db")
    if disk:
        disk.make_read_only()
    else:  # without the right to mount, the modes alone have to do
        (folder / "w.db").chmod(0o444)
        folder.chmod(0o555)
    yield folder
    if not disk:
        folder.chmod(0o755)


def test_a_workspace_on_a_read_only_disk_may_be_read(read_only_disk: Path, open_at: Open) -> None:
    assert "read-only for you" in refused(read_only_disk / "w.db")
    workspace = open_at(str(read_only_disk / "w.db"), readonly=True)
    assert sign_in(workspace, "ana", readonly=True).login == "ana"
    assert "cannot be opened: " in refused(read_only_disk / "new.db")


# --- brought up to date


@pytest.fixture
def older(tmp_path: Path, sqlite_location: str, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A workspace of the version before: this one has a migration more."""
    folder = tmp_path / "migrations"
    shutil.copytree(workspaces.MIGRATIONS, folder, ignore=shutil.ignore_patterns("__pycache__"))
    (folder / "0999_more.py").write_text(
        "def up(migrator, db):\n    db.execute_sql('CREATE TABLE more (id INTEGER PRIMARY KEY)')\n"
    )
    monkeypatch.setattr(workspaces, "MIGRATIONS", folder)
    return Path(sqlite_location)


def test_an_older_workspace_is_migrated_and_its_file_kept(older: Path, open_at: Open) -> None:
    older.chmod(0o660)
    workspace = open_at(str(older))
    assert workspace.database.execute_sql("SELECT count(*) FROM more").fetchone() == (0,)
    kept = list(older.parent.glob("workspace.db.before-*"))
    assert [path.name for path in kept] == [f"workspace.db.before-20261122-140200-{known_migrations()[-2]}"]
    assert stat.S_IMODE(kept[0].stat().st_mode) == 0o660
    with sqlite3.connect(kept[0]) as copy:
        assert copy.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        assert copy.execute("SELECT login FROM operator").fetchall() == [("ana",)]
        assert copy.execute("SELECT name FROM sqlite_master WHERE name = 'more'").fetchall() == []
    copy.close()


def test_a_second_copy_of_the_same_moment_gets_a_name_of_its_own(older: Path, open_at: Open) -> None:
    (older.parent / f"workspace.db.before-20261122-140200-{known_migrations()[-2]}").write_text("mine")
    open_at(str(older))
    kept = sorted(older.parent.glob("workspace.db.before-*"))
    assert len(kept) == 2
    assert kept[0].read_text() == "mine"


def test_an_older_workspace_is_not_migrated_by_a_reader(older: Path) -> None:
    before = fingerprint(older)
    said = "The workspace FILE was made by an older crm-tui and must be opened once without --readonly."
    assert refused(older, readonly=True) == said
    assert fingerprint(older) == before


def test_a_migration_that_fails_changes_nothing(older: Path) -> None:
    (workspaces.MIGRATIONS / "0999_more.py").write_text(
        "def up(migrator, db):\n    db.execute_sql('CREATE TABLE more (id INTEGER PRIMARY KEY)')\n    1 / 0\n"
    )
    with pytest.raises(ZeroDivisionError):
        open_workspace(str(older))
    with sqlite3.connect(older) as connection:
        assert connection.execute("SELECT name FROM sqlite_master WHERE name = 'more'").fetchall() == []
    connection.close()


def test_no_room_for_the_copy_stops_the_migration(older: Path, disk: Disk | None) -> None:
    if disk is None:
        return
    path = disk.folder / "w.db"
    shutil.copy(older, path)
    before = fingerprint(path)
    disk.fill(leave=path.stat().st_size // 2)
    assert refused(path).startswith("The workspace must be migrated, but a copy of it cannot be kept first: ")
    assert fingerprint(path) == before
    assert list(disk.folder.glob("*before*")) == []


def test_a_backup_that_was_copied_back_serves_readers_and_writers_at_once_again(
    sqlite_location: str, tmp_path: Path, open_at: Open
) -> None:
    with sqlite3.connect(sqlite_location) as connection:
        connection.execute("VACUUM INTO ?", (str(tmp_path / "backup.db"),))
    connection.close()
    workspace = open_at(str(tmp_path / "backup.db"))
    assert workspace.database.execute_sql("PRAGMA journal_mode").fetchone() == ("wal",)
    assert list(tmp_path.glob("*before*")) == []


def test_a_file_is_marked_as_ours_from_its_first_page(sqlite_location: str) -> None:
    assert Path(sqlite_location).read_bytes()[68:72] == APPLICATION_ID.to_bytes(4, "big")


# --- PostgreSQL


def test_a_server_that_is_not_there_is_told_without_the_password() -> None:
    address = "postgresql://ana:s3cret@/nothing?host=/nowhere/at/all"
    said = refused(address)
    assert said.startswith("The workspace on PostgreSQL cannot be opened: ")
    assert "s3cret" not in said
    assert refused("postgresql://ana:s3cret@host:notaport/x").count("s3cret") == 0


def test_somebody_elses_postgresql_database_is_refused() -> None:
    with postgres.database() as url:
        with psycopg.connect(url) as connection:
            connection.execute("CREATE TABLE shop (name text)")
        assert refused(url) == "FILE is a database of another program: it has tables already. It was left untouched."
        with psycopg.connect(url) as connection:
            tables = connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'").fetchall()
        assert tables == [("shop",)]


def test_a_postgresql_database_needs_to_hold_every_letter() -> None:
    with postgres.database() as url:
        with psycopg.connect(url, autocommit=True) as connection:
            name = url.rpartition("?")[0].rpartition("/")[2]
            connection.execute(f"CREATE DATABASE {name}_latin TEMPLATE template0 ENCODING 'LATIN1' LOCALE 'C'")
        latin = url.replace(name, f"{name}_latin")
        assert refused(latin) == "The database must be in UTF8 to hold every name, and FILE is in LATIN1."
        postgres.drop_database(latin)


def test_a_newer_postgresql_workspace_is_refused(postgres_location: str) -> None:
    with psycopg.connect(postgres_location) as connection:
        connection.execute(f"INSERT INTO {HISTORY} (name, applied) VALUES ('9999_far_future', now())")
    assert "was made by a newer crm-tui" in refused(postgres_location)


def test_a_reader_of_postgresql_cannot_write(location: str, workspace: Workspace, ana: Actor, open_at: Open) -> None:
    reader = open_at(location, readonly=True)
    with pytest.raises(StorageFailed, match="read-only"), reader.write():
        reader.database.execute_sql("DELETE FROM presence")


WRITES_AND_ENDS = """
import sqlite3, sys
connection = sqlite3.connect(sys.argv[1])
row = "(session, login, screen, seen_at) VALUES (?, 'bo', '', '2026-11-22')"
connection.execute(f"INSERT INTO presence {row}", sys.argv[2:])
connection.commit()
connection.close()
"""


def test_what_other_processes_write_is_seen_though_they_end(sqlite_location: str, open_at: Open) -> None:
    """The last to leave takes the write-ahead log away: nobody may believe to be that while we are here."""
    workspace = open_at(sqlite_location)
    seen = []
    for session in ("one", "two", "three"):
        subprocess.run([sys.executable, "-c", WRITES_AND_ENDS, sqlite_location, session], check=True)
        seen.append(workspace.data_version())
        there = workspace.database.execute_sql("SELECT session FROM presence WHERE login = 'bo'").fetchall()
        assert (session,) in there
    assert seen == sorted(set(seen))
