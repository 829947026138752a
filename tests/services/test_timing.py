"""Time booked by hand and by a timer, and the queue of a team."""

from __future__ import annotations

from datetime import timedelta

import pytest

from crm_tui import clock
from crm_tui.db import Workspace
from crm_tui.errors import BadInput, CrmError, Doubtful, InvalidRecord, NotAllowed
from crm_tui.models.base import entities
from crm_tui.queries import lists, teams, times
from crm_tui.scope import Actor
from crm_tui.services import queueing, tasking, timing
from crm_tui.services.operators import sign_in
from crm_tui.services.timing import Booking, read_booking
from crm_tui.undo import undo
from tests import business

ORDER, TASK, ENTRY = entities["order"], entities["task"], entities["time_entry"]


@pytest.fixture
def order(workspace: Workspace, ana: Actor) -> int:
    business.client(workspace, ana)
    return business.add(workspace, ana, "order", client="ACME Studio", title="Site")


def entries(ana: Actor, text: str = "") -> list[tuple[str, ...]]:
    shown = lists.listing(ana, ENTRY, text, ("minutes", "note", "order", "client", "billable"))
    return [row.cells for row in lists.Reading(ana, shown).window(0, 50)]


@pytest.mark.parametrize(
    ("line", "booking"),
    [
        ("1h30 first draft", Booking(90, "first draft", True)),
        ("90", Booking(90, "", True)),
        ("45m call (not billable)", Booking(45, "call", False)),
        ("1.5h  two  words", Booking(90, "two words", True)),
        ("0:20 mail", Booking(20, "mail", True)),
        ("2h 3 drafts", Booking(120, "3 drafts", True)),
    ],
)
def test_time_is_booked_in_one_line(line: str, booking: Booking) -> None:
    assert read_booking(line) == booking


@pytest.mark.parametrize("line", ["", "draft", "h", "1h75 x", "90x"])
def test_a_line_that_does_not_begin_with_a_time_is_refused(line: str) -> None:
    with pytest.raises(BadInput):
        read_booking(line)


def test_time_on_a_task_is_on_its_order_and_client(workspace: Workspace, ana: Actor, order: int) -> None:
    task, _said = tasking.add_line(workspace, ana, "draft #ORD-1")
    assert timing.book(workspace, ana, {"task": task}, "1h30 sketch") == '1h30 booked on "draft"'
    assert (
        timing.book(workspace, ana, {"order": order}, "20 mail (not billable)") == "20m booked on ORD-1, not billable"
    )
    assert sorted(entries(ana, "client:acme")) == [
        ("1h30", "sketch", "ORD-1", "ACME Studio", "yes"), ("20m", "mail", "ORD-1", "ACME Studio", "no"),
    ]  # fmt: skip
    assert (times.total(ORDER, order), times.total(TASK, task)) == (110, 90)
    assert [row.cells[2:] for row in times.of_record(TASK, task)] == [("1h30", "sketch", "yes")]
    assert entries(ana, "minutes>1h") == entries(ana, "note:sketch")
    undo(workspace, ana)
    assert times.total(ORDER, order) == 90


@pytest.mark.parametrize(
    ("typed", "at"),
    [
        ({"order": "ORD-1"}, "minutes"),
        ({"order": "ORD-1", "minutes": "0"}, "minutes"),
        ({"order": "ORD-1", "minutes": "25h"}, "minutes"),
        ({"order": "ORD-1", "minutes": "1h", "day": "tomorrow"}, "day"),
        ({"order": "ORD-1", "minutes": "long"}, "minutes"),
    ],
)
def test_time_that_cannot_be_is_refused(
    workspace: Workspace, ana: Actor, order: int, typed: dict[str, str], at: str
) -> None:
    with pytest.raises(InvalidRecord) as told:
        business.add(workspace, ana, "time_entry", **typed)
    assert told.value.problems.keys() == {at}


def test_one_timer_runs_at_a_time_and_books_what_it_ran(workspace: Workspace, ana: Actor, order: int) -> None:
    start = clock.now()
    task, _said = tasking.add_line(workspace, ana, "draft")
    assert timing.start(workspace, ana, {"order": order}) == "The timer runs on ORD-1"
    with clock.use(start + timedelta(minutes=42)):
        assert times.running(ana.operator_id) == times.Running("ORD-1", start)
        said = timing.start(workspace, ana, {"task": task})
        assert said == '42m booked on ORD-1; The timer runs on "draft"'
        assert times.total(ORDER, order) == 42
    with clock.use(start + timedelta(minutes=42, seconds=20)):
        assert timing.stop(workspace, ana) == 'Less than a minute on "draft": nothing is booked'
    assert timing.stop(workspace, ana) == "" and times.running(ana.operator_id) is None
    assert len(entries(ana)) == 1


