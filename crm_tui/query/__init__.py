"""The query language: the filter bar, saved views, cards, automation conditions, bulk edits and the command line.

    found = query.parse("stage:active owner:me score>=70", entity, me=actor)
    how = query.listing(found, default=[query.SortKey("name")])
    rows = model.select().where(how.where).order_by(*how.order_by)

``parse`` resolves names and values, and tells in plain words what it cannot; what it returns compiles to SQL
(``compile``, ``ordering``, ``listing``) and can be asked of one record's snapshot (``matches``), with the same answer.
"""

from __future__ import annotations

from crm_tui.models.base import Entity
from crm_tui.query import grammar
from crm_tui.query.completion import Completion, complete
from crm_tui.query.edit import with_sort
from crm_tui.query.grammar import Unfinished
from crm_tui.query.lists import Listing, listing
from crm_tui.query.marks import Mark, highlight
from crm_tui.query.order import ordering
from crm_tui.query.snapshot import Related, Snapshot, matches
from crm_tui.query.sql import compile
from crm_tui.query.terms import EVERYTHING, Terms
from crm_tui.query.tree import Query, SortKey
from crm_tui.scope import Actor

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


def parse(text: str, entity: Entity, *, me: Actor | None = None, lenient: bool = False) -> Query:
    """Return what a query on records of ``entity`` means. Raises BadInput with the position of what is wrong.

    ``me`` is who asks. ``lenient`` is for a query that is still being typed: it leaves out a last term that is not
    finished (``stage:``, ``stage:ac``, ``or``) and closes what is open, instead of raising.
    """
    terms = Terms(entity, me, lenient=lenient)
    syntax = grammar.read(text, terms.leaf, lenient=lenient)
    keys: dict[str, SortKey] = {}
    for token in syntax.sorts:
        try:
            for key in terms.sort_keys(token):
                keys.setdefault(key.name, key)
        except Unfinished:
            if not lenient or token.end < len(text):
                raise
    where = None if syntax.where == EVERYTHING else syntax.where
    return Query(text, entity, where, tuple(keys.values()), me, frozenset(terms.mentioned))
