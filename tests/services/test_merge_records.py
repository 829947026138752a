"""Two records become one, and undo makes them two again."""

from __future__ import annotations

from typing import Any

import pytest

from crm_tui.db import Workspace
from crm_tui.errors import BadInput, Conflict, CrmError, NotAllowed, NotFound
from crm_tui.models.base import entities
from crm_tui.queries import timeline
from crm_tui.scope import Actor
from crm_tui.services import merge_records, records
from crm_tui.services.merge_records import Side
from crm_tui.undo import redo, undo
from tests import business

CLIENT, CONTACT = entities["client"], entities["contact"]


def merge(workspace: Workspace, actor: Actor, kept: int, other: int, **choices: str) -> merge_records.Merged:
    return merge_records.merge(workspace, actor, Side(CLIENT, kept), Side(CLIENT, other), choices)


def all_values() -> dict[str, list[Any]]:
    """Every value of every table of records, but for what counts changes."""
    found = {}
    for entity in entities.values():
        model: Any = entity.model
        fields = [f for f in model._meta.sorted_fields if f.name not in ("version", "updated_at")]
        found[entity.name] = sorted(model.select(*fields).tuples(), key=lambda row: row[0])
    return found


@pytest.fixture
def two(workspace: Workspace, ana: Actor) -> tuple[int, int]:
    """Two clients that are one, each with a point of contact, and one of them with an archived person too."""
    one = business.client(workspace, ana, "ACME Studio", phone="+49 30 1234567", tags="a", notes="first", score=10)
    other = business.client(workspace, ana, "Acme GmbH", city="Berlin", tags="b", notes="second", score=70)
    business.contact(workspace, ana, one, "Maria")
    business.contact(workspace, ana, other, "Thomas")
    gone = business.contact(workspace, ana, other, "Gone")
    records.archive_many(workspace, ana, CONTACT, [gone])
    return one, other


def test_nothing_that_one_of_them_had_is_lost(workspace: Workspace, ana: Actor, two: tuple[int, int]) -> None:
    one, other = two
    merged = merge(workspace, ana, one, other)
    held = business.held("client", one)
    assert (held["name"], held["phone"], held["city"], held["score"]) == (
        "ACME Studio",
        "+49 30 1234567",
        "Berlin",
        10,
    )
    assert (held["tags"], held["notes"]) == (("a", "b"), "first\nsecond")
    assert business.held("client", other)["archived_at"] is not None
    assert [business.held("contact", person)["client"] for person in (1, 2, 3)] == [one, one, one]
    assert merged.moved == 2
    assert business.operations()[-1][0] == "client.merge"
    assert business.replayed() == business.present(), "the journal tells all of it"


def test_what_is_chosen_stays(workspace: Workspace, ana: Actor, two: tuple[int, int]) -> None:
    merge(workspace, ana, *two, name="theirs", score="theirs", tags="mine", notes="theirs", phone="Theirs")
    held = business.held("client", two[0])
    assert (held["name"], held["score"], held["tags"], held["notes"]) == ("Acme GmbH", 70, ("a",), "second")
    assert held["phone"] == "", "an empty value may be chosen too"


def test_one_point_of_contact_remains(workspace: Workspace, ana: Actor, two: tuple[int, int]) -> None:
    merge(workspace, ana, *two)
    assert [business.held("contact", person)["primary"] for person in (1, 2)] == [True, False]


def test_the_point_of_contact_comes_along_where_there_was_none(workspace: Workspace, ana: Actor) -> None:
    one, other = business.client(workspace, ana, "One"), business.client(workspace, ana, "Other")
    person = business.contact(workspace, ana, other, "Thomas")
    merge(workspace, ana, one, other)
    held = business.held("contact", person)
    assert (held["client"], held["primary"]) == (one, True)


def test_undo_makes_them_two_again_and_redo_one(workspace: Workspace, ana: Actor, two: tuple[int, int]) -> None:
    before = all_values()
    merge(workspace, ana, *two)
    after = all_values()
    undo(workspace, ana)
    assert all_values() == before
    redo(workspace, ana)
    assert all_values() == after


def test_the_journal_says_what_it_was_merged_into(workspace: Workspace, ana: Actor, two: tuple[int, int]) -> None:
    merge(workspace, ana, *two)
    newest = timeline.journal(ana, CLIENT, two[1], limit=1)[0]
    assert newest.text() == f"archived: merge client Acme GmbH (#{two[1]}) into ACME Studio (#{two[0]})"


