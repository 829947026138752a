"""What commands may ask of a document, of two that are compared, of a dashboard and of goals on the screen."""

from __future__ import annotations

from collections.abc import Awaitable
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from crm_tui.commands.context import Choice
    from crm_tui.dashboards.cards import Card, Dashboard
    from crm_tui.dashboards.goals import State
    from crm_tui.documents.sections import Section
    from crm_tui.kpis.periods import Period
    from crm_tui.queries.goals import Result
    from crm_tui.queries.workload import Todo


class DocumentView(Protocol):
    """A document on the screen that is worked on section by section."""

    @property
    def section(self) -> int | None:
        """The section at the cursor, if the document has any."""

    def move(self, steps: int) -> None:
        """Move to another section, down by so many or up by a negative number."""

    def go_to(self, section: int, *, write: bool = False) -> Awaitable[None]:
        """Read the document anew and move to one of its sections, for ``write`` into its text."""

    def write(self) -> None:
        """Put the cursor into the text of the section."""

    def scroll_pages(self, pages: float) -> None:
        """Move in the page as it reads, or where it is not shown in the text."""

    def fold(self) -> None:
        """Show no more what is indented below the section, or show it again."""

    def turn(self, what: str) -> None:
        """Show the ``page`` as it reads, or nothing but the ``text``, or no more."""

    def put(self, section: Section, text: str, version: int) -> Awaitable[None]:
        """Save a text that was written elsewhere into a section that was at ``version`` then, as what is typed is."""

    def leave_text(self) -> None:
        """Go back from the text to the sections, and save."""

    def save_text(self) -> None:
        """Save the text of the section."""

    def stamp(self) -> None:
        """Let lines of notes begin with the time, or no more."""

    def find(self, *, again: bool = False) -> None:
        """Find a text in the section, or where it stands again."""

    def keep(self) -> Awaitable[bool]:
        """Save what was typed; return whether all of it is saved."""


class CompareView(Protocol):
    """Two versions of a document on the screen."""

    def scroll_by(self, lines: int) -> None:
        """Move by lines."""

    def scroll_pages(self, pages: float) -> None:
        """Move by pages."""

    def to_difference(self, step: int) -> None:
        """Move to the next section that differs, or the one before."""

    def turn(self) -> None:
        """Show the versions beside each other, or in one."""

    def show_same(self) -> None:
        """Show what is the same, too, or no more."""


class DashboardView(Protocol):
    """Cards of numbers on the screen."""

    @property
    def filter(self) -> str:
        """What all cards are filtered by, too."""

    def move(self, columns: int, rows: int) -> None:
        """Move to the next bar of a card, or to the next card in a direction."""

    def next_card(self, step: int) -> None:
        """Move to the card after or before, wherever it stands."""

    def open(self) -> Awaitable[None]:
        """Open the list of the records that the number at the cursor counted."""

    def zoom(self) -> None:
        """Show one card on the whole screen, or all of them again."""

    def show_step(self, count: int) -> None:
        """Show the period so many later."""

    def widen(self, steps: int) -> None:
        """Show the period of a wider or narrower unit."""

    def show_period(self, text: str) -> None:
        """Show the period that words mean."""

    def show_filter(self, text: str) -> None:
        """Count only what matches a query, too."""

    def compare(self) -> None:
        """Compare with the period before, the year before, or nothing."""

    def report(self, path: Path) -> Awaitable[Path]:
        """Write what is shown to a file."""

    @property
    def board(self) -> Dashboard:
        """The dashboard that is shown."""

    @property
    def card(self) -> Card | None:
        """The card at the cursor."""

    async def follow(self, record: int) -> None:
        """Read the dashboard anew, with the cursor on a card of it."""

    async def choices(self) -> list[Choice]:
        """The dashboards there are."""

    async def show_dashboard(self, name: str) -> None:
        """Show another dashboard."""


class GoalsView(Protocol):
    """The goals of a quarter on the screen."""

    @property
    def quarter(self) -> Period:
        """Which quarter."""

    @property
    def objective(self) -> int | None:
        """The objective at the cursor, or that of the key result there."""

    @property
    def result(self) -> tuple[Result, State] | None:
        """The key result at the cursor, and how far it is."""

    def show_quarter(self, step: int) -> None:
        """Show the goals of another quarter."""

    async def open_counted(self) -> None:
        """Open the list of the records that the key result's number counted."""


class WorkloadView(Protocol):
    """Everybody's weeks on the screen."""

    @property
    def todo_here(self) -> Todo | None:
        """The task at the cursor."""

    def people(self, task: Todo) -> list[Choice]:
        """Who may take a task, the one with most time first."""

    def show_week(self, step: int) -> None:
        """Show another week."""

    async def open_counted(self) -> None:
        """Open the list of the tasks that the hours at the cursor count."""
