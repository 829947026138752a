"""What stands on the board, in which order, what is written on its cards, and how long orders take."""

from __future__ import annotations

from datetime import timedelta

import pytest

from crm_tui import clock
from crm_tui.db import Workspace
from crm_tui.errors import BadInput, CrmError
from crm_tui.models.base import entities
from crm_tui.queries import board, lists, stages
from crm_tui.scope import Actor
from crm_tui.services import ordering, records
from crm_tui.undo import undo
from tests import business

ORDER = entities["order"]


@pytest.fixture
def acme(workspace: Workspace, ana: Actor) -> int:
    return business.client(workspace, ana)


def order(workspace: Workspace, ana: Actor, **typed: str) -> int:
    return business.add(workspace, ana, "order", client="ACME Studio", **typed)


def seen(ana: Actor, text: str = "", lane: str = "") -> board.Board:
    return board.board(ana, lists.listing(ana, ORDER, text), lane)


def column(ana: Actor, stage: str, text: str = "") -> list[int]:
    return [place.id for place in seen(ana, text).places if place.stage == stage]


def test_open_orders_stand_by_hand_and_closed_ones_by_their_day(workspace: Workspace, ana: Actor, acme: int) -> None:
    first, second = order(workspace, ana), order(workspace, ana)
    old = order(workspace, ana, ordered="-90d", stage="fulfilled", fulfilled="-31d")
    last_week = order(workspace, ana, ordered="-90d", stage="fulfilled", fulfilled="-7d")
    today = order(workspace, ana, stage="fulfilled")
    dropped = order(workspace, ana, stage="cancelled")
    assert column(ana, "new") == [second, first]
    assert column(ana, "fulfilled") == [today, last_week] and old not in column(ana, "fulfilled")
    assert column(ana, "cancelled") == [dropped]
    counts = {stage.value: stage.count for stage in seen(ana).stages}
    assert counts == {"new": 2, "confirmed": 0, "in progress": 0, "review": 0, "fulfilled": 2, "cancelled": 1}


def test_a_card_read_alone_stands_where_the_whole_board_has_it(workspace: Workspace, ana: Actor, acme: int) -> None:
    made = [order(workspace, ana, assignee="ana", due="+1d") for _number in range(3)]
    made.append(order(workspace, ana, stage="fulfilled"))
    made.append(order(workspace, ana, stage="cancelled"))
    for lane in ("", *board.LANES):
        shown = lists.listing(ana, ORDER)
        whole = {place.id: place for place in board.board(ana, shown, lane).places}
        assert board.places(ana, shown, lane, made) == whole and len(whole) == 5
    assert board.places(ana, lists.listing(ana, ORDER, "stage:review"), "", made) == {}


