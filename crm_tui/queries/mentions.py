"""Where a person is named in what was written freely: notes, comments, custom fields, the journal.

Found by the whole name, e-mail or telephone number as it is kept, whatever the case and accents; a first name alone
finds nobody, and a number that was written another way neither.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from operator import or_
from typing import Any

import peewee as pw

from crm_tui import personal
from crm_tui.db import contains
from crm_tui.i18n import _
from crm_tui.models.base import Entity, entities
from crm_tui.models.journal import Change, Operation
from crm_tui.text import fold

_EXCERPT = 300


@dataclass(frozen=True, slots=True)
class Place:
    """Where somebody is named."""

    entity: str
    """The entity's name; ``operation`` for what an operation is called in the journal."""
    record: int
    field: str
    operation: int | None
    """The operation in whose entry of the journal it stands; None where the record itself holds it."""
    text: str
    """What stands there, or the beginning of it."""

    def label(self) -> str:
        """Return the place as a person reads it: ``client 3: notes``."""
        if self.entity == "operation":
            return _("journal, operation {id}").format(id=self.record)
        entity = entities[self.entity]
        kind = entity.kinds.get(self.field)
        field = kind.label.lower() if kind else self.field
        where = f"{_(entity.label)} {self.record}: {field}"
        if self.operation is None:
            return where
        return _("journal, operation {id}, {where}").format(id=self.operation, where=where)


def find(names: Sequence[str], *, without: Mapping[str, Iterable[int]] | None = None) -> list[Place]:
    """Return where one of the names stands, but for the records ``without`` and their journal."""
    if not names:
        return []
    told = personal.mention(names)
    left_out = {(entity, record) for entity, ids in (without or {}).items() for record in ids}
    keys = [fold(name) for name in names]
    found = [place for entity in entities.values() for place in _in_records(entity, keys, told)]
    found += _in_journal(names, told)
    return [place for place in found if (place.entity, place.record) not in left_out]


def _any_of(column: Any, texts: Iterable[str]) -> Any:
    return reduce(or_, (contains(column, text) for text in texts))


def _in_records(entity: Entity, keys: Sequence[str], told: Callable[[str], bool]) -> Iterator[Place]:
    model: Any = entity.model
    fields = {name: kind for name, kind in entity.fields.items() if kind.keyed and not kind.custom}
    if not fields:
        return
    where = reduce(or_, (_any_of(kind.expression(), keys) for kind in fields.values())) | _any_of(model.custom, keys)
    query = model.select(model.id, model.custom, *fields.values()).where(where).order_by(model.id)
    for record, custom, *values in query.tuples():
        texts = dict(zip(fields, values, strict=True))
        texts |= {name: value for name, value in json.loads(custom).items() if name in entity.custom}
        for name, value in texts.items():
            text = value if isinstance(value, str) else ", ".join(map(str, value)) if value else ""
            if text and told(text):
                yield Place(entity.name, record, name, None, _excerpt(text))


def _in_journal(names: Sequence[str], told: Callable[[str], bool]) -> Iterator[Place]:
    texts = [name.lower() for name in names]
    lower = pw.fn.LOWER
    sides = _any_of(lower(Change.before), texts) | _any_of(lower(Change.after), texts)
    query: Any = Change.select(Change.entity, Change.record, Change.operation, Change.before, Change.after)
    for entity, record, operation, before, after in query.where(sides).order_by(Change.id).tuples():
        values = {**json.loads(before), **json.loads(after)}
        both = [json.loads(side) for side in (before, after)]
        for field in values:
            text = next((str(one[field]) for one in both if one.get(field) and told(str(one[field]))), "")
            if text:
                yield Place(entity, record, field, operation, _excerpt(text))
    summaries = _any_of(lower(Operation.summary), texts) | _any_of(lower(Operation.cause), texts)
    operations: Any = Operation.select(Operation.id, Operation.summary, Operation.cause)
    for operation, summary, cause in operations.where(summaries).order_by(Operation.id).tuples():
        if told(f"{summary}\n{cause}"):
            yield Place("operation", operation, "summary", operation, _excerpt(summary or cause))


def _excerpt(text: str) -> str:
    return text if len(text) <= _EXCERPT else text[: _EXCERPT - 1] + "…"
