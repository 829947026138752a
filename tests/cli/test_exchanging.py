"""import and export from the command line; the formats and the planning have tests of their own."""

from __future__ import annotations

import csv
import io
import sys
from pathlib import Path

import pytest

from tests.cli.conftest import Run

SHEET = (
    "Id,Firma,E-mail,Score\nA-1,ACME Studio,info@acme.example,82\nA-2,Bólido,nobody,7\nA-3,Wolski,w@wolski.example,x\n"
)


@pytest.fixture
def sheet(tmp_path: Path) -> Path:
    path = tmp_path / "clients.csv"
    path.write_text(SHEET)
    return path


def test_an_import_says_what_became_of_every_row(crm: Run, sheet: Path, tmp_path: Path) -> None:
    rejects = tmp_path / "rejects.csv"
    said = crm(
        "import", "clients", sheet, "--map", "Firma=name", "--map", "Id=external_id", "--rejects", rejects, "--json"
    ).json  # fmt: skip
    assert (said["created"], said["rejected"], said["dry_run"]) == (1, 2, False)
    assert [row["line"] for row in said["rejects"]] == [3, 4]
    assert [row["line"] for row in csv.DictReader(rejects.open())] == ["3", "4"]
    assert crm("list", "clients", "--columns", "name,external_id,score", "--json").json == [
        {"name": "ACME Studio", "external_id": "A-1", "score": 82}
    ]
    crm("undo", said["operation"])
    assert crm("list", "clients", "--json").json == []


def test_a_rehearsal_writes_nothing(crm: Run, sheet: Path) -> None:
    said = crm("import", "clients", sheet, "--map", "Firma=name", "--dry-run")
    assert "Firma → name" in said.out
    assert "1 added, 2 rejected" in said.out
    assert "line 3" in said.err
    assert crm("list", "clients", "--json").json == []


def test_a_key_updates_what_exists(crm: Run, tmp_path: Path) -> None:
    crm("add", "client", "name=ACME", "external_id=A-1")
    file = tmp_path / "more.csv"
    file.write_text("external_id,name,city\nA-1,ACME Studio,Berlin\nA-9,New,Porto\n")
    said = crm("import", "clients", file, "--key", "external_id", "--update", "--json").json
    assert (said["created"], said["updated"]) == (0, 1)
    said = crm("import", "clients", file, "--key", "external_id", "--json").json
    assert (said["created"], said["updated"], said["unchanged"]) == (1, 0, 1)
    crm("import", "clients", file, "--create", "--update", code=2)


def test_what_is_wrong_with_the_file_is_said(lite: Run, sheet: Path, tmp_path: Path) -> None:
    assert "no file" in lite("import", "clients", tmp_path / "none.csv", code=2).err
    assert "foo" in lite("import", "clients", sheet, "--map", "foo=name", code=2).err
    assert "--rejects" not in lite("import", "clients", sheet, "--rejects", tmp_path / "no" / "r.csv", code=2).out
    assert "delimiter" in lite("import", "clients", sheet, "--delimiter", "||", code=2).err
    said = lite("import", "clients", sheet, "--map", "Firma=name", "--all-or-nothing", code=1)
    assert "Nothing was imported: 2 rows" in said.err
    assert lite("list", "clients", "--json").json == []


def test_what_is_piped_in_is_imported(lite: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"name,city\nACME,Berlin\n")))
    assert lite("import", "clients", "-", "--json").json["created"] == 1


def test_an_export_is_read_back_unchanged(crm: Run, tmp_path: Path) -> None:
    for name in ("ACME", "=1+1", "Bólido"):
        crm("add", "client", f"name={name}", "city=Berlin", "external_id=" + name, "tags=a,b", "last_contact=-2d")
    before = crm("list", "clients", "--json").json
    file = tmp_path / "clients.csv"
    assert crm("export", "clients", "--to", file, "--json").json == {
        "file": str(file), "entity": "client", "records": 3,
    }  # fmt: skip
    said = crm("import", "clients", file, "--key", "id", "--json").json
    assert (said["unchanged"], said["created"], said["updated"], said["rejected"]) == (3, 0, 0, 0)
    assert crm("list", "clients", "--json").json == before


def test_an_export_of_some_records_and_columns_may_be_printed(crm: Run, tmp_path: Path) -> None:
    for name in ("ACME", "Bólido"):
        crm("add", "client", f"name={name}", "city=Berlin")
    out = crm("export", "clients", "-acme", "--to", "-", "--columns", "name,city").out
    assert out.splitlines() == ["name,city", "Bólido,Berlin"]
    assert "1 clients" in crm("export", "clients", "name:acme", "--to", tmp_path / "one.json").err
    assert ".csv" in crm("export", "clients", "--to", tmp_path / "x.pdf", code=2).err
    crm("export", "clients", "--to", tmp_path, code=2)
    assert "^^^^" in crm("export", "clients", "ctiy:x", "--to", tmp_path / "x.csv", code=2).err
    crm("export", "clients", code=2)
