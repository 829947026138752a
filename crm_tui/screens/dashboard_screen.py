"""The dashboard: cards that answer, each leading to the records it counted."""

from __future__ import annotations

from collections.abc import Awaitable, Sequence
from pathlib import Path
from typing import Any, ClassVar

from textual.app import ComposeResult

from crm_tui import clock
from crm_tui.commands.context import Choice
from crm_tui.dashboards import finding, reports
from crm_tui.dashboards.cards import Card, Dashboard
from crm_tui.dashboards.reports import AGAINST, BEFORE, YEAR
from crm_tui.dashboards.shipped import SHIPPED
from crm_tui.errors import BadInput
from crm_tui.exporters.reports import write as write_report
from crm_tui.i18n import _
from crm_tui.journal import Changed
from crm_tui.kpis import periods
from crm_tui.kpis.periods import Period
from crm_tui.kpis.question import RECORDS
from crm_tui.models.base import Entity, entities
from crm_tui.screens.base import CrmScreen
from crm_tui.screens.card_grid import CardGrid, Shown
from crm_tui.session import Session
from crm_tui.widgets.cards_view import CardsView

AGAIN = 0.3
"""Seconds in which changes are gathered before cards are asked anew."""

MOST_KNOWN = 500
"""Answers that are remembered, of cards at other times and with other filters."""

_PLACE = "dashboard"


