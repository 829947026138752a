"""Through which stages clients and orders went, and how long they stayed in each, as the journal tells."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from crm_tui import clock, formats
from crm_tui.db import batches
from crm_tui.i18n import _
from crm_tui.journal import Values
from crm_tui.models.base import Entity, entities
from crm_tui.models.journal import Change, Operation
from crm_tui.models.orders import OPEN, order_stages


@dataclass(frozen=True, slots=True)
class Stay:
    """A time in one stage: from ``since`` until ``until``, None while it lasts (naive UTC)."""

    stage: str
    since: datetime
    until: datetime | None

    @property
    def days(self) -> int:
        """Whole days it has lasted."""
        return ((self.until or clock.now()) - self.since).days


def history(entity: Entity, record: int) -> list[Stay]:
    """Return a record's stages, the first one first; what was undone counts as the time it lasted."""
    query: Any = (
        Change.select(Operation.at, Change.after)
        .join(Operation, on=(Change.operation == Operation.id))
        .where((Change.entity == entity.name) & (Change.record == record) & Change.after.contains('"stage":'))
        .order_by(Change.id)
    )
    entered = [(at, str(json.loads(after)["stage"])) for at, after in query.tuples() if "stage" in json.loads(after)]
    ends = [*(at for at, _stage in entered[1:]), None]
    return [Stay(stage, at, end) for (at, stage), end in zip(entered, ends, strict=False)]


def all_mean(clients: Sequence[int], meaning: str) -> bool:
    """Whether all of these clients are in stages of a meaning, whatever those are called."""
    entity = entities["client"]
    kind, model = entity.fields["stage"], entity.model
    others: Any = kind.not_in(list(getattr(kind, "meant")(meaning)))  # noqa: B009  # every Choice has it
    return not any(model.select().where(model.id.in_(batch) & others).exists() for batch in batches(clients))


@dataclass(frozen=True, slots=True)
class Pace:
    """How long an order takes, in whole days."""

    age: int
    """Since it was ordered, until it was closed."""
    in_stage: int
    """Since it entered the stage it is in."""
    cycle: int | None
    """From the moment it left the first stage of the board, when work began, until it was closed; None before."""


def pace(values: Values, stays: Sequence[Stay]) -> Pace:
    """Return how long an order has taken so far, or took if it is closed."""
    stages = order_stages()
    is_open = stages.meaning(values["stage"]) == OPEN
    today = clock.today()
    entered = clock.local(values["entered_at"]).date() if values["entered_at"] else values["ordered_on"]
    end = today if is_open else values["fulfilled_on"] or entered
    first = next((option.value for option in stages.options if option.meaning == OPEN), "")
    begun = next((clock.local(stay.since).date() for stay in stays if stay.stage != first), None)
    return Pace(
        max(0, (end - values["ordered_on"]).days),
        max(0, (today - entered).days),
        None if begun is None else max(0, (end - begun).days),
    )


def in_words(entity: Entity, stays: Sequence[Stay]) -> str:
    """``active for 41 days, before that qualified 12 days, lead 3 days``; "" when nothing is known."""
    if not stays:
        return ""
    show = entity.fields["stage"].show
    now = _("{stage} since {day}").format(stage=show(stays[-1].stage), day=formats.near_moment(stays[-1].since))
    before = [
        _("{stage} {n} d").format(stage=show(stay.stage), n=formats.whole(stay.days))
        for stay in reversed(stays[:-1][-5:])
    ]
    return now + (_(", before that {stages}").format(stages=", ".join(before)) if before else "")
