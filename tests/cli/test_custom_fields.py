"""Custom fields from the command line: added, filled in, asked for, and out into files and back."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.conftest import Run

FIELDS = (
    ("industry", "kind=text", "label=Line of work"),
    ("staff", "kind=number"),
    ("budget", "kind=money", "currency=PLN"),
    ("kickoff", "kind=day"),
    ("medium", "kind=choice", "options=web, print, film"),
    ("channels", "kind=several choices", "options=mail, phone, chat"),
    ("nda", "kind=yes/no"),
    ("introducer", "kind=reference", "target=contact"),
    ("share", "kind=percent"),
    ("portal", "kind=link"),
)
VALUES = (
    "industry=Łódź, Web", "staff=1200", "budget=12.5k", "kickoff=2026-12-01", "medium=film", "channels=chat,mail",
    "nda=yes", "introducer=Maria", "share=40", "portal=acme.example/x",
)  # fmt: skip
SHOWN = {
    "industry": "Łódź, Web", "staff": 1200, "budget": "12500.00", "kickoff": "2026-12-01", "medium": "film",
    "channels": ["mail", "chat"], "nda": True, "introducer": {"id": 1, "name": "Maria"}, "share": 40,
    "portal": "acme.example/x",
}  # fmt: skip


@pytest.fixture
def acme(crm: Run) -> Run:
    """A workspace with a custom field of every kind, a client with a value in each, and one without any."""
    for name, *about in FIELDS:
        crm("add", "custom-field", "entity=clients", f"name={name}", *about)
    crm("add", "contact", "name=Maria")
    crm("add", "client", "name=ACME", "external_id=A-1", *VALUES)
    crm("add", "client", "name=Bare", "external_id=B-1")
    return crm


def test_a_client_is_added_with_custom_fields_listed_shown_and_undone(acme: Run) -> None:
    shown = acme("show", "client", "ACME", "--json").json
    assert {name: shown[name] for name in SHOWN} == SHOWN
    assert acme("show", "client", "Bare", "--json").json["channels"] == []
    columns = ",".join(name for name, *_about in FIELDS)
    said = acme("list", "clients", "industry:lodz medium:film", "--columns", columns).out
    assert "Line of work" in said and "PLN12,500.00" in said and "mail, chat" in said and "Maria" in said
    names = [row["name"] for row in acme("list", "clients", "sort:-staff", "--json").json]
    assert names == ["ACME", "Bare"]
    assert "Line of work" in acme("show", "client", "ACME").out
    acme("set", "client", "ACME", "industry=Print", "channels=+phone")
    assert "line of work: Łódź, Web → Print" in acme("log", "client", "ACME").out
    acme("undo")
    assert acme("show", "client", "ACME", "--json").json["industry"] == "Łódź, Web"


def test_files_take_custom_fields_out_and_back(acme: Run, tmp_path: Path) -> None:
    before = acme("list", "clients", "--json").json
    for suffix in (".csv", ".xlsx", ".json"):
        file = tmp_path / f"out{suffix}"
        acme("export", "clients", "--to", file)
        same = acme("import", "clients", file, "--key", "external_id")
        assert "0 created, 0 updated, 2 unchanged, 0 rejected" in same.err, suffix
        clear = [f"{name}=" for name in SHOWN if name != "nda"]
        acme("set", "client", "ACME", "nda=no", *clear)
        back = acme("import", "clients", file, "--key", "external_id", "--update")
        assert "0 created, 1 updated, 1 unchanged, 0 rejected" in back.err, suffix
        after = acme("list", "clients", "--json").json
        for row in (*before, *after):
            row.pop("version"), row.pop("updated_at")
        assert after == before, suffix
        before = acme("list", "clients", "--json").json


def test_a_file_of_strangers_finds_a_custom_field_by_its_label(acme: Run, tmp_path: Path) -> None:
    file = tmp_path / "list.csv"
    file.write_text("Company,Line of work,Medium,Kickoff,NDA\nZeta,Stone,Radio,1.12.2026,ja\nEta,Wood,web,,nein\n")
    report = acme("import", "clients", file, "--json", code=1).json
    mapped = {column["column"]: column["field"] for column in report["columns"]}
    assert mapped == {
        "Company": "name", "Line of work": "industry", "Medium": "medium", "Kickoff": "kickoff", "NDA": "nda",
    }  # fmt: skip
    assert report["rejected"] == 1 and "not one of web, print, film" in json.dumps(report)
    assert acme("show", "client", "Eta", "--json").json["industry"] == "Wood"


def test_archived_fields_are_listed_and_come_back(acme: Run) -> None:
    acme("archive", "custom-field", "industry")
    assert "have no field" in acme("list", "clients", "industry:lodz", code=2).err
    assert "industry" not in acme("show", "client", "ACME", "--json").json
    assert "industry" in acme("list", "custom-fields", "archived:yes").out
    acme("undo")
    assert acme("show", "client", "ACME", "--json").json["industry"] == "Łódź, Web"


def test_doctor_folds_custom_fields_anew(acme: Run, location: str) -> None:
    from crm_tui.workspaces import open_workspace

    assert acme("doctor").code == 0
    workspace = open_workspace(location)
    with workspace.write():
        workspace.database.execute_sql("UPDATE client SET custom = REPLACE(custom, 'lodz', 'wrong')")
    workspace.close()
    assert "found by other words" in acme("doctor", code=1).out
    acme("doctor", "--fix")
    assert [row["name"] for row in acme("list", "clients", "industry:lodz", "--json").json] == ["ACME"]
