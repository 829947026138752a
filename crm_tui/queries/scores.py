"""Why a client has the score it has."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from crm_tui import scoring


@dataclass(frozen=True, slots=True)
class Points:
    """What one rule gives a client now."""

    rule: str
    points: Decimal
    """With up to two digits after the point where a part of them has faded."""
    problem: str = ""
    """Why the rule gives nothing, if its query cannot be read any more."""

    def text(self) -> str:
        """Return it as a person reads it: ``+12.5 Met at the fair``."""
        return f"{self.points:+} {self.rule}" + (f" ({self.problem})" if self.problem else "")


def why(client: int) -> tuple[Points, ...]:
    """Return the rules that give a client points, in their order, and those that cannot be read; empty when scores are
    typed and not kept by rules."""
    known = scoring.rules()
    given = scoring.parts(client, known)
    return tuple(
        Points(rule.name, _shown(part), rule.problem)
        for rule, part in zip(known, given, strict=bool(given))
        if part or rule.problem
    )


def _shown(thousandths: int) -> Decimal:
    rounded = round(Decimal(thousandths) / scoring.PRECISION, 2)
    return Decimal(int(rounded)) if rounded == int(rounded) else rounded.normalize()
