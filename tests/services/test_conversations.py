"""Keeping in touch: what is logged moves the last contact and the follow-up, and undoing it moves them back."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest

from crm_tui import clock, query
from crm_tui.db import Workspace
from crm_tui.errors import InvalidRecord
from crm_tui.models.base import entities
from crm_tui.queries import lists, stages
from crm_tui.queries.story import Story
from crm_tui.scope import Actor
from crm_tui.services import conversations, records
from crm_tui.undo import redo, undo
from tests import business
from tests.conftest import NOW

CLIENT, INTERACTION = entities["client"], entities["interaction"]
TODAY = NOW.date()


def due(workspace: Workspace, actor: Actor) -> list[int]:
    return lists.ids(actor, lists.listing(actor, CLIENT, "due<=today sort:due"))


def test_the_last_contact_is_the_newest_interaction_whoever_types_it_when(
    workspace: Workspace, ana: Actor, bo: Actor
) -> None:
    acme = business.client(workspace, ana)
    business.add(workspace, ana, "interaction", client=acme, at="2026-11-20 10:00")
    business.add(workspace, bo, "interaction", client=acme, at="2026-11-10 10:00", channel="meeting")
    held = business.held("client", acme)
    assert (held["last_contact"], held["last_contact_by"], held["last_channel"]) == (
        datetime(2026, 11, 20, 10), ana.operator_id, "call",
    )  # fmt: skip
    assert held["version"] == 1, "what is derived is no change of the client"


def test_correcting_moving_and_archiving_an_interaction_correct_the_last_contact(
    workspace: Workspace, ana: Actor
) -> None:
    acme, other = business.client(workspace, ana), business.client(workspace, ana, "Other")
    old = business.add(workspace, ana, "interaction", client=acme, at="2026-11-10 10:00")
    new = business.add(workspace, ana, "interaction", client=acme, at="2026-11-20 10:00")
    business.save(workspace, ana, "interaction", new, at="2026-11-19 09:00")
    assert business.held("client", acme)["last_contact"] == datetime(2026, 11, 19, 9)
    business.save(workspace, ana, "interaction", new, client=f"#{other}")
    assert business.held("client", acme)["last_contact"] == datetime(2026, 11, 10, 10)
    assert business.held("client", other)["last_contact"] == datetime(2026, 11, 19, 9)
    records.archive_many(workspace, ana, INTERACTION, [old])
    assert business.held("client", acme)["last_contact"] is None
    undo(workspace, ana)
    assert business.held("client", acme)["last_contact"] == datetime(2026, 11, 10, 10)


def test_notes_are_no_contact(workspace: Workspace, ana: Actor) -> None:
    acme = business.client(workspace, ana)
    business.add(workspace, ana, "interaction", client=acme, channel="note", body="Owns two shops.")
    assert business.held("client", acme)["last_contact"] is None


def test_undo_and_redo_of_logging_move_everything_back_and_forth(workspace: Workspace, ana: Actor) -> None:
    acme = business.client(workspace, ana, follow_up_on="2026-11-20")
    before, journalled = business.held("client", acme), business.present()
    conversations.log(workspace, ana, [acme], {"channel": "call", "next_step": "send quote", "follow_up_on": "+5d"})
    after = business.held("client", acme)
    assert (after["last_contact"], after["follow_up_on"], after["due_on"]) == (
        NOW,
        date(2026, 11, 27),
        date(2026, 11, 27),
    )
    undo(workspace, ana)
    kept = ("version", "updated_at")
    assert {k: v for k, v in business.held("client", acme).items() if k not in kept} == {
        k: v for k, v in before.items() if k not in kept
    }
    assert business.present().keys() == journalled.keys()
    redo(workspace, ana)
    assert business.held("client", acme)["last_contact"] == NOW


def test_one_interaction_with_several_clients_is_one_operation(workspace: Workspace, ana: Actor) -> None:
    three = [business.client(workspace, ana, name) for name in ("A", "B", "C")]
    conversations.log(workspace, ana, three, {"channel": "email", "subject": "New prices"})
    assert {business.held("client", one)["last_channel"] for one in three} == {"email"}
    undo(workspace, ana)
    assert {business.held("client", one)["last_contact"] for one in three} == {None}


def test_a_conversation_restarts_the_cadence_a_message_without_answer_does_not(
    workspace: Workspace, ana: Actor
) -> None:
    acme = business.client(workspace, ana, cadence_days="30", acquired_on="2026-01-10")
    business.add(workspace, ana, "interaction", client=acme, at="2026-10-01 10:00")
    assert business.held("client", acme)["due_on"] == date(2026, 10, 31)
    assert due(workspace, ana) == [acme]
    business.add(workspace, ana, "interaction", client=acme, channel="email")
    assert business.held("client", acme)["due_on"] == date(2026, 10, 31), "nobody has answered"
    business.add(workspace, ana, "interaction", client=acme, channel="email", direction="in")
    assert business.held("client", acme)["due_on"] == TODAY + timedelta(days=30)
    assert due(workspace, ana) == []


def test_of_whom_nothing_is_known_is_due_at_once(workspace: Workspace, ana: Actor) -> None:
    unknown = business.client(workspace, ana, "Unknown", cadence_days="30")
    business.client(workspace, ana, "Acquired", cadence_days="30", acquired_on="today")
    assert due(workspace, ana) == [unknown]
    assert business.held("client", unknown)["due_on"] == TODAY
    business.add(workspace, ana, "interaction", client=unknown)
    assert due(workspace, ana) == []


def test_a_follow_up_goes_before_the_cadence_and_is_done_once_they_were_heard(workspace: Workspace, ana: Actor) -> None:
    acme = business.client(workspace, ana, cadence_days="10", follow_up_on="2026-11-21")
    assert due(workspace, ana) == [acme]
    business.save(workspace, ana, "client", acme, follow_up_on="+7d")  # snoozed
    assert due(workspace, ana) == []
    business.save(workspace, ana, "client", acme, follow_up_on="today")
    business.add(workspace, ana, "interaction", client=acme, channel="email")
    assert due(workspace, ana) == [acme], "a message is no answer"
    business.add(workspace, ana, "interaction", client=acme, channel="call")
    held = business.held("client", acme)
    assert (held["follow_up_on"], held["due_on"]) == (None, TODAY + timedelta(days=10))


def test_a_stage_may_have_a_cadence_that_a_client_s_own_goes_before(workspace: Workspace, ana: Actor) -> None:
    plain = business.client(workspace, ana, "Plain", stage="active", acquired_on="2026-11-01")
    own = business.client(workspace, ana, "Own", stage="active", acquired_on="2026-11-01", cadence_days="90")
    left = business.client(workspace, ana, "Left", stage="churned", acquired_on="2026-11-01")
    business.add(workspace, ana, "setting", key="cadence.active", value="20")
    assert [business.held("client", one)["due_on"] for one in (plain, own, left)] == [
        date(2026, 11, 21), date(2027, 1, 30), None,
    ]  # fmt: skip
    undo(workspace, ana)
    assert business.held("client", plain)["due_on"] is None


def test_what_makes_no_interaction_is_said_at_the_field(workspace: Workspace, ana: Actor) -> None:
    acme, other = business.client(workspace, ana), business.client(workspace, ana, "Other")
    maria = business.contact(workspace, ana, acme)
    for typed, problem in (
        ({"subject": "x"}, "name the client"),
        ({"client": acme, "at": "+3d"}, "still to come"),
        ({"client": acme, "at": "31.02.2026"}, "31.02.2026"),
        ({"client": acme, "channel": "telegraph"}, "is not one of"),
        ({"client": acme, "minutes": "-5"}, "outside"),
        ({"client": other, "contact": maria}, "is not a contact of"),
    ):
        with pytest.raises(InvalidRecord, match=problem):
            business.add(workspace, ana, "interaction", **typed)
    logged = business.add(workspace, ana, "interaction", contact=maria)
    assert business.held("interaction", logged)["client"] == acme


def test_who_leaves_says_why(workspace: Workspace, ana: Actor) -> None:
    acme, other = business.client(workspace, ana), business.client(workspace, ana, "Other")
    with pytest.raises(InvalidRecord, match="say why"):
        business.save(workspace, ana, "client", acme, stage="churned")
    with pytest.raises(InvalidRecord, match="say why"):
        records.change_many(workspace, ana, CLIENT, [acme, other], {"stage": "churned"})
    records.change_many(workspace, ana, CLIENT, [acme, other], {"stage": "churned", "churn_reason": "no budget"})
    assert business.held("client", other)["churn_reason"] == "no budget"


def test_who_left_did_so_on_the_day_somebody_moved_them_to_where_nobody_is_any_more(
    workspace: Workspace, ana: Actor
) -> None:
    def left() -> list[date | None]:
        return [row["left_on"] for row in business.rows("client")]

    acme = business.client(workspace, ana, stage="active")
    came = business.client(workspace, ana, "Came as gone", stage="churned", acquired_on="2020-02-01")
    assert left() == [None, date(2020, 2, 1)]
    business.add(workspace, ana, "interaction", client=came, at="2021-03-04 10:00")
    assert left() == [None, date(2021, 3, 4)]
    with clock.use(datetime(2026, 11, 25, 9)):
        business.save(workspace, ana, "client", acme, stage="churned", churn_reason="moved")
    with clock.use(datetime(2026, 11, 26, 9)):
        business.add(workspace, ana, "interaction", client=acme)
        assert left()[0] == date(2026, 11, 25)
        business.save(workspace, ana, "client", acme, stage="active")
        assert left()[0] is None
        undo(workspace, ana)
        assert left()[0] == date(2026, 11, 25), "it was a mistake that they came back"
        business.save(workspace, ana, "client", acme, stage="active")
        business.save(workspace, ana, "client", acme, stage="churned")
        assert left()[0] == date(2026, 11, 26)


def test_the_stages_a_client_went_through_and_for_how_long(workspace: Workspace, ana: Actor) -> None:
    acme = business.client(workspace, ana)
    for days, stage in ((3, "qualified"), (10, "active")):
        with clock.use(NOW + timedelta(days=days)):
            business.save(workspace, ana, "client", acme, stage=stage)
    with clock.use(NOW + timedelta(days=30)):
        assert [(stay.stage, stay.days) for stay in stages.history(entities["client"], acme)] == [
            ("lead", 3),
            ("qualified", 7),
            ("active", 20),
        ]
        assert (
            stages.in_words(entities["client"], stages.history(entities["client"], acme))
            == "active since 20 days ago, before that qualified 7 d, lead 3 d"
        )
    assert stages.history(entities["client"], 99) == [] and stages.in_words(entities["client"], []) == ""


def test_a_story_tells_what_was_said_and_done_and_is_narrowed_by_a_query(workspace: Workspace, ana: Actor) -> None:
    acme = business.client(workspace, ana)
    maria = business.contact(workspace, ana, acme)
    business.add(
        workspace, ana, "interaction", client=acme, contact=maria, at="2026-11-20 10:00", minutes="12",
        subject="Draft", outcome="wants a darker blue", next_step="send proposal",
    )  # fmt: skip
    business.add(workspace, ana, "interaction", client=acme, channel="note", body="Owns\ntwo shops", at="2026-11-21")
    told = Story(CLIENT, acme)
    assert [one.what for one in told.window(0, 10)] == [
        "added contact Maria Anders",
        "added client ACME Studio",
        "note · Owns two shops",
        "call, 12 min, Maria Anders · Draft – wants a darker blue → send proposal",
    ]
    assert told.count() == 4
    assert [one.what[:4] for one in told.window(2, 1)] == ["note"]
    calls = Story(CLIENT, acme, query.parse("channel:call", INTERACTION, me=ana))
    assert (calls.count(), len(calls.window(0, 10))) == (1, 1)
    assert Story(entities["contact"], maria, query.parse("blue", INTERACTION, me=ana)).count() == 1


def test_clients_are_found_by_their_conversations(workspace: Workspace, ana: Actor) -> None:
    acme, other = business.client(workspace, ana), business.client(workspace, ana, "Other")
    business.add(workspace, ana, "interaction", client=acme, channel="meeting", at="2026-10-01 10:00")
    for text, expected in (
        ("interaction.channel:meeting", [acme]),
        ("interactions.count>0", [acme]),
        ("no:last_contact", [other]),
        ("last_contact<-30d", [acme]),
        ("last_contact<-30d or no:last_contact", [acme, other]),
        ("last-channel:meeting contacted-by:me", [acme]),
    ):
        assert query.parse(text, CLIENT, me=ana)
        assert lists.ids(ana, lists.listing(ana, CLIENT, f"({text}) sort:id")) == expected, text
