"""One line of the report for each budget, and the tables they are printed in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Line:
    """A budget, what was measured, and whether it is kept."""

    what: str
    budget: str
    measured: str
    reference: str = ""
    ratio: str = ""
    verdict: str = ""

    def cells(self) -> tuple[str, ...]:
        return self.what, self.budget, self.measured, self.reference, self.ratio, self.verdict


HEADINGS = ("what", "budget", "measured", "bare list", "ratio", "")


def at_most(what: str, value: float, limit: float, unit: str, digits: int = 0) -> Line:
    """A budget in absolute terms."""
    budget, measured = f"<= {limit:,.{digits}f} {unit}", f"{value:,.{digits}f} {unit}"
    return Line(what, budget, measured, ratio=_ratio(value, limit) + " of it", verdict=_verdict(value <= limit))


def at_least(what: str, value: float, limit: float, unit: str) -> Line:
    """A budget for a rate."""
    return Line(
        what,
        f">= {limit:,.0f} {unit}",
        f"{value:,.0f} {unit}",
        ratio=_ratio(value, limit) + " of it",
        verdict=_verdict(value >= limit),
    )


def against(what: str, value: float, reference: float, limit: float, unit: str, digits: int = 1) -> Line:
    """A budget as a ratio to a bare Textual program measured in the same run."""
    return Line(
        what,
        f"<= {limit:g} x",
        f"{value:,.{digits}f} {unit}",
        f"{reference:,.{digits}f} {unit}",
        _ratio(value, reference),
        _verdict(value <= reference * limit),
    )


def noted(what: str, measured: str) -> Line:
    """Something worth knowing that has no budget."""
    return Line(what, "", measured)


def not_measured(what: str, why: str) -> Line:
    """A budget that could not be measured, and why."""
    return Line(what, "", f"not measured: {why}")


def table(headings: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A Markdown table, aligned so that it reads well in a terminal too; numbers stand at the right."""
    widths = [max(len(row[column]) for row in [headings, *rows]) for column in range(len(headings))]
    ruler = [("-" * width if column == 0 else "-" * (width - 1) + ":") for column, width in enumerate(widths)]

    def line(cells: Sequence[str]) -> str:
        padded = (
            cell.rjust(width) if column else cell.ljust(width)
            for column, (cell, width) in enumerate(zip(cells, widths, strict=True))
        )
        return f"| {' | '.join(padded)} |"

    return "\n".join(line(row) for row in [headings, ruler, *rows])


def _ratio(value: float, reference: float) -> str:
    return f"{value / reference:.2f} x" if reference else "–"


def _verdict(kept: bool) -> str:
    return "ok" if kept else "MISSED"
