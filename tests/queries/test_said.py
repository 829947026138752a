"""What a form says of all that is filled in."""

from __future__ import annotations

import pytest

from crm_tui.db import Workspace
from crm_tui.queries.said import told
from crm_tui.scope import Actor
from tests import business


@pytest.mark.parametrize(("texts", "said"), [
    ({"entity": "orders", "event": "is changed", "condition": "stage:fulfilled", "actions": "task Invoice\n\n- tag +x"},
     "When one of the orders is changed and it is stage:fulfilled: task Invoice, then tag +x."),
    ({"entity": "task"}, "When one of the tasks is added or changed: …."),
    ({"entity": "orders", "event": "comes to a day", "day_field": "due_on", "days": "", "actions": "tag +x"},
     "When one of the orders comes to its day (due): tag +x."),
    ({"entity": "orders", "event": "comes to a day", "day_field": "due_on", "days": "1", "actions": "tag +x"},
     "1 day after the day (due) of one of the orders: tag +x."),
    ({"entity": "orders", "event": "comes to a day", "day_field": "due_on", "days": "-3", "actions": "tag +x"},
     "3 days before the day (due) of one of the orders: tag +x."),
    ({"entity": "oders"}, ""), ({"entity": "orders", "days": "many"}, ""), ({}, ""),
])  # fmt: skip
def test_an_automation_reads_as_a_sentence(texts: dict[str, str], said: str) -> None:
    assert told("automation", texts) == said


@pytest.mark.parametrize(("texts", "said"), [
    ({"schedule": "every monday at 9:00"},
     "Next: Mon 2026-11-23 09:00, Mon 2026-11-30 09:00, Mon 2026-12-07 09:00, Mon 2026-12-14 09:00, "
     "Mon 2026-12-21 09:00"),
    ({"schedule": "every 2 weeks", "starts_on": "2027-01-05"},
     "Next: Tue 2027-01-05, Tue 2027-01-19, Tue 2027-02-02, Tue 2027-02-16, Tue 2027-03-02"),
    ({"schedule": "last working day of the month", "starts_on": "2026-12-01"},
     "Next: Wed 2026-12-30, Fri 2027-01-29, Fri 2027-02-26, Wed 2027-03-31, Fri 2027-04-30"),
    ({"schedule": "every monday at 9:00", "zone": "America/New_York", "starts_on": "2027-03-08"},
     "Next: Mon 2027-03-08 14:00, Mon 2027-03-15 13:00, Mon 2027-03-22 13:00, Mon 2027-03-29 13:00, "
     "Mon 2027-04-05 13:00"),
    ({"schedule": "every monday until 2026-11-01"}, "It does not come due any more."),
    ({"schedule": "3 days after completion"}, ""), ({"schedule": "whenever"}, ""), ({}, ""),
    ({"schedule": "daily", "zone": "Mars/Olympus"}, ""), ({"schedule": "daily", "starts_on": "someday"}, ""),
])  # fmt: skip
def test_a_recurring_rule_says_when_it_comes_due(
    workspace: Workspace, ana: Actor, texts: dict[str, str], said: str
) -> None:
    business.add(workspace, ana, "setting", key="holidays", value="12-31")
    assert told("recurring_rule", texts) == said


def test_of_others_nothing_is_said() -> None:
    assert told("client", {"name": "ACME"}) == ""
