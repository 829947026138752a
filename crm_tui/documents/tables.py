"""Tables of Markdown (GitHub's, with pipes): read, and written so that their columns stand below each other."""

from __future__ import annotations

import re
from dataclasses import dataclass

from rich.cells import cell_len

from crm_tui.i18n import _

_RULE = re.compile(r"^:?-+:?$")
MOST_CELLS = 20_000


@dataclass(frozen=True, slots=True)
class Table:
    """A table: its first row is what its columns are called."""

    header: list[str]
    rows: list[list[str]]
    sides: list[str]
    """``left``, ``right`` or ``centre`` of each column."""


def cells(line: str) -> list[str]:
    """Return the cells of a line; ``\\|`` is a pipe in one."""
    text = line.strip()
    text = text[1:] if text.startswith("|") else text
    if text.endswith("|") and not text.endswith("\\|"):
        text = text[:-1]
    return [cell.strip() for cell in re.split(r"(?<!\\)\|", text)]


def read(text: str) -> Table:
    """Return the table that lines of text make; a first line alone, and lines without pipes, make one, too."""
    rows = [cells(line) for line in text.split("\n") if line.strip()]
    rules = [row for row in rows if all(_RULE.match(cell) for cell in row)]
    plain = [row for row in rows if row not in rules]
    width = max((len(row) for row in plain), default=0)
    full = [row + [""] * (width - len(row)) for row in plain]
    sides = [_side(cell) for cell in rules[0]] if rules else []
    sides = (sides + ["left"] * width)[:width]
    return Table(full[0] if full else [], full[1:], sides)


def _side(rule: str) -> str:
    if rule.startswith(":") and rule.endswith(":") and len(rule) > 1:
        return "centre"
    return "right" if rule.endswith(":") else "left"


def aligned(text: str) -> str:
    """Return a table written so that its columns stand below each other. Raises ValueError for one too large."""
    table = read(text)
    everything = [table.header, *table.rows]
    if sum(len(row) for row in everything) > MOST_CELLS:
        raise ValueError(_("a table of more than {n} cells is too large").format(n=f"{MOST_CELLS:,}"))
    if not table.header:
        return ""
    widths = [max(3, *(cell_len(row[at]) for row in everything)) for at in range(len(table.header))]
    lines = [_line(row, widths, table.sides) for row in everything]
    return "\n".join([lines[0], _rule(widths, table.sides), *lines[1:]])


def _line(row: list[str], widths: list[int], sides: list[str]) -> str:
    padded = [_padded(cell, width, side) for cell, width, side in zip(row, widths, sides, strict=True)]
    return f"| {' | '.join(padded)} |"


def _padded(cell: str, width: int, side: str) -> str:
    space = width - cell_len(cell)
    left = space if side == "right" else space // 2 if side == "centre" else 0
    return " " * left + cell + " " * (space - left)


def _rule(widths: list[int], sides: list[str]) -> str:
    marks = []
    for width, side in zip(widths, sides, strict=True):
        marks.append((":" if side == "centre" else "-") + "-" * (width - 2) + ("-" if side == "left" else ":"))
    return f"| {' | '.join(marks)} |"
