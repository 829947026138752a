"""import and export, as scripts and people call them."""

from __future__ import annotations

import csv
import io
import json
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cli.conftest import Run
from tests.importers.desk import CUSTOMERS


@pytest.fixture
def customers(tmp_path: Path) -> Path:
    """A list of four companies, as another program wrote it."""
    file = tmp_path / "customers.csv"
    file.write_text(CUSTOMERS, encoding="utf-8")
    return file


def test_a_company_list_is_imported_without_a_word_on_its_columns(crm: Run, customers: Path) -> None:
    said = crm("import", "clients", customers)
    assert said.out == ""
    assert "CSV, UTF-8, delimiter ,, about 4 rows" in said.err
    assert "4 created, 0 updated, 0 unchanged, 0 rejected; 4 contacts created" in said.err
    assert [line.split()[:2] for line in said.err.splitlines()[2:5]] == [
        ["customerID", "external_id"], ["companyName", "name"], ["contactName", "contact.name"],
    ]  # fmt: skip
    assert "fax           left out" in said.err
    again = crm("import", "clients", customers, "--key", "external_id", "--both")
    assert "0 created, 0 updated, 4 unchanged, 0 rejected" in again.err
    assert crm("list", "clients", "country:germany", "--format", "ids").lines == ["1"]
    assert crm("list", "clients", "snabbkop", "--columns", "city", "--json").json == [{"city": "Luleå"}]
    crm("undo")
    assert crm("list", "clients", "--json").json == []
    crm("redo")
    assert len(crm("list", "clients", "--format", "ids").lines) == 4
    assert len(crm("list", "contacts", "primary:yes", "--format", "ids").lines) == 4


def test_a_mapping_of_ones_own(crm: Run, customers: Path) -> None:
    crm(
        "import",
        "clients",
        customers,
        "--map",
        "fax=phone",
        "--map",
        "city=",
        "--map",
        "contactTitle=contact.role",
        code=1,
    )
    said = crm("import", "clients", customers, "--map", "fax=phone", "--map", "city=", "--map", "contactTitle=")
    assert said.code == 0
    assert crm("list", "clients", "id:1", "--columns", "phone,city", "--json").json == [
        {"phone": "030-0076545", "city": ""}
    ]
    refused = crm("import", "clients", customers, "--map", "fax=fone", code=2)
    assert 'there is no field "fone". Did you mean "phone"' in refused.err
    assert (
        'the file has no column "fux". Did you mean "fax"?'
        in crm("import", "clients", customers, "--map", "fux=phone", code=2).err
    )


def test_rejected_rows_are_listed_written_and_leave_with_1(crm: Run, tmp_path: Path) -> None:
    file, rejects = tmp_path / "clients.csv", tmp_path / "rejects.csv"
    file.write_text("name,score,owner\nACME,7,\nBad,700,\nWorse,800,bob\nWorst,,bob\nToo,,bob\n")
    said = crm("import", "clients", file, "--rejects", rejects, code=1)
    assert 'line 3: score: "700" is outside 0 to 100' in said.err
    assert 'lines 5, 6: owner: there is no operator "bob"' in said.err
    assert "1 created, 0 updated, 0 unchanged, 4 rejected" in said.err
    assert f"4 rejected rows written to {rejects}" in said.err
    assert [row["line"] for row in csv.DictReader(io.StringIO(rejects.read_text()))] == ["3", "4", "5", "6"]
    nothing = crm("import", "clients", file, "--all-or-nothing", code=1)
    assert "Nothing was imported, because rows were rejected." in nothing.err
    assert crm("list", "clients", "--format", "ids").lines == ["1"]
    crm("import", "clients", file, "--rejects", tmp_path / "nowhere" / "r.csv", code=2)
    crm("import", "clients", file, "--rejects", tmp_path / "r.pdf", code=2)
    assert crm("list", "clients", "--format", "ids").lines == ["1"], "it was imported before its rejects were refused"


def test_for_scripts_the_report_is_json(crm: Run, customers: Path) -> None:
    customers.write_text(CUSTOMERS + "X,,Nobody,,,,,,,,\n", encoding="utf-8")
    report = crm("import", "clients", customers, "--key", "external_id", "--json", code=1).json
    assert {name: report[name] for name in ("created", "updated", "unchanged", "rejected", "contacts_created")} == {
        "created": 4, "updated": 0, "unchanged": 0, "rejected": 1, "contacts_created": 4,
    }  # fmt: skip
    assert report["columns"][0] == {"column": "customerID", "field": "external_id", "reason": "a known word for it"}
    assert report["columns"][-1]["field"] is None
    assert (report["key"], report["mode"], report["refused"], report["dry_run"]) == (
        "external_id",
        "both",
        False,
        False,
    )
    assert report["rejects"][0]["line"] == 6
    assert report["rejects"][0]["cells"]["contactName"] == "Nobody"
    assert f"import 4 clients from {customers.name}" in crm("undo", report["operation"]).err


