"""Tasks: typed as one line, with parts to any depth, waiting for each other, finished and put off together."""

from __future__ import annotations

from datetime import timedelta

import pytest

from crm_tui import clock
from crm_tui.db import Workspace
from crm_tui.errors import BadInput, CrmError, InvalidRecord, NotAllowed
from crm_tui.journal import operation
from crm_tui.models.base import entities
from crm_tui.queries import lists, tasks
from crm_tui.scope import Actor
from crm_tui.services import records, tasking
from crm_tui.services.tasking import PartsOpen
from crm_tui.undo import redo, undo
from tests import business

TASK = entities["task"]


@pytest.fixture
def acme(workspace: Workspace, ana: Actor) -> int:
    business.add(workspace, ana, "operator", login="bo")
    client = business.client(workspace, ana)
    business.add(workspace, ana, "order", client="ACME Studio", title="Site")
    return client


def add(workspace: Workspace, ana: Actor, line: str, **about: int) -> int:
    return tasking.add_line(workspace, ana, line, about)[0]


def field(name: str, record: int) -> object:
    return business.held("task", record)[name]


def test_a_line_says_all_that_a_task_needs(workspace: Workspace, ana: Actor, acme: int) -> None:
    line = "call Ana about logo tomorrow 10:00 !high @bo #acme ~1h30"
    record, said = tasking.add_line(workspace, ana, line)
    assert said == 'Added: "call Ana about logo" tomorrow 10:00 !high @bo #ACME Studio ~1h30'
    held = business.held("task", record)
    assert held["title"] == "call Ana about logo" and held["due_on"] == clock.today() + timedelta(days=1)
    assert (held["due_time"], held["priority"], held["estimate"], held["client"]) == ("10:00", "high", 90, acme)
    assert held["status"] == "todo" and held["assignee"] is not None


@pytest.mark.parametrize(
    ("line", "title", "due", "time"),
    [
        ("buy 12", "buy 12", None, ""),
        ("send offer by friday", "send offer", "friday", ""),
        ("send offer on 2027-01-07", "send offer", "2027-01-07", ""),
        ("photo of the sun", "photo of the sun", None, ""),
        ("meet Bo thu 3 pm", "meet Bo", "thursday", "15:00"),
        ("meet Bo at 9:30", "meet Bo", "today", "09:30"),
        ("today", "today", None, ""),
        ("plan +2w", "plan", "+2w", ""),
        ("read mail a@b.example", "read mail a@b.example", None, ""),
        ("C# and F! notes", "C# and F! notes", None, ""),
    ],
)
def test_the_day_stands_at_the_end_of_the_line(
    workspace: Workspace, ana: Actor, acme: int, line: str, title: str, due: str | None, time: str
) -> None:
    held = business.held("task", add(workspace, ana, line))
    expected = None if due is None else TASK.fields["due_on"].check(due)
    assert (held["title"], held["due_on"], held["due_time"]) == (title, expected, time)


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ("tomorrow !high ", None),
        ("", "Write what is to be done"),
        ("@bo #acme", "Write what is to be done"),
        ("call !hi !x", "!x is no priority; there are low, normal, high, urgent."),
        ("call @nobody", "@nobody is no operator and no team here."),
        ("call #nothing", "#nothing is no order and no client here."),
        ("call #AC", '#AC may be "ACME Studio", "Acorn"'),
        ("call ~long", "is no duration"),
    ],
)
def test_what_is_not_understood_is_said(
    workspace: Workspace, ana: Actor, acme: int, line: str, problem: str | None
) -> None:
    business.client(workspace, ana, "Acorn")
    if problem is None:
        assert field("title", add(workspace, ana, line)) == "tomorrow"
        return
    with pytest.raises(BadInput) as told:
        add(workspace, ana, line)
    assert problem in str(told.value)
    assert lists.total(ana, TASK) == 0


def test_a_line_may_name_an_order_or_nobody_in_spite_of_where_it_was_typed(
    workspace: Workspace, ana: Actor, acme: int
) -> None:
    assert field("order", add(workspace, ana, "print #ORD-1")) == 1
    assert field("client", add(workspace, ana, "print", client=acme)) == acme
    assert field("client", add(workspace, ana, "print #", client=acme)) is None
    assert field("client", add(workspace, ana, 'print #"acme studio"')) == acme


def test_parts_belong_where_their_whole_does(workspace: Workspace, ana: Actor, acme: int) -> None:
    other = business.client(workspace, ana, "Other")
    whole = add(workspace, ana, "site", order=1)
    part = add(workspace, ana, "draft", parent=whole)
    below = add(workspace, ana, "sketch", parent=part)
    assert [field("order", below), field("client", below)] == [1, acme]
    business.save(workspace, ana, "order", 1, client="Other")
    assert [field("client", record) for record in (whole, part, below)] == [other] * 3
    business.save(workspace, ana, "task", whole, order="", client="ACME Studio")
    assert [(field("order", record), field("client", record)) for record in (part, below)] == [(None, acme)] * 2
    undo(workspace, ana)
    assert [(field("order", record), field("client", record)) for record in (part, below)] == [(1, other)] * 2


