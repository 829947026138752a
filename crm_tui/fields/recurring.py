"""The kind of field that says when something recurs."""

from __future__ import annotations

from typing import Any

from crm_tui.fields.kind import Stored
from crm_tui.fields.texts import Text
from crm_tui.text import fold


class Recurs(Text):
    """A recurrence: typed and shown in words (``last working day of the month at 17:00``), kept as an RRULE."""

    def check(self, value: Any) -> Any:
        from crm_tui import recurrence  # dateutil is not for every session

        return str(recurrence.read(str(super().check(value))))

    def key(self, value: Any) -> str:
        return fold(self.show(value))

    def show(self, value: Any) -> str:
        if not value:
            return ""
        from crm_tui import recurrence

        try:
            return recurrence.said(recurrence.parse(value))
        except ValueError:  # of a later version
            return str(value)

    def to_stored(self, value: Any) -> Stored:
        return str(value) if value else ""
