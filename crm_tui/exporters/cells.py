"""A value as the cell of a table: references by their names, lists joined, text that no spreadsheet runs."""

from __future__ import annotations

from collections.abc import Callable

from crm_tui.exporters.formulas import SUSPECTS, defuse, is_number
from crm_tui.exporters.target import NUMERIC

Cell = Callable[[object], str]


def plain(value: object) -> str:
    """Return a value as JSON holds it as one text: ``{"id": 3, "name": "Ana"}`` is ``Ana``, a list ``a, b``."""
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, dict):
        return plain(value.get("name")) or plain(value.get("id"))
    if isinstance(value, list | tuple):
        return ", ".join(map(plain, value))
    return str(value)


def cell_for(kind: str) -> Cell:
    """Return what makes cells of one kind of field: numbers stay numbers, all else is text and defused."""
    numeric = kind in NUMERIC

    def cell(value: object) -> str:
        if value is None:
            return ""
        if type(value) is int:
            return str(value)
        text = value if type(value) is str else plain(value)
        if text[:1] in SUSPECTS and not ((numeric or isinstance(value, int | float)) and is_number(text)):
            return defuse(text)
        return text

    return cell
