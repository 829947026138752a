"""backup and restore: the whole workspace into one file and back, on both databases."""

from __future__ import annotations

import shutil
import sqlite3
from pathlib import Path
from typing import Any

import pytest

from crm_tui.verbs import copying
from tests import postgres
from tests.cli.conftest import Run


@pytest.fixture
def filled(crm: Run) -> Run:
    """A workspace with something of everything."""
    crm("add", "operator", "login=bo", "name=Bo", "role=operator")
    crm(
        "add",
        "client",
        "name=ACME Studio",
        "tags=vip",
        "owner=bo",
        "acquired_on=today",
    )
    crm("add", "client", "name=Königlich Essen", "notes=Zeile 1\nZeile 2", "score=7")
    crm("add", "contact", "name=Maria Anders", "client=ACME Studio", "email=maria@acme.example")
    crm("add", "interaction", "client=ACME Studio", "at=2026-11-19 10:30:01", "subject=Quote")
    crm("add", "saved_view", "name=mine", "screen=clients", "query=owner:me")
    crm("set", "clients", "1,2", "city=Berlin")
    crm("add", "client", "name=mistake")
    crm("undo")
    return crm


def everything(crm: Run) -> list[Any]:
    return [crm("list", name, "--json").json for name in ("clients", "contacts", "operators", "tags", "views")] + [
        crm("log", "--json").json
    ]


def test_a_backup_is_one_file_that_restores_to_the_same(filled: Run, tmp_path: Path) -> None:
    file = tmp_path / "backup.db"
    before = everything(filled)
    said = filled("backup", file, "--json").json
    assert said["file"] == str(file)
    assert said["rows"]["client"] == 2
    assert said["bytes"] == file.stat().st_size
    assert file.stat().st_mode & 0o777 == 0o600
    assert [path.name for path in tmp_path.iterdir() if "backup" in path.name] == ["backup.db"]
    filled("set", "clients", "1,2", "city=Porto")
    filled("add", "client", "name=later")
    filled("restore", file, "--yes")
    assert everything(filled) == before
    assert filled("list", "clients", "konig", "--format", "ids").lines == ["2"]  # the search index came along
    assert filled("add", "client", "name=next").out == "4\n"  # the id of what was undone is not given again
    assert filled("doctor", "--all", "--json").json["ok"] is True


def test_a_backup_opens_as_a_workspace(filled: Run, run: Run, tmp_path: Path) -> None:
    before = everything(filled)
    filled("backup", tmp_path / "copy.db")
    assert everything(lambda *words: run("-w", tmp_path / "copy.db", "--operator", "ana", *words)) == before


def test_a_backup_moves_a_workspace_to_the_other_database(filled: Run, run: Run, tmp_path: Path) -> None:
    before = everything(filled)
    filled("backup", tmp_path / "backup.db")
    with postgres.database() as url:
        for place in (url, str(tmp_path / "new" / "place.db")):
            run("restore", tmp_path / "backup.db", "-w", place)

            def there(*words: object, place: str = place) -> Any:
                return run("-w", place, "--operator", "ana", *words)

            assert everything(there) == before
            there("undo")
            assert there("doctor", "--json").json["ok"] is True


def test_what_was_there_is_set_aside(lite: Run, sqlite_location: str, tmp_path: Path) -> None:
    lite("add", "client", "name=old")
    lite("backup", tmp_path / "backup.db")
    lite("set", "client", 1, "name=new")
    said = lite("restore", tmp_path / "backup.db", "--json").json
    assert lite("list", "clients", "--columns", "name", "--json").json == [{"name": "old"}]
    aside = Path(said["set_aside"])
    assert aside.parent == Path(sqlite_location).parent
    assert aside.stat().st_mode & 0o777 == Path(sqlite_location).stat().st_mode & 0o777
    lite("restore", aside)
    assert lite("list", "clients", "--columns", "name", "--json").json == [{"name": "new"}]


