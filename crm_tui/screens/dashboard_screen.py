"""The dashboard: cards that answer, each leading to the records it counted."""

from __future__ import annotations

from collections.abc import Awaitable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

from textual.app import ComposeResult

from crm_tui import clock
from crm_tui.commands.context import Choice
from crm_tui.documents.layout import DIM, Line, Span
from crm_tui.errors import BadInput, CrmError
from crm_tui.exporters.reports import write as write_report
from crm_tui.i18n import _
from crm_tui.journal import Changed
from crm_tui.kpis import dashboards, periods, pictures, questions, registry, reports
from crm_tui.kpis.dashboards import COLUMNS, NUMBER, Card
from crm_tui.kpis.grid import Place, arranged, composed
from crm_tui.kpis.periods import Period
from crm_tui.kpis.questions import Answer, Part, Question
from crm_tui.kpis.registry import Kpi
from crm_tui.kpis.reports import AGAINST, BEFORE, YEAR
from crm_tui.models.base import entities
from crm_tui.screens.base import CrmScreen
from crm_tui.session import Session
from crm_tui.widgets.cards_view import CardsView

AGAIN = 0.3
"""Seconds in which changes are gathered before cards are asked anew."""

_PLACE = "dashboard"


@dataclass
class _Shown:
    """A card on the screen: its question, and what is known of the answer."""

    card: Card
    kpi: Kpi
    asked: Question
    answer: Answer | None = None
    problem: str = ""
    stale: bool = True

    @property
    def concerned(self) -> set[str]:
        """The entities whose changes may change the answer: those counted, those they lead to (the groups are called
        by them), and those that lead to them (totals follow from lines)."""
        entity = entities[self.asked.entity]
        leading_here = (other for other, _via in entity.referrers)
        return {entity.name, *(other.name for other in (*entity.references.values(), *leading_here))}


