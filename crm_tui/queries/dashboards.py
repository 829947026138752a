"""Dashboards of one's own, and the cards on them."""

from __future__ import annotations

from typing import Any, NamedTuple

from crm_tui.models.base import entities
from crm_tui.models.dashboards import Card, Dashboard
from crm_tui.scope import Actor, visible
from crm_tui.text import fold


class Board(NamedTuple):
    """A dashboard that somebody made."""

    id: int
    name: str
    owner: int | None
    shared: bool


def boards(actor: Actor, name: str = "") -> list[Board]:
    """Return the dashboards that ``actor`` sees, by name; with ``name`` only the one of that name."""
    model: Any = Dashboard
    wanted = model.archived_at.is_null()
    limit = visible(actor, entities["dashboard"])
    if limit is not None:
        wanted &= limit
    if name:
        wanted &= model.name.expression() == fold(name)
    rows = model.select(model.id, model.name, model.owner, model.shared).where(wanted)
    return [Board(*row) for row in rows.order_by(model.name.expression(), model.id).tuples()]


def cards(board: int) -> list[dict[str, Any]]:
    """Return the values of a dashboard's cards, with their ids, in order."""
    model: Any = Card
    return values_of((model.dashboard == board) & model.archived_at.is_null())


def values_of(wanted: Any) -> list[dict[str, Any]]:
    """Return the values of the cards that fulfil a condition, with their ids, in order."""
    model: Any = Card
    names = [name for name, kind in entities["card"].entered.items() if not kind.custom]
    rows = model.select(model.id, *(getattr(model, name) for name in names)).where(wanted)
    ordered = rows.order_by(model.rank, model.id).tuples()
    return [{"id": row[0]} | dict(zip(names, row[1:], strict=True)) for row in ordered]
