"""The query language: the filter bar, saved views, cards, automation conditions, bulk edits and the command line.

    found = query.parse("stage:active owner:me score>=70", entity, me=actor)
    how = query.listing(found, default=[query.SortKey("name")])
    rows = model.select().where(how.where).order_by(*how.order_by)

``parse`` resolves names and values, and tells in plain words what it cannot; what it returns compiles to SQL
(``compile``, ``ordering``, ``listing``) and can be asked of one record's snapshot (``matches``), with the same answer.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from crm_tui.models.base import Entity
from crm_tui.query.asked import Query, SortKey
from crm_tui.query.lists import Listing, listing
from crm_tui.query.order import ordering
from crm_tui.scope import Actor

if TYPE_CHECKING:
    from crm_tui.query.completion import Completion, complete
    from crm_tui.query.edit import with_sort
    from crm_tui.query.marks import Mark, highlight
    from crm_tui.query.snapshot import Related, Snapshot, matches
    from crm_tui.query.sql import compile

__all__ = [
    "Completion",
    "Listing",
    "Mark",
    "Query",
    "Related",
    "Snapshot",
    "SortKey",
    "compile",
    "complete",
    "highlight",
    "listing",
    "matches",
    "ordering",
    "parse",
    "with_sort",
]

_LATER = {
    "completion": ("Completion", "complete"),
    "edit": ("with_sort",),
    "marks": ("Mark", "highlight"),
    "snapshot": ("Related", "Snapshot", "matches"),
    "sql": ("compile",),
}
"""What is imported when it is first used: a list without a filter opens sooner without it."""


def __getattr__(name: str) -> Any:
    for module, names in _LATER.items():
        if name in names:
            found = globals()[name] = getattr(import_module(f"{__name__}.{module}"), name)
            return found
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def parse(text: str, entity: Entity, *, me: Actor | None = None, lenient: bool = False) -> Query:
    """Return what a query on records of ``entity`` means. Raises BadInput with the position of what is wrong.

    ``me`` is who asks. ``lenient`` is for a query that is still being typed: it leaves out a last term that is not
    finished (``stage:``, ``stage:ac``, ``or``) and closes what is open, instead of raising.
    """
    if not text.strip():
        return Query(text, entity, me=me)
    from crm_tui.query.reading import read

    return read(text, entity, me, lenient=lenient)
