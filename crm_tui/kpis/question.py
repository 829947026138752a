"""A number asked of the records: what is counted, how it is measured, and in which groups."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import NamedTuple

from crm_tui.errors import BadInput
from crm_tui.fields import Kind, Minutes, Money, Percent
from crm_tui.i18n import _
from crm_tui.kpis.periods import UNITS
from crm_tui.models.base import Entity, entities

COUNT, SUM, AVERAGE, PERCENTILE, SHARE = "count", "sum", "average", "percentile", "share"
MEASURES = (COUNT, SUM, AVERAGE, PERCENTILE, SHARE)

CAPACITY = "capacity"

RANGES = "ranges"
"""The group of what is counted by how great the field is: from 0 to 100, from 100 to 200 ..."""

RECORDS = "records"
"""The group of what is told record by record."""

TIME = "time"
"""The group of what is drawn along the period, in its days, weeks or months."""

IN_TIME = (TIME, *UNITS)
"""The groups that are days, weeks, months ..."""


@dataclass(frozen=True)
class Question:
    """What is asked. Texts are of the query language."""

    entity: str
    where: str = ""
    measure: str = COUNT
    field: str = ""
    """What is added up, averaged ...; of a share, what is added up on both sides ("" counts)."""
    share: str = ""
    """Of a share, what those that count have beside ``where``."""
    percentile: int = 50
    dated: str = ""
    """The day or moment that is to be in the period; "" for how things stand now."""
    group: str = ""
    """A field, a ``reference.field``, ``time``, or a unit of time."""
    split: str = ""
    """What each group is made up of: a further field, or ``reference.field``."""
    most: int = 0
    """So many of the greatest groups; 0 for all."""
    against: str = ""
    """What each group is held against: ``capacity`` is the time that people have in the period."""

    @property
    def in_time(self) -> bool:
        """Whether its parts are days, weeks, months ..."""
        return self.group in IN_TIME

    @property
    def unit(self) -> str:
        """What the number is of: ``records``, ``percent``, ``money``, ``minutes``, ``days``."""
        kind = entities[self.entity].kind(self.field) if self.field else None
        if self.measure == SHARE or (isinstance(kind, Percent) and self.measure != COUNT):
            return "percent"
        if self.measure == COUNT or kind is None:
            return "records"
        return "money" if isinstance(kind, Money) else "minutes" if isinstance(kind, Minutes) else "number"


def grouped_by(asked: Question, group: str) -> Question:
    """Return a question in other groups."""
    return replace(asked, group=group, most=0)


def both(text: str, more: str) -> str:
    """Return the query for what two queries match; one that is a choice of several stands in brackets."""
    return " ".join(f"({one})" if " or " in one.lower() else one for one in (text.strip(), more.strip()) if one)


class Grouping(NamedTuple):
    """The field that records are grouped by."""

    via: str
    """The reference that leads to it; "" for a field of their own."""
    entity: Entity
    """Whose field it is."""
    kind: Kind

    @property
    def name(self) -> str:
        """``stage``, or ``client.country``."""
        return f"{self.via}.{self.kind.name}" if self.via else str(self.kind.name)


def grouping(entity: Entity, group: str) -> Grouping:
    """Return what a field or ``reference.field`` of an entity means. Raises BadInput."""
    first, _dot, rest = group.partition(".")
    kind = entity.kind(first)
    if not rest:
        return Grouping("", entity, kind)
    via = str(kind.name)
    if via not in entity.references:
        raise BadInput(_("{field} leads to no other record.").format(field=kind.label), field="group")
    other = entity.references[via]
    return Grouping(via, other, other.kind(rest))