def test_people_are_merged_too(workspace: Workspace, ana: Actor) -> None:
    acme, other = business.client(workspace, ana, "ACME"), business.client(workspace, ana, "Other")
    maria = business.contact(workspace, ana, acme, "Maria")
    thomas = business.contact(workspace, ana, acme, "Thomas")
    there = business.contact(workspace, ana, other, "Maria A.", email="m@other.de")
    before = all_values()
    merge_records.merge(workspace, ana, Side(CONTACT, thomas), Side(CONTACT, there), {})
    assert business.held("contact", thomas)["email"] == "m@other.de"
    assert business.held("contact", thomas)["primary"] is False, "there, she was of another client"
    undo(workspace, ana)
    assert all_values() == before
    merge_records.merge(workspace, ana, Side(CONTACT, thomas), Side(CONTACT, maria), {})
    assert business.held("contact", thomas)["primary"] is True, "of the same client"
    undo(workspace, ana)
    assert all_values() == before


def test_what_cannot_be_merged_is_refused_in_plain_words(
    workspace: Workspace, ana: Actor, two: tuple[int, int]
) -> None:
    before, one = all_values(), Side(CLIENT, two[0])
    refused: list[tuple[Side, Side, dict[str, str], type[CrmError], str]] = [
        (one, one, {}, CrmError, "one and the same record"),
        (one, Side(CONTACT, 1), {}, CrmError, "A client and a contact cannot be merged"),
        (Side(entities["tag"], 1), Side(entities["tag"], 2), {}, CrmError, "Tags are not merged"),
        (one, Side(CLIENT, 99), {}, NotFound, "no client with the id 99"),
        (one, Side(CLIENT, two[1]), {"name": "yours"}, BadInput, 'mine, theirs or both, not "yours"'),
        (one, Side(CLIENT, two[1]), {"nmae": "mine"}, BadInput, "no field nmae"),
        (one, Side(CLIENT, two[1]), {"version": "mine"}, BadInput, "kept by the program"),
        (one, Side(CLIENT, two[1]), {"score": "both"}, BadInput, "two values make none"),
    ]
    for kept, other, choices, error, words in refused:
        with pytest.raises(error, match=words):
            merge_records.merge(workspace, ana, kept, other, choices)
    viewer = business.operator(workspace, ana, "vi", "viewer")
    with pytest.raises(NotAllowed, match="viewers only read"):
        merge(workspace, viewer, *two)
    assert {**all_values(), "operator": before["operator"]} == before


def test_archived_ones_are_not_merged(workspace: Workspace, ana: Actor, two: tuple[int, int]) -> None:
    records.archive_many(workspace, ana, CLIENT, [two[1]])
    for pair in (two, tuple(reversed(two))):
        with pytest.raises(CrmError, match=r"Acme GmbH \(#2\) is archived"):
            merge(workspace, ana, *pair)


def test_what_someone_changed_meanwhile_is_looked_at_again(
    workspace: Workspace, ana: Actor, bo: Actor, two: tuple[int, int]
) -> None:
    seen = [business.held("client", record)["version"] for record in two]
    business.save(workspace, bo, "client", two[1], city="Porto")
    one, other = [Side(CLIENT, record, version) for record, version in zip(two, seen, strict=True)]
    with pytest.raises(Conflict, match="bo changed City of Acme GmbH") as refused:
        merge_records.merge(workspace, ana, one, other, {})
    assert refused.value.exit_code == 3
    assert business.held("client", two[1])["archived_at"] is None


def test_undo_is_refused_when_somebody_changed_one_since(
    workspace: Workspace, ana: Actor, bo: Actor, two: tuple[int, int]
) -> None:
    merge(workspace, ana, *two)
    business.save(workspace, bo, "client", two[0], city="Porto")
    with pytest.raises(Conflict):
        undo(workspace, ana)


def test_conversations_comments_and_custom_fields_come_along_whoever_made_them(
    workspace: Workspace, ana: Actor, bo: Actor
) -> None:
    carla = business.operator(workspace, ana, "carla")
    business.add(workspace, ana, "custom_field", entity="client", name="industry", label="Industry", kind="text")
    one, other = business.client(workspace, ana), business.client(workspace, ana, "Acme GmbH", industry="print")
    said = business.add(workspace, bo, "interaction", client=other, at="2026-11-20 10:00", subject="Draft")
    comment = business.add(workspace, bo, "comment", about="client", record=other, text="@ana please call")
    before = all_values()
    merge(workspace, carla, one, other)
    assert business.held("interaction", said)["client"] == one
    assert business.held("comment", comment)["record"] == one
    held = business.held("client", one)
    assert held["industry"] == "print"
    assert held["last_contact"] == business.held("interaction", said)["at"]
    assert business.held("client", other)["last_contact"] is None
    undo(workspace, carla)
    assert all_values() == before
    redo(workspace, carla)
    assert business.held("comment", comment)["record"] == one
