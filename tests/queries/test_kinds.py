"""What differs by the kind of client: columns, what is flagged, who has gone quiet, and the views that ship."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from crm_tui import clock
from crm_tui.db import Workspace
from crm_tui.models.base import entities
from crm_tui.queries import details, flags, lists, shipped_views
from crm_tui.queries.story import Story
from crm_tui.scope import Actor
from crm_tui.services import comments, records
from crm_tui.undo import undo
from tests import business
from tests.conftest import NOW

CLIENT = entities["client"]


def columns(actor: Actor, text: str, chosen: tuple[str, ...] = ()) -> tuple[str, ...]:
    return lists.listing(actor, CLIENT, text, chosen).columns


def found(actor: Actor, text: str) -> list[int]:
    return lists.ids(actor, lists.listing(actor, CLIENT, text))


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("kind:client", "client"),
        ("stage:active kind:customer", "customer"),
        ("kind=customer acme", "customer"),
        ("", ""),
        ("stage:active", ""),
        ("kind:client,customer", ""),
        ("kind:client or kind:customer", ""),
        ("-kind:client", ""),
        ("(kind:client or stage:lead)", ""),
    ],
)
def test_columns_follow_the_kind_that_a_query_asks_for(ana: Actor, text: str, kind: str) -> None:
    fitting = CLIENT.facets[kind].columns if kind else CLIENT.columns
    assert columns(ana, text) == fitting
    assert columns(ana, text, ("name", "city")) == ("name", "city")


def test_a_client_without_a_manager_is_flagged_and_found(workspace: Workspace, ana: Actor) -> None:
    business.add(workspace, ana, "team", name="Support")
    none = business.client(workspace, ana, "None", kind="client")
    team = business.client(workspace, ana, "Team", kind="client", team="Support")
    managed = business.client(workspace, ana, "Managed", kind="client", owner="ana")
    customer = business.client(workspace, ana, "Customer", kind="customer")
    gone = business.client(workspace, ana, "Gone", kind="client", stage="churned", churn_reason="moved")
    said = flags.in_words([none, team, managed, customer, gone])
    assert said == {none: "! no manager", team: "! team only"}
    assert found(ana, view("Without an account manager")) == [none, team]
    shown = lists.listing(ana, CLIENT, "kind:client", ("name", "flag"))
    assert [row.cells for row in lists.Reading(ana, shown).window(1, 2)] == [("Managed", ""), ("None", "! no manager")]


def view(name: str) -> str:
    return next(one.query for one in shipped_views.of(CLIENT) if one.name == name)


def test_every_view_that_ships_can_be_asked(workspace: Workspace, ana: Actor) -> None:
    for one in shipped_views.of(CLIENT):
        assert found(ana, one.query) == []
    assert shipped_views.of(entities["contact"]) == ()


# --- gone quiet


def quiet(workspace: Workspace, ana: Actor, **typed: Any) -> object:
    return business.held("client", business.client(workspace, ana, **typed))["quiet_on"]


def test_a_client_goes_quiet_a_whole_cadence_after_it_was_due(workspace: Workspace, ana: Actor) -> None:
    called = "2026-10-10 10:00"
    acme = business.client(workspace, ana, stage="active", cadence_days="20", last_contact=called)
    assert str(business.held("client", acme)["quiet_on"]) == "2026-11-19"
    assert found(ana, view("Gone quiet: dormant?")) == [acme]
    assert flags.in_words([acme]) == {acme: "! gone quiet"}
    business.add(workspace, ana, "interaction", client=acme, channel="call")
    assert found(ana, "quiet<today") == [] and flags.in_words([acme]) == {}
    undo(workspace, ana)
    business.save(workspace, ana, "client", acme, follow_up_on="+3d")
    assert found(ana, "quiet<today") == [], "somebody means to be in touch"


def test_who_is_not_expected_to_be_heard_of_does_not_go_quiet(workspace: Workspace, ana: Actor) -> None:
    long_ago = {"acquired_on": "2020-01-01"}
    assert quiet(workspace, ana, name="A", stage="active", **long_ago) is None
    assert quiet(workspace, ana, name="B", stage="dormant", cadence_days="20", **long_ago) is None
    assert quiet(workspace, ana, name="C", stage="lead", cadence_days="20", **long_ago) is None


def test_the_cadence_of_the_stage_counts_too(workspace: Workspace, ana: Actor) -> None:
    acme = business.client(workspace, ana, stage="active", acquired_on="2026-01-10")
    business.add(workspace, ana, "setting", key="cadence.active", value="30")
    assert str(business.held("client", acme)["quiet_on"]) == "2026-03-11"
    with clock.use(NOW - timedelta(days=300)):
        assert found(ana, "quiet<today") == []
    assert found(ana, "quiet<today") == [acme]


def test_those_who_have_gone_quiet_become_dormant_and_are_no_longer_listed(workspace: Workspace, ana: Actor) -> None:
    ids = [
        business.client(workspace, ana, f"Client {at}", stage="active", cadence_days="5", acquired_on="2026-01-10")
        for at in range(3)
    ]
    assert records.change_many(workspace, ana, CLIENT, found(ana, "quiet<today"), {"stage": "dormant"}) == 3
    assert found(ana, "quiet<today") == []
    undo(workspace, ana)
    assert found(ana, "quiet<today sort:name") == ids


# --- what is shown beside a list


def test_what_stands_beside_a_list_reads_no_more_than_it_shows(workspace: Workspace, ana: Actor) -> None:
    acme = business.client(workspace, ana, kind="client", owner="ana")
    for name in ("Maria", "Zoë"):
        business.contact(workspace, ana, acme, name)
    comments.add(workspace, ana, CLIENT, [acme], "Call before noon")
    brief, whole = details.brief(ana, CLIENT, acme), details.detail(ana, CLIENT, acme)
    assert (len(brief.contacts), brief.comments, brief.stages) == (1, (), ())
    assert (len(whole.contacts), len(whole.comments)) == (2, 1)
    assert whole.stages and brief.values == whole.values and brief.titles == whole.titles


def test_windows_of_the_story_are_those_of_the_whole(workspace: Workspace, ana: Actor) -> None:
    acme = business.client(workspace, ana)
    for day in range(1, 9):
        business.add(workspace, ana, "interaction", client=acme, at=f"2026-11-{day:02} 10:00", subject=f"Day {day}")
        with clock.use(NOW - timedelta(days=day * 2, hours=day)):
            comments.add(workspace, ana, CLIENT, [acme], f"Comment {day}")
    story = Story(CLIENT, acme)
    whole = story.window(0, 100)
    assert len(whole) == story.count() == 17
    assert sorted(whole, key=lambda told: told.at, reverse=True) == whole
    for size in (1, 3, 5):
        pages = [told for offset in range(0, 20, size) for told in story.window(offset, size)]
        assert pages == whole