def test_a_dry_run_writes_nothing_not_even_a_workspace(run: Run, customers: Path, tmp_path: Path) -> None:
    place = tmp_path / "new.db"
    said = run("--workspace", place, "import", "clients", customers, "--dry-run")
    assert "Nothing was written. It would be:\n4 created" in said.out
    assert said.err == ""
    assert not place.exists()
    run("--workspace", place, "import", "clients", customers)
    before = sqlite3.connect(place).execute("SELECT COUNT(*) FROM change").fetchone()
    report = run("--workspace", place, "import", "clients", customers, "--dry-run", "--json").json
    assert (report["dry_run"], report["operation"], report["created"]) == (True, None, 4)
    assert "4 rows have external ids that clients have already" in report["warnings"][0]
    assert sqlite3.connect(place).execute("SELECT COUNT(*) FROM change").fetchone() == before


def test_what_is_piped_in_is_imported(process: Callable[..., object], sqlite_location: str, customers: Path) -> None:
    said = process("-w", sqlite_location, "import", "clients", "-", shell=f'cat {customers} | "$@"')
    assert "4 created" in said.stderr, said  # type: ignore[attr-defined]  # a CompletedProcess
    printed = process("-w", sqlite_location, "export", "clients", "--to", "-", "--columns", "name,contact.name")
    assert printed.stdout.splitlines()[1] == "Alfreds Futterkiste,Maria Anders"  # type: ignore[attr-defined]


def test_what_cannot_be_imported_is_said(lite: Run, customers: Path, tmp_path: Path) -> None:
    assert "there is no file" in lite("import", "clients", tmp_path / "none.csv", code=2).err
    assert "nothing called" in lite("import", "cars", customers, code=2).err
    assert "Settings cannot be imported." in lite("import", "settings", customers, code=2).err
    assert "cannot be the key" in lite("import", "clients", customers, "--key", "stage", code=2).err
    assert "by a key" in lite("import", "clients", customers, "--update", code=2).err
    assert "viewer" not in lite("--readonly", "import", "clients", customers, code=1).err


def test_export_says_how_many_and_comes_back_unchanged(crm: Run, customers: Path, tmp_path: Path) -> None:
    crm("import", "clients", customers)
    for suffix in (".csv", ".xlsx", ".json", ".vcf"):
        file = tmp_path / f"out{suffix}"
        assert crm("export", "clients", "--to", file, "--json").json == {
            "file": str(file),
            "entity": "client",
            "records": 4,
        }
        back = crm("import", "clients", file, "--key", "external_id")
        assert "0 created, 0 updated, 4 unchanged, 0 rejected" in back.err, suffix
    said = crm("export", "clients", "country:usa", "--to", tmp_path / "one.csv", "--columns", "name,city")
    assert f"1 client written to {tmp_path / 'one.csv'}" in said.err
    assert (tmp_path / "one.csv").read_text() == "name,city\nRattlesnake Canyon Grocery,Albuquerque\n"
    assert crm("export", "clients", "--to", "-", "--columns", "city").out.splitlines() == [
        "city", "Berlin", "Luleå", "Toulouse", "Albuquerque",
    ]  # fmt: skip
    assert "end it with one of" in crm("export", "clients", "--to", tmp_path / "a.pdf", code=2).err
    assert "no folder" in crm("export", "clients", "--to", tmp_path / "none" / "a.csv", code=2).err
    assert json.loads((tmp_path / "out.json").read_text(encoding="utf-8"))[0]["contact.name"] == "Maria Anders"


def test_teams_who_is_in_them_and_what_an_admin_added_to_them_are_exchanged(crm: Run, tmp_path: Path) -> None:
    crm("add", "custom_field", "entity=team", "name=floor", "label=Floor", "kind=number")
    (tmp_path / "teams.csv").write_text("name,kind,Floor\nSales,sales,3\nHelp desk,support,2\n")
    (tmp_path / "members.csv").write_text("operator,team\nana,Sales\nnobody,Sales\n")
    crm("import", "teams", tmp_path / "teams.csv")
    said = crm("import", "memberships", tmp_path / "members.csv", code=1)
    assert "1 created, 0 updated, 0 unchanged, 1 rejected" in said.err
    assert crm("list", "teams", "floor>2", "--columns", "name,kind,floor,members", "--json").json == [
        {"name": "Sales", "kind": "sales", "floor": 3, "members": "ana"}
    ]
    crm("export", "teams", "--to", tmp_path / "again.csv")
    said = crm("import", "teams", tmp_path / "again.csv", "--key", "name", "--both")
    assert "0 created, 0 updated, 2 unchanged" in said.out + said.err


@pytest.mark.parametrize("entity", ["settings", "comments", "attachments", "saved_views", "notifications", "erasures"])
def test_what_makes_no_sense_in_a_file_is_not_imported(lite: Run, customers: Path, entity: str) -> None:
    assert "cannot be imported" in lite("import", entity, customers, code=2).err
