"""Tasks on the screen: added from anywhere in one line, done, put off, by the day and by the month."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from crm_tui.db import Workspace
from crm_tui.services import tasking
from crm_tui.services.operators import sign_in
from tests import business
from tests.screens.crm import program


@pytest.fixture
def agency(companies_anywhere: str, open_at: Callable[[str], Workspace]) -> str:
    """An order of Alfreds Futterkiste and three tasks: one late, one for tomorrow, one without a day."""
    workspace = open_at(companies_anywhere)
    ana = sign_in(workspace, "ana")
    business.add(workspace, ana, "operator", login="bo")
    business.add(workspace, ana, "order", client="Alfreds Futterkiste", title="Site")
    for line in ("pay the rent -3d", "draft tomorrow 10:00 !high @bo #ORD-1", "clean up"):
        tasking.add_line(workspace, ana, line)
    workspace.close()
    return companies_anywhere


async def test_a_task_is_added_from_the_list_for_whom_the_cursor_is_on(agency: str) -> None:
    async with program(agency) as crm:
        await crm.press("t")
        await crm.until_shown("Add a task for Alfreds Futterkiste")
        await crm.press(*"call Ana tomorrow @nobody", "enter")
        await crm.until_shown("@nobody is no operator and no team here.")
        crm.should_show("call Ana tomorrow @nobody")
        await crm.press(*["backspace"] * 6, *"bo", "enter")
        await crm.until_shown('Added: "call Ana" tomorrow @bo #Alfreds Futterkiste')
        await crm.press("enter")
        await crm.until(lambda: "Add a task" not in crm.text(), "the end of adding")
        await crm.press("g", "k")
        await crm.until_shown("call Ana")
        crm.should_show("Alfreds")


async def test_the_agenda_shows_each_day_once_and_what_is_done_leaves_it(agency: str) -> None:
    async with program(agency, screen="tasks") as crm:
        await crm.until_shown("3 days late")
        shown = crm.text()
        assert shown.index("pay the rent") < shown.index("draft") < shown.index("clean up")
        crm.should_show("tomorrow", "10:00", "no day")
        await crm.press("t", *"file papers tomorrow", "enter")
        await crm.until_shown("Added:")
        await crm.press("enter")
        await crm.until(lambda: "Add a task" not in crm.text(), "the end of adding")
        await crm.until_shown("file papers")
        assert crm.text().count("tomorrow") == 1, "the second task of a day does not name it again"
        await crm.press("x")
        await crm.until(lambda: "3 days late" not in crm.text(), "the task gone from the agenda")
        await crm.press("u")
        await crm.until_shown("3 days late")
        await crm.press("z", *"other", "enter")
        await crm.until_shown("Due when?")
        await crm.press(*"+5d", "enter")
        await crm.until_shown("in 5 days")


async def test_forms_change_with_one_key_and_keep_the_filter(agency: str) -> None:
    async with program(agency, size=(120, 40), screen="tasks") as crm:
        await crm.until_shown("no day")
        await crm.press("/", *"assignee:bo", "enter")
        await crm.until(lambda: "clean up" not in crm.text(), "the agenda narrowed")
        await crm.press("b")
        await crm.until_shown("1 match")
        crm.should_show("Status", "draft")
        await crm.press("b")
        await crm.until_shown("Nov 2026: 1 tasks, 1 to do")
        crm.should_show("Mon", "Sun", "10:00 draft", "assignee:bo")
        await crm.press("b")
        await crm.until_shown("tomorrow")
        crm.should_show("Day")


async def test_the_month_is_walked_by_days_weeks_and_months(agency: str) -> None:
    async with program(agency, size=(170, 40), screen="tasks") as crm:
        await crm.press("b", "b")
        await crm.until_shown("Nov 2026: 2 tasks, 2 to do")
        await crm.press("l")
        await crm.until_shown("10:00 draft")
        crm.should_show("23 Nov")  # the pane at the right tells of the day at the cursor
        await crm.press("t", *"lunch 12:30", "enter")
        await crm.until_shown("Added:")
        await crm.press("enter")
        await crm.until(lambda: "Add a task" not in crm.text(), "the end of adding")
        await crm.press("enter")
        await crm.until_shown("due:")
        await crm.press("b")
        await crm.until_shown("Nov 2026:")
        crm.should_not_show("due:")
        await crm.press("pgdn")
        await crm.until_shown("Dec 2026: 0 tasks, 0 to do")
        await crm.press("j", "h", "pgup", "g", "g")
        await crm.until_shown("Nov 2026:")


async def test_the_month_shows_what_recurs(agency: str, open_at: Callable[[str], Workspace]) -> None:
    workspace = open_at(agency)
    ana = sign_in(workspace, "ana")
    business.add(workspace, ana, "recurring_rule", name="Books", schedule="every working day at 17:00")
    business.add(workspace, ana, "recurring_rule", name="Paused", schedule="every day at 8:00", paused="yes")
    workspace.close()
    async with program(agency, size=(170, 40), screen="tasks") as crm:
        await crm.press("b", "b")
        await crm.until_shown("17:00 ↻ Books")
        await crm.until_shown("Nov 2026: 2 tasks, 2 to do")  # what is still to be made is no task yet
        assert sum(line.count("↻ Books") for line in crm.text().splitlines()) == 10
        crm.should_not_show("Paused")
        await crm.press("l")
        await crm.until_shown("10:00 draft")
        await crm.press("/", *"draft", "enter")
        await crm.until(lambda: "↻" not in crm.text(), "only the tasks that a query asks for")


async def test_a_task_with_open_parts_asks_before_it_is_done(agency: str) -> None:
    async with program(agency, screen="orders") as crm:
        await crm.until_shown("ORD-1")
        await crm.press("enter", "tab", "tab")
        await crm.until_shown("[Tasks 1]")
        await crm.press("enter")
        await crm.until_shown("[Timeline]")
        await crm.press("t", *"sketch +1d", "enter")
        await crm.until_shown("Added:")
        await crm.press("enter")
        await crm.until(lambda: "Add a task" not in crm.text(), "the end of adding")
        await crm.until_shown("Tasks 1")
        await crm.press("x")
        await crm.until_shown("1 part of it is still to be done")
        await crm.press("y")
        await crm.until_shown("2 tasks are done")


async def test_a_task_waits_for_another_one(agency: str) -> None:
    async with program(agency, screen="tasks") as crm:
        await crm.until_shown("no day")
        await crm.press("w", *"clean", "enter")
        await crm.until_shown('"pay the rent" waits for "clean up"')
        await crm.press("G", "x")
        await crm.until_shown('"pay the rent" can go on now')


async def test_another_due_day_in_the_form_offers_to_shift_what_waits(agency: str) -> None:
    async with program(agency, screen="tasks") as crm:
        await crm.until_shown("no day")
        await crm.press("j", "z", *"in 3", "enter")
        await crm.until_shown("in 3 days")
        await crm.press("w", *"pay", "enter")
        await crm.until_shown('"draft" waits for "pay the rent"')
        await crm.press("g", "g", "e")
        await crm.until_shown("ctrl+s save")
        await crm.press("tab", "tab", *["backspace"] * 10, *"today", "ctrl+s")
        await crm.until_shown("1 task waits for it. Put it off by as many days, too?")
        await crm.press("y")
        await crm.until_shown("1 that waits for it moved along")
        await crm.until_shown("in 6 days")
