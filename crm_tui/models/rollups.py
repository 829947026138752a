"""Numbers that are kept by the day. Nothing here is journalled: all of it follows from the records."""

from __future__ import annotations

from typing import Any

import peewee as pw

from crm_tui.models.base import Row


class RollupQuestion(Row):
    """A question whose numbers are kept, and how far."""

    text: Any = pw.TextField(unique=True)
    """The question (``queries.rollups.Kept.text``)."""
    position: Any = pw.BigIntegerField()
    """The last change of the journal that the numbers know of."""
    built_from: Any = pw.DateField(null=True)
    """The first day that is kept; NULL as long as none is. All later ones are."""


class Rollup(Row):
    """What the records of one day and group come to, in one currency and, for medians, with one value."""

    question: Any = pw.BigIntegerField()
    day: Any = pw.DateField()
    key: Any = pw.TextField(default="")
    """What tells the group from others; "" where there is none."""
    label: Any = pw.TextField(default="")
    currency: Any = pw.TextField(default="")
    value: Any = pw.BigIntegerField(null=True)
    counted: Any = pw.BigIntegerField()
    total: Any = pw.BigIntegerField()

    class Meta:
        indexes = ((("question", "day"), False),)
