"""When people work: read from the settings, and followed by what recurs."""

from __future__ import annotations

from datetime import date, datetime, time
from itertools import islice

import pytest

from crm_tui import clock, recurrence, worktime
from crm_tui.db import Workspace
from crm_tui.errors import InvalidRecord
from crm_tui.queries import recurring
from crm_tui.scope import Actor
from crm_tui.worktime import WorkTime
from tests import business
from tests.conftest import NOW


@pytest.mark.parametrize(("text", "days"), [
    ("mon-fri", [0, 1, 2, 3, 4]), ("Sun to Thu", [0, 1, 2, 3, 6]), ("mon, wed,FRIDAY", [0, 2, 4]), ("sat–sun", [5, 6]),
])  # fmt: skip
def test_days_are_read(text: str, days: list[int]) -> None:
    assert worktime.read_days(text) == days
    assert worktime.read_days(worktime.days_text(days)) == days


@pytest.mark.parametrize(("text", "hours"), [
    ("9-17", [(time(9), time(17))]), ("8:30-12:00, 13:00–17:30", [(time(8, 30), time(12)), (time(13), time(17, 30))]),
])  # fmt: skip
def test_hours_are_read(text: str, hours: list[tuple[time, time]]) -> None:
    assert worktime.read_hours(text) == hours
    assert worktime.read_hours(worktime.hours_text(hours)) == hours


@pytest.mark.parametrize(("key", "value", "said"), [
    ("working_days", "mon-someday", "no day of the week"), ("working_days", "m", "no day of the week"),
    ("working_days", ", ", "at least one day"), ("working_hours", "9", "no hours"), ("working_hours", "17-9", "before"),
    ("working_hours", "9-12, 11-17", "one after the other"), ("working_hours", "9-25", "no hours"),
    ("working_hours", "", "hours of a day"), ("holidays", "christmas", "no day"),
])  # fmt: skip
def test_what_makes_no_sense_is_said_plainly(workspace: Workspace, ana: Actor, key: str, value: str, said: str) -> None:
    with pytest.raises(InvalidRecord, match=said):
        business.add(workspace, ana, "setting", key=key, value=value)


def test_working_days_are_those_of_the_place() -> None:
    gulf = WorkTime(days=frozenset((0, 1, 2, 3, 6)), holidays=frozenset(("2026-12-03",)))

    def days(text: str) -> list[str]:
        found = recurrence.occurrences(recurrence.read(text), datetime(2026, 11, 26), work=gulf)
        return [f"{clock.local(moment):%a %d %b}" for moment in islice(found, 4)]

    assert days("every working day") == ["Thu 26 Nov", "Sun 29 Nov", "Mon 30 Nov", "Tue 01 Dec"]
    assert days("every weekday") == ["Thu 26 Nov", "Fri 27 Nov", "Mon 30 Nov", "Tue 01 Dec"]
    assert days("first working day of the month") == ["Tue 01 Dec", "Sun 03 Jan", "Mon 01 Feb", "Mon 01 Mar"]
    assert not gulf.closed(date(2026, 11, 29))
    assert gulf.closed(date(2026, 12, 3))


def test_what_recurs_within_the_day_keeps_to_working_hours(workspace: Workspace, ana: Actor) -> None:
    rule = recurrence.read("every 2 hours during working hours until 2026-11-30")
    assert recurrence.said(rule) == "every 2 hours during working hours until 2026-11-30"
    assert recurrence.read(recurrence.said(rule)) == rule
    with pytest.raises(ValueError, match="every few hours"):
        recurrence.read("every day during working hours")
    business.add(workspace, ana, "setting", key="working_hours", value="8-12, 13-15")
    record = business.add(workspace, ana, "recurring_rule", name="Post", schedule="every 2 hours in working hours")
    with clock.use(NOW):  # a Sunday
        found = [f"{moment:%a %H:%M}" for moment in recurring.coming(record, 5)]
    assert found == ["Mon 08:00", "Mon 10:00", "Mon 14:00", "Tue 08:00", "Tue 10:00"]


def test_other_working_days_move_what_is_due(workspace: Workspace, ana: Actor) -> None:
    record = business.add(workspace, ana, "recurring_rule", name="Post", schedule="every working day at 9:00")
    assert business.held("recurring_rule", record)["next_at"] == datetime(2026, 11, 23, 9)
    setting = business.add(workspace, ana, "setting", key="working_days", value="tue-sat")
    assert business.held("recurring_rule", record)["next_at"] == datetime(2026, 11, 24, 9)
    with workspace.write():  # what a version before this one took
        workspace.database.execute_sql(f"UPDATE setting SET value = 'whenever' WHERE id = {setting}")
    business.add(workspace, ana, "setting", key="holidays", value="11-23")
    assert business.held("recurring_rule", record)["next_at"] == datetime(2026, 11, 24, 9)
