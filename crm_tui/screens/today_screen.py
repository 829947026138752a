"""Today: one queue of what needs the operator, in which everything can be done without going back."""

from __future__ import annotations

from typing import ClassVar

from crm_tui.i18n import _
from crm_tui.journal import Changed
from crm_tui.queries import today
from crm_tui.queries.today import Needed
from crm_tui.screens.whole_rows_screen import About, WholeRowsScreen
from crm_tui.session import Session
from crm_tui.widgets.columns import Column
from crm_tui.widgets.record_list import RecordList

_CONCERNED = frozenset({"task", "client", "order", "notification", "interaction", "dependency", "comment", "word"})


class TodayScreen(WholeRowsScreen):
    """What needs the operator, what is late first."""

    scopes: ClassVar[tuple[str, ...]] = ("today", "rows", "record")

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self.title_of_place = _("Today")
        columns = [
            Column("when", _("Due"), width=20, min_width=12, priority=8),
            Column("what", _("What"), width=44, min_width=24, flex=2, priority=9),
            Column("client", _("Client"), width=24, min_width=14, priority=5),
            Column("why", _("Why"), width=44, min_width=28, flex=1, priority=7),
        ]
        self.records = RecordList(columns, empty=_("Nothing needs you now\n\nt adds a task in one line, from anywhere"))

    def concerns(self, changed: Changed) -> bool:
        """Whether something may have left the queue, or come into it."""
        return not _CONCERNED.isdisjoint(changed.records)

    async def read_whole(self) -> None:
        """Read the queue."""
        found = await self.call(today.queue, self.session.actor)
        late = sum(one.late for one in found)
        counts = _("{n} for you · {late} late").format(n=len(found), late=late)
        self.show_whole([_row(one) for one in found], counts)


def _row(one: Needed) -> About:
    return About(one.entity, one.record, (one.when, one.what, one.client, one.why), "alert" if one.late else "")
