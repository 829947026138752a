"""Texts with fields of a record in them: ``{title}``, ``{client.name}``, ``{contact.name|there}``."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping
from datetime import date
from typing import Any

from crm_tui.errors import BadInput, nearest
from crm_tui.fields import Kind, Reference
from crm_tui.i18n import _
from crm_tui.journal import Values, Writer
from crm_tui.models.base import Entity
from crm_tui.text import quoted

_MARK = re.compile(r"\{([^{}]*)\}")

FURTHEST = 3
"""References that a mark may follow."""

DAY_MARKS: dict[str, Callable[[date], str]] = {
    "day": lambda day: day.isoformat(),
    "week": lambda day: f"{day.isocalendar().week}",
    "month": lambda day: f"{day:%B %Y}",
    "quarter": lambda day: f"Q{(day.month + 2) // 3} {day.year}",
    "year": lambda day: f"{day.year}",
}
"""Marks that are no fields, in what is made on a day."""


def day_marks(day: date) -> dict[str, str]:
    """Return what stands in the place of the marks of a day."""
    return {name: written(day) for name, written in DAY_MARKS.items()}


Show = Callable[[Kind, Any], str]


def edited(kind: Kind, value: Any) -> str:
    """Show a value as it would be typed: what a text is made into is read again."""
    return kind.edit(value)


def check(entity: Entity, text: str, more: Collection[str] = ()) -> str:
    """Return the text with something in the place of each mark; ``more`` are marks that are no fields. Raises BadInput,
    naming the mark and the nearest field, for one that leads nowhere."""

    def found(match: re.Match[str]) -> str:
        path = _path(match[1])
        if path not in more:
            _follow(entity, path, match)
        return "1"

    return _MARK.sub(found, text)


def fill(
    entity: Entity, values: Values, text: str, *, more: Mapping[str, str] | None = None, show: Show = edited
) -> str:
    """Return the text with the fields of a record in the place of its marks, or what stands behind ``|`` where a field
    is empty. Raises BadInput for a mark that leads nowhere."""

    def filled(match: re.Match[str]) -> str:
        path = _path(match[1])
        value = more[path] if more and path in more else _value(entity, values, path, match, show)
        return value or match[1].partition("|")[2].strip()

    return _MARK.sub(filled, text)


def _path(mark: str) -> str:
    return mark.partition("|")[0].strip().lower()


def _follow(entity: Entity, path: str, match: re.Match[str]) -> list[tuple[Entity, Kind]]:
    """Return the fields a mark goes through, each with whose it is."""
    names = path.split(".")
    found: list[tuple[Entity, Kind]] = []
    for at, name in enumerate(names):
        try:
            kind = entity.kind(name)
        except BadInput as error:
            message = _("{mark} (at {position}) leads nowhere: {plural} have no field {name}.")
            said = message.format(
                mark=quoted(match[0], 60), position=match.start() + 1, plural=_(entity.label_plural),
                name=quoted(name, 40),
            )  # fmt: skip
            raise BadInput(said + nearest(name, entity.fields)) from error
        found.append((entity, kind))
        if at < len(names) - 1:
            if not isinstance(kind, Reference) or at >= FURTHEST:
                message = _("{mark} (at {position}) leads nowhere: {name} has no fields of its own.")
                raise BadInput(
                    message.format(mark=quoted(match[0], 60), position=match.start() + 1, name=quoted(name, 40))
                )
            entity = entity.references[kind.name]
    return found


def _value(entity: Entity, values: Values, path: str, match: re.Match[str], show: Show) -> str:
    *through, (owner, last) = _follow(entity, path, match)
    held: Values | None = values
    for one, kind in through:
        held = _referred(one, kind, held)
    value = held.get(last.name) if held else None
    if value is None or value == "":
        return ""
    if isinstance(last, Reference):
        of = _referred(owner, last, held)
        return str(of[owner.references[last.name].title]) if of else ""
    return show(last, value)


def _referred(owner: Entity, kind: Kind, values: Values | None) -> Values | None:
    """Return the values of the record that a reference leads to, None where it leads to none."""
    record = values.get(kind.name) if values else None
    return None if record is None else Writer.read_many(owner.references[kind.name], [record]).get(record)