class DashboardScreen(CrmScreen):
    """Cards in a grid; the cursor is on a card's number, or on one of its bars."""

    scopes: ClassVar[tuple[str, ...]] = ("dashboard",)
    CSS = "DashboardScreen CardsView { height: 1fr; }"

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self.title_of_place = _("Dashboard")
        self._kept: dict[str, Any] = session.screens.setdefault(_PLACE, {})
        self._view = CardsView()
        self._board = self._remembered_board()
        self._period = periods.of("quarter", clock.today())
        self._cards: list[_Shown] = []
        self._places: list[Place] = []
        self._at, self._part, self._zoomed = 0, -1, False
        self._asking, self._due = 0, False
        self._show_cards()

    def _remembered_board(self) -> dashboards.Dashboard:
        try:
            return dashboards.named(str(self._kept.get("name", dashboards.SHIPPED[0].name)))
        except BadInput:
            return dashboards.SHIPPED[0]

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
        said = [_("Dashboard: {name}").format(name=self._board.title), self._period.title]
        return [part for part in (self.session.name, *said, against, self.filter) if part]

    # What is shown

    def _show_cards(self) -> None:
        known = registry.every()
        self._cards = [_Shown(card, known[card.kpi], known[card.kpi].ask()) for card in self._board.cards]
        self._at, self._part, self._zoomed = min(self._at, len(self._cards) - 1), -1, False

    def on_mount(self) -> None:
        """Ask for the numbers."""
        super().on_mount()
        self._ask_again()

    def on_page_view_resized(self, _event: CardsView.Resized) -> None:
        """The cards flow anew."""
        self._show()

    def on_screen_resume(self) -> None:
        """Come back up to date."""
        super().on_screen_resume()
        if self._asking and any(one.stale for one in self._cards):
            self._ask_again()

    def _ask_again(self) -> None:
        self._due = False
        self._asking += 1
        self.background(self._ask(self._asking))

    async def _ask(self, turn: int) -> None:
        """Ask the cards that are out of date one by one: each is shown as it comes, and keys come in between."""
        earlier = reports.earlier(self._period, self._against)
        self._show()
        for one in self._in_sight_first():
            if turn != self._asking:
                return
            one.answer, one.problem = await self.call(
                reports.answered, self.session.actor, self._asked(one), self._period, self.filter, earlier
            )
            if turn == self._asking:
                one.stale = False
                self._show()

    def _in_sight_first(self) -> list[_Shown]:
        return sorted((one for one in self._cards if one.stale), key=lambda one: one is not self._cards[self._at])

    def _asked(self, one: _Shown) -> Question:
        """Zoomed, every number is drawn with its course."""
        return one.asked if self._zoomed else reports.asked(one.card, one.asked)

    def data_changed(self, changed: Changed) -> None:
        """Records changed: the cards that count such ones are out of date."""
        for one in self._cards:
            one.stale = one.stale or not one.concerned.isdisjoint(changed.records)
        if any(one.stale for one in self._cards) and self.is_current and not self._due:
            self._due = True
            self.set_timer(AGAIN, self._ask_again)

    # Drawing

    def _show(self) -> None:
        if not self.is_attached or not self._cards:
            return
        width, height = self._view.size.width - 2, self._view.size.height
        if width < 1:
            return
        if self._zoomed:
            one = self._cards[self._at]
            place = Place(0, 0, width, max(3, height - 2))
            self._places = [Place(0, 0, width, height)] * len(self._cards)
            definition: Line = (Span(one.kpi.definition, DIM),)
            lines = [*self._drawn(one, place, self._at), (), definition]
            self._view.show(lines, 0)
        else:
            self._places = arranged(
                [(one.card.width, reports.height(one.card, one.answer)) for one in self._cards], width
            )
            drawn = [
                (place, self._drawn(one, place, at))
                for at, (one, place) in enumerate(zip(self._cards, self._places, strict=True))
            ]
            self._view.show(composed(drawn))
            here = self._places[self._at]
            self._view.keep_in_sight(here.y, here.height)
        self._tell()

    def _picture(self, one: _Shown) -> str:
        if self._zoomed and one.card.picture in (NUMBER, dashboards.GAUGE) and one.answer and one.answer.parts:
            return COLUMNS if one.asked.in_time else dashboards.BARS
        return one.card.picture

    def _drawn(self, one: _Shown, place: Place, at: int) -> list[Line]:
        here = at == self._at
        if one.problem:
            return pictures.said(one.problem, one.kpi.title, place.width, here=here)
        if one.answer is None:
            return pictures.said(_("counting …"), one.kpi.title, place.width, here=here)
        return pictures.drawn(
            one.answer, one.kpi.title, self._picture(one), place.width, place.height - (0 if self._zoomed else 1),
            at=self._part if here else None, less=one.kpi.less_is_better,
        )  # fmt: skip

    def _tell(self) -> None:
        one = self._cards[self._at]
        self._status.update(counts=one.kpi.definition if not one.answer else questions.records(self._selected(one)))

    def _selected(self, one: _Shown) -> Part:
        assert one.answer is not None
        return one.answer.parts[self._part] if 0 <= self._part < len(one.answer.parts) else one.answer.whole

    # What commands do (commands.context.DashboardView)

    def move(self, columns: int, rows: int) -> None:
        """Move to the next bar of a card, or to the next card in a direction."""
        one = self._cards[self._at]
        count = 0 if one.answer is None else pictures.parts_shown(one.answer, self._picture(one), self._height(one))
        upright = self._picture(one) == COLUMNS
        step = columns if upright else rows
        if step and -1 <= self._part + step < count and not (upright and self._part == -1 and step < 0):
            self._part += step
        elif not self._zoomed:
            self._to_card(columns, rows)
        self._show()

    def _height(self, one: _Shown) -> int:
        return self._places[self._at].height - (2 if self._zoomed else 1)

    def _to_card(self, columns: int, rows: int) -> None:
        if not self._places:
            return
        here = self._places[self._at]

        def away(at: int) -> tuple[int, int] | None:
            there = self._places[at]
            if columns:
                beside = there.x > here.x if columns > 0 else there.x < here.x
                return (abs(there.y - here.y), abs(there.x - here.x)) if beside else None
            beyond = there.y > here.y if rows > 0 else there.y < here.y
            overlap = there.x < here.x + here.width and here.x < there.x + there.width
            return (abs(there.y - here.y), 0 if overlap else 1 + abs(there.x - here.x)) if beyond else None

        found = [(far, at) for at in range(len(self._cards)) if at != self._at and (far := away(at)) is not None]
        if rows:
            found = [one for one in found if one[0][1] == 0] or found
        if found:
            self._at, self._part = min(found)[1], -1

    def next_card(self, step: int) -> None:
        """Move to the card after or before, wherever it stands."""
        self._at, self._part = (self._at + step) % len(self._cards), -1
        if self._zoomed:
            self._cards[self._at].stale = True
            self._ask_again()
        self._show()

    def zoom(self) -> None:
        """Show one card on the whole screen, or all of them again."""
        self._zoomed, self._part = not self._zoomed, -1
        self._cards[self._at].stale = True
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
        for one in self._cards:
            one.stale = True
        self._part = -1
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

    def show_dashboard(self, name: str) -> None:
        """Show another dashboard. Raises BadInput."""
        self._board = dashboards.named(name)
        self._kept["name"] = name
        self._at = 0
        self._show_cards()
        self.show_place()
        self._ask_again()

    def report(self, path: Path) -> Awaitable[Path]:
        """Write what is shown to a file. Raises BadInput, StorageFailed."""
        return self.call(
            write_report, self.session.actor, self._board, self._period, path,
            filter=self.filter, against=self._against,
        )  # fmt: skip

    def choices(self) -> list[Choice]:
        """The dashboards there are."""
        return [Choice(one.name, one.title) for one in dashboards.SHIPPED]

    async def open(self) -> None:
        """Open the list of the records that the number at the cursor counted."""
        one = self._cards[self._at]
        if one.answer is None:
            raise CrmError(one.problem or _("It is not counted yet."))
        from crm_tui.screens.others import open_found

        await open_found(self.crm, entities[one.asked.entity], self._selected(one).query)

    def escape(self) -> None:
        """From one card back to all of them; from there, back."""
        if self._zoomed:
            self.zoom()
        else:
            self.crm.close_screen()
