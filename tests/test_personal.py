"""What is held of a person: every entity and field is decided on, those that are added later too."""

from __future__ import annotations

from typing import Any

import pytest

from crm_tui import personal
from crm_tui.db import Workspace
from crm_tui.fields import Reference, Tags, Text
from crm_tui.models.base import about_others, entities
from crm_tui.scope import Actor
from crm_tui.services import records
from tests import business

OF_NOBODY = {
    "operator": "whoever works here is no person of the business; an admin renames and archives operators",
    "tag": "a word for many records",
    "saved_view": "a query: where it names somebody, erasing lists it",
    "setting": "of the workspace",
    "objective": "what the business is to reach",
    "key_result": "a number that the business is to reach",
    "check_in": "how far a number is",
    "dashboard": "numbers of the whole business",
    "card": "a query: where it names somebody, erasing lists it",
    "custom_field": "of an entity",
    "automation": "of an entity: where it names somebody, erasing lists it",
    "message_template": "what is said to many",
    "score_rule": "a query: where it names somebody, erasing lists it",
    "erasure": "what is left of a person",
    "team": "of operators",
    "membership": "of an operator in a team",
    "product": "what is sold",
    "order_line": "what was sold; its order says to whom",
    "dependency": "of two tasks",
    "checklist_item": "what is to be seen to; its order or task says for whom",
    "checklist": "what is looked at again and again",
    "document_template": "what documents begin with",
    "word": "one of those that all records choose from",
}
"""Entities whose records belong to no person, and why."""


def covered() -> set[str]:
    """The entities that exporting and erasing a person look at."""
    return {entity.name for entity in [*personal.people(), *personal.may_belong()]}


def test_every_entity_is_of_people_or_of_nobody_for_a_reason() -> None:
    """A new entity that holds texts must refer to a client or a contact, be about records, or be named above."""
    assert covered() | OF_NOBODY.keys() == entities.keys()
    assert not covered() & OF_NOBODY.keys()


@pytest.mark.parametrize("name", sorted(covered()))
def test_every_text_of_what_belongs_to_a_person_goes_unless_it_is_declared_to_stay(name: str) -> None:
    entity = entities[name]
    gone = personal.fields_of(entity)
    stays = {*entity.impersonal, *({"about", "record"} if entity in about_others() else ())}
    texts = {field for field, kind in entity.entered.items() if isinstance(kind, Text | Tags) and field not in stays}
    assert texts <= gone.keys()
    assert stays <= entity.fields.keys()
    assert set(entity.personal) <= entity.fields.keys()


@pytest.mark.parametrize("name", sorted(entity.name for entity in personal.people()))
def test_of_a_person_everything_goes_but_what_is_said_here(name: str) -> None:
    """Whoever adds a field to a person decides: it goes, or it stands in this list."""
    stays = {
        "client": {"kind", "stage", "owner", "team", "acquired_on", "currency"},
        "contact": {"client"},
    }
    assert entities[name].entered.keys() - personal.fields_of(entities[name]).keys() == stays[name]


def test_custom_fields_go_and_a_custom_reference_makes_nobody_theirs(workspace: Workspace, ana: Actor) -> None:
    field: dict[str, Any] = {"entity": "client", "name": "brought_by", "kind": "reference", "target": "contact"}
    records.add(workspace, ana, entities["custom_field"], field)
    maria = business.contact(workspace, ana, None)
    business.client(workspace, ana, "ACME", brought_by=f"#{maria}")
    assert isinstance(entities["client"].fields["brought_by"], Reference)
    assert "brought_by" in personal.fields_of(entities["client"])
    assert personal.belongings({"contact": {maria}}) == {}


def test_names_are_found_as_whole_words_whatever_their_case_and_accents() -> None:
    told = personal.mention(["Zoë Ångström", "zoe@acme.example", "Ann"])
    assert told("we met ZOE ANGSTROM (twice)")
    assert told("write to Zoe@ACME.example.")
    assert told("Ann: yes")
    assert not told("Annual report of Zoë")
    assert not personal.mention([])("anything")
