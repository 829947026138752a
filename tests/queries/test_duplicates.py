"""Likely duplicates, each with its reason."""

from __future__ import annotations

from typing import Any

import pytest

from crm_tui.db import Workspace
from crm_tui.errors import NotFound
from crm_tui.models.base import entities
from crm_tui.queries import duplicates
from crm_tui.scope import Actor
from crm_tui.services import merge_records, records
from crm_tui.undo import undo
from tests import business

CLIENT, CONTACT = entities["client"], entities["contact"]


def alike(actor: Actor, what: str = "client", **typed: Any) -> list[tuple[int, tuple[str, ...]]]:
    return [(one.id, one.reasons) for one in duplicates.likely(actor, entities[what], typed)]


def test_each_reason_is_told(workspace: Workspace, ana: Actor) -> None:
    acme = business.client(
        workspace, ana, "ACME Studio", phone="+49 30 1234567", email="hi@acme.de", website="www.acme.de"
    )
    business.client(workspace, ana, "Northwind", phone="(5) 555-4729", email="nw@gmail.com")
    assert alike(ana, email="HI@acme.DE") == [(acme, ("email", "domain"))]
    assert alike(ana, phone="030-1234567", country="Germany") == [(acme, ("phone",))]
    assert alike(ana, phone="030-1234567") == [(acme, ("phone",))], "the digits are the same, its country is not known"
    assert alike(ana, phone="030-1234567", country="France") == []
    assert alike(ana, name="Acme Studio, GmbH") == [(acme, ("name",))]
    assert alike(ana, name="Acme Studios") == [(acme, ("similar",))]
    assert alike(ana, website="https://shop.acme.de/x") == [(acme, ("domain",))]
    assert alike(ana, email="other@gmail.com") == [], "anybody has an address there"
    assert alike(ana, name="Something else", phone="12") == []
    assert alike(ana) == []


def test_the_likeliest_first_and_unfinished_text_does_no_harm(workspace: Workspace, ana: Actor) -> None:
    one = business.client(workspace, ana, "Acme One", phone="030 7654321")
    two = business.client(workspace, ana, "Acme Two", email="a@acme.de")
    found = alike(ana, name="Acme One", phone="0307654321", email="a@acme.de")
    assert found == [(one, ("phone", "name")), (two, ("email", "domain"))]
    assert alike(ana, email="@", phone="+", name="'", website="://", country="?") == []


def test_archived_ones_are_not_meant(workspace: Workspace, ana: Actor) -> None:
    acme = business.client(workspace, ana, "ACME Studio")
    records.archive_many(workspace, ana, CLIENT, [acme])
    assert alike(ana, name="ACME Studio") == []
    undo(workspace, ana)
    assert alike(ana, name="ACME Studio") == [(acme, ("name",))]


def test_what_was_changed_is_found_as_it_is_now(workspace: Workspace, ana: Actor) -> None:
    acme = business.client(workspace, ana, "ACME Studio", phone="030 1234567")
    business.save(workspace, ana, "client", acme, name="Zebra", phone="")
    assert alike(ana, name="ACME Studio", phone="030 1234567") == []
    undo(workspace, ana)
    assert alike(ana, name="ACME Studio", phone="030 1234567") == [(acme, ("phone", "name"))]


def test_people_of_one_name_are_alike_at_one_client_only(workspace: Workspace, ana: Actor) -> None:
    acme, other = business.client(workspace, ana, "ACME", country="Germany"), business.client(workspace, ana, "Other")
    maria = business.contact(workspace, ana, acme, "Maria Anders", phone="030-1234567")
    assert alike(ana, "contact", name="Anders, Maria", client=f"#{acme}") == [(maria, ("name",))]
    assert alike(ana, "contact", name="Anders, Maria", client="acme") == [(maria, ("name",))]
    assert alike(ana, "contact", name="Maria Anders", client=other) == []
    assert alike(ana, "contact", phone="+49 30 1234567") == [(maria, ("phone",))], "her client is in Germany"


def test_pairs_of_the_whole_workspace(workspace: Workspace, ana: Actor) -> None:
    one = business.client(workspace, ana, "ACME Studio", phone="+49 30 1234567", website="acme.de")
    business.client(workspace, ana, "Unlike", website="acme.de")
    two = business.client(workspace, ana, "Acme Studio GmbH", phone="030-1234567", country="Germany")
    three = business.client(workspace, ana, "Acme Studios", email="x@y.de")
    found = duplicates.pairs(ana, CLIENT)
    assert [(pair.ids, pair.reasons) for pair in found] == [
        ((one, two), ("phone", "name")),
        ((one, three), ("similar",)),
        ((two, three), ("similar",)),
    ]
    assert found[0].titles == ("ACME Studio", "Acme Studio GmbH")
    assert duplicates.pairs(ana, CLIENT, most=1) == found[:1]
    assert duplicates.pairs(ana, CONTACT) == []
    assert duplicates.pairs(ana, entities["tag"]) == []


def test_a_pair_told_apart_is_not_shown_again_until_that_is_undone(workspace: Workspace, ana: Actor) -> None:
    one, two = business.client(workspace, ana, "ACME"), business.client(workspace, ana, "Acme Ltd")
    merge_records.tell_apart(workspace, ana, CLIENT, two, one)
    merge_records.tell_apart(workspace, ana, CLIENT, one, two)
    assert business.held("distinction", 1)["names"] == "Acme Ltd / ACME"
    assert duplicates.pairs(ana, CLIENT) == []
    assert duplicates.likely_of(ana, CLIENT, one) == []
    undo(workspace, ana)
    assert [pair.ids for pair in duplicates.pairs(ana, CLIENT)] == [(one, two)]
    assert [like.id for like in duplicates.likely_of(ana, CLIENT, one)] == [two]


def test_a_record_that_is_not_there_has_no_duplicates(workspace: Workspace, ana: Actor) -> None:
    with pytest.raises(NotFound):
        duplicates.likely_of(ana, CLIENT, 99)


def test_looking_up_uses_indexes_only(workspace: Workspace, ana: Actor) -> None:
    """No table is walked through, however many records there are."""
    model: Any = CLIENT.model
    values = {"name": "ACME Studio", "phone": "+49 30 1234567", "email": "a@acme.de", "website": "acme.de"}
    explain = "EXPLAIN " if workspace.postgres else "EXPLAIN QUERY PLAN "
    if workspace.postgres:
        workspace.database.execute_sql("SET enable_seqscan = off")  # with so few rows a scan would be right
    conditions = duplicates._conditions(CLIENT, values)
    assert len(conditions) == 5
    for condition in conditions:
        sql, parameters = model.select(model.id).where(model.archived_at.is_null() & condition).limit(40).sql()
        plan = str(workspace.database.execute_sql(explain + sql, parameters).fetchall())
        assert "client_by_" in plan and "SCAN client" not in plan and "Seq Scan" not in plan, plan
