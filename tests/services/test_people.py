"""People who are at several clients: what they are at each, and who is the one point of contact."""

from __future__ import annotations

from typing import Any

import pytest

from crm_tui import places
from crm_tui.db import Workspace
from crm_tui.errors import InvalidRecord
from crm_tui.models.base import entities
from crm_tui.queries import details, duplicates, extra_columns, lists, timeline
from crm_tui.queries.known_values import known_people
from crm_tui.queries.story import Story
from crm_tui.scope import Actor
from crm_tui.services import merge_records, people, records
from crm_tui.services.merge_records import Side
from crm_tui.undo import redo, undo
from tests import business
from tests.services.test_merge_records import all_values

CLIENT, CONTACT, AFFILIATION = entities["client"], entities["contact"], entities["affiliation"]


@pytest.fixture
def acme(workspace: Workspace, ana: Actor) -> int:
    return business.client(workspace, ana, "ACME Studio", country="Germany")


@pytest.fixture
def bolido(workspace: Workspace, ana: Actor) -> int:
    return business.client(workspace, ana, "Bólido", country="Spain")


@pytest.fixture
def maria(workspace: Workspace, ana: Actor, acme: int) -> int:
    """Who decides at ACME."""
    return business.contact(workspace, ana, acme, email="maria@acme.example", role="decision maker")


def join(workspace: Workspace, actor: Actor, contact: int, client: int, **typed: Any) -> None:
    people.join(workspace, actor, CONTACT, [contact], {"client": f"#{client}", **typed})


def at(contact: int) -> list[tuple[int, str, bool]]:
    """The client, role and being its point of contact, of everywhere somebody is."""
    return [(place.client, place.role, place.primary) for place in places.clients([contact])]


def points_of_contact(*clients: int) -> list[str]:
    return [extra_columns.point_of_contact([client]).get(client, "") for client in clients]


def found(actor: Actor, entity: str, text: str) -> list[int]:
    return lists.ids(actor, lists.listing(actor, entities[entity], text))


def refused(workspace: Workspace, actor: Actor, contact: int, client: int) -> dict[str, str]:
    with pytest.raises(InvalidRecord) as told:
        join(workspace, actor, contact, client)
    return told.value.problems


def test_somebody_has_a_role_at_each_of_two_clients(
    workspace: Workspace, ana: Actor, acme: int, bolido: int, maria: int
) -> None:
    business.contact(workspace, ana, bolido, "Thomas Hardy")
    join(workspace, ana, maria, bolido, role="billing", title="Adviser")
    assert at(maria) == [(acme, "decision maker", True), (bolido, "billing", False)]
    there = details.detail(ana, CLIENT, bolido)
    assert [row.cells[:3] for row in there.contacts] == [
        ("Thomas Hardy", "", ""),
        ("Maria Anders", "billing", "Adviser"),
    ]
    hers = details.detail(ana, CONTACT, maria)
    assert [row.cells for row in hers.clients] == [
        ("ACME Studio", "decision maker", "", "yes"),
        ("Bólido", "billing", "Adviser", "no"),
    ]
    assert extra_columns.clients([maria]) == {maria: "ACME Studio; Bólido"}


def test_queries_and_search_find_both_ways(
    workspace: Workspace, ana: Actor, acme: int, bolido: int, maria: int
) -> None:
    join(workspace, ana, maria, bolido, role="billing")
    both = [acme, bolido]
    for text in ("contact:maria", "has:contact", "maria", "contacts.count=1", "contact.email:acme.example"):
        assert found(ana, "client", text) == both, text
    assert found(ana, "client", 'contact.role:"decision maker"') == [acme]
    assert found(ana, "client", "contact.role:billing") == [bolido]
    for text in ("client:acme", "client:bolido", f"client:#{bolido}", "client.country:spain", "role:billing",
                 'role:"decision maker"', "has:client"):  # fmt: skip
        assert found(ana, "contact", text) == [maria], text
    assert found(ana, "contact", "role:user") == found(ana, "contact", "client!=bolido") == []
    business.save(workspace, ana, "contact", maria, name="Maria Kowalski")
    assert found(ana, "client", "kowalski") == both
    assert found(ana, "client", "anders") == []
    records.archive_many(workspace, ana, CONTACT, [maria])
    assert found(ana, "client", "kowalski") == found(ana, "client", "has:contact") == []
    undo(workspace, ana)
    assert found(ana, "client", "kowalski") == both


