"""The goals of a quarter: objectives with their key results, how far each is and how far it should be."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import ClassVar, Self

from crm_tui import clock, formats
from crm_tui.dashboards import charts, goals
from crm_tui.dashboards.goals import State, Told
from crm_tui.errors import CrmError
from crm_tui.i18n import _
from crm_tui.kpis import periods
from crm_tui.kpis.progress import within
from crm_tui.models.base import entities
from crm_tui.queries.goals import Result
from crm_tui.screens.record_lines import score_bar
from crm_tui.screens.whole_rows_screen import About, WholeRowsScreen
from crm_tui.session import Session
from crm_tui.widgets.columns import Column
from crm_tui.widgets.record_list import RecordList

_TREND = 8


class GoalsScreen(WholeRowsScreen):
    """Objectives and key results; every record command works on the row."""

    scopes: ClassVar[tuple[str, ...]] = ("goals", "rows", "record")

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self.title_of_place = _("Goals")
        self.quarter = periods.of("quarter", clock.today())
        self._told: list[Told] = []
        columns = [
            Column("title", _("Objective, key result"), width=44, min_width=22, flex=2, priority=10),
            Column("now", _("Now"), width=12, min_width=8, align="right", priority=8),
            Column("target", _("From, to"), width=18, min_width=10, priority=5),
            Column("done", _("Progress"), width=16, min_width=15, priority=9),
            Column("said", _("Pace"), width=22, min_width=14, flex=1, priority=7),
            Column("confidence", _("Confidence"), width=10, min_width=9, priority=4),
            Column("trend", _("Check-ins"), width=9, min_width=8, priority=3),
            Column("weight", _("Weight"), width=6, min_width=6, align="right", priority=1),
            Column("owner", _("Owner"), width=9, min_width=6, priority=2),
        ]
        self.records = RecordList(
            columns, empty=_("No goals in this quarter yet\n\nO adds an objective, b a key result of it")
        )

    def crumbs(self) -> Sequence[str]:
        """Workspace, goals, of which quarter."""
        return (self.session.name, _("Goals"), self.quarter.title)

    @property
    def goals_view(self) -> Self:
        """The goals commands act on."""
        return self

    async def read_whole(self) -> None:
        """Count the goals."""
        quarter = self.quarter
        self._told = await self.session.database.newest("goals", goals.told, self.session.actor, quarter)
        behind = sum(state.behind for one in self._told for _result, state in one.results)
        pace = goals.elapsed(quarter, clock.today())
        said = _("{n} % of the quarter is over").format(n=formats.whole(pace))
        counts = _("{said} · {n} behind").format(said=said, n=behind) if behind else said
        self.show_whole([row for one in self._told for row in self._of(one)], counts)

    def _of(self, one: Told) -> list[About]:
        goal = one.goal
        cells = (goal.title, "", "", _progress(one.state), one.state.said, "", "", "", goal.owner)
        rows = [_row("objective", goal.id, cells, one.state)]
        for result, state in one.results:
            kind = entities["key_result"].fields
            now = "–" if state.current is None else _shown(state.current)
            way = f"{kind['start'].show(result.start)} → {kind['target'].show(result.target)}"
            source = f" · {result.kpi or _('card')}" if result.kpi or result.card else ""
            cells = (
                f"  {result.title}{source}", now, way, _progress(state), state.said,
                kind["confidence"].show(result.confidence), _trend(result), f"×{result.weight}",
                result.owner or goal.owner,
            )  # fmt: skip
            rows.append(_row("key_result", result.id, cells, state))
        return rows

    @property
    def objective(self) -> int | None:
        """The objective at the cursor, or that of the key result there."""
        for one in self._told:
            if self._is("objective", one.goal.id) or any(
                self._is("key_result", result.id) for result, _state in one.results
            ):
                return one.goal.id
        return None

    @property
    def result(self) -> tuple[Result, State] | None:
        """The key result at the cursor."""
        found = (pair for one in self._told for pair in one.results)
        return next((pair for pair in found if self._is("key_result", pair[0].id)), None)

    def _is(self, entity: str, record: int) -> bool:
        return self.about is not None and self.about[:2] == (entity, record)

    def show_quarter(self, step: int) -> None:
        """Show the goals of another quarter. Raises BadInput."""
        self.quarter = self.quarter.step(step)
        self.show_place()
        self.restart()

    async def open_counted(self) -> None:
        """Open the list of the records that the key result's number counted."""
        found = self.result
        if found is None or not found[1].query and not found[1].entity:
            raise CrmError(_("It is kept by hand: there are no records behind it; I checks in."))
        from crm_tui.screens.others import open_found

        await open_found(self.crm, entities[found[1].entity], found[1].query)


def _row(entity: str, record: int, cells: tuple[str, ...], state: State) -> About:
    return About(entity, record, cells, "alert" if state.behind else "")


def _progress(state: State) -> str:
    return f"{score_bar(within(state.progress))} {formats.whole(state.progress)} %"


def _shown(number: Decimal) -> str:
    return formats.number(round(number, 3))


def _trend(result: Result) -> str:
    """The last check-ins, higher the nearer to the target."""
    values = [Decimal(value) for _day, value in result.history[-_TREND:]]
    low, high = min([*values, Decimal(result.start)]), max([*values, Decimal(result.start)])
    worst, best = (low, high) if result.target > result.start else (high, low)
    shares = [(value - worst) / (best - worst) if best != worst else Decimal() for value in values]
    return "".join(charts.level(1 + 7 * share, Decimal(8)) for share in shares)
