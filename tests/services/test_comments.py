"""Comments on records: who may write and change them, whom they mention, and what those are told."""

from __future__ import annotations

from typing import Any

import pytest

from crm_tui.db import Workspace
from crm_tui.errors import Conflict, CrmError, InvalidRecord, NotAllowed, NotFound
from crm_tui.models.base import entities
from crm_tui.queries import details, lists, talk, timeline
from crm_tui.scope import Actor
from crm_tui.services import comments, notifications, records
from crm_tui.undo import redo, undo
from tests import business


def say(workspace: Workspace, actor: Actor, client: int, text: str) -> int:
    return comments.add(workspace, actor, entities["client"], [client], text)[0]


def news(actor: Actor) -> list[str]:
    """What somebody is told of, the newest first."""
    shown = lists.listing(actor, entities["notification"], "", ("text",))
    return [row.cells[0] for row in lists.Reading(actor, shown).window(0, 100)]


def test_a_comment_stands_in_the_timeline_and_tells_the_mentioned(workspace: Workspace, ana: Actor, bo: Actor) -> None:
    acme = business.client(workspace, ana)
    made = say(workspace, ana, acme, "@bo please call.\n\nThey asked @Bo twice, says @ana")
    assert timeline.journal(ana, entities["client"], acme)[0].text().startswith("commented: @bo please call. They")
    assert [row.id for row in details.detail(bo, entities["client"], acme).comments] == [made]
    assert news(bo) == ["ana on client ACME Studio: @bo please call. They asked @Bo twice, says @ana"]
    assert (talk.unread(bo), talk.unread(ana), news(ana)) == (1, 0, [])
    assert business.held("comment", made)["author"] == ana.operator_id


def test_undo_takes_comment_and_notifications_back_though_they_were_read(
    workspace: Workspace, ana: Actor, bo: Actor
) -> None:
    acme = business.client(workspace, ana)
    say(workspace, ana, acme, "@bo please call")
    assert notifications.mark_read(workspace, bo) == 1
    assert talk.unread(bo) == 0
    undo(workspace, ana)
    assert news(bo) == []
    assert business.replayed() == business.present()
    redo(workspace, ana)
    assert (talk.unread(bo), len(details.detail(ana, entities["client"], acme).comments)) == (1, 1)
    assert business.replayed() == business.present()


def test_reading_is_nothing_to_undo(workspace: Workspace, ana: Actor, bo: Actor) -> None:
    acme = business.client(workspace, ana)
    business.client(workspace, bo, "Wolski")
    say(workspace, ana, acme, "@bo look")
    notifications.mark_read(workspace, bo)
    with pytest.raises(CrmError, match="noted what was read"):
        undo(workspace, bo, business.last_operation_id())
    assert undo(workspace, bo) == "undid: add client Wolski"


def test_a_client_that_was_commented_on_is_not_undone(workspace: Workspace, ana: Actor, bo: Actor) -> None:
    acme = business.client(workspace, bo)
    say(workspace, ana, acme, "look")
    with pytest.raises(Conflict, match="something made since belongs to its record"):
        undo(workspace, bo)
    undo(workspace, ana)
    undo(workspace, bo)
    assert not business.exists("client", acme)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("@boo please", r'no operator @boo; a bare @ is written \\@\. Did you mean "bo"'),
        ("hi @Eva", "several people are called @Eva: write @eva1, @eva2"),
        ("@gone, hi", "gone is no longer active"),
        ("", "it cannot be empty"),
        ("x" * 20_001, "20,001 characters are too many"),
    ],
)
def test_what_cannot_be_said_is_refused_in_plain_words(
    workspace: Workspace, ana: Actor, bo: Actor, text: str, problem: str
) -> None:
    business.add(workspace, ana, "operator", login="eva1", name="Eva Größmann")
    business.add(workspace, ana, "operator", login="eva2", name="Eva Prat")
    business.add(workspace, ana, "operator", login="gone", active="no")
    acme = business.client(workspace, ana)
    with pytest.raises(InvalidRecord, match=problem):
        say(workspace, ana, acme, text)
    assert talk.said_about(entities["client"], acme) == {}


def test_people_are_mentioned_by_login_or_by_a_name_only_they_have(workspace: Workspace, ana: Actor, bo: Actor) -> None:
    eva = business.add(workspace, ana, "operator", login="eg", name="Eva Größmann")
    assert comments.mentioned("@BO. and @eva, @Eva.Grossmann and (@bo)") == [bo.operator_id, eva]


@pytest.mark.parametrize(
    "text", ["bo@boo.example", "`@boo`", "```\n@boo\n```", "\\@boo", "at @ noon", "ssh me@boo", "a/@boo"]
)
def test_not_every_at_is_a_mention(workspace: Workspace, ana: Actor, text: str) -> None:
    assert comments.mentioned(text) == []


def test_only_its_author_or_an_admin_changes_a_comment(workspace: Workspace, ana: Actor, bo: Actor) -> None:
    carla = business.operator(workspace, ana, "carla", "manager")
    made = say(workspace, bo, business.client(workspace, ana), "first")
    comment = entities["comment"]
    with pytest.raises(NotAllowed, match="somebody else's; its author and admins"):
        business.save(workspace, carla, "comment", made, text="another")
    with pytest.raises(NotAllowed):
        records.archive_many(workspace, carla, comment, [made])
    with pytest.raises(NotAllowed):
        undo(workspace, carla, business.last_operation_id())
    business.save(workspace, bo, "comment", made, text="second")
    business.save(workspace, ana, "comment", made, text="third")
    assert business.held("comment", made)["author"] == bo.operator_id


