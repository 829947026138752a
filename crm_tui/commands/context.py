"""What a command is given: who asks, in which workspace, on which records, and the screen if there is one."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any, NamedTuple, ParamSpec, Protocol, TypeVar

from crm_tui.db import Workspace
from crm_tui.errors import BadInput, CrmError
from crm_tui.i18n import _
from crm_tui.models.base import Entity
from crm_tui.scope import Actor, why_not_change

if TYPE_CHECKING:
    from crm_tui.commands.shown import CompareView, DashboardView, DocumentView, GoalsView, WorkloadView
    from crm_tui.queries.details import Detail

P = ParamSpec("P")
T = TypeVar("T")


class Choice(NamedTuple):
    """One line of a list to choose from."""

    value: str
    label: str
    hint: str = ""
    """Dim text at the right: a key, a date, a count."""
    chosen: bool = False
    why_not: str = ""
    """Why it cannot be chosen now, if so."""


class Asked(NamedTuple):
    """What a form of some fields only is for."""

    title: str = ""
    only: tuple[str, ...] = ()
    """The fields asked for, in their order; none named are all."""
    opens: bool = False
    """Whether the record that was added is opened."""

    @property
    def draft(self) -> str:
        """What keeps its draft apart from that of the whole form."""
        return ":" + "-".join(self.only) if self.only else ""


class FieldChoices(NamedTuple):
    """Two records to merge: the one that is kept, the one merged into it, and what stays if nothing else is chosen."""

    kept: Detail
    other: Detail
    ways: Mapping[str, str]
    """``mine``, ``theirs`` or ``both`` by the name of each field that differs."""


class Progress(Protocol):
    """Tells the operator how far a long operation is; calling it raises Cancelled when they stopped it."""

    def __call__(self, done: int, of: int) -> None:
        """Say that ``done`` of ``of`` are done. Thread-safe."""


class ListView(Protocol):
    """A list on the screen that commands move in and change."""

    def move(self, rows: int) -> None:
        """Move the cursor down by ``rows`` (negative: up)."""

    def page(self, pages: float) -> None:
        """Move by pages, or halves of one."""

    def go_to(self, end: str) -> None:
        """Move to the ``first`` or ``last`` row."""

    def toggle(self) -> None:
        """Select or unselect the row at the cursor."""

    def toggle_all(self) -> None:
        """Select all rows that match, or none."""


class BoardView(Protocol):
    """A board on the screen that commands move in and change."""

    def sideways(self, columns: int) -> None:
        """Move the cursor to the next column, or back by a negative number."""

    def next_lane(self, lanes: int) -> None:
        """Move the cursor to the next lane, or back."""

    def fold(self) -> None:
        """Make a strip of the column at the cursor, or a column of the strip."""

    def across(self, columns: int) -> int | None:
        """Return behind which card the one at the cursor comes to stand when it goes straight across by so many
        columns; None on top of them, or where they are not arranged by hand."""

    def beside(self, steps: int) -> tuple[int | None, int | None]:
        """Return between which cards the one at the cursor comes to stand when it goes ``steps`` down, or up: the one
        above and the one below, None at an end; itself where it cannot."""

    @property
    def lanes(self) -> str:
        """The field by which the board is parted into lanes, "" when it is not."""

    def part(self, lanes: str) -> None:
        """Part the board into lanes by a field, or with "" no more."""


class CalendarView(Protocol):
    """A month on the screen."""

    @property
    def day(self) -> date:
        """The day at the cursor."""

    def sideways(self, columns: int) -> None:
        """Move the cursor by days."""

    def open_day(self) -> Awaitable[None]:
        """Show the tasks of the day at the cursor."""


class Ui(Protocol):
    """The screen, as far as commands may touch it. Widgets and Textual stay on the other side."""

    @property
    def list_view(self) -> ListView | None:
        """The list with the cursor, if one is shown."""

    @property
    def board_view(self) -> BoardView | None:
        """The board with the cursor, if one is shown."""

    @property
    def document_view(self) -> DocumentView | None:
        """The document with the cursor, if one is shown."""

    @property
    def compare_view(self) -> CompareView | None:
        """The two versions that are compared, if any are."""

    @property
    def dashboard_view(self) -> DashboardView | None:
        """The dashboard with the cursor, if one is shown."""

    @property
    def workload_view(self) -> WorkloadView | None:
        """Everybody's weeks, if they are shown."""

    @property
    def goals_view(self) -> GoalsView | None:
        """The goals with the cursor, if some are shown."""

    def key_of(self, command_id: str) -> str:
        """Return the key of a command as it is mapped here, or how to type it where it has none."""

    def open_list(self, entity: Entity, query: str | None = None) -> Awaitable[None]:
        """Show the list of an entity, with a query or as it was left; as a board if it was left as one."""

    @property
    def calendar_view(self) -> CalendarView | None:
        """The month with the cursor, if one is shown."""

    def show_as(self, form: str = "", query: str | None = None) -> Awaitable[None]:
        """Show what is listed as a ``list``, a ``board``, an ``agenda`` or a ``calendar``; without a form, in the
        next one there is."""

    def open_record(self, entity: Entity, record: int) -> Awaitable[None]:
        """Show everything about one record."""

    def open_form(
        self,
        entity: Entity,
        record: int | None,
        given: Mapping[str, str] | None = None,
        asked: Asked | None = None,
    ) -> Awaitable[None]:
        """Open the form of a record, or of a new one, with some fields ``given``; ``asked`` leaves others out."""

    def open_screen(self, name: str, given: Mapping[str, str] | None = None) -> Awaitable[None]:
        """Open ``help``, ``palette``, ``find``, ``import``, ``log`` or another screen that is not a list."""

    def step(self, rows: int) -> Awaitable[None]:
        """Show the record ``rows`` further in the list this one was opened from."""

    def next_tab(self, step: int) -> None:
        """Open the next tab of a record, or with -1 the one before."""

    async def save_form(self) -> None:
        """Save the form shown."""

    async def leave_form(self) -> None:
        """Leave the form shown; ask what becomes of what was typed."""

    async def edit_field_outside(self) -> None:
        """Edit the field with the cursor in the operator's editor."""

    def start_filter(self) -> None:
        """Put the cursor into the filter bar."""

    def start_command_line(self) -> None:
        """Put the cursor into the ``:`` line."""

    def listed(self) -> tuple[str, tuple[str, ...]]:
        """Return the query's text and the columns of the list shown."""

    def change_list(self, query: str | None = None, columns: Sequence[str] | None = None) -> None:
        """Give the list shown another query or other columns."""

    async def choose(self, title: str, choices: Sequence[Choice], *, several: bool = False) -> list[str] | None:
        """Let the operator choose; None when they did not."""

    async def choose_fields(self, choices: FieldChoices) -> dict[str, str] | None:
        """Let the operator choose what stays of each field that differs; None when they did not."""

    async def ask(self, title: str, value: str = "", *, help: str = "") -> str | None:
        """Let the operator type one line; None when they did not."""

    async def confirm(self, question: str, key: str = "y") -> bool:
        """Ask a question that only ``key`` answers with yes."""

    def say(self, text: str, *, problem: bool = False) -> None:
        """Show a short message."""

    def copy(self, text: str) -> None:
        """Put text on the operator's own clipboard, also over SSH."""

    async def edit_outside(self, text: str, suffix: str) -> str | None:
        """Let the operator edit text in ``$EDITOR``; None when nothing changed."""

    def progress(self, title: str) -> AbstractAsyncContextManager[Progress]:
        """Show a bar while a long operation runs; the operator may stop it."""

    def close(self) -> None:
        """Close what is on top; on the first screen, ask before leaving."""

    def set_theme(self, name: str) -> None:
        """Use another theme."""