def test_a_task_is_no_part_of_its_own_parts(workspace: Workspace, ana: Actor, acme: int) -> None:
    whole = add(workspace, ana, "site")
    below = add(workspace, ana, "sketch", parent=add(workspace, ana, "draft", parent=whole))
    for parent in (whole, below):
        with pytest.raises(InvalidRecord, match="a part of itself or of one of its parts"):
            business.save(workspace, ana, "task", whole, parent=f"#{parent}")


def test_finishing_says_what_can_go_on_and_undoing_holds_it_up_again(
    workspace: Workspace, ana: Actor, acme: int
) -> None:
    draft, proof, print_ = (add(workspace, ana, title) for title in ("draft", "proof", "print"))
    tasking.wait_for(workspace, ana, [print_], draft)
    assert tasking.wait_for(workspace, ana, [print_], proof) == '"print" waits for "proof"'
    assert field("waits_for", print_) == 2
    assert tasking.finish(workspace, ana, [draft]) == '"draft" is done'
    assert (field("waits_for", print_), field("status", draft)) == (1, "done")
    assert field("done_at", draft) == clock.now()
    assert tasking.finish(workspace, ana, [proof]) == '"proof" is done; "print" can go on now'
    assert field("waits_for", print_) is None
    assert tasking.finish(workspace, ana, [proof]) == ""
    undo(workspace, ana)
    assert (field("waits_for", print_), field("done_at", proof)) == (1, None)
    redo(workspace, ana)
    assert field("waits_for", print_) is None
    shown = lists.listing(ana, TASK, "waits-for>0")
    assert lists.ids(ana, shown) == []
    business.save(workspace, ana, "task", draft, status="doing")
    assert lists.ids(ana, shown) == [print_]
    records.archive_many(workspace, ana, TASK, [draft])
    assert lists.ids(ana, shown) == []


def test_who_only_reads_lets_nothing_wait(workspace: Workspace, ana: Actor, acme: int) -> None:
    draft, print_ = add(workspace, ana, "draft"), add(workspace, ana, "print")
    eve = business.operator(workspace, ana, "eve", "viewer")
    for act in (
        lambda: tasking.wait_for(workspace, eve, [print_], draft),
        lambda: tasking.finish(workspace, eve, [draft]),
        lambda: tasking.put_off(workspace, eve, [draft], clock.today()),
        lambda: tasking.add_line(workspace, eve, "call"),
    ):
        with pytest.raises(NotAllowed, match="viewers only read"):
            act()


def test_waiting_is_undone_and_taken_away(workspace: Workspace, ana: Actor, acme: int) -> None:
    draft, print_ = add(workspace, ana, "draft"), add(workspace, ana, "print")
    tasking.wait_for(workspace, ana, [print_], draft)
    undo(workspace, ana)
    assert field("waits_for", print_) is None
    redo(workspace, ana)
    assert field("waits_for", print_) == 1
    assert tasking.free(workspace, ana, [print_]) == '"print" waits for nothing'
    assert field("waits_for", print_) is None and tasking.free(workspace, ana, [print_]) == ""


def test_none_waits_for_itself_however_long_the_way(workspace: Workspace, ana: Actor, acme: int) -> None:
    one, two, three = (add(workspace, ana, title) for title in ("one", "two", "three"))
    tasking.wait_for(workspace, ana, [two], one)
    tasking.wait_for(workspace, ana, [three], two)
    with pytest.raises(InvalidRecord, match='"three", which waits for "two", which waits for "one"'):
        tasking.wait_for(workspace, ana, [one], three)
    with pytest.raises(InvalidRecord, match="cannot wait for itself"):
        tasking.wait_for(workspace, ana, [one], one)
    with pytest.raises(InvalidRecord, match="waits for that already"):
        tasking.wait_for(workspace, ana, [two], one)
    part = add(workspace, ana, "part", parent=one)
    with pytest.raises(InvalidRecord, match="it is a part of that one"):
        tasking.wait_for(workspace, ana, [part], one)
    tasking.wait_for(workspace, ana, [one], part)


def test_open_parts_are_told_before_a_task_is_finished(workspace: Workspace, ana: Actor, acme: int) -> None:
    whole = add(workspace, ana, "site")
    parts = [add(workspace, ana, f"page {number}", parent=whole) for number in range(5)]
    below = add(workspace, ana, "picture", parent=parts[0])
    with pytest.raises(PartsOpen, match='6 parts are still to be done: "page 0", "page 1", "page 2" and 3 more'):
        tasking.finish(workspace, ana, [whole])
    assert field("status", whole) == "todo"
    assert tasking.finish(workspace, ana, [whole], with_parts=True) == "7 tasks are done"
    assert {field("status", record) for record in (whole, *parts, below)} == {"done"}
    undo(workspace, ana)
    assert {field("status", record) for record in (whole, *parts, below)} == {"todo"}


