"""Lists of any entity: windows, counts and positions that agree, whatever is asked and however it is sorted."""

from __future__ import annotations

import random
from datetime import date, timedelta
from typing import Any

import pytest

from crm_tui.db import Workspace
from crm_tui.errors import BadInput
from crm_tui.journal import operation
from crm_tui.models.base import entities
from crm_tui.queries import lists
from crm_tui.queries.lists import listing
from crm_tui.scope import Actor
from crm_tui.services import records
from tests import business
from tests.conftest import NOW

CLIENT = entities["client"]
ASKED = (
    ["", "stage:active", "berlin", "stage:active score>=50", "-stage:lead sort:id", "no:city", "has:archived", "nobody"]
    + ["anders", "sort:-score", "sort:city,-name", "sort:last_contact", "sort:owner", "sort:stage,-acquired"]
    + ["tag:vip sort:-tags"]
)


@pytest.fixture
def many(workspace: Workspace, ana: Actor, bo: Actor) -> list[int]:
    """300 clients with all sorts of gaps, some of them archived, some with people."""
    rnd = random.Random(7)
    rows: list[dict[str, Any]] = [
        {
            "name": rnd.choice(["ACME", "Łódź", "Atelier", "東京", "acme", "Über"])
            + rnd.choice(["", f" {number % 9}"]),
            "city": rnd.choice(["", "Berlin", "berlin", "Łódź", "Porto"]),
            "stage": rnd.choice(["lead", "active", "dormant"]),
            "score": rnd.choice([None, 0, 50, 99]),
            "owner": rnd.choice([None, ana.operator_id, bo.operator_id]),
            "acquired_on": rnd.choice([None, NOW.date(), date(2020, 1, 1)]),
            "last_contact": rnd.choice([None, NOW, NOW - timedelta(days=rnd.randrange(400))]),
            "tags": rnd.choice([(), ("vip",), ("press", "vip")]),
        }
        for number in range(300)
    ]
    with operation(workspace, ana, "import") as op:
        ids = op.create_many(CLIENT, rows)
        op.create_many(
            entities["contact"], [{"name": "Maria Anders", "client": one, "primary": True} for one in ids[::5]]
        )
        op.archive(CLIENT, ids[::11])
    return ids


