"""Lead scores: the rules they come from, what was typed before, how far they are brought up to date."""

from __future__ import annotations

from typing import Any

import peewee as pw

from crm_tui.fields import Choice, Flag, Number, Option, Text
from crm_tui.i18n import N_
from crm_tui.models.base import Record, Row, entity

FADES_FROM = (
    Option("created_at", N_("added")),
    Option("acquired_on", N_("acquired")),
    Option("last_contact", N_("last contact")),
)


@entity(
    "score_rule",
    "score_rules",
    label=N_("score rule"),
    label_plural=N_("score rules"),
    columns=("name", "query", "points", "half_life_days", "fades_from", "active"),
    unique=("name",),
    aliases=("score", "scoring"),
    managed=True,
)
class ScoreRule(Record):
    """Points for the clients that a query finds. As long as a rule is active, every client's score is their sum."""

    name: Any = Text(N_("Name"), required=True, longest=80, width=26, help=N_("Why, as the client's record tells it"))
    query: Any = Text(
        N_("Query"), required=True, longest=2000, width=40,
        help=N_("Which clients get the points: stage:qualified, tag:fair last-contact>-30d"),
    )  # fmt: skip
    points: Any = Number(
        N_("Points"), least=-100, most=100, required=True, width=6, help=N_("From -100 to 100; less than 0 takes away")
    )
    half_life_days: Any = Number(
        N_("Half-life"), least=1, most=3650, width=9, aliases=("half_life",),
        help=N_("In so many days the points are worth half; empty: they never fade"),
    )  # fmt: skip
    fades_from: Any = Choice(
        N_("Fades from"), options=FADES_FROM, default="created_at", required=True, width=12,
        help=N_("The client's day that the fading counts from; where it is empty, the day it was added"),
    )  # fmt: skip
    active: Any = Flag(N_("Active"), default=True, width=6)
    position: Any = Number(N_("Position"), default=0, width=8, help=N_("Where it stands in the list of reasons"))


class ScoreState(Row):
    """How far scores are brought up to date: one row as long as a rule is active. Not journalled: it follows from
    what is."""

    scored_on: Any = pw.DateField()
    """The day that scores are of."""
    after: Any = pw.BigIntegerField(null=True)
    """Clients with a greater id are still to be scored; NULL when none is."""
    moved: Any = pw.BigIntegerField(default=0)
    """Counts the times that scores changed without an operation of their client, for other sessions to notice."""


class TypedScore(Row):
    """A score as it was typed before there were rules; it comes back when the last rule goes."""

    client: Any = pw.BigIntegerField(unique=True)
    score: Any = pw.BigIntegerField()
