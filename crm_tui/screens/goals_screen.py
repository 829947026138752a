"""The goals of a quarter: objectives with their key results, how far each is and how far it should be."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import ClassVar, Self

from crm_tui import clock, formats
from crm_tui.commands.context import Context
from crm_tui.dashboards import charts, goals
from crm_tui.dashboards.goals import State, Told
from crm_tui.errors import CrmError
from crm_tui.i18n import _
from crm_tui.journal import Changed
from crm_tui.kpis import periods
from crm_tui.kpis.progress import WHOLE
from crm_tui.models.base import Entity, entities
from crm_tui.queries.goals import Result
from crm_tui.screens.rows_screen import RowsScreen
from crm_tui.session import Session
from crm_tui.widgets.columns import Column
from crm_tui.widgets.loaded_rows import Row
from crm_tui.widgets.record_list import RecordList

AGAIN = 0.3
"""Seconds in which changes are gathered before the goals are counted anew."""

_BAR = 10
_TREND = 8


class GoalsScreen(RowsScreen):
    """Objectives and key results; every record command works on the row."""

    scopes: ClassVar[tuple[str, ...]] = ("goals", "rows", "record")

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self.title_of_place = _("Goals")
        self.quarter = periods.of("quarter", clock.today())
        self.generation = 0
        self._told: list[Told] = []
        self._rows: dict[int, tuple[str, int]] = {}
        self._due = False
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

    def restart(self) -> None:
        """Count the goals anew; the cursor stays on what it was on."""
        self._due = False
        self.background(self._read())

    async def _read(self) -> None:
        quarter = self.quarter
        found = await self.session.database.newest("goals", goals.told, self.session.actor, quarter)
        self._told, self._rows = found, {}
        rows = [row for one in found for row in self._of(one)]
        self.generation += 1
        ids = [row.id for row in rows]
        place = ids.index(self.records.cursor_id) if self.records.cursor_id in ids else None
        self.records.refresh_rows(0, rows, len(rows), place, self.generation)
        behind = sum(state.behind for one in found for _result, state in one.results)
        pace = goals.elapsed(quarter, clock.today())
        said = _("{n} % of the quarter is over").format(n=formats.whole(pace))
        counts = _("{said} · {n} behind").format(said=said, n=behind) if behind else said
        self._status.update(counts=counts)
        self.show_keys()

    def _of(self, one: Told) -> list[Row]:
        goal = one.goal
        cells = (goal.title, "", "", _progress(one.state), one.state.said, "", "", "", goal.owner)
        rows = [self._row("objective", goal.id, cells, one.state)]
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
            rows.append(self._row("key_result", result.id, cells, state))
        return rows

    def _row(self, entity: str, record: int, cells: tuple[str, ...], state: State) -> Row:
        key = record * 2 + (entity == "key_result")
        self._rows[key] = (entity, record)
        return Row(key, cells, "alert" if state.behind else "")

    def on_record_list_window_wanted(self, _event: RecordList.WindowWanted) -> None:
        """The goals are read whole."""
        if self.generation == 0:
            self.restart()

    @property
    def _here(self) -> tuple[str, int] | None:
        return self._rows.get(self.records.cursor_id or 0)

    @property
    def entity(self) -> Entity | None:
        """What the row at the cursor is."""
        return entities[self._here[0]] if self._here is not None else None

    def context(self) -> Context:
        """Commands act on the row at the cursor."""
        context = super().context()
        if self._here is not None:
            context.ids = (self._here[1],)
        return context

    @property
    def objective(self) -> int | None:
        """The objective at the cursor, or that of the key result there."""
        for one in self._told:
            if self._here == ("objective", one.goal.id) or any(
                self._here == ("key_result", result.id) for result, _state in one.results
            ):
                return one.goal.id
        return None

    @property
    def result(self) -> tuple[Result, State] | None:
        """The key result at the cursor."""
        found = (pair for one in self._told for pair in one.results)
        return next((pair for pair in found if self._here == ("key_result", pair[0].id)), None)

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

    def data_changed(self, changed: Changed) -> None:
        """Something was done: goals, or what their numbers count."""
        if self.is_current and changed.records and not self._due:
            self._due = True
            self.set_timer(AGAIN, self.restart)

    def on_record_list_opened(self, event: RecordList.Opened) -> None:
        """A row was double-clicked: as if opened by its key."""
        command = self.session.keymap.by_id("entry.open")
        if command is not None and self.records.cursor_id == event.row_id:
            self.background(self.run(command))

    def on_screen_resume(self) -> None:
        """Come back up to date."""
        super().on_screen_resume()
        self.focus_body()
        if self.generation:
            self.restart()


def _progress(state: State) -> str:
    full = max(0, min(_BAR, round(state.progress * _BAR / WHOLE)))
    return f"{charts.BAR * full}{'▁' * (_BAR - full)} {formats.whole(state.progress)} %"


def _shown(number: Decimal) -> str:
    return formats.number(round(number, 3))


def _trend(result: Result) -> str:
    """The last check-ins, higher the nearer to the target."""
    values = [Decimal(value) for _day, value in result.history[-_TREND:]]
    low, high = min([*values, Decimal(result.start)]), max([*values, Decimal(result.start)])
    worst, best = (low, high) if result.target > result.start else (high, low)
    shares = [(value - worst) / (best - worst) if best != worst else Decimal() for value in values]
    return "".join(charts.level(1 + 7 * share, Decimal(8)) for share in shares)