@pytest.mark.parametrize("text", ASKED)
def test_windows_counts_and_positions_agree(workspace: Workspace, ana: Actor, many: list[int], text: str) -> None:
    shown = listing(ana, CLIENT, text)
    ids = lists.ids(ana, shown)
    assert len(ids) == len(set(ids)) == lists.count(ana, shown)
    for offset in {0, 1, len(ids) // 2, max(len(ids) - 7, 0), len(ids)}:
        assert [row.id for row in lists.Reading(ana, shown).window(offset, 50)] == ids[offset : offset + 50]
    for place in {0, 1, len(ids) // 3, len(ids) - 1}:
        if 0 <= place < len(ids):
            assert lists.position(ana, shown, ids[place]) == place
    outside = next((one for one in many if one not in ids), 99_999)
    assert lists.position(ana, shown, outside) is None
    assert [record for record, _values in lists.values(ana, shown, 20)] == ids[:20]


@pytest.mark.parametrize("name", ["name", "city", "score", "last_contact", "acquired_on", "owner", "tags"])
@pytest.mark.parametrize("direction", ["", "-"])
def test_what_is_empty_comes_last_either_way(
    workspace: Workspace, ana: Actor, many: list[int], name: str, direction: str
) -> None:
    shown = listing(ana, CLIENT, f"sort:{direction}{name}", [name])
    values = [row[0] for _record, row in lists.values(ana, shown)]
    empty = [value is None or value in ("", ()) for value in values]
    assert empty == sorted(empty)
    kind = CLIENT.fields[name]
    filled = [value for value, none in zip(values, empty, strict=True) if not none]
    keys = [value[1] if name == "owner" else kind.key(value) if kind.keyed else value for value in filled]
    assert keys == sorted(keys, reverse=direction == "-")


def test_archived_records_are_away_until_they_are_asked_for(workspace: Workspace, ana: Actor, many: list[int]) -> None:
    assert lists.total(ana, CLIENT) == lists.count(ana, listing(ana, CLIENT)) == 300 - len(many[::11])
    assert sorted(lists.ids(ana, listing(ana, CLIENT, "has:archived"))) == many[::11]


def test_cells_are_what_a_person_reads(workspace: Workspace, ana: Actor) -> None:
    record = business.client(
        workspace, ana, "ACME", owner="ana", score="70", last_contact="2026-11-22 13:50",
        acquired_on="2026-11-19", tags="vip, press", notes="# Notes\n\n- a  b",
    )  # fmt: skip
    business.contact(workspace, ana, record, "Maria Anders")
    columns = ("id", "name", "contact", "owner", "score", "last-contact", "acquired", "tags", "notes", "city", "stage")
    (row,) = lists.Reading(ana, listing(ana, CLIENT, "", columns)).window(0, 10)
    assert row.cells[:5] == (str(record), "ACME", "Maria Anders", "ana", "70")
    assert row.cells[5:] == ("12 min ago", "3 days ago", "press, vip", "# Notes - a b", "", "lead")


def test_values_are_what_a_script_reads(workspace: Workspace, ana: Actor) -> None:
    record = business.client(workspace, ana, "ACME", owner="ana", last_contact="2026-11-22 13:50", tags="vip")
    columns = ("id", "name", "owner", "last_contact", "acquired_on", "tags", "contact")
    shown = listing(ana, CLIENT, "", columns)
    ((_id, values),) = lists.values(ana, shown)
    told = [lists.presenter(CLIENT, name)(value) for name, value in zip(columns, values, strict=True)]
    owner = {"id": ana.operator_id, "name": "ana"}
    assert told == [record, "ACME", owner, "2026-11-22T13:50:00Z", None, ["vip"], None]


def test_the_point_of_contact_of_many(workspace: Workspace, ana: Actor, many: list[int]) -> None:
    shown = listing(ana, CLIENT, "sort:id", ["contact"])
    named = {row.id for row in lists.Reading(ana, shown).window(0, 400) if row.cells == ("Maria Anders",)}
    assert named == set(many[::5]) - set(many[::11])


def test_records_that_are_gone_are_left_out(workspace: Workspace, ana: Actor, many: list[int]) -> None:
    rows = lists.rows(CLIENT, [many[2], 99_999, many[1]], ("name",))
    assert [row.id for row in rows] == [many[2], many[1]]


def test_more_rows_than_fit_one_question(workspace: Workspace, ana: Actor, many: list[int]) -> None:
    assert [row.id for row in lists.rows(CLIENT, many * 5, ("name", "owner", "contact"))] == many * 5


@pytest.mark.parametrize(
    ("text", "columns", "said"),
    [
        ("stge:lead", (), 'no field "stge"'),
        ("", ("nme",), "have no field nme"),
        ("", ("name", "contct"), "have no field contct"),
    ],
)
def test_a_mistake_is_told(workspace: Workspace, ana: Actor, text: str, columns: tuple[str, ...], said: str) -> None:
    with pytest.raises(BadInput, match=said):
        listing(ana, CLIENT, text, columns)


def test_what_is_being_typed_is_no_mistake(workspace: Workspace, ana: Actor, many: list[int]) -> None:
    assert lists.count(ana, listing(ana, CLIENT, "stage:", lenient=True)) == lists.total(ana, CLIENT)


def test_somebody_elses_views_are_not_listed(workspace: Workspace, ana: Actor, bo: Actor) -> None:
    view = entities["saved_view"]
    mine = business.add(workspace, ana, "saved_view", name="Mine", screen="clients")
    shared = business.add(workspace, ana, "saved_view", name="Shared", screen="clients", shared="yes")
    for text in ("", "name:mine,shared", "shared:no or shared:yes", "sort:-name", "screen:clients"):
        assert sorted(lists.ids(ana, listing(ana, view, text))) == [mine, shared]
        assert lists.ids(bo, listing(bo, view, text)) == [shared]
        assert lists.count(bo, listing(bo, view, text)) == 1
        assert lists.position(bo, listing(bo, view, text), mine) is None
    records.archive_many(workspace, ana, view, [shared])
    assert lists.ids(bo, listing(bo, view, "has:archived")) == [shared]
