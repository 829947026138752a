"""Work: tasks done and late, how much there is to do, and the hours it took."""

from __future__ import annotations

from crm_tui.i18n import N_
from crm_tui.kpis.question import AVERAGE, CAPACITY, COUNT, SHARE, SUM, TIME, Question
from crm_tui.kpis.registry import kpi
from crm_tui.kpis.words import meant


def _open() -> str:
    return meant("task", "status", "open")


@kpi("tasks-done", N_("Tasks done"), N_("Tasks completed in the period"))
def tasks_done() -> Question:
    """Of the period, along it."""
    return Question("task", meant("task", "status", "done"), COUNT, dated="done_at", group=TIME)


@kpi("tasks-overdue", N_("Tasks overdue"), N_("Open tasks whose due day has passed, by who has them"),
     less_is_better=True)  # fmt: skip
def tasks_overdue() -> Question:
    """Now, by assignee."""
    return Question("task", f"{_open()} due-on<today", COUNT, group="assignee")


@kpi("open-tasks", N_("Open tasks"), N_("Tasks that are to be done, by who has them, as things stand now"))
def open_tasks() -> Question:
    """Now, by assignee."""
    return Question("task", _open(), COUNT, group="assignee")


@kpi("work-ahead", N_("Work ahead"), N_("Estimated hours of open tasks, by who has them, as things stand now"))
def work_ahead() -> Question:
    """Now, by assignee."""
    return Question("task", _open(), SUM, "estimate", group="assignee")


@kpi("workload", N_("Workload"), N_("Estimated hours of open tasks that are due in the period, by who has them, "
                                    "against the hours they have then"), less_is_better=True)  # fmt: skip
def workload() -> Question:
    """Of the period, by assignee."""
    return Question("task", _open(), SUM, "estimate", dated="due_on", group="assignee", against=CAPACITY)


@kpi("goals", N_("Goals"), N_("How far the objectives that end in the period are, by what was last noted"))
def goals() -> Question:
    """Of the period, by objective."""
    return Question("objective", "", AVERAGE, "progress", dated="due_on", group="title")


@kpi("hours", N_("Hours tracked"), N_("Time that was tracked in the period"))
def hours() -> Question:
    """Of the period, along it."""
    return Question("time_entry", "", SUM, "minutes", dated="day", group=TIME)


@kpi("hours-by-operator", N_("Hours by operator"), N_("Time that was tracked in the period, by whose it was"))
def hours_by_operator() -> Question:
    """Of the period, by operator."""
    return Question("time_entry", "", SUM, "minutes", dated="day", group="operator")


@kpi("billable", N_("Billable"), N_("Time that is billed to clients, of all that was tracked in the period"))
def billable() -> Question:
    """Of the period, along it."""
    return Question("time_entry", "", SHARE, "minutes", share="billable:yes", dated="day", group=TIME)
