"""attach and extract, and what backup, restore and doctor make of attached files."""

from __future__ import annotations

from pathlib import Path

import pytest

from crm_tui.file_store import folder_of
from tests import postgres
from tests.cli.conftest import Run

CONTENT = bytes(range(256)) * 2500


@pytest.fixture
def offer(tmp_path: Path) -> Path:
    path = tmp_path / "offer.pdf"
    path.write_bytes(CONTENT)
    return path


@pytest.fixture
def filled(crm: Run, offer: Path) -> Run:
    """A client with a file, an empty file, and one that was taken back."""
    (offer.parent / "empty.txt").touch()
    crm("add", "client", "name=ACME Studio")
    assert crm("attach", "client", "ACME Studio", offer, offer.parent / "empty.txt").out == "1\n2\n"
    crm("attach", "client", 1, offer, "--name", "mistake")
    crm("undo")
    return crm


def test_attach_list_and_extract(filled: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    place = tmp_path / "elsewhere"
    place.mkdir()
    monkeypatch.chdir(place)
    assert filled("list", "files", "name:offer", "--columns", "name,size", "--json").json == [
        {"name": "offer.pdf", "size": 640_000}
    ]
    assert filled("extract", 1).out == f"{place / 'offer.pdf'}\n"
    assert (place / "offer.pdf").read_bytes() == CONTENT
    assert "give --yes to replace it" in filled("extract", 1, code=1).err
    filled("extract", 1, place / "offer.pdf", "--yes")
    assert filled("extract", 2, place / "none.txt", "--json").json["bytes"] == 0
    assert "There is no folder" in filled("extract", 1, tmp_path / "no" / "where", code=2).err
    assert "no attachment" in filled("extract", 77, code=4).err.lower()
    filled("do", "attachment.extract", 1, f"to={tmp_path / 'third'}")
    assert (tmp_path / "third").read_bytes() == CONTENT
    assert "is there already" in filled("do", "attachment.extract", 1, f"to={tmp_path / 'third'}", code=2).err
    filled("do", "client.attach", 1, f"file={tmp_path / 'third'}")
    assert sorted(path.name for path in place.iterdir()) == ["none.txt", "offer.pdf"]


def test_a_backup_is_one_file_with_the_attached_files(filled: Run, run: Run, offer: Path, tmp_path: Path) -> None:
    backup = tmp_path / "backup.db"
    filled("backup", backup)
    assert [path.name for path in tmp_path.iterdir() if "backup" in path.name] == ["backup.db"]
    run("-w", backup, "--operator", "ana", "extract", 1, tmp_path / "from backup")
    assert (tmp_path / "from backup").read_bytes() == CONTENT
    with postgres.database() as url:
        for place in (url, str(tmp_path / "new" / "place.db")):

            def there(*words: object, place: str = place) -> str:
                return run("-w", place, "--operator", "ana", *words).out

            run("restore", backup, "-w", place)
            there("extract", 1, tmp_path / "again", "--yes")
            assert (tmp_path / "again").read_bytes() == CONTENT
            there("extract", 2, tmp_path / "again", "--yes")
            assert (tmp_path / "again").read_bytes() == b""
            there("redo")
            there("extract", 3, tmp_path / "again", "--yes")
            assert (tmp_path / "again").read_bytes() == CONTENT
            assert "3 attachments have their files" in there("doctor")


def test_a_workspace_without_files_is_backed_up_as_before(crm: Run, tmp_path: Path) -> None:
    crm("add", "client", "name=ACME")
    crm("backup", tmp_path / "backup.db")
    crm("restore", tmp_path / "backup.db", "--yes")
    assert not list(tmp_path.glob("*.files"))


def test_restoring_a_workspaces_own_file_takes_its_folder_along(
    lite: Run, run: Run, offer: Path, sqlite_location: str, tmp_path: Path
) -> None:
    lite("add", "client", "name=ACME Studio")
    lite("attach", "client", 1, offer)
    run("restore", sqlite_location, "-w", tmp_path / "other.db")
    run("-w", tmp_path / "other.db", "--operator", "ana", "extract", 1, tmp_path / "again")
    assert (tmp_path / "again").read_bytes() == CONTENT


def test_what_is_set_aside_has_its_files(lite: Run, run: Run, offer: Path, tmp_path: Path) -> None:
    lite("backup", tmp_path / "empty.db")
    lite("add", "client", "name=ACME Studio")
    lite("attach", "client", 1, offer)
    aside = lite("restore", tmp_path / "empty.db", "--yes", "--json").json["set_aside"]
    run("-w", aside, "--operator", "ana", "extract", 1, tmp_path / "again")
    assert (tmp_path / "again").read_bytes() == CONTENT
    assert "1 file belongs to no attachment" in lite("doctor").out
    lite("restore", aside, "--yes")
    assert "1 attachment has its file" in lite("doctor").out


def test_doctor_names_what_is_missing_and_what_is_left_over(
    lite: Run, offer: Path, sqlite_location: str, tmp_path: Path
) -> None:
    lite("add", "client", "name=ACME Studio")
    lite("attach", "client", 1, offer, offer)
    folder = folder_of(sqlite_location)
    stored = lite("show", "attachment", 2, "--json").json["stored"]
    (folder / stored).rename(folder / "left over")
    found = {one["name"]: one for one in lite("doctor", "--json", code=1).json["checks"]}
    assert found["files.missing"]["state"] == "problem"
    assert "1 attachment has lost its file: #2" in found["files.missing"]["text"]
    assert "left over" in found["files.orphaned"]["text"]
    assert "The contents of this file are gone" in lite("extract", 2, tmp_path / "x", code=4).err
    assert "1 attachment has lost its file" in lite("backup", tmp_path / "backup.db").err