class DashboardScreen(CrmScreen):
    """Cards in a grid; the cursor is on a card's number, or on one of its bars."""

    scopes: ClassVar[tuple[str, ...]] = ("dashboard",)
    DEFAULT_CSS = "DashboardScreen CardsView { height: 1fr; }"

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self.title_of_place = _("Dashboard")
        self._kept: dict[str, Any] = session.screens.setdefault(_PLACE, {})
        self._view, self.grid = CardsView(), CardGrid()
        self.board = SHIPPED[0]
        self._period = periods.of("quarter", clock.today())
        self._asking, self._due = 0, False
        self._known: dict[tuple[object, ...], reports.Told] = {}
        """What was answered and is still so."""

    @property
    def dashboard_view(self) -> DashboardScreen:
        """The dashboard commands act on."""
        return self

    @property
    def filter(self) -> str:
        """What all cards are filtered by, too."""
        return str(self._kept.get("filter", ""))

    @property
    def _against(self) -> str:
        return str(self._kept.get("against", BEFORE))

    def compose_body(self) -> ComposeResult:
        """The grid."""
        yield self._view

    def crumbs(self) -> Sequence[str]:
        """Workspace, which dashboard, of which time, against what, filtered how."""
        against = {BEFORE: _("against the time before"), YEAR: _("against a year before")}.get(self._against, "")
        said = [_("Dashboard: {name}").format(name=self.board.title), self._period.title]
        return [part for part in (self.session.name, *said, against, self.filter) if part]

    # What is shown

    def on_mount(self) -> None:
        """Read which cards there are, and ask for the numbers."""
        super().on_mount()
        self._reload()

    def _reload(self) -> None:
        self.background(self._load())

    @property
    def _wanted(self) -> str:
        return str(self._kept.get("name", SHIPPED[0].name))

    async def _load(self) -> None:
        """Read the dashboard that is to be shown anew, the first one where it is gone."""
        name = self._wanted
        try:
            board = await self.call(finding.named, self.session.actor, name)
        except BadInput as error:
            if name != self._wanted:
                return
            self._kept.pop("name", None)
            self.say(str(error), problem=True)
            board = SHIPPED[0]
            name = board.name
        if name == self._wanted:  # else another one was chosen while this one was read
            self._take(board)

    def _take(self, board: Dashboard) -> None:
        if board.name != self.board.name:
            self.grid.to(0)
            self.grid.zoomed = False
        self.board = board
        self.grid.load(board.cards)
        self.show_place()
        self._ask_again()

    def on_page_view_resized(self, _event: CardsView.Resized) -> None:
        """The cards flow anew."""
        self._show()

    def on_screen_resume(self) -> None:
        """Come back up to date."""
        super().on_screen_resume()
        if self._asking and any(one.stale for one in self.grid.cards):
            self._ask_again()

    def _ask_again(self) -> None:
        self._due = False
        self._asking += 1
        self.background(self._ask(self._asking))

    async def _ask(self, turn: int) -> None:
        """Ask the cards that are out of date one by one: each is shown as it comes, and keys come in between."""
        self._show()
        for one in self._here_first():
            if turn != self._asking:
                return
            asked = (one.card, one.meaning, self._period, self.filter, self._against, clock.today())
            told = self._known.get(asked)
            if told is None:
                told = await self.call(reports.told, self.session.actor, *asked[:-1])
            if turn == self._asking:
                self._remember(asked, told)
                one.answer, one.problem, one.stale = told.answer, told.problem, False
                self._show()

    def _remember(self, asked: tuple[object, ...], told: reports.Told) -> None:
        if len(self._known) >= MOST_KNOWN:
            self._known.clear()
        self._known[asked] = told

    def _here_first(self) -> list[Shown]:
        return sorted((one for one in self.grid.cards if one.stale), key=lambda one: one is not self.grid.here)

    def data_changed(self, changed: Changed) -> None:
        """Records changed: the cards that count such ones are out of date, or there are other cards."""
        for one in self.grid.cards:
            if not one.concerned.isdisjoint(changed.records):
                one.stale = True
                self._known = {asked: told for asked, told in self._known.items() if asked[0] != one.card}
                one.mean(zoomed=self.grid.zoomed and one is self.grid.here)
        if not {"card", "dashboard"}.isdisjoint(changed.records):
            self._reload()
        elif any(one.stale for one in self.grid.cards) and self.is_current and not self._due:
            self._due = True
            self.set_timer(AGAIN, self._ask_again)

    def _show(self) -> None:
        width, height = self._view.size.width - 2, self._view.size.height
        if not self.is_attached or width < 1:
            return
        lines = self.grid.drawn(width, height)
        if self.grid.zoomed:
            self._view.show(lines, 0)
        else:
            self._view.show(lines)
        if (here := self.grid.place) is not None:
            self._view.keep_in_sight(here.y, here.height)
        self._status.update(counts=self.grid.said())

    # What commands do (commands.context.DashboardView)

    @property
    def card(self) -> Card | None:
        """The card at the cursor."""
        return self.grid.here.card if self.grid.here is not None else None

    def move(self, columns: int, rows: int) -> None:
        """Move to the next bar of a card, or to the next card in a direction."""
        self.grid.move(columns, rows)
        self._show()

    def next_card(self, step: int) -> None:
        """Move to the card after or before, wherever it stands."""
        if self.grid.cards:
            self.grid.to((self.grid.at + step) % len(self.grid.cards))
        if self.grid.zoomed:
            self.grid.anew()
            self._ask_again()
        self._show()

    def zoom(self) -> None:
        """Show one card on the whole screen, or all of them again."""
        self.grid.zoom()
        self._ask_again()

    def show_step(self, count: int) -> None:
        """Show the period so many later."""
        self._show_period(self._period.step(count))

    def widen(self, steps: int) -> None:
        """Show the period of a wider or narrower unit."""
        self._show_period(self._period.resized(steps))

    def show_period(self, text: str) -> None:
        """Show the period that words mean. Raises BadInput."""
        self._show_period(periods.read(text))

    def _show_period(self, period: Period) -> None:
        if period != self._period:
            self._period = period
            self._everything_anew()

    def _everything_anew(self) -> None:
        for one in self.grid.cards:
            one.stale = True
        self.grid.to(self.grid.at)
        self.show_place()
        self._ask_again()

    def show_filter(self, text: str) -> None:
        """Count only what matches a query, too."""
        self._kept["filter"] = text.strip()
        self._everything_anew()

    def compare(self) -> None:
        """Compare with the period before, the year before, or nothing."""
        self._kept["against"] = AGAINST[(AGAINST.index(self._against) + 1) % len(AGAINST)]
        self._everything_anew()

    async def show_dashboard(self, name: str) -> None:
        """Show another dashboard. Raises BadInput."""
        board = await self.call(finding.named, self.session.actor, name) if name else SHIPPED[0]
        self._kept["name"] = board.name
        self._take(board)

    async def follow(self, record: int) -> None:
        """Read the dashboard anew, with the cursor on a card of it."""
        await self._load()
        self.grid.to(next((at for at, one in enumerate(self.grid.cards) if one.card.record == record), self.grid.at))
        self._show()

    def record_saved(self, entity: Entity, record: int) -> None:
        """A form was saved: the cursor is on its card; a dashboard may be called otherwise."""
        if entity.name == "card":
            self.background(self.follow(record))
        elif entity.name == "dashboard":
            self.background(self._renamed(record))

    async def _renamed(self, record: int) -> None:
        found = await self.call(finding.every, self.session.actor)
        for one in found:
            if one.record == record:
                await self.show_dashboard(one.name)

    def report(self, path: Path) -> Awaitable[Path]:
        """Write what is shown to a file. Raises BadInput, StorageFailed."""
        return self.call(
            write_report, self.session.actor, self.board, self._period, path,
            filter=self.filter, against=self._against,
        )  # fmt: skip

    async def choices(self) -> list[Choice]:
        """The dashboards there are."""
        found = await self.call(finding.every, self.session.actor)
        return [Choice(one.name, one.title, _("your own, or shared with you") if one.record else "") for one in found]

    async def open(self) -> None:
        """Open the list of the records that the number at the cursor counted; a record by itself is opened."""
        part, one = self.grid.selected(), self.grid.here
        assert one is not None
        assert one.answer is not None
        entity = entities[one.answer.question.entity]
        if one.answer.question.group == RECORDS and part.query.startswith("id:"):
            await self.crm.open_record(entity, int(part.query.removeprefix("id:")))
            return
        from crm_tui.screens.others import open_found

        await open_found(self.crm, entity, part.query)

    def escape(self) -> None:
        """From one card back to all of them; from there, back."""
        if self.grid.zoomed:
            self.zoom()
        else:
            self.crm.close_screen()