def test_each_client_has_one_point_of_contact_whichever_way_they_are_there(
    workspace: Workspace, ana: Actor, acme: int, bolido: int, maria: int
) -> None:
    thomas = business.contact(workspace, ana, bolido, "Thomas Hardy")
    join(workspace, ana, maria, bolido, primary="yes")
    assert points_of_contact(acme, bolido) == ["Maria Anders", "Maria Anders"]
    assert business.held("contact", thomas)["primary"] is False
    business.save(workspace, ana, "contact", thomas, primary="yes")
    assert points_of_contact(acme, bolido) == ["Maria Anders", "Thomas Hardy"]
    there = [place for place in places.clients([maria]) if place.client == bolido]
    people.change(workspace, ana, "contact.make_primary", there, {"primary": "yes"})
    assert points_of_contact(bolido) == ["Maria Anders"]
    undo(workspace, ana)
    assert points_of_contact(bolido) == ["Thomas Hardy"]
    redo(workspace, ana)
    assert points_of_contact(bolido) == ["Maria Anders"]


def test_the_first_at_a_client_is_its_point_of_contact(
    workspace: Workspace, ana: Actor, acme: int, bolido: int, maria: int
) -> None:
    join(workspace, ana, maria, bolido)
    assert points_of_contact(bolido) == ["Maria Anders"]
    business.contact(workspace, ana, bolido, "Thomas Hardy")
    assert points_of_contact(bolido) == ["Maria Anders"]


def test_who_comes_back_from_the_archive_yields(
    workspace: Workspace, ana: Actor, acme: int, bolido: int, maria: int
) -> None:
    join(workspace, ana, maria, bolido)
    records.archive_many(workspace, ana, CONTACT, [maria])
    business.contact(workspace, ana, bolido, "Thomas Hardy")
    assert points_of_contact(acme, bolido) == ["", "Thomas Hardy"]
    records.archive_many(workspace, ana, CONTACT, [maria], back=True)
    assert at(maria) == [(acme, "decision maker", True), (bolido, "", False)]
    assert points_of_contact(acme, bolido) == ["Maria Anders", "Thomas Hardy"]


def test_what_makes_no_sense_is_told(workspace: Workspace, ana: Actor, acme: int, bolido: int, maria: int) -> None:
    join(workspace, ana, maria, bolido)
    for client, name in ((acme, "ACME Studio"), (bolido, "Bólido")):
        assert refused(workspace, ana, maria, client) == {"client": f"Maria Anders is at {name} already"}
    gone = business.client(workspace, ana, "Gone")
    records.archive_many(workspace, ana, CLIENT, [gone])
    assert refused(workspace, ana, maria, gone) == {
        "client": f'there is no client "#{gone}": it is archived (#{gone}); bring it back first'
    }
    with pytest.raises(InvalidRecord) as told:
        business.add(workspace, ana, "affiliation", role="user")
    assert set(told.value.problems) == {"contact", "client"}
    assert len(business.operations()) == 7, "nothing was written"


def test_the_first_client_of_somebody_is_their_own(workspace: Workspace, ana: Actor, acme: int, bolido: int) -> None:
    lone = business.contact(workspace, ana, None, "Lone Wolf")
    join(workspace, ana, lone, acme, role="user")
    assert (at(lone), business.held("contact", lone)["client"]) == ([(acme, "user", True)], acme)
    join(workspace, ana, lone, bolido)
    assert [client for client, *_rest in at(lone)] == [acme, bolido]


def test_who_leaves_stays_at_the_other_client(
    workspace: Workspace, ana: Actor, acme: int, bolido: int, maria: int
) -> None:
    join(workspace, ana, maria, bolido, role="billing")
    before = all_values()
    there = places.clients([maria])
    assert people.leave(workspace, ana, [there[0]]) == "Maria Anders is no longer at ACME Studio"
    assert at(maria) == [(bolido, "billing", True)]
    assert business.held("contact", maria)["client"] == bolido
    assert found(ana, "client", "maria") == [bolido]
    undo(workspace, ana)
    now = all_values()
    assert {name: now[name] for name in ("contact", "affiliation")} == {
        name: before[name] for name in ("contact", "affiliation")
    }
    people.leave(workspace, ana, [there[1]])
    assert at(maria) == [(acme, "decision maker", True)]
    people.leave(workspace, ana, places.clients([maria]))
    assert at(maria) == []
    assert business.held("contact", maria)["archived_at"] is None