@pytest.mark.parametrize("typed", [{"about": "contact"}, {"record": 2}, {"author": "ana"}])
def test_a_comment_stays_where_and_whose_it_is(
    workspace: Workspace, ana: Actor, bo: Actor, typed: dict[str, Any]
) -> None:
    made = say(workspace, bo, business.client(workspace, ana), "first")
    with pytest.raises(InvalidRecord, match="it stays what and where it was"):
        records.save(workspace, bo, entities["comment"], made, typed)


def test_an_edited_comment_tells_only_who_is_new_in_it(workspace: Workspace, ana: Actor, bo: Actor) -> None:
    carla = business.operator(workspace, ana, "carla")
    made = say(workspace, ana, business.client(workspace, ana), "@bo look")
    business.save(workspace, ana, "comment", made, text="@bo and @carla look")
    business.save(workspace, ana, "comment", made, text="@carla and @Bo look")
    assert (len(news(bo)), len(news(carla))) == (1, 1)
    undo(workspace, ana)
    undo(workspace, ana)
    assert (len(news(bo)), news(carla)) == (1, [])
    business.save(workspace, ana, "operator", bo.operator_id, active="no")
    business.save(workspace, ana, "comment", made, text="@bo looked")


def test_a_deleted_comment_is_no_news_any_more(workspace: Workspace, ana: Actor, bo: Actor) -> None:
    acme = business.client(workspace, ana)
    made = say(workspace, ana, acme, "@bo look")
    records.archive_many(workspace, ana, entities["comment"], [made])
    assert (talk.unread(bo), news(bo), details.detail(bo, entities["client"], acme).comments) == (0, [], ())
    undo(workspace, ana)
    assert talk.unread(bo) == 1


def test_everyone_sees_and_reads_only_their_own(workspace: Workspace, ana: Actor, bo: Actor) -> None:
    say(workspace, ana, business.client(workspace, ana), "@bo secret plan")
    told = entities["notification"]
    (record,) = lists.ids(bo, lists.listing(bo, told))
    with pytest.raises(NotFound):
        details.detail(ana, told, record)
    with pytest.raises(NotFound, match="There is no notification with the id"):
        notifications.mark_read(workspace, ana, [record])
    assert notifications.mark_read(workspace, ana) == 0
    assert lists.total(ana, told) == 0
    seen = [entry for entry in timeline.page(bo, 0, 50) if entry.entity == "notification"]
    assert len(seen) == 1
    assert notifications.mark_read(workspace, bo, [record]) == 1
    assert notifications.mark_read(workspace, bo, [record]) == 0


def test_viewers_are_told_and_may_note_what_they_read(workspace: Workspace, ana: Actor) -> None:
    vera = business.operator(workspace, ana, "vera", "viewer")
    acme = business.client(workspace, ana)
    say(workspace, ana, acme, "@vera look")
    with pytest.raises(NotAllowed, match="viewers only read"):
        say(workspace, vera, acme, "hello")
    with pytest.raises(NotAllowed, match="--readonly"):
        notifications.mark_read(workspace, Actor(vera.operator_id, "vera", "viewer", readonly=True))
    assert notifications.mark_read(workspace, vera) == 1


def test_nobody_makes_notifications_by_hand(workspace: Workspace, ana: Actor, bo: Actor) -> None:
    say(workspace, bo, business.client(workspace, ana), "@ana look")
    told = entities["notification"]
    (record,) = lists.ids(ana, lists.listing(ana, told))
    for attempt in (
        lambda: records.add(workspace, ana, told, {"text": "x"}),
        lambda: records.save(workspace, ana, told, record, {"text": "x"}),
        lambda: records.change_many(workspace, ana, told, [record], {"text": "x"}),
        lambda: records.archive_many(workspace, ana, told, [record]),
    ):
        with pytest.raises(CrmError, match="Notifications are made by the program alone"):
            attempt()


def test_comments_by_the_general_way_keep_the_same_rules(workspace: Workspace, ana: Actor, bo: Actor) -> None:
    acme = business.client(workspace, ana)
    made = business.add(workspace, ana, "comment", about="Clients", record=acme, text="@bo look")
    assert (business.held("comment", made)["about"], talk.unread(bo)) == ("client", 1)
    for typed, error in (
        ({"about": "setting", "record": 1, "text": "x"}, InvalidRecord),
        ({"about": "client", "record": 999, "text": "x"}, NotFound),
        ({"about": "client", "record": acme, "text": "x", "author": "bo"}, InvalidRecord),
        ({"text": "x"}, InvalidRecord),
    ):
        with pytest.raises(error):
            business.add(workspace, ana, "comment", **typed)


def test_several_records_are_commented_on_in_one_operation(workspace: Workspace, ana: Actor, bo: Actor) -> None:
    ids = [business.client(workspace, ana, name) for name in ("ACME", "Wolski")]
    comments.add(workspace, ana, entities["client"], ids, "@bo both")
    assert news(bo) == ["ana on client Wolski: @bo both", "ana on client ACME: @bo both"]
    assert undo(workspace, ana) == "undid: comment on 2 clients"
    assert news(bo) == []
