"""Changing the text of a query as a person would: its order."""

from __future__ import annotations

from crm_tui.query.tokens import tokens


def with_sort(text: str, name: str, *, descending: bool = False) -> str:
    """Return a query's text with its ``sort:`` replaced by one field."""
    kept = text
    for token in reversed(tokens(text)):
        if text[token.start : token.end].lower().startswith("sort:"):
            kept = kept[: token.start] + kept[token.end :]
    return " ".join([*kept.split(), f"sort:{'-' if descending else ''}{name}"])