def test_a_closed_stage_shows_its_newest_and_counts_them_all(
    workspace: Workspace, ana: Actor, acme: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = [order(workspace, ana, ordered="-9d", stage="fulfilled", fulfilled=f"-{day}d") for day in range(5)]
    monkeypatch.setattr(board, "MOST_CLOSED", 2)
    assert column(ana, "fulfilled") == made[:2]
    assert next(stage.count for stage in seen(ana).stages if stage.value == "fulfilled") == 5


def test_what_does_not_match_counts_for_the_limit_of_its_stage(workspace: Workspace, ana: Actor, acme: int) -> None:
    business.add(workspace, ana, "word", vocabulary="order.stage", value="review", meaning="open", limit="2")
    for assignee in ("", "ana", "ana"):
        order(workspace, ana, stage="review", assignee=assignee)
    order(workspace, ana, assignee="ana")
    found = {stage.value: (stage.count, stage.others) for stage in seen(ana, "assignee:ana").stages}
    assert found["review"] == (2, 1)
    assert found["new"] == (1, 0), "without a limit nobody asks"
    assert [stage.others for stage in seen(ana).stages if stage.value == "review"] == [0]


def test_lanes_are_those_there_are_in_the_order_of_their_names(workspace: Workspace, ana: Actor, acme: int) -> None:
    business.add(workspace, ana, "operator", login="bo")
    order(workspace, ana, assignee="bo", priority="high")
    order(workspace, ana, assignee="ana", priority="urgent")
    order(workspace, ana)
    assert [label for _key, label in seen(ana, lane="assignee").lanes] == ["ana", "bo", "without assignee"]
    assert [label for _key, label in seen(ana, lane="priority").lanes] == ["urgent", "high", "normal"]
    assert [label for _key, label in seen(ana, lane="client").lanes] == ["ACME Studio"]
    assert seen(ana).lanes == (("", ""),)


def test_what_is_written_on_a_card(workspace: Workspace, ana: Actor, acme: int) -> None:
    late = order(workspace, ana, title="Brand refresh", ordered="-9d", due="-2d", assignee="ana", tags="vip",
                 priority="urgent", blocked="waits for photos")  # fmt: skip
    business.add(workspace, ana, "order_line", order="ORD-1", title="work", unit_price="100")
    plain = order(workspace, ana, due="today")
    done = order(workspace, ana, ordered="-9d", due="-3d", stage="fulfilled", fulfilled="-2d")
    cards = board.cards([late, plain, done, 999])
    assert cards[late] == board.Card(
        late, "ORD-1 ACME Studio", "Brand refresh",
        ("blocked", "2 days late", "!urgent", "@ana", "€100.00", "#vip"), None, "alert",
    )  # fmt: skip
    assert (cards[plain].facts, cards[plain].tone) == (("today",), "warning")
    assert (cards[done].facts, cards[done].tone) == (("1 day late",), "")
    assert 999 not in cards


def test_who_stands_behind_and_in_front_of_whom(workspace: Workspace, ana: Actor, acme: int) -> None:
    one, two, three = (order(workspace, ana) for _number in range(3))
    assert column(ana, "new") == [three, two, one]
    assert ordering.place(workspace, ana, three, after=one) == "ORD-3 stands behind ORD-1 now"
    assert column(ana, "new") == [two, one, three]
    assert ordering.place(workspace, ana, one, before=two) == "ORD-1 stands in front of ORD-2 now"
    assert column(ana, "new") == [one, two, three]
    undo(workspace, ana)
    undo(workspace, ana)
    assert column(ana, "new") == [three, two, one]
    with pytest.raises(BadInput):
        ordering.place(workspace, ana, one)
    with pytest.raises(BadInput):
        ordering.place(workspace, ana, one, after=one)
    ordering.move(workspace, ana, [two], 1)
    with pytest.raises(CrmError, match="ORD-2 is in another stage than ORD-1 now"):
        ordering.place(workspace, ana, one, after=two)


def test_cards_that_came_to_stand_at_one_place_are_set_apart_again(workspace: Workspace, ana: Actor, acme: int) -> None:
    made = [order(workspace, ana) for _number in range(4)]
    records.change_many(workspace, ana, ORDER, made[:3], {"title": "same place"})
    same = business.held("order", made[0])["rank"]
    from crm_tui.journal import operation

    with operation(workspace, ana, "test") as op:
        for record in made[1:3]:
            op.update(ORDER, record, {"rank": same})
    ordering.place(workspace, ana, made[3], after=made[1])
    ranks = [business.held("order", record)["rank"] for record in made]
    assert len(set(ranks)) == 4
    assert column(ana, "new") == [made[0], made[1], made[3], made[2]]


def test_several_moved_at_once_keep_their_order(workspace: Workspace, ana: Actor, acme: int) -> None:
    one, two, three = (order(workspace, ana) for _number in range(3))
    ordering.move(workspace, ana, [one, three, two], 1)
    assert column(ana, "confirmed") == [three, two, one]


def test_how_long_an_order_takes(workspace: Workspace, ana: Actor, acme: int) -> None:
    start = clock.now()
    made = order(workspace, ana)
    for day, steps in ((2, 1), (5, 1), (9, 2)):
        with clock.use(start + timedelta(days=day)):
            ordering.move(workspace, ana, [made], steps)
    with clock.use(start + timedelta(days=20)):
        history = stages.history(ORDER, made)
        assert [(stay.stage, stay.days) for stay in history] == [
            ("new", 2), ("confirmed", 3), ("in progress", 4), ("fulfilled", 11),
        ]  # fmt: skip
        assert stages.pace(business.held("order", made), history) == stages.Pace(age=9, in_stage=11, cycle=7)
    opened = order(workspace, ana, ordered="-5d")
    pace = stages.pace(business.held("order", opened), stages.history(ORDER, opened))
    assert pace == stages.Pace(age=5, in_stage=0, cycle=None)
