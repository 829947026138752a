"""Exporting lists: which records, which columns, in which order; the same rows as scripts get."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import pytest

from crm_tui.commands.context import Cancelled
from crm_tui.db import Workspace
from crm_tui.errors import BadInput
from crm_tui.exporters.exporting import all_columns, export
from crm_tui.models.base import entities
from crm_tui.queries import lists
from crm_tui.queries.whole_rows import WholeRows
from crm_tui.scope import Actor
from crm_tui.services import records
from tests import business

CLIENT, CONTACT = entities["client"], entities["contact"]


@pytest.fixture
def companies(workspace: Workspace, ana: Actor) -> list[int]:
    """Three clients: one with all fields and two contacts, one with a contact who is archived, one bare."""
    full = {
        "name": "Königlich Essen", "kind": "client", "email": "k@essen.example", "phone": "+49 30 1", "city": "Berlin",
        "country": "Germany", "stage": "active", "score": "82", "owner": "ana", "acquired_on": "2024-03-01",
        "follow_up_on": "2026-12-01", "cadence_days": "30",
        "tags": "vip, long term", "notes": "=1+1\nsecond line", "currency": "EUR", "external_id": "KOENE",
    }  # fmt: skip
    made = [records.add(workspace, ana, CLIENT, values) for values in (full, {"name": "Zebra"}, {"name": "ACME"})]
    for name, client in (("Philip Cramer", 0), ("Second", 0), ("Gone", 1)):
        person = records.add(workspace, ana, CONTACT, {"name": name, "client": f"#{made[client]}", "phone": "123"})
    records.archive_many(workspace, ana, CONTACT, [person])
    records.add(workspace, ana, entities["interaction"], {"client": f"#{made[0]}", "at": "2026-11-19T10:30:00.250Z"})
    return made


def read(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_all_columns_of_all_that_match_in_the_order_of_the_list(
    workspace: Workspace, ana: Actor, companies: list[int], tmp_path: Path
) -> None:
    file = tmp_path / "clients.csv"
    assert export(workspace, ana, CLIENT, file) == 3
    rows = read(file)
    assert [row["name"] for row in rows] == ["ACME", "Königlich Essen", "Zebra"]
    assert tuple(rows[0]) == all_columns(CLIENT)
    assert rows[1]["owner"] == "ana" and rows[1]["tags"] == "long term, vip"
    assert rows[1]["last_contact"] == "2026-11-19T10:30:00.250Z"
    assert rows[1]["notes"] == "'=1+1\nsecond line"
    assert rows[1]["contact.name"] == "Philip Cramer"
    assert rows[0]["contact.name"] == rows[2]["contact.name"] == ""
    assert export(workspace, ana, CLIENT, file, "city:berlin or name:zebra sort:-name") == 2
    assert [row["name"] for row in read(file)] == ["Zebra", "Königlich Essen"]


def test_some_columns_in_the_order_asked_for(
    workspace: Workspace, ana: Actor, companies: list[int], tmp_path: Path
) -> None:
    file = tmp_path / "clients.csv"
    names = ["contact.phone", "Name", "contact", "id", "contact.name", "email"]
    export(workspace, ana, CLIENT, file, "name:essen", names)
    assert file.read_text(encoding="utf-8").splitlines() == [
        "contact.phone,name,contact,id,contact.name,email",
        f"123,Königlich Essen,Philip Cramer,{companies[0]},Philip Cramer,k@essen.example",
    ]
    with pytest.raises(BadInput, match='Did you mean "city"'):
        export(workspace, ana, CLIENT, file, "", ["cty"])
    with pytest.raises(BadInput):
        export(workspace, ana, CLIENT, file, "score:")
    assert len(file.read_text(encoding="utf-8").splitlines()) == 2, "a refused export touched the file"


def test_chosen_records_only(workspace: Workspace, ana: Actor, companies: list[int], tmp_path: Path) -> None:
    file = tmp_path / "clients.json"
    wanted = [companies[2], 999, companies[0]]
    assert export(workspace, ana, CLIENT, file, "", ["id", "owner"], ids=wanted) == 2
    assert json.loads(file.read_text(encoding="utf-8")) == [
        {"id": companies[2], "owner": None},
        {"id": companies[0], "owner": {"id": ana.operator_id, "name": "ana"}},
    ]
    assert export(workspace, ana, CLIENT, file, "", ["id"], ids=[]) == 0


def test_cards_carry_the_point_of_contact(
    workspace: Workspace, ana: Actor, companies: list[int], tmp_path: Path
) -> None:
    file = tmp_path / "clients.vcf"
    assert export(workspace, ana, CLIENT, file, "name:essen") == 1
    card = file.read_text(encoding="utf-8")
    assert "FN:Philip Cramer\nORG:Königlich Essen\n" in card
    assert export(workspace, ana, CONTACT, file) == 2
    assert file.read_text(encoding="utf-8").count("ORG:Königlich Essen") == 2


def test_stopped_it_leaves_the_file_that_was_there(
    workspace: Workspace, ana: Actor, companies: list[int], tmp_path: Path
) -> None:
    file = tmp_path / "clients.csv"
    file.write_text("before")
    seen = []

    def stop(done: int, of: int) -> None:
        seen.append((done, of))
        raise Cancelled

    with pytest.raises(Cancelled):
        export(workspace, ana, CLIENT, file, progress=stop)
    assert seen == [(3, 3)]
    assert file.read_text() == "before"
    assert [path.name for path in tmp_path.iterdir() if path.suffix in (".csv", ".part")] == ["clients.csv"]


@pytest.mark.parametrize("entity", [entity for entity in entities.values() if entity.search], ids=lambda e: e.name)
def test_files_hold_what_scripts_get(workspace: Workspace, ana: Actor, companies: list[int], entity: Any) -> None:
    """The fast way to a file and the way of ``--json`` are two; what they say is one."""
    business.add(workspace, ana, "word", vocabulary="client.source", value="Trade fair", also="Messe, fair")
    business.add(workspace, ana, "product", name="Chai", price="18", tax="19.5")
    business.add(workspace, ana, "order", client=f"#{companies[0]}", currency="JPY")
    business.add(workspace, ana, "order_line", order="ORD-1", title="Tea", unit_price="1200", quantity="1.5")
    business.add(workspace, ana, "checklist", name="Print", items="proof")
    business.add(workspace, ana, "task", title="Draft", order="ORD-1", due="+3d", due_time="10:00", estimate="1h30")
    business.add(workspace, ana, "time_entry", order="ORD-1", minutes="45m", note="proof")
    business.add(workspace, ana, "recurring_rule", name="Books", schedule="last working day of the month at 17:00")
    business.add(workspace, ana, "message_template", name="Hello", subject="{name}", body="How are you?")
    business.add(workspace, ana, "message", client=f"#{companies[0]}", to="a@example.org", subject="Hi", body="Hello")
    business.add(workspace, ana, "document", title="Brief", client=f"#{companies[0]}")
    business.add(workspace, ana, "document_template", name="Brief", text="## Scope")
    business.add(workspace, ana, "objective", title="Grow", owner="ana")
    business.add(workspace, ana, "key_result", title="Clients", objective="Grow", start="0", target="2.5")
    business.add(workspace, ana, "check_in", key_result="Clients", value="1", note="well")
    names = tuple(name for name in all_columns(entity) if not name.startswith("contact."))
    shown = lists.listing(ana, entity, "sort:id", names)
    present = [lists.presenter(entity, name) for name in names]
    expected = [
        [show(value) for show, value in zip(present, values, strict=True)] for _id, values in lists.values(ana, shown)
    ]
    assert expected
    assert list(WholeRows(workspace, entity, names).read(lists.ids(ana, shown))) == expected
