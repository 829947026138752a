"""Single records, known values, settings and finding anything."""

from __future__ import annotations

import pytest

from crm_tui.db import Workspace
from crm_tui.errors import NotFound
from crm_tui.models.base import entities
from crm_tui.models.workspace import setting
from crm_tui.queries.details import detail
from crm_tui.queries.find import find
from crm_tui.queries.known_values import MOST, known_values
from crm_tui.queries.settings import workspace_name
from crm_tui.scope import Actor
from crm_tui.services import records
from tests import business

CLIENT = entities["client"]


def test_everything_about_one_client(workspace: Workspace, ana: Actor, bo: Actor) -> None:
    record = business.client(workspace, ana, "ACME", owner="bo", score="70")
    for name in ("Zoë", "Ángel", "Maria"):
        business.contact(workspace, ana, record, name)
    gone = business.contact(workspace, ana, record, "Gone")
    records.archive_many(workspace, ana, entities["contact"], [gone])
    found = detail(ana, CLIENT, record)
    assert (found.title, found.version, found.shown("owner"), found.shown("score")) == ("ACME", 1, "bo", "70")
    assert [row.cells[0] for row in found.contacts] == ["Zoë", "Ángel", "Maria"]
    assert found.values["updated_at"] is not None
    with pytest.raises(NotFound, match="There is no client with the id 99"):
        detail(ana, CLIENT, 99)


def test_known_values_are_offered_as_first_written(workspace: Workspace, ana: Actor) -> None:
    for city in ("Berlin", "berlin", "Bern", "Łódź", "", "BERLIN", "Brest"):
        business.client(workspace, ana, city=city)
    assert known_values(ana, CLIENT, "city", "be") == ["Berlin", "Bern"]
    assert known_values(ana, CLIENT, "city", "LO") == ["Łódź"]
    assert known_values(ana, CLIENT, "city", "") == ["Berlin", "Bern", "Brest", "Łódź"]
    assert known_values(ana, CLIENT, "notes", "") == []
    assert known_values(ana, CLIENT, "score", "") == []


def test_one_value_of_thousands_does_not_hide_the_others(workspace: Workspace, ana: Actor) -> None:
    from crm_tui.journal import operation

    with operation(workspace, ana, "x") as op:
        op.create_many(CLIENT, [{"name": "x", "country": "Germany"} for _n in range(1000)])
        op.create_many(CLIENT, [{"name": "x", "country": f"Land {number:02d}"} for number in range(30)])
    found = known_values(ana, CLIENT, "country", "")
    assert found[:2] == ["Germany", "Land 00"]
    assert len(found) == MOST


def test_choices_references_and_tags_are_offered_too(workspace: Workspace, ana: Actor, bo: Actor) -> None:
    business.client(workspace, ana, tags="vip, Łódź, press")
    assert known_values(ana, CLIENT, "stage", "d") == ["dormant"]
    assert known_values(ana, CLIENT, "owner", "B") == ["bo"]
    assert known_values(ana, CLIENT, "tags", "lo") == ["Łódź"]
    assert known_values(ana, entities["contact"], "client", "ac") == ["ACME Studio"]


def test_settings(workspace: Workspace, ana: Actor) -> None:
    assert setting("name", "none") == "none"
    assert workspace_name("/srv/acme.db") == "acme"
    assert workspace_name("postgresql://ana:x@host/acme?sslmode=require") == "acme"
    assert workspace_name("postgresql://host") == "host"
    record = business.add(workspace, ana, "setting", key="name", value="Atelier Norte")
    assert workspace_name("/srv/acme.db") == "Atelier Norte"
    records.archive_many(workspace, ana, entities["setting"], [record])
    assert workspace_name("/srv/acme.db") == "acme"


def test_anything_is_found_by_its_words(workspace: Workspace, ana: Actor) -> None:
    acme = business.client(workspace, ana, "ACME Studio", city="Łódź", tags="studio")
    person = business.contact(workspace, ana, acme, "Maria Studio")
    gone = business.client(workspace, ana, "Studio Gone")
    records.archive_many(workspace, ana, CLIENT, [gone])
    assert [(found.entity.name, found.id) for found in find(ana, "stud")] == [
        ("client", acme), ("contact", person), ("tag", 1),
    ]  # fmt: skip
    assert [found.id for found in find(ana, "lodz maria")] == [acme]
    assert find(ana, "—") == []