class Cancelled(CrmError):
    """The operator stopped a long operation: nothing was written."""

    def __init__(self) -> None:
        super().__init__(_("Stopped; nothing was changed."))


@dataclass
class Context:
    """What a command's ``run`` and ``why_not`` are given."""

    workspace: Workspace
    actor: Actor
    call: Callable[..., Awaitable[Any]]
    """``await call(function, ...)`` runs a service or query on the session's database thread."""
    entity: Entity | None = None
    """The entity shown, or that the command is of."""
    ids: tuple[int, ...] = ()
    """The records to act on; on a list, those selected or the one at the cursor."""
    several: bool = False
    """Whether the records were selected (and not just stand at the cursor)."""
    arguments: dict[str, str] = field(default_factory=dict)
    """``name=value`` of the command line and the ``:`` line."""
    given: dict[str, str] = field(default_factory=dict)
    """What a record that is added here begins with: a person at a client is of that client."""
    shown: tuple[Entity, int] | None = None
    """The record whose screen is shown, whichever of its parts the command acts on."""
    ui: Ui | None = None
    all_ids: Callable[[], Awaitable[Sequence[int]]] | None = None
    """Resolves a selection of everything that matches, when that is what is selected."""
    count: int = 0
    """How many records are meant, when ``all_ids`` has not been asked yet."""
    said: list[str] = field(default_factory=list)
    """What was said to the operator where there is no screen."""
    found: list[dict[str, Any]] | None = None
    """What a script is given by ``do --json``, of a command that finds something."""

    @property
    def screen(self) -> Ui:
        """The screen. Raises CrmError where there is none (``crm-tui do``)."""
        if self.ui is None:
            raise CrmError(_("This command needs the full-screen program."))
        return self.ui

    @property
    def of(self) -> Entity:
        """The entity acted on. Raises CrmError when none is shown."""
        if self.entity is None:
            raise CrmError(_("There is no list or record here to act on."))
        return self.entity

    async def records(self) -> list[int]:
        """Return the ids to act on. Raises BadInput when there are none."""
        found = list(await self.all_ids()) if self.all_ids else list(self.ids)
        if not found:
            raise BadInput(_("Name at least one record, or put the cursor on one."))
        return found

    async def detail(self, record: int, entity: Entity | None = None) -> Detail:
        """Return everything about one record of the entity acted on, or of another. Raises NotFound."""
        from crm_tui.queries import details  # start-up is budgeted

        found: Detail = await self.call(details.detail, self.actor, entity or self.of, record)
        return found

    async def brief(self, entity: Entity, record: int) -> Detail:
        """Return of one record what is shown beside a list. Raises NotFound."""
        from crm_tui.queries import details

        found: Detail = await self.call(details.brief, self.actor, entity, record)
        return found

    @property
    def how_many(self) -> int:
        """How many records are meant."""
        return self.count if self.all_ids else len(self.ids)

    def say(self, text: str) -> None:
        """Tell the operator what came of it."""
        if self.ui is not None:
            self.ui.say(text)
        else:
            self.said.append(text)


def about_record(context: Context) -> tuple[Entity, int]:
    """Return the record that something new is about: given by the screen, or ``about=client record=3``. Raises
    BadInput."""
    from crm_tui.models.base import find_entity

    given = {**context.given, **context.arguments}
    number = given.get("record", "").removeprefix("#")
    if not given.get("about") or not number.isdecimal():
        raise BadInput(_("Name the record: about=client record=3."))
    return find_entity(given["about"]), int(number)


def needs_record(context: Context) -> str:
    """Why not: there is no record at the cursor."""
    return "" if context.ids or context.all_ids else _("there is no record here")


def needs_change(context: Context) -> str:
    """Why not: this operator only reads."""
    return why_not_change(context.actor, context.entity)


def needs_record_to_change(context: Context) -> str:
    """Why not: nothing here, or nothing that this operator may change."""
    return needs_change(context) or needs_record(context)
