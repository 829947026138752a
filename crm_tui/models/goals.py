"""Objectives of a quarter, the key results that say whether they are reached, and how far those were when."""

from __future__ import annotations

from typing import Any

from crm_tui.fields import Choice, Day, Markdown, Number, Option, Percent, Quantity, Reference, Text
from crm_tui.i18n import N_
from crm_tui.models.base import Record, entity
from crm_tui.models.dashboards import Card
from crm_tui.models.people import Operator

CONFIDENCE = (
    Option("high", N_("on track")),
    Option("medium", N_("at risk")),
    Option("low", N_("off track")),
)


@entity(
    "objective",
    "objectives",
    label=N_("objective"),
    label_plural=N_("objectives"),
    title="title",
    order="-due_on",
    columns=("title", "quarter", "owner", "progress", "due_on"),
    search=("title", "notes"),
    unique=("title",),
    indexed=("due_on",),
    aliases=("okr", "okrs", "goal", "goals"),
)
class Objective(Record):
    """What is to be reached in a quarter."""

    title: Any = Text(N_("Title"), required=True, longest=200, width=40)
    quarter: Any = Text(N_("Quarter"), longest=20, width=9, help=N_("Like 2026-Q4 or this-quarter; empty: this one"))
    owner: Any = Reference(Operator, N_("Owner"), index=False, width=9)
    notes: Any = Markdown(N_("Notes"), width=30)
    progress: Any = Percent(N_("Progress"), ruled=True, width=8)
    due_on: Any = Day(N_("Ends"), ruled=True, width=11)


@entity(
    "key_result",
    "key_results",
    label=N_("key result"),
    label_plural=N_("key results"),
    title="title",
    columns=("title", "objective", "start", "current", "target", "progress", "confidence", "weight", "owner"),
    unique=("title",),
    indexed=("objective",),
    aliases=("kr", "krs"),
    told_with=("objective",),
    part_of="objective",
)
class KeyResult(Record):
    """A number that goes from where it starts to its target."""

    title: Any = Text(N_("Title"), required=True, longest=200, width=40)
    objective: Any = Reference(Objective, N_("Objective"), required=True, index=False, width=24)
    start: Any = Quantity(N_("From"), least="-1000000000", required=True, width=9, help=N_("Where it stands at first"))
    target: Any = Quantity(N_("To"), least="-1000000000", required=True, width=9, help=N_("Where it is to be"))
    current: Any = Quantity(
        N_("Now"), least="-1000000000", width=9, help=N_("Kept by hand with check-ins; empty: where it started")
    )
    kpi: Any = Text(
        N_("Number"), longest=60, width=16, aliases=("number",),
        help=N_("Instead of by hand: a number with a name, like orders-value, of the objective's quarter"),
    )  # fmt: skip
    card: Any = Reference(Card, N_("Card"), index=False, width=16, help=N_("Or a card of a dashboard, as #id"))
    weight: Any = Number(
        N_("Weight"), least=1, most=100, default=1, required=True, width=6, help=N_("2 counts twice as much as 1")
    )
    confidence: Any = Choice(N_("Confidence"), options=CONFIDENCE, default="high", required=True, width=10)
    owner: Any = Reference(Operator, N_("Owner"), index=False, width=9, help=N_("Empty: the objective's"))
    progress: Any = Percent(N_("Progress"), ruled=True, width=8)


@entity(
    "check_in",
    "check_ins",
    label=N_("check-in"),
    label_plural=N_("check-ins"),
    title="note",
    order="-day",
    columns=("day", "key_result", "value", "confidence", "note", "by"),
    indexed=("key_result",),
    told_with=("key_result",),
    part_of="key_result",
    discussed=False,
)
class CheckIn(Record):
    """How far a key result was on a day, and what there is to say about it."""

    key_result: Any = Reference(KeyResult, N_("Key result"), required=True, index=False, width=24)
    value: Any = Quantity(N_("Now"), least="-1000000000", required=True, width=9)
    confidence: Any = Choice(N_("Confidence"), options=CONFIDENCE, width=10, help=N_("Empty: as before"))
    note: Any = Text(N_("Note"), longest=500, width=40)
    day: Any = Day(N_("Day"), width=11, help=N_("Empty: today"))
    by: Any = Reference(Operator, N_("By"), ruled=True, index=False, width=9)
