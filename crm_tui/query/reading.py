"""Reading a query: the grammar and the terms put together."""

from __future__ import annotations

from crm_tui.models.base import Entity
from crm_tui.query import grammar
from crm_tui.query.asked import Query, SortKey
from crm_tui.query.grammar import Unfinished
from crm_tui.query.terms import EVERYTHING, Terms
from crm_tui.scope import Actor


def read(text: str, entity: Entity, me: Actor | None, *, lenient: bool) -> Query:
    """Return what a query means (``query.parse``). Raises BadInput."""
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
