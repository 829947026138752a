"""Pairs of records that look alike and are two: somebody said so."""

from __future__ import annotations

from typing import Any

from crm_tui.fields import Text
from crm_tui.i18n import N_
from crm_tui.models.base import Record, entity


@entity(
    "distinction",
    "distinctions",
    label=N_("pair told apart"),
    label_plural=N_("pairs told apart"),
    title="pair",
    columns=("pair", "names", "created_at"),
    unique=("pair",),
    indexed=("pair",),
    impersonal=("pair",),
)
class Distinction(Record):
    """Two records that are no duplicates; archiving the answer lets them be found again."""

    pair: Any = Text(
        N_("Pair"), required=True, longest=100, width=20, help=N_("What they are and their two ids: client 3 7")
    )
    names: Any = Text(N_("Names"), longest=500, width=60, help=N_("What the two were called then"))


def pair_text(entity_name: str, one: int, other: int) -> str:
    """Return how a pair is written: the lower id first, so that it is written in one way only."""
    return f"{entity_name} {min(one, other)} {max(one, other)}"
