"""What happens by itself when something changes: automations, their runs, and what of a run still waits."""

from __future__ import annotations

from typing import Any

import peewee as pw

from crm_tui.fields import Choice, Flag, Markdown, Number, Option, Reference, Text
from crm_tui.i18n import N_
from crm_tui.models.base import Record, Row, entity
from crm_tui.models.people import Operator

CREATED, CHANGED, SAVED, ON_DAY = "created", "changed", "saved", "day"
EVENTS = (
    Option(CREATED, N_("is added")),
    Option(CHANGED, N_("is changed")),
    Option(SAVED, N_("is added or changed")),
    Option(ON_DAY, N_("comes to a day")),
)


@entity(
    "automation",
    "automations",
    label=N_("automation"),
    label_plural=N_("automations"),
    columns=("name", "entity", "event", "condition", "actions", "enabled", "owner"),
    unique=("name",),
    indexed=("name",),
    managed=True,
)
class Automation(Record):
    """When a record of this kind is so changed, and is so, do this: in the form it reads as a sentence."""

    name: Any = Text(N_("Name"), required=True, longest=200, width=30)
    entity: Any = Text(N_("When one of"), required=True, longest=40, width=12, help=N_("Like orders, tasks or clients"))
    event: Any = Choice(N_("It"), options=EVENTS, default=SAVED, required=True, width=18)
    day_field: Any = Text(
        N_("Which day"),
        longest=60,
        width=12,
        aliases=("day",),
        help=N_("Of what comes to a day: the field, like due_on"),
    )
    days: Any = Number(
        N_("Days after"), least=-366, most=366, width=6, help=N_("So many days after that day; -3 is before it")
    )
    condition: Any = Text(
        N_("And"), longest=2000, width=40, aliases=("if",),
        help=N_("A query, like stage:fulfilled changed:stage, or was stage:lead; empty: any"),
    )  # fmt: skip
    actions: Any = Markdown(
        N_("Then"), required=True, width=40, aliases=("then",),
        help=N_("task checklist set tag assign comment notify message webhook wait only if"),
    )  # fmt: skip
    enabled: Any = Flag(N_("On"), default=True, width=4, aliases=("on",))
    owner: Any = Reference(Operator, N_("Owner"), ruled=True, index=False, width=9)


class AutomationRun(Row):
    """That an automation was carried out for a change or a day of a record: once for each. Not journalled: undoing what
    it did does not make it run again."""

    automation: Any = pw.BigIntegerField()
    entity: Any = pw.TextField()
    record: Any = pw.BigIntegerField()
    key: Any = pw.TextField()
    """``change:123``, or ``due_on:2026-11-22``."""
    at: Any = pw.DateTimeField()
    operation: Any = pw.BigIntegerField(null=True)
    """What it did, None where that was nothing."""
    outcome: Any = pw.TextField()
    """``done``, ``failed`` or ``refused`` (it would have gone round in a circle)."""
    told: Any = pw.TextField(default="")
    """What each step did, a line each; or why it failed."""
    parent: Any = pw.BigIntegerField(null=True)
    """The run whose change made it run."""
    depth: Any = pw.IntegerField(default=0)

    class Meta:
        indexes = ((("automation", "record", "key"), True), (("operation",), False))


class AutomationWait(Row):
    """What of a run is still to be done, and when."""

    run: Any = pw.BigIntegerField()
    step: Any = pw.IntegerField()
    due_at: Any = pw.DateTimeField(index=True)


class AutomationState(Row):
    """How far the journal was looked through, and on which day the days were."""

    position: Any = pw.BigIntegerField(default=0)
    day: Any = pw.DateField(null=True)
