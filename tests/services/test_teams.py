"""Teams: who is in them, who may say so, and that no team is put away while it serves clients."""

from __future__ import annotations

import pytest

from crm_tui.db import Workspace
from crm_tui.errors import Conflict, CrmError, InvalidRecord, NotAllowed
from crm_tui.models.base import entities
from crm_tui.queries import lists, teams, timeline
from crm_tui.scope import Actor
from crm_tui.services import records
from crm_tui.services.teams import set_members
from crm_tui.undo import redo, undo
from tests import business

TEAM = entities["team"]


@pytest.fixture
def support(workspace: Workspace, ana: Actor) -> int:
    """A team without members."""
    return business.add(workspace, ana, "team", name="Support")


def members(team: int) -> str:
    return teams.logins_of_teams([team]).get(team, "")


def found(actor: Actor, text: str, what: str = "client") -> list[int]:
    return lists.ids(actor, lists.listing(actor, entities[what], text))


def test_an_operator_is_in_several_teams_and_members_come_and_go_in_one_operation(
    workspace: Workspace, ana: Actor, bo: Actor, support: int
) -> None:
    sales = business.add(workspace, ana, "team", name="Sales", kind="sales")
    assert set_members(workspace, ana, support, [ana.operator_id, bo.operator_id]) == (2, 0)
    set_members(workspace, ana, sales, [bo.operator_id])
    assert (members(support), members(sales)) == ("ana, bo", "bo")
    assert teams.teams_of_operators([bo.operator_id]) == {bo.operator_id: "Sales, Support"}
    assert set_members(workspace, ana, support, [bo.operator_id]) == (0, 1)
    assert members(support) == "bo"
    undo(workspace, ana)
    assert members(support) == "ana, bo"
    redo(workspace, ana)
    assert members(support) == "bo"
    told = [entry.text() for entry in timeline.journal(ana, TEAM, support)]
    assert told[-3:] == ["added team member bo · Support", "added team member ana · Support", "added team Support"]
    operations = len(business.operations())
    assert set_members(workspace, ana, support, [bo.operator_id]) == (0, 0)
    assert len(business.operations()) == operations, "what changes nothing leaves no trace"
    assert business.replayed() == business.present()


def test_nobody_is_in_a_team_twice(workspace: Workspace, ana: Actor, support: int) -> None:
    member = business.add(workspace, ana, "membership", team="Support", operator="ana")
    with pytest.raises(InvalidRecord, match="ana is in Support already"):
        business.add(workspace, ana, "membership", team="Support", operator="ana")
    records.archive_many(workspace, ana, entities["membership"], [member])
    business.add(workspace, ana, "membership", team="Support", operator="ana")
    with pytest.raises(InvalidRecord, match="already"):
        records.archive_many(workspace, ana, entities["membership"], [member], back=True)


def test_who_decides_about_members(workspace: Workspace, ana: Actor, bo: Actor, support: int) -> None:
    for role in ("operator", "viewer"):
        with pytest.raises(NotAllowed):
            set_members(workspace, Actor(bo.operator_id, "bo", role), support, [bo.operator_id])
        with pytest.raises(NotAllowed):
            business.add(workspace, Actor(bo.operator_id, "bo", role), "membership", team="Support", operator="bo")
    business.save(workspace, ana, "operator", bo.operator_id, role="manager")
    set_members(workspace, Actor(bo.operator_id, "bo", "manager"), support, [bo.operator_id])
    assert members(support) == "bo"


def test_a_membership_is_called_by_who_and_where_whatever_they_are_called_now(
    workspace: Workspace, ana: Actor, bo: Actor, support: int
) -> None:
    member = business.add(workspace, ana, "membership", team="Support", operator="bo")
    business.save(workspace, ana, "team", support, name="Help desk")
    business.save(workspace, ana, "operator", bo.operator_id, login="bob")
    assert business.held("membership", member)["name"] == "bob · Help desk"
    undo(workspace, ana)
    assert business.held("membership", member)["name"] == "bo · Help desk"


def test_an_operator_who_left_is_no_member_and_one_who_returns_is(
    workspace: Workspace, ana: Actor, bo: Actor, support: int
) -> None:
    set_members(workspace, ana, support, [ana.operator_id, bo.operator_id])
    records.archive_many(workspace, ana, entities["operator"], [bo.operator_id])
    assert members(support) == "ana"
    assert [row.cells[0] for row in teams.members(support)] == ["ana"]
    with pytest.raises(InvalidRecord, match="who works here"):
        set_members(workspace, ana, business.add(workspace, ana, "team", name="Two"), [bo.operator_id])
    undo(workspace, ana)
    records.archive_many(workspace, ana, entities["operator"], [bo.operator_id], back=True)
    assert members(support) == "ana, bo"


def test_a_team_that_serves_clients_is_not_archived(workspace: Workspace, ana: Actor, support: int) -> None:
    acme = business.client(workspace, ana, team="Support")
    business.client(workspace, ana, "Two", team="Support")
    before = business.present()
    with pytest.raises(CrmError, match=rf"Support serves 2 clients: .* \(the query team:#{support} finds them\)"):
        records.archive_many(workspace, ana, TEAM, [support])
    assert business.present() == before
    for client in found(ana, f"team:#{support}"):
        business.save(workspace, ana, "client", client, team="")
    assert records.archive_many(workspace, ana, TEAM, [support]) == 1
    with pytest.raises(InvalidRecord, match="there is no team"):
        business.save(workspace, ana, "client", acme, team="Support")


def test_making_a_team_is_not_taken_back_once_it_serves_somebody(workspace: Workspace, ana: Actor) -> None:
    business.add(workspace, ana, "team", name="Support")
    made = business.last_operation_id()
    business.client(workspace, ana, team="Support")
    with pytest.raises(Conflict, match="something made since belongs to its record"):
        undo(workspace, ana, made)


def test_two_teams_are_not_called_the_same(workspace: Workspace, ana: Actor, support: int) -> None:
    with pytest.raises(InvalidRecord, match='there is already a team "support"'):
        business.add(workspace, ana, "team", name="support")


def test_clients_are_found_by_their_team(workspace: Workspace, ana: Actor, bo: Actor, support: int) -> None:
    business.add(workspace, ana, "team", name="Sales", kind="sales")
    acme = business.client(workspace, ana, "ACME", team="Support", owner="ana")
    bon = business.client(workspace, ana, "Bon app'", team="Sales")
    carpe = business.client(workspace, ana, "Carpe", owner="bo")
    set_members(workspace, ana, support, [bo.operator_id])
    assert found(ana, "team:support") == found(ana, "team.kind:support") == found(bo, "team:mine") == [acme]
    assert found(ana, "team:mine") == []
    assert found(bo, "(owner:me or team:mine)") == [acme, carpe]
    assert found(ana, "has:team no:owner") == [bon]
    assert found(ana, "no:team") == [carpe]
    assert found(ana, "members:bo", "team") == [support]
    assert len(found(ana, "no:members", "team")) == 1
    records.archive_many(workspace, ana, entities["membership"], found(ana, "", "membership"))
    assert found(bo, "team:mine") == []
