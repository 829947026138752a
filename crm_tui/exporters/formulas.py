"""Cells that a spreadsheet would run as formulas: defused on the way out, read back unchanged on the way in.

A text cell that begins with a character a spreadsheet acts on gets an apostrophe before it; so does one that already
begins with apostrophes before such a character, so that ``undo(defuse(text)) == text`` holds for every text.
"""

from __future__ import annotations

import re

_ACTING = frozenset("=+-@\t\r\n＝＋－＠")
"""What begins a formula in Excel, LibreOffice or Google Sheets, at once or after trimming (OWASP, CSV injection)."""

SUSPECTS = _ACTING | {"'"}
"""First characters of the texts that ``defuse`` may change: a quick test for the many that it does not."""

_NUMBER = re.compile(r"-?\d{1,40}(?:\.\d{1,40})?")


def defuse(text: str) -> str:
    """Return the text as a cell that no spreadsheet runs."""
    return f"'{text}" if _acts(text) else text


def undo(cell: str) -> str:
    """Return the text of a cell that ``defuse`` may have changed."""
    return cell[1:] if cell[:1] == "'" and _acts(cell) else cell


def is_number(text: str) -> bool:
    """Whether a text is a plain decimal number, which a spreadsheet reads as nothing else."""
    return _NUMBER.fullmatch(text) is not None


def _acts(text: str) -> bool:
    return text[:1] in SUSPECTS and text.lstrip("'")[:1] in _ACTING