def test_a_timer_is_not_begun_anew_on_what_it_runs_on(workspace: Workspace, ana: Actor, order: int) -> None:
    task, _said = tasking.add_line(workspace, ana, "draft #ORD-1")
    timing.start(workspace, ana, {"order": order})
    with clock.use(clock.now() + timedelta(minutes=12)):
        assert timing.start(workspace, ana, {"order": order}) == "The timer runs on ORD-1 already, for 12m"
        assert timing.start(workspace, ana, {"task": task}).startswith("12m booked on ORD-1")
    with clock.use(clock.now() + timedelta(minutes=42)):
        assert timing.start(workspace, ana, {"order": order}).startswith('30m booked on "draft"')


def test_each_operator_has_a_timer(workspace: Workspace, ana: Actor, order: int) -> None:
    bo = business.operator(workspace, ana, "bo")
    timing.start(workspace, ana, {"order": order})
    timing.start(workspace, bo, {"order": order})
    with clock.use(clock.now() + timedelta(minutes=5)):
        timing.stop(workspace, bo)
        assert times.running(ana.operator_id) is not None and times.running(bo.operator_id) is None


def test_a_timer_left_on_over_night_asks_before_it_books_that(workspace: Workspace, ana: Actor, order: int) -> None:
    start = clock.now()
    timing.start(workspace, ana, {"order": order})
    with clock.use(start + timedelta(hours=30)):
        with pytest.raises(Doubtful, match="The timer on ORD-1 has run for 30h: minutes=1h30 books less") as told:
            timing.stop(workspace, ana)
        assert told.value.question.endswith("Book it as it is (a day at most)?")
        with pytest.raises(Doubtful):
            timing.start(workspace, ana, {"order": order})
        assert timing.stop(workspace, ana, minutes=120) == "2h booked on ORD-1"
        undo(workspace, ana)
        assert timing.stop(workspace, ana, anyway=True) == "24h booked on ORD-1"
    held = business.held("time_entry", 1)
    assert held["day"] == clock.local(start).date() and held["started_at"] is None


def test_the_next_of_the_teams_queue_is_taken_by_one(workspace: Workspace, ana: Actor, order: int) -> None:
    bo = business.operator(workspace, ana, "bo")
    with pytest.raises(CrmError, match="You are in no team"):
        queueing.take(workspace, bo, ORDER)
    business.add(workspace, ana, "team", name="Studio")
    business.add(workspace, ana, "membership", operator="bo", team="Studio", capacity="20h")
    with pytest.raises(CrmError, match="Nothing waits in the queue"):
        queueing.take(workspace, bo, ORDER)
    late = business.add(workspace, ana, "order", client="ACME Studio", team="Studio", due="+2d")
    soon = business.add(workspace, ana, "order", client="ACME Studio", team="Studio", due="+1d", title="Flyer")
    urgent = business.add(workspace, ana, "order", client="ACME Studio", team="Studio", priority="urgent")
    business.add(workspace, ana, "order", client="ACME Studio", team="Studio", stage="fulfilled")
    assert teams.queues([1]) == {1: "3"} and teams.capacities([1]) == {1: "20h"}
    taken = [queueing.take(workspace, bo, ORDER)[0] for _time in range(3)]
    assert taken == [urgent, soon, late]
    assert business.held("order", soon)["assignee"] == bo.operator_id
    undo(workspace, bo)
    assert queueing.take(workspace, bo, ORDER) == (late, "ORD-2 is yours now")
    tasking.add_line(workspace, ana, "draft @Studio")
    assert queueing.take(workspace, bo, TASK)[1] == '"draft" is yours now'


def test_who_only_reads_books_nothing(workspace: Workspace, ana: Actor, order: int) -> None:
    eve = business.operator(workspace, ana, "eve", "viewer")
    for act in (
        lambda: timing.book(workspace, eve, {"order": order}, "1h"),
        lambda: timing.start(workspace, eve, {"order": order}),
        lambda: queueing.take(workspace, sign_in(workspace, "eve"), ORDER),
    ):
        with pytest.raises(NotAllowed, match="viewers only read"):
            act()
