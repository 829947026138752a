"""How a list's columns are laid out, from what the fields say of themselves."""

from __future__ import annotations

from collections.abc import Sequence

from crm_tui.fields import DECIMALS
from crm_tui.models.base import Entity
from crm_tui.queries import extra_columns
from crm_tui.widgets.columns import Column

WHOLE = frozenset({"day", "moment", "choice", "number", "money", "percent", "flag", "duration"}) | DECIMALS
"""Families whose values say nothing when they are cut off: where there is no room for them, the column vanishes."""


def list_columns(entity: Entity, names: Sequence[str], narrow: bool = False) -> list[Column]:
    """Return the columns of a list; the first and the record's name never vanish, later ones vanish first."""
    extras = extra_columns.of(entity)
    made: list[Column] = []
    for place, name in enumerate(names):
        kind, least = entity.fields.get(name), 8
        if kind is not None:
            label, width, align = kind.label, kind.width, kind.align
            least = width if kind.family in WHOLE else least
        elif name in extras:
            label, width, align, least = extras[name].label, extras[name].width, "left", extras[name].least
        else:
            label, width, align = "Id", 7, "right"
        title = name == entity.title
        made.append(
            Column(
                name,
                label,
                width=width,
                min_width=min(width, 20 if title else max(len(label), least if width > 8 else width)),
                align="right" if align == "right" else "left",
                flex=3 if title else 1 if width >= 16 else 0,
                priority=1000 if title else 100 - place,
            )
        )
    return made
