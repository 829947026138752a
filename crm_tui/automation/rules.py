"""The automations there are, read once for a look at the journal."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Any

from crm_tui import clock, query
from crm_tui.models.automations import CHANGED, CREATED, Automation
from crm_tui.models.base import Entity, find_entity
from crm_tui.query import Query
from crm_tui.services.automations import Step, read_steps

_EDITS = ("update", "archive", "restore")


@dataclass(frozen=True)
class Rule:
    """An automation that is on."""

    id: int
    name: str
    about: str
    event: str
    day_field: str
    days: int
    condition: str
    actions: str
    owner: int | None
    created_at: datetime

    @cached_property
    def entity(self) -> Entity:
        """What it is about."""
        return find_entity(self.about)

    @cached_property
    def query(self) -> Query:
        """What has to hold. Raises BadInput when a field or word of it was taken away."""
        return query.parse(self.condition, self.entity)

    @cached_property
    def steps(self) -> list[Step]:
        """What is done."""
        return read_steps(self.actions)

    @property
    def begins(self) -> date:
        """The first day that counts for what comes to a day: the past is not made up for."""
        return clock.local(self.created_at).date()

    def concerns(self, action: str) -> bool:
        """Whether a change of this sort makes it run."""
        if self.event == CREATED:
            return action == "create"
        return action in _EDITS or (self.event != CHANGED and action == "create")


_NAMES = tuple(Rule.__dataclass_fields__)


def read(*, only: int | None = None) -> list[Rule]:
    """Return the automations that are on, or the one named, on or off."""
    model: Any = Automation
    which = model.id == only if only is not None else model.enabled & model.archived_at.is_null()
    fields = (model.id, model.name, model.entity, model.event, model.day_field, model.days, model.condition,
              model.actions, model.owner, model.created_at)  # fmt: skip
    found: Any = model.select(*fields).where(which).order_by(model.id).tuples()
    rows: Any = [dict(zip(_NAMES, row, strict=True)) for row in found]
    return [Rule(**{**row, "days": row["days"] or 0}) for row in rows]
