"""export person, erase person, and erasing again after a restore, from the command line."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path
from typing import Any

import pytest

from crm_tui import clock
from crm_tui.services import tombstones
from tests import postgres
from tests.cli.conftest import Result, Run
from tests.conftest import NOW


@pytest.fixture
def acme(crm: Run, tmp_path: Path) -> Run:
    """A client with two people, one of whom much was said of."""
    crm("add", "custom_field", "entity=contact", "name=hobby")
    crm("add", "client", "name=ACME Studio", "notes=Maria Anders decides")
    crm("add", "contact", "name=Maria Anders", "client=1", "email=maria@acme.example", "hobby=sailing")
    crm("add", "contact", "name=Bo Berg", "client=1")
    crm("add", "interaction", "contact=1", "channel=call", "subject=Quote", "body=a discount")
    crm("do", "contact.comment", "1", "text=likes tea, @ana")
    crm("do", "client.comment", "1", "text=call Maria Anders on Friday")
    letter = tmp_path / "letter.txt"
    letter.write_text("Dear Maria")
    crm("attach", "contact", "1", letter, "--name", "../offer: Maria?.txt")
    return crm


def dossier(result: Result) -> dict[str, Any]:
    return dict(json.loads(result.out))


def test_all_that_is_held_is_one_document(acme: Run) -> None:
    found = dossier(acme("export", "person", "maria@acme.example"))
    assert found["entity"] == "contact"
    assert found["person"]["name"] == "Maria Anders"
    assert found["person"]["hobby"] == "sailing"
    assert found["person"]["client"] == {"id": 1, "name": "ACME Studio"}
    assert found["clients"] == [{"id": 1, "name": "ACME Studio"}]
    [said] = found["interactions"]
    assert (said["body"], said["contact"]["name"]) == ("a discount", "Maria Anders")
    assert said["at"].endswith("Z")
    assert [one["text"] for one in found["comments"]] == ["likes tea, @ana"]
    assert [one["name"] for one in found["attachments"]] == ["offer: Maria?.txt"]
    assert [(one["entity"], one["field"], one["operation"]) for one in found["mentions"]][:2] == [
        ("client", "notes", None),
        ("comment", "text", None),
    ]
    entries = found["journal"]
    assert entries[0]["entity"] == "contact"
    assert entries[0]["after"]["email"] == "maria@acme.example"
    assert {one["entity"] for one in entries} == {"contact", "interaction", "comment", "attachment"}
    assert found["notifications"] == []
    assert found["same_person"] == []


def test_a_person_is_named_in_several_ways(acme: Run) -> None:
    first = dossier(acme("export", "person", "Maria", "Anders"))
    for words in (["1"], ["#1"], ["contact:1"], ["contact:maria anders"], ["MARIA@acme.example"]):
        assert dossier(acme("export", "person", *words)) == first
    assert dossier(acme("export", "person", "client:ACME Studio"))["person"]["id"] == 1
    assert "client:12" in acme("export", "person", "Nobody", code=4).err
    acme("export", "person", "999", code=4)
    acme("export", "person", code=2)
    acme("archive", "contact", "1")
    assert dossier(acme("export", "person", "maria anders"))["person"]["archived_at"] is not None


def test_it_is_written_to_a_file_of_its_owner_with_the_files(acme: Run, tmp_path: Path) -> None:
    file, folder = tmp_path / "maria.json", tmp_path / "files"
    said = acme("export", "person", "1", "--to", file)
    assert "--files DIR" in said.err
    assert said.out == ""
    assert file.stat().st_mode & 0o777 == 0o600
    found = json.loads(file.read_text())
    acme("export", "person", "1", "--to", file, "--files", folder)
    assert json.loads(file.read_text())["person"] == found["person"]
    assert [(path.name, path.read_text()) for path in folder.iterdir()] == [("1-offer_ Maria_.txt", "Dear Maria")]
    assert "ends in .json" in acme("export", "person", "1", "--to", tmp_path / "maria.csv", code=2).err
    acme("export", "person", "1", "--to", tmp_path / "no" / "maria.json", code=2)


def test_lists_are_exported_as_before(acme: Run, tmp_path: Path) -> None:
    """The contract of ``export ENTITY [QUERY] --to FILE`` stands; ``people`` are a list, ``person`` is one."""
    acme("export", "people", "name:maria", "--to", tmp_path / "people.csv")
    assert "maria@acme.example" in (tmp_path / "people.csv").read_text()
    assert "--to" in acme("export", "contacts", code=2).err
    assert "one person" in acme("export", "contacts", "--to", "-", "--files", tmp_path, code=2).err
    assert "--columns" in acme("export", "person", "1", "--columns", "name", code=2).err


def test_who_decides_how_everyone_works_exports(acme: Run, run: Run, location: str) -> None:
    acme("add", "operator", "login=bo", "role=operator")
    bo = ("-w", location, "--operator", "bo")
    assert "only an admin or a manager" in run(*bo, "export", "person", "1", code=1).err
    acme("set", "operator", "bo", "role=manager")
    run(*bo, "export", "person", "1")
    assert "only an admin erases" in run(*bo, "erase", "person", "1", "--yes", code=1).err
    assert "--readonly" in acme("--readonly", "erase", "person", "1", "--yes", code=1).err
    acme("--readonly", "export", "person", "1")


def test_erasing_asks_says_what_goes_and_lists_where_the_name_still_stands(acme: Run) -> None:
    asked = acme("erase", "person", "Maria Anders", code=1).err
    assert "Erase Maria Anders for good?" in asked
    assert "1 contact, 1 interaction, 1 attachment, 1 comment" in asked
    assert "--yes" in asked
    said = acme("erase", "person", "Maria Anders", "--yes", "--reason", "she asked")
    assert 'Contact 1 is erased for good; it is called "erased person 1" from now on.' in said.err
    assert "restores one has them erased again" in said.err
    assert [line.split() for line in said.lines[1:]] == [
        ["client", "1", "notes"],
        ["comment", "2", "text"],
        ["client", "1", "notes", "3"],
        ["comment", "2", "text", "8"],
    ]
    [tomb] = acme("list", "erasures", "--json").json
    assert (tomb["name"], tomb["login"], tomb["reason"]) == ("erased person 1", "ana", "she asked")
    assert "already" in acme("erase", "person", "1", "--yes", code=1).err
    assert "final" in acme("undo", code=1).err
    assert acme("doctor", "--all", "--json").json["ok"] is True


def test_json_of_erasing(acme: Run) -> None:
    found = acme("erase", "person", "1", "--yes", "--json").json
    assert found["emptied"] == {"contact": 1, "interaction": 1, "comment": 1, "attachment": 1}
    assert found["still_named"][0] == {"entity": "client", "id": 1, "field": "notes", "operation": None}
    assert found["warnings"] == found["older"] == []
    assert "maria" not in json.dumps(found).lower()


def test_only_people_are_erased(acme: Run) -> None:
    assert "Only people" in acme("erase", "client", "1", "--yes", code=2).err
    said = acme("do", "contact.erase_person", "1", code=1).err
    assert "Erase Maria Anders for good?" in said
    out = acme("do", "contact.erase_person", "1", "--yes").out
    assert "still named: client 1: notes" in out
    acme("do", "contact.erase_person", "2", "1", "--yes", code=2)


def test_a_restored_backup_has_them_erased_again(acme: Run, tmp_path: Path) -> None:
    acme("backup", tmp_path / "old.db")
    acme("erase", "person", "1", "--yes")
    said = acme("restore", tmp_path / "old.db", "--yes")
    assert "1 person who was erased since that backup was made was erased again." in said.err
    assert acme("show", "contact", "1", "--json").json["name"] == "erased person 1"
    assert acme("show", "contact", "2", "--json").json["name"] == "Bo Berg"
    assert acme("list", "interactions", "--columns", "body", "--json").json == [{"body": ""}]
    assert acme("doctor", "--all", "--json").json["ok"] is True
    again = acme("restore", tmp_path / "old.db", "--yes", "--json")
    assert again.json["erased_again"] == 1
    acme("backup", tmp_path / "new.db")
    assert acme("restore", tmp_path / "new.db", "--yes", "--json").json["erased_again"] == 0


def test_no_byte_comes_back_with_a_restore(lite: Run, sqlite_location: str, tmp_path: Path) -> None:
    lite("add", "contact", "name=Maria Anders", "email=maria@acme.example")
    letter = tmp_path / "letter"
    letter.write_text("Dear Maria")
    lite("attach", "contact", "1", letter)
    lite("backup", tmp_path / "old.db")
    lite("erase", "person", "1", "--yes")
    lite("restore", tmp_path / "old.db")
    for path in Path(sqlite_location).parent.rglob("workspace.db*"):
        if path.is_file():
            assert b"maria" not in path.read_bytes().lower(), path


def test_a_workspace_that_was_lost_has_its_tombstones_beside_it(
    lite: Run, sqlite_location: str, tmp_path: Path
) -> None:
    lite("add", "contact", "name=Maria Anders")
    lite("backup", tmp_path / "old.db")
    lite("erase", "person", "1", "--yes")
    beside = tombstones.file_of(sqlite_location)
    assert beside.stat().st_mode & 0o777 == Path(sqlite_location).stat().st_mode & 0o777
    assert "maria" not in beside.read_text().lower()
    for suffix in ("", "-wal", "-shm"):
        Path(sqlite_location + suffix).unlink(missing_ok=True)
    assert lite("restore", tmp_path / "old.db", "--json").json["erased_again"] == 1
    assert lite("show", "contact", "1", "--json").json["name"] == "erased person 1"


def test_a_damaged_workspace_has_its_tombstones_beside_it(lite: Run, sqlite_location: str, tmp_path: Path) -> None:
    lite("demo", "--clients", 50, "--no-open", "--yes")
    lite("backup", tmp_path / "old.db")
    lite("erase", "person", "1", "--yes")
    path = Path(sqlite_location)
    damaged = bytearray(path.read_bytes())
    damaged[4096 : len(damaged) // 2] = b"\xff" * (len(damaged) // 2 - 4096)
    path.write_bytes(damaged)
    assert lite("restore", tmp_path / "old.db", "--json").json["erased_again"] == 1


def test_another_workspace_with_the_same_ids_is_left_alone(lite: Run, run: Run, tmp_path: Path) -> None:
    lite("add", "contact", "name=Maria Anders")
    lite("erase", "person", "1", "--yes")
    from datetime import timedelta

    other = ("-w", tmp_path / "other.db", "--operator", "ana")
    with clock.use(NOW + timedelta(seconds=1)):
        run(*other, "add", "contact", "name=Bo Berg")
        run(*other, "backup", tmp_path / "other-backup.db")
    assert lite("restore", tmp_path / "other-backup.db", "--json").json["erased_again"] == 0
    assert lite("show", "contact", "1", "--json").json["name"] == "Bo Berg"


def test_an_id_that_was_given_again_is_another_person(lite: Run, tmp_path: Path) -> None:
    """After a restore of what was before the person was added, somebody else has the id."""
    from datetime import timedelta

    lite("backup", tmp_path / "before.db")
    lite("add", "contact", "name=Maria Anders")
    lite("erase", "person", "1", "--yes")
    assert lite("restore", tmp_path / "before.db", "--json").json["erased_again"] == 0
    with clock.use(NOW + timedelta(minutes=1)):
        lite("add", "contact", "name=Bo Berg")
    lite("backup", tmp_path / "after.db")
    assert lite("restore", tmp_path / "after.db", "--json").json["erased_again"] == 0
    assert lite("show", "contact", "1", "--json").json["name"] == "Bo Berg"


def test_a_tombstone_outlives_a_restore_of_what_was_before_the_person(crm: Run, tmp_path: Path) -> None:
    crm("backup", tmp_path / "before.db")
    crm("add", "contact", "name=Maria Anders")
    crm("backup", tmp_path / "with.db")
    crm("erase", "person", "1", "--yes")
    assert crm("restore", tmp_path / "before.db", "--yes", "--json").json["erased_again"] == 0
    assert len(crm("list", "erasures", "--json").json) == 1
    assert crm("restore", tmp_path / "with.db", "--yes", "--json").json["erased_again"] == 1
    assert len(crm("list", "erasures", "--json").json) == 1


def test_a_backup_brings_its_tombstones_to_another_machine(acme: Run, run: Run, tmp_path: Path) -> None:
    """Also to the other database; an older backup restored there is put right, too."""
    acme("backup", tmp_path / "old.db")
    acme("erase", "person", "1", "--yes")
    acme("backup", tmp_path / "new.db")
    with postgres.database() as url:
        for place in (url, str(tmp_path / "there" / "place.db")):
            there = ("-w", place, "--operator", "ana")
            assert run(*there, "restore", tmp_path / "new.db", "--json").json["erased_again"] == 0
            assert len(run(*there, "list", "erasures", "--json").json) == 1
            assert run(*there, "restore", tmp_path / "old.db", "--yes", "--json").json["erased_again"] == 1
            assert run(*there, "show", "contact", "1", "--json").json["name"] == "erased person 1"


def test_what_was_set_aside_is_named(lite: Run, tmp_path: Path) -> None:
    lite("add", "contact", "name=Maria Anders")
    lite("backup", tmp_path / "old.db")
    lite("restore", tmp_path / "old.db")
    said = lite("erase", "person", "1", "--yes")
    assert "workspace.db.before-20261122-140200-restore" in said.err
    assert "stand nowhere else" in said.err


def test_a_broken_file_of_tombstones_is_no_obstacle(lite: Run, sqlite_location: str, tmp_path: Path) -> None:
    lite("add", "contact", "name=Maria Anders")
    lite("backup", tmp_path / "old.db")
    lite("erase", "person", "1", "--yes")
    file = tombstones.file_of(sqlite_location)
    file.write_text('{"workspace": 1}\nnonsense\n[]\n' + file.read_text())
    Path(sqlite_location).unlink()
    assert lite("restore", tmp_path / "old.db", "--json").json["erased_again"] == 1
    with sqlite3.connect(sqlite_location) as opened:
        assert opened.execute("SELECT COUNT(*) FROM erasure").fetchone() == (1,)


# Do not contact


def test_somebody_who_wants_no_contact_is_not_contacted_by_mistake(crm: Run) -> None:
    crm("add", "client", "name=ACME Studio")
    crm("add", "contact", "name=Maria Anders", "client=1", "do_not_contact=yes")
    for words in (
        ("do", "client.log", "1", "channel=email"),
        ("do", "contact.log", "1", "channel=call"),
        ("do", "client.log", "1", "channel=letter", "contact=#1"),
        ("add", "interaction", "contact=1", "channel=email"),
    ):
        said = crm(*words, code=1).err
        assert "wants no contact" in said
        assert "anyway=yes" in said
    crm("do", "contact.log", "1", "channel=email", "direction=in")
    crm("do", "client.log", "1", "channel=note", "subject=thinks about it")
    crm("do", "contact.log", "1", "channel=email", "anyway=yes")
    crm("add", "interaction", "contact=1", "channel=email", "anyway=yes")
    assert "anyway" in crm("do", "contact.log", "1", "channel=email", "anyway=perhaps", code=2).err
    assert len(crm("list", "interactions", "--json").json) == 4
    crm("add", "contact", "name=Bo Berg", "client=1")
    crm("do", "contact.log", "2", "channel=email")
    crm("do", "contact.log", "2,1", "channel=email", code=1)
    assert len(crm("list", "interactions", "--json").json) == 5


def test_lists_say_so_in_words_and_scripts_get_the_name(crm: Run) -> None:
    crm("add", "client", "name=ACME Studio", "follow_up_on=yesterday")
    crm("add", "contact", "name=Maria Anders", "client=1", "do_not_contact=yes")
    assert "do not contact: Maria Anders" in crm("list", "clients", "due<=today").out
    assert crm("list", "clients", "--columns", "contact", "--json").json == [{"contact": "Maria Anders"}]


def test_cards_are_without_who_wants_no_contact(crm: Run, tmp_path: Path) -> None:
    crm("add", "client", "name=ACME Studio", "email=office@acme.example")
    crm("add", "contact", "name=Maria Anders", "client=1", "email=maria@acme.example", "do_not_contact=yes")
    crm("add", "contact", "name=Bo Berg", "client=1")
    said = crm("export", "contacts", "--to", tmp_path / "people.vcf").err
    assert "1 person who wants no contact was left out of the cards." in said
    assert "1 contact written" in said
    cards = (tmp_path / "people.vcf").read_text()
    assert "Bo Berg" in cards
    assert "Maria" not in cards
    crm("export", "clients", "--to", tmp_path / "clients.vcf")
    cards = (tmp_path / "clients.vcf").read_text()
    assert "office@acme.example" in cards
    assert "Maria" not in cards
    crm("export", "contacts", "--to", tmp_path / "people.csv")
    assert "Maria" in (tmp_path / "people.csv").read_text()


def test_a_backup_of_a_version_that_knew_no_erasing_is_put_right_too(
    lite: Run, sqlite_location: str, tmp_path: Path
) -> None:
    """It has no tombstones and no name of its own, but it was begun when this workspace was."""
    lite("add", "contact", "name=Maria Anders")
    lite("backup", tmp_path / "old.db")
    with sqlite3.connect(tmp_path / "old.db") as opened:
        opened.execute("DROP TABLE erasure")
        opened.execute("DROP TABLE erased_record")
        opened.execute("DELETE FROM schema_migration WHERE name = '0008_erasures'")
    lite("erase", "person", "1", "--yes")
    assert lite("restore", tmp_path / "old.db", "--json").json["erased_again"] == 1
    assert lite("show", "contact", "1", "--json").json["name"] == "erased person 1"
