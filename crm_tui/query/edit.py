"""A query's text, changed by a command instead of by hand."""

from __future__ import annotations

from crm_tui.query.names import written
from crm_tui.query.tokens import tokens


def with_sort(text: str, name: str, *, descending: bool = False) -> str:
    """Return the query ordered by one field instead of what its ``sort:`` says; "" takes the order away."""
    kept, at = "", 0
    for token in tokens(text):
        if token.sort == "term" and token.text.lower() == "sort":
            kept, at = f"{kept}{text[at : token.start]}".rstrip(), token.end
    rest = f"{kept}{text[at:]}".strip()
    wanted = f"sort:{'-' if descending else ''}{written(name)}" if name else ""
    return f"{rest} {wanted}".strip()