def test_what_was_said_belongs_to_the_client_it_was_about(
    workspace: Workspace, ana: Actor, acme: int, bolido: int, maria: int
) -> None:
    join(workspace, ana, maria, bolido)
    business.add(workspace, ana, "interaction", contact=f"#{maria}", subject="At home")
    said = business.add(workspace, ana, "interaction", contact=f"#{maria}", client=f"#{bolido}", subject="Invoice")
    assert business.held("client", acme)["last_contact"] is not None
    assert business.held("interaction", said)["client"] == bolido
    told = [one.what for one in Story(CLIENT, bolido).window(0, 20)]
    assert any("Invoice" in text for text in told) and not any("At home" in text for text in told)
    assert any(text.startswith("added affiliation Maria Anders, Bólido") for text in told)
    other = business.client(workspace, ana, "Third")
    with pytest.raises(InvalidRecord, match="Maria Anders is not a contact of this client"):
        business.add(workspace, ana, "interaction", contact=f"#{maria}", client=f"#{other}")
    people.leave(workspace, ana, [places.clients([maria])[1]])
    business.save(workspace, ana, "interaction", said, outcome="paid")
    assert any("Invoice – paid" in one.what for one in Story(CLIENT, bolido).window(0, 20))
    assert [entry.text() for entry in timeline.journal(ana, CONTACT, maria)][0] == (
        "archived affiliation Maria Anders, Bólido"
    )


def test_two_records_of_one_person_leave_both_clients(
    workspace: Workspace, ana: Actor, acme: int, bolido: int, maria: int
) -> None:
    double = business.contact(workspace, ana, bolido, "Maria A.", role="billing", phone="+49 30 1")
    third = business.client(workspace, ana, "Third")
    join(workspace, ana, double, third, role="user")
    before = all_values()
    merge_records.merge(workspace, ana, Side(CONTACT, maria), Side(CONTACT, double), {})
    assert sorted(at(maria)) == [(acme, "decision maker", True), (bolido, "billing", True), (third, "user", True)]
    assert points_of_contact(acme, bolido, third) == ["Maria Anders"] * 3
    undo(workspace, ana)
    after = all_values()
    assert [after[name] for name in ("contact", "affiliation")] == [before[name] for name in ("contact", "affiliation")]


def test_doubles_of_merged_people_fold(workspace: Workspace, ana: Actor, acme: int, bolido: int, maria: int) -> None:
    double = business.contact(workspace, ana, bolido, "Maria A.")
    join(workspace, ana, double, acme, role="user", title="CEO")
    join(workspace, ana, maria, bolido, role="billing")
    merge_records.merge(workspace, ana, Side(CONTACT, maria), Side(CONTACT, double), {})
    assert sorted(at(maria)) == [(acme, "decision maker", True), (bolido, "billing", True)]
    assert business.held("contact", maria)["title"] == "CEO"


def test_two_records_of_one_client_leave_everybody_once(
    workspace: Workspace, ana: Actor, acme: int, bolido: int, maria: int
) -> None:
    thomas = business.contact(workspace, ana, bolido, "Thomas Hardy")
    join(workspace, ana, maria, bolido, role="user", primary="yes")
    join(workspace, ana, thomas, acme, role="billing")
    before = all_values()
    merge_records.merge(workspace, ana, Side(CLIENT, acme), Side(CLIENT, bolido), {})
    assert at(maria) == [(acme, "decision maker", True)]
    assert at(thomas) == [(acme, "billing", False)]
    assert [place.contact for place in places.people([acme], primary=True)] == [maria]
    undo(workspace, ana)
    after = all_values()
    assert [after[name] for name in ("contact", "affiliation")] == [before[name] for name in ("contact", "affiliation")]


def test_whose_own_client_becomes_one_they_were_at_are_there_once(
    workspace: Workspace, ana: Actor, acme: int, bolido: int, maria: int
) -> None:
    join(workspace, ana, maria, bolido, role="billing")
    business.save(workspace, ana, "contact", maria, client=f"#{bolido}")
    assert at(maria) == [(bolido, "billing", True)]
    undo(workspace, ana)
    assert at(maria) == [(acme, "decision maker", True), (bolido, "billing", True)]


def test_somebody_who_is_at_a_client_besides_is_known_there(
    workspace: Workspace, ana: Actor, acme: int, bolido: int, maria: int
) -> None:
    """So that nobody adds them a second time."""
    assert duplicates.likely(ana, CONTACT, {"name": "maria anders", "client": f"#{bolido}"}) == []
    join(workspace, ana, maria, bolido)
    like = duplicates.likely(ana, CONTACT, {"name": "maria anders", "client": f"#{bolido}"})
    assert [(one.id, one.reasons) for one in like] == [(maria, ("name",))]
    assert known_people(ana, f"#{bolido}", "mar") == known_people(ana, "bolido", "") == ["Maria Anders"]
    assert known_people(ana, f"#{acme}", "x") == []