def test_what_waits_is_put_off_by_as_many_days(workspace: Workspace, ana: Actor, acme: int) -> None:
    draft = add(workspace, ana, "draft +1d")
    proof, print_ = add(workspace, ana, "proof +3d"), add(workspace, ana, "print +5d")
    business.save(workspace, ana, "task", print_, start="+4d")
    tasking.wait_for(workspace, ana, [proof], draft)
    tasking.wait_for(workspace, ana, [print_], proof)
    assert tasking.dependents([draft]) == [proof, print_]
    said = tasking.put_off(workspace, ana, [draft], tasking.day_of("+8d"), with_dependents=True)
    assert said == "1 task is due in 8 days; 2 that wait for it moved along"
    today = clock.today()
    assert [(field("due_on", record) - today).days for record in (draft, proof, print_)] == [8, 10, 12]  # type: ignore[operator]
    assert field("start_on", print_) == today + timedelta(days=11)
    undo(workspace, ana)
    assert [(field("due_on", record) - today).days for record in (draft, proof, print_)] == [1, 3, 5]  # type: ignore[operator]
    assert tasking.put_off(workspace, ana, [draft], tasking.day_of("+2d")) == "1 task is due in 2 days"
    assert field("due_on", proof) == today + timedelta(days=3)
    with pytest.raises(BadInput, match="is not a day"):
        tasking.day_of("someday")


def test_putting_a_task_away_takes_its_parts_along(workspace: Workspace, ana: Actor, acme: int) -> None:
    whole = add(workspace, ana, "site")
    part = add(workspace, ana, "page", parent=whole)
    records.archive_many(workspace, ana, TASK, [whole])
    assert field("archived_at", part) is not None
    undo(workspace, ana)
    assert field("archived_at", part) is None


@pytest.mark.parametrize(
    ("typed", "at", "problem"),
    [
        ({"title": ""}, "title", ""),
        ({"title": "x", "due_time": "10:00"}, "due_on", "name the day, too"),
        ({"title": "x", "due": "today", "start": "tomorrow"}, "due_on", "before its start"),
        ({"title": "x", "due": "today", "due_time": "25:00"}, "due_time", "no time"),
        ({"title": "x", "estimate": "400000h"}, "estimate", "longer than a year"),
        ({"title": "x", "status": "finished"}, "status", "is not one of"),
        ({"title": "x", "parent": "#99"}, "parent", "there is no task"),
    ],
)
def test_a_task_that_cannot_be_is_refused_in_plain_words(
    workspace: Workspace, ana: Actor, acme: int, typed: dict[str, str], at: str, problem: str
) -> None:
    with pytest.raises(InvalidRecord) as told:
        business.add(workspace, ana, "task", **typed)
    assert problem in told.value.problems[at]


@pytest.mark.parametrize(
    ("text", "minutes", "shown"),
    [("1h30", 90, "1h30"), ("90", 90, "1h30"), ("45m", 45, "45m"), ("1:05", 65, "1h05"), ("1.5h", 90, "1h30"),
     ("2h", 120, "2h"), ("0", 0, "0m"), ("1,25 h", 75, "1h15"), ("3 min", 3, "3m")],
)  # fmt: skip
def test_durations_are_read_as_people_write_them(text: str, minutes: int, shown: str) -> None:
    kind = TASK.fields["estimate"]
    assert kind.check(text) == minutes and kind.show(minutes) == shown and kind.check(kind.edit(minutes)) == minutes


@pytest.mark.parametrize("text", ["", "h", "1h75", "x", "-5", "1h3x"])
def test_what_is_no_duration_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="duration"):
        TASK.fields["estimate"].check(text)


def test_the_tasks_of_a_record_stand_below_what_they_are_parts_of(workspace: Workspace, ana: Actor, acme: int) -> None:
    whole = add(workspace, ana, "site +1d", order=1)
    part = add(workspace, ana, "page", parent=whole)
    add(workspace, ana, "picture", parent=part)
    add(workspace, ana, "other", order=1)
    done = add(workspace, ana, "old", order=1)
    tasking.finish(workspace, ana, [done])
    titles = [row.cells[0] for row in tasks.of_record(entities["order"], 1)]
    assert titles == ["site", "  page", "    picture", "other", "old"]
    assert [row.cells[0] for row in tasks.of_record(TASK, whole)] == ["page", "  picture"]
    assert "old" not in [row.cells[0] for row in tasks.of_record(entities["client"], acme)]
    assert tasks.progress([1]) == {1: (1, 5)}
    with pytest.raises(CrmError):
        tasking.finish(workspace, ana, [whole])


def test_a_task_and_its_parts_made_at_once_are_taken_back_at_once(workspace: Workspace, ana: Actor) -> None:
    with operation(workspace, ana, "test") as op:
        whole = op.create(TASK, {"title": "site"})
        part = op.create(TASK, {"title": "page", "parent": whole})
        op.create(TASK, {"title": "picture", "parent": part})
        op.create(entities["dependency"], {"task": whole, "needs": part})
    before = business.present()
    undo(workspace, ana)
    assert lists.total(ana, TASK) == 0
    redo(workspace, ana)
    assert business.present() == before and field("waits_for", whole) == 1
