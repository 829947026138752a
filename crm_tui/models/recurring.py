"""What recurs: rules that make tasks, orders and follow-ups, and when they did."""

from __future__ import annotations

from typing import Any

import peewee as pw

from crm_tui.fields import (
    Choice,
    Day,
    Flag,
    Markdown,
    Minutes,
    Moment,
    Number,
    Option,
    Recurs,
    Reference,
    Text,
)
from crm_tui.i18n import N_
from crm_tui.models.base import Record, Row, entity
from crm_tui.models.orders import PRIORITIES, Checklist, Order
from crm_tui.models.outbox import MessageTemplate
from crm_tui.models.people import Client, Operator, Team

MAKES = (
    Option("task", N_("task")),
    Option("order", N_("order")),
    Option("follow-up", N_("follow-up")),
    Option("message", N_("message")),
    Option("report", N_("report")),
    Option("check-in", N_("check-in on goals")),
)
"""What a rule makes; ``services.recurring`` has one maker for each."""

FOR_A_CLIENT = ("order", "follow-up", "message")
"""What is made for a client only."""

REPORTED = (
    Option("last-week", N_("last week")),
    Option("last-month", N_("last month")),
    Option("last-quarter", N_("last quarter")),
    Option("last-year", N_("last year")),
    Option("this-week", N_("this week")),
    Option("this-month", N_("this month")),
    Option("this-quarter", N_("this quarter")),
    Option("this-year", N_("this year")),
)

FIXED, ROUND_ROBIN, LEAST_LOADED = "fixed", "round-robin", "least-loaded"
ASSIGNMENTS = (
    Option(FIXED, N_("always the same")),
    Option(ROUND_ROBIN, N_("in turn")),
    Option(LEAST_LOADED, N_("least loaded")),
)

SKIP, LATEST, ALL = "skip", "latest", "all"
MISSED = (Option(SKIP, N_("skip")), Option(LATEST, N_("latest only")), Option(ALL, N_("all")))


@entity(
    "recurring_rule",
    "recurring_rules",
    label=N_("recurring rule"),
    label_plural=N_("recurring rules"),
    order="next_at",
    columns=("name", "schedule", "next_at", "makes", "client", "assignee", "team", "paused", "last_at"),
    search=("name", "title", "notes"),
    unique=("name",),
    indexed=("name", "next_at", "client"),
    aliases=("recurring", "recurrence", "recurrences"),
    told_with=("client", "order"),
    impersonal=("schedule", "zone"),
)
class RecurringRule(Record):
    """Something that is to be done again and again, and when."""

    name: Any = Text(N_("Name"), required=True, longest=200, width=30)
    schedule: Any = Recurs(
        N_("When"), required=True, longest=300, width=34, aliases=("when", "rule"),
        help=N_("Like every monday at 9:00, last working day of the month, 3 days after completion"),
    )  # fmt: skip
    makes: Any = Choice(N_("Makes"), options=MAKES, default="task", required=True, width=9)
    title: Any = Text(
        N_("Title"), longest=300, width=30,
        help=N_("What it is called; empty: the name. {month} {quarter} {year} {week} {day} are filled in"),
    )  # fmt: skip
    client: Any = Reference(Client, N_("Client"), index=False, width=22)
    order: Any = Reference(Order, N_("Order"), index=False, width=10)
    assignment: Any = Choice(
        N_("Assigned"), options=ASSIGNMENTS, default=FIXED, required=True, width=12,
        help=N_("To the assignee, or among the members of the team"),
    )  # fmt: skip
    assignee: Any = Reference(Operator, N_("Assignee"), index=False, width=9)
    team: Any = Reference(Team, N_("Team"), index=False, width=14)
    priority: Any = Choice(
        N_("Priority"), options=PRIORITIES, words="order.priority", default="normal", required=True, width=8
    )
    estimate: Any = Minutes(N_("Estimate"), width=8, help=N_("How long it takes, like 1h30"))
    due_in: Any = Number(N_("Days to do it"), least=0, most=366, width=8, help=N_("Empty: due on the day it is made"))
    steps: Any = Markdown(N_("Parts"), width=30, help=N_("Its parts, one a line"))
    checklist: Any = Reference(Checklist, N_("Checklist"), index=False, width=18)
    template: Any = Reference(
        MessageTemplate, N_("Template"), index=False, width=20, help=N_("Of a message: what it says")
    )
    dashboard: Any = Text(
        N_("Dashboard"), longest=60, width=10,
        help=N_("Of a report, which goes by e-mail to the team, else to the assignee or the owner"),
    )  # fmt: skip
    period: Any = Choice(N_("Period"), options=REPORTED, width=12, help=N_("Of a report; empty: last week"))
    notes: Any = Markdown(N_("Notes"), width=30)
    starts_on: Any = Day(N_("Starts"), width=12, aliases=("start",), help=N_("Empty: today"))
    zone: Any = Text(N_("Time zone"), longest=60, width=16, help=N_("Like Europe/Berlin; empty: that of the business"))
    missed: Any = Choice(
        N_("Missed ones"), options=MISSED, default=LATEST, required=True, width=12,
        help=N_("What becomes of days on which nobody was there to make it"),
    )  # fmt: skip
    paused: Any = Flag(N_("Paused"), width=7)
    owner: Any = Reference(Operator, N_("Owner"), ruled=True, index=False, width=9)
    next_at: Any = Moment(N_("Next"), readonly=True, width=14, aliases=("next",))
    last_at: Any = Moment(N_("Last"), readonly=True, width=14, aliases=("last",))
    basis: Any = pw.TextField(default="")
    """What its next moment was found by: where that differs, it counts anew from now on."""
    since: Any = pw.DateTimeField(null=True)
    """Since when it counts."""


class Occurrence(Row):
    """That a rule came due at a moment and was carried out: no two are of one rule and moment, so nothing is made
    twice, whoever makes it. Not journalled: undoing what was made does not make it again."""

    rule: Any = pw.BigIntegerField()
    due_at: Any = pw.DateTimeField()
    made_at: Any = pw.DateTimeField()
    operation: Any = pw.BigIntegerField()
    entity: Any = pw.TextField(default="")
    record: Any = pw.BigIntegerField(null=True)

    class Meta:
        indexes = ((("rule", "due_at"), True),)


class Lease(Row):
    """Who does the background work at present. Not journalled, and nothing depends on it but that work is not tried
    twice."""

    name: Any = pw.TextField(unique=True)
    holder: Any = pw.TextField()
    until: Any = pw.DateTimeField()
    """When whoever has said nothing is taken to be gone."""
