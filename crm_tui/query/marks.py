"""Which characters of a query are what: the colours of the filter bar."""

from __future__ import annotations

from typing import Literal

from crm_tui.errors import BadInput
from crm_tui.models.base import Entity
from crm_tui.query.grammar import LONGEST, Unfinished, keyword, read
from crm_tui.query.terms import EVERYTHING, Terms
from crm_tui.query.tokens import Token, tokens
from crm_tui.query.tree import Node
from crm_tui.scope import Actor

Mark = tuple[int, int, Literal["field", "operator", "value", "word", "error"]]
"""Start, end and what stands there."""

_ANYBODY = Actor(1, "anybody")


def highlight(text: str, entity: Entity) -> list[Mark]:
    """Return the marks of a query, in order, none overlapping; what is between them is space. Never raises.

    A name or value that cannot be is an ``error``; so is a bracket or an ``or`` that stands alone, but not what is
    only unfinished.
    """
    shown = text[:LONGEST]
    terms = Terms(entity, _ANYBODY, lenient=True)
    found: list[Mark] = []
    cut = tokens(shown)
    for at, token in enumerate(cut):
        following = cut[at + 1] if at + 1 < len(cut) else None
        marks = _term(token) if token.sort == "term" else [_single(token, following)]
        found += _with_error(marks, _fault(token, terms, last=token.end == len(shown)))
    if len(text) > LONGEST:
        found.append((LONGEST, len(text), "error"))
    return _with_error(found, _misplaced(shown))


def _single(token: Token, following: Token | None) -> Mark:
    if token.sort in ("(", ")", "-") or keyword(token, following):
        return (token.start, token.end, "operator")
    return (token.start, token.end, "word")


def _term(token: Token) -> list[Mark]:
    found: list[Mark] = [
        (token.start, token.operator_start, "field"),
        (token.operator_start, token.operator_end, "operator"),
    ]
    at = token.operator_end
    for item in token.items:
        if item.start > at:
            found.append((at, item.start, "operator"))
        if item.end > item.start:
            found.append((item.start, item.end, "value"))
        at = item.end
    if token.end > at:
        found.append((at, token.end, "operator"))
    return found


def _fault(token: Token, terms: Terms, *, last: bool) -> BadInput | None:
    """What is wrong with a word or term by itself; the last one may be unfinished."""
    if token.sort not in ("term", "word", "phrase"):
        return None
    try:
        if token.sort == "term" and token.text.lower() == "sort":
            list(terms.sort_keys(token))
        else:
            terms.leaf(token)
    except BadInput as error:
        return None if last and isinstance(error, Unfinished) else error
    return None


def _misplaced(text: str) -> BadInput | None:
    """What is wrong with how the terms are put together."""

    def anything(token: Token) -> Node:
        return EVERYTHING

    try:
        read(text, anything, lenient=True)
    except BadInput as error:
        return error
    return None


def _with_error(marks: list[Mark], error: BadInput | None) -> list[Mark]:
    """Show as an error what the position of one covers."""
    if error is None or error.position is None:
        return marks
    start, end = error.position
    return [(a, b, "error") if a < end and b > start else (a, b, sort) for a, b, sort in marks]