def test_sessions_that_are_open_go_on_with_what_was_restored(lite: Run, sqlite_location: str, tmp_path: Path) -> None:
    lite("add", "client", "name=old")
    lite("backup", tmp_path / "backup.db")
    lite("set", "client", 1, "name=new")
    with sqlite3.connect(sqlite_location) as other:
        assert other.execute("SELECT name FROM client").fetchall() == [("new",)]
        lite("restore", tmp_path / "backup.db")
        assert other.execute("SELECT name FROM client").fetchall() == [("old",)]
        assert other.execute("PRAGMA journal_mode").fetchone() == ("wal",)


def test_a_damaged_workspace_is_set_aside_as_it_is(lite: Run, sqlite_location: str, tmp_path: Path) -> None:
    lite("demo", "--clients", 50, "--no-open", "--yes")
    lite("backup", tmp_path / "backup.db")
    path = Path(sqlite_location)
    damaged = bytearray(path.read_bytes())
    damaged[4096 : len(damaged) // 2] = b"\xff" * (len(damaged) // 2 - 4096)
    path.write_bytes(damaged)
    said = lite("restore", tmp_path / "backup.db", "--json").json
    assert Path(said["set_aside"]).read_bytes() == damaged
    assert len(lite("list", "clients", "--json").json) == 50
    assert lite("doctor", "--json").json["ok"] is True


def test_what_is_no_backup_changes_nothing(filled: Run, tmp_path: Path) -> None:
    before = everything(filled)
    letter = tmp_path / "letter.txt"
    letter.write_text("Dear Ana,\n" * 100)
    foreign = tmp_path / "foreign.db"
    with sqlite3.connect(foreign) as connection:
        connection.execute("CREATE TABLE client (name)")
    filled("backup", tmp_path / "good.db")
    cut = tmp_path / "cut.db"
    cut.write_bytes((tmp_path / "good.db").read_bytes()[:-20_000])
    for file in (letter, foreign, cut):
        said = filled("restore", file, "--yes", code=5)
        assert str(file) in said.err
        assert "crm-tui-" not in said.err
    filled("restore", tmp_path / "nothing.db", code=4)
    assert everything(filled) == before
    assert not list(tmp_path.glob("*.before-*"))


def test_a_backup_replaces_only_an_older_backup(lite: Run, sqlite_location: str, tmp_path: Path) -> None:
    lite("backup", tmp_path / "backup.db")
    lite("add", "client", "name=ACME")
    lite("backup", tmp_path / "backup.db")
    letter = tmp_path / "letter.txt"
    letter.write_text("Dear Ana")
    assert "not a backup" in lite("backup", letter, code=1).err
    assert letter.read_text() == "Dear Ana"
    lite("backup", sqlite_location, code=2)
    lite("backup", tmp_path, code=2)
    lite("backup", tmp_path / "no" / "folder.db", code=4)
    other = tmp_path / "other.db"
    shutil.copy(tmp_path / "backup.db", other)
    lite("-w", other, "add", "client", "name=theirs")
    assert "in use" in lite("backup", other, code=1).err
    lite("backup", other, "--yes")


def test_only_an_admin_restores(filled: Run, run: Run, location: str, tmp_path: Path) -> None:
    filled("backup", tmp_path / "backup.db")
    bo = ("-w", location, "--operator", "bo")
    assert "admin" in run(*bo, "restore", tmp_path / "backup.db", "--yes", code=1).err
    assert "--readonly" in filled("--readonly", "restore", tmp_path / "backup.db", code=1).err


def test_a_filled_postgresql_workspace_is_replaced_only_with_yes(filled: Run, location: str, tmp_path: Path) -> None:
    filled("backup", tmp_path / "backup.db")
    if location.startswith("postgresql:"):
        assert "--yes" in filled("restore", tmp_path / "backup.db", code=1).err
    else:
        filled("restore", tmp_path / "backup.db")


def test_a_copy_that_is_not_the_same_is_refused() -> None:
    from crm_tui.errors import StorageFailed

    copying.require_equal({"client": (2, "ab")}, {"client": (2, "ab")})
    with pytest.raises(StorageFailed, match="client"):
        copying.require_equal({"client": (2, "ab"), "tag": (0, "")}, {"client": (2, "cd"), "tag": (0, "")})
