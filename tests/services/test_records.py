"""Adding, changing and archiving: what is typed becomes valid values, and two people's changes are merged or asked."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from crm_tui.db import Workspace
from crm_tui.errors import BadInput, CrmError, InvalidRecord, NotAllowed, NotFound
from crm_tui.models.base import entities
from crm_tui.scope import Actor
from crm_tui.services import records
from crm_tui.services.records import EditConflict
from tests import business

CLIENT = entities["client"]


def problems(workspace: Workspace, actor: Actor, what: str = "client", **typed: Any) -> dict[str, str]:
    with pytest.raises(InvalidRecord) as told:
        business.add(workspace, actor, what, **typed)
    return told.value.problems


# --- what is typed


def test_every_field_at_fault_is_named_at_once(workspace: Workspace, ana: Actor) -> None:
    assert problems(workspace, ana, name=" ", email="ana@", score="101", acquired_on="2026-02-31", owner="nobody") == {
        "name": "it cannot be empty",
        "email": '"ana@" is not an e-mail address; write one, like ana@example.com',
        "score": '"101" is outside 0 to 100',
        "acquired_on": "there is no day 2026-02-31",
        "owner": 'there is no operator "nobody".',
    }
    assert business.operations() == [("workspace.start", "setup", False)]


def test_what_is_missing_is_named(workspace: Workspace, ana: Actor) -> None:
    assert problems(workspace, ana, city="Berlin") == {"name": "it cannot be empty"}
    assert problems(workspace, ana, "saved_view", name="x") == {"screen": "it cannot be empty"}


def test_fields_may_be_named_as_people_do(workspace: Workspace, ana: Actor) -> None:
    typed = {"name": "ACME", "Follow-Up": "2026-11-20", "zip": "10115", "lifecycle": "Active", "tag": "vip"}
    record = records.add(workspace, ana, CLIENT, typed)
    held = business.held("client", record)
    assert (held["postal_code"], held["stage"], held["tags"]) == ("10115", "active", ("vip",))
    with pytest.raises(BadInput, match='have no field stge. Did you mean "stage"'):
        records.add(workspace, ana, CLIENT, {"stge": "lead"})
    with pytest.raises(InvalidRecord, match="it is given twice"):
        records.add(workspace, ana, CLIENT, {"name": "x", "stage": "lead", "lifecycle": "active"})


def test_what_the_program_keeps_cannot_be_typed(workspace: Workspace, ana: Actor) -> None:
    for name in ("version", "created_at", "updated_at", "archived", "last_contact", "due_on"):
        assert problems(workspace, ana, name="x", **{name: "1"})[entities["client"].kind(name).name] == (
            "it is kept by the program"
        )


def test_a_script_gives_values_as_json_has_them(workspace: Workspace, ana: Actor) -> None:
    typed = {
        "name": "ACME", "score": 70, "acquired_on": "2026-01-02", "tags": ["vip", "press"],
        "owner": {"id": 1, "name": "ana"}, "postal_code": 10115, "city": None, "follow_up_on": "2026-11-20",
    }  # fmt: skip
    held = business.held("client", records.add(workspace, ana, CLIENT, typed))
    assert (held["score"], held["acquired_on"], held["tags"]) == (70, date(2026, 1, 2), ("press", "vip"))
    assert (held["owner"], held["postal_code"], held["city"]) == (1, "10115", "")
    assert problems(workspace, ana, name=["x"], owner=99, score=True, tags=7, email=1.5) == {
        "name": "\"['x']\" is not text",
        "owner": "there is no operator with the id 99",
        "score": "a yes or no is not a number",
        "tags": '"7" is not a list of tags',
        "email": '"1.5" is not an e-mail address; write one, like ana@example.com',
    }


def test_hostile_text_is_cleaned_where_it_enters(workspace: Workspace, ana: Actor) -> None:
    record = business.client(workspace, ana, "ACME\x1b]0;owned\x07\u202e [b]x[/b]", notes="a\x00b\r\nc", tags="v\x1bip")
    held = business.held("client", record)
    assert (held["name"], held["notes"], held["tags"]) == ("ACME]0;owned [b]x[/b]", "ab\nc", ("vip",))


def test_references_are_named_by_what_people_know(workspace: Workspace, ana: Actor, bo: Actor) -> None:
    acme = business.client(workspace, ana, "ACME Studio", external_id="C-1", owner="me")
    for text in ("ACME Studio", "acme studio", "C-1", f"#{acme}", str(acme)):
        person = business.add(workspace, ana, "contact", name="Maria", client=text)
        assert business.held("contact", person)["client"] == acme
    assert business.held("client", acme)["owner"] == ana.operator_id


# --- changing one


def test_different_fields_are_merged(workspace: Workspace, ana: Actor, bo: Actor) -> None:
    record = business.client(workspace, ana, city="Berlin", phone="030 1234", notes="")
    business.save(workspace, bo, "client", record, seen=1, city="Porto", region="North")
    saved = business.save(workspace, ana, "client", record, seen=1, phone="030 5678")
    assert (saved.version, saved.merged) == (3, ("city", "region"))
    held = business.held("client", record)
    assert (held["city"], held["phone"]) == ("Porto", "030 5678")


def test_the_same_field_asks(workspace: Workspace, ana: Actor, bo: Actor) -> None:
    record = business.client(workspace, ana, city="Berlin", notes="")
    business.save(workspace, bo, "client", record, seen=1, city="Porto", notes="hers")
    with pytest.raises(EditConflict) as told:
        business.save(workspace, ana, "client", record, seen=1, city="Lyon", notes="mine", phone="030 1234")
    conflict = told.value
    assert conflict.exit_code == 3
    assert (conflict.mine, conflict.theirs) == ({"city": "Lyon", "notes": "mine"}, {"city": "Porto", "notes": "hers"})
    assert (conflict.version, conflict.who, conflict.record) == (2, "bo", record)
    assert str(conflict) == f"bo changed City, Notes of client {record} since you read it; it is at version 2 now."
    held = business.held("client", record)
    assert (held["city"], held["phone"]) == ("Porto", "")
    business.save(workspace, ana, "client", record, seen=conflict.version, city="Lyon", notes="mine", phone="030 1234")
    assert business.held("client", record)["city"] == "Lyon"


def test_the_same_value_is_no_conflict(workspace: Workspace, ana: Actor, bo: Actor) -> None:
    record = business.client(workspace, ana, city="Berlin")
    business.save(workspace, bo, "client", record, seen=1, city="Porto")
    assert business.save(workspace, ana, "client", record, seen=1, city="Porto").version == 2


def test_what_was_undone_meanwhile_counts_as_changed(workspace: Workspace, ana: Actor, bo: Actor) -> None:
    from crm_tui.undo import undo

    record = business.client(workspace, ana, city="Berlin")
    business.save(workspace, bo, "client", record, city="Porto")
    undo(workspace, bo)
    with pytest.raises(EditConflict) as told:
        business.save(workspace, ana, "client", record, seen=2, city="Lyon")
    assert told.value.theirs == {"city": "Berlin"}


def test_without_a_version_the_last_word_counts(workspace: Workspace, ana: Actor, bo: Actor) -> None:
    record = business.client(workspace, ana, city="Berlin")
    business.save(workspace, bo, "client", record, city="Porto")
    assert business.save(workspace, ana, "client", record, city="Lyon").merged == ()


def test_a_required_field_cannot_be_emptied(workspace: Workspace, ana: Actor) -> None:
    record = business.client(workspace, ana)
    for field in ("name", "stage", "kind"):
        with pytest.raises(InvalidRecord, match="it cannot be empty"):
            business.save(workspace, ana, "client", record, **{field: ""})


def test_there_is_no_such_record(workspace: Workspace, ana: Actor) -> None:
    with pytest.raises(NotFound, match="There is no client with the id 99"):
        business.save(workspace, ana, "client", 99, city="Berlin")
    with pytest.raises(NotFound):
        records.change_many(workspace, ana, CLIENT, [99], {"tags": "+vip"})
    with pytest.raises(NotFound):
        records.archive_many(workspace, ana, CLIENT, [99])


# --- changing many


def test_many_get_the_same_values_in_one_operation(workspace: Workspace, ana: Actor) -> None:
    ids = [business.client(workspace, ana, f"Client {number}", city="Berlin") for number in range(5)]
    business.save(workspace, ana, "client", ids[0], stage="active", score="50")
    told: list[tuple[int, int]] = []
    typed = {"stage": "active", "score": "50"}
    changed = records.change_many(
        workspace, ana, CLIENT, [*ids, ids[1]], typed, lambda done, of: told.append((done, of))
    )
    assert (changed, told) == (4, [(6, 6)])
    assert {business.held("client", record)["score"] for record in ids} == {50}
    assert business.operations()[-1] == ("client.edit", "do", False)
    assert len(business.changes()) == 4


def test_tags_are_added_and_taken(workspace: Workspace, ana: Actor) -> None:
    ids = [
        business.client(workspace, ana, f"Client {number}", tags=tags) for number, tags in enumerate(["a, b", "B", ""])
    ]
    assert records.change_many(workspace, ana, CLIENT, ids, {"tags": "+C, -b"}) == 3
    assert [business.held("client", record)["tags"] for record in ids] == [("a", "C"), ("C",), ("C",)]
    assert records.change_many(workspace, ana, CLIENT, ids, {"tag": "+c"}) == 0
    assert records.change_many(workspace, ana, CLIENT, ids, {"tags": "only"}) == 3
    business.save(workspace, ana, "client", ids[0], tags="+new")
    assert business.held("client", ids[0])["tags"] == ("new", "only")
    with pytest.raises(BadInput, match="Write either tags that replace all others"):
        records.change_many(workspace, ana, CLIENT, ids, {"tags": "+a, b"})
    with pytest.raises(InvalidRecord, match="is longer than 60 characters"):
        records.change_many(workspace, ana, CLIENT, ids, {"tags": f"+{'x' * 61}"})


def test_only_one_of_many_becomes_the_point_of_contact(workspace: Workspace, ana: Actor) -> None:
    client = business.client(workspace, ana)
    ids = [business.contact(workspace, ana, client, name) for name in ("Maria", "Thomas", "Philip")]
    assert records.change_many(workspace, ana, entities["contact"], ids, {"primary": "yes"}) == 2
    assert [business.held("contact", record)["primary"] for record in ids] == [False, False, True]


# --- archiving


def test_archived_is_away_and_comes_back(workspace: Workspace, ana: Actor) -> None:
    ids = [business.client(workspace, ana, f"Client {number}") for number in range(3)]
    assert records.archive_many(workspace, ana, CLIENT, ids[:2]) == 2
    assert records.archive_many(workspace, ana, CLIENT, ids) == 1
    assert records.archive_many(workspace, ana, CLIENT, ids, back=True) == 3
    assert records.archive_many(workspace, ana, CLIENT, ids, back=True) == 0
    assert {business.held("client", record)["archived_at"] for record in ids} == {None}


def test_nothing_but_a_view_is_deleted(workspace: Workspace, ana: Actor) -> None:
    record = business.client(workspace, ana)
    with pytest.raises(CrmError, match="Clients are archived, never deleted"):
        records.delete(workspace, ana, CLIENT, record)


@pytest.mark.parametrize("role", ["viewer", "guest", ""])
def test_who_only_reads_is_told_before_anything_is_read(workspace: Workspace, ana: Actor, role: str) -> None:
    reader = Actor(2, "vera", role)
    for attempt in (
        lambda: records.add(workspace, reader, CLIENT, {"nonsense": "x"}),
        lambda: records.save(workspace, reader, CLIENT, 99, {}),
        lambda: records.change_many(workspace, reader, CLIENT, [99], {}),
        lambda: records.archive_many(workspace, reader, CLIENT, [99]),
        lambda: records.delete(workspace, reader, CLIENT, 99),
    ):
        with pytest.raises(NotAllowed):
            attempt()
