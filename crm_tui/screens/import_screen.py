"""Importing a file: its columns and where they go, the first rows as they would become, then the import itself."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import ClassVar

from textual import events
from textual.app import ComposeResult
from textual.containers import Container

from crm_tui.commands.context import Context
from crm_tui.commands.registry import Command
from crm_tui.errors import CrmError
from crm_tui.formats import whole
from crm_tui.i18n import _, ngettext
from crm_tui.importers import importing
from crm_tui.importers.importing import ImportReport, Rehearsal
from crm_tui.importers.plan import ImportPlan, plan
from crm_tui.importers.preview import PreviewRow, preview
from crm_tui.importers.source import Source
from crm_tui.models.base import Entity
from crm_tui.screens import import_lines
from crm_tui.screens.import_choices import ImportChoices
from crm_tui.screens.list_moves import ListMoves
from crm_tui.session import Session
from crm_tui.widgets.loaded_rows import Row
from crm_tui.widgets.record_list import RecordList
from crm_tui.widgets.record_view import RecordView, TextLine

WIDE, TALL = 140, 36
"""From so many columns the preview stands beside the columns of the file, from so many lines the notes get more."""

_MOVES = frozenset(
    f"list.{move}" for move in ("down", "up", "page_down", "page_up", "half_down", "half_up", "first", "last")
)
_AFTER = frozenset({"import.rejects", "import.leave"})
"""What can be done once the import is over."""


class ImportScreen(ListMoves, ImportChoices):
    """The import of one file."""

    scopes: ClassVar[tuple[str, ...]] = ("import", "list")
    DEFAULT_CSS = """
    ImportScreen #head { height: 3; padding: 0; }
    ImportScreen #lists { height: 1fr; layout: vertical; }
    ImportScreen #columns { height: 3fr; }
    ImportScreen #rows { height: 2fr; margin-top: 1; }
    ImportScreen #outlook { height: 4; margin-top: 1; }
    ImportScreen.-tall #outlook { height: 9; }
    ImportScreen.-wide #lists { layout: horizontal; }
    ImportScreen.-wide #columns { width: 1fr; height: 1fr; }
    ImportScreen.-wide #rows { width: 1fr; height: 1fr; margin-top: 0; margin-left: 2; }
    ImportScreen.-over #columns { display: none; }
    ImportScreen.-over #rows { width: 1fr; height: 1fr; margin: 0; }
    """

    def __init__(self, session: Session, entity: Entity, source: Source) -> None:
        super().__init__(session)
        self.sort, self.source = entity, source
        self.title_of_place = _("Import {file}").format(file=source.name)
        self.plan: ImportPlan | None = None
        self.expected: ImportReport | None = None
        """What the rehearsal found so far."""
        self.rehearsed = False
        self.report: ImportReport | None = None
        """What the import came to, once it is over."""
        self._turn = 0
        """Counts the plans, so that what an older one asked for is dropped."""
        self._generation = 0
        self._importing = False
        self._previewed: dict[int, PreviewRow] = {}
        self._shown: dict[str, list[Row]] = {"columns": [], "rows": []}
        self._head, self._outlook = RecordView(id="head"), RecordView(id="outlook")
        self.file_columns = RecordList(import_lines.columns(), id="columns", empty=_("reading the file …"))
        self._rows = RecordList(id="rows", empty=_("The first rows, as they would become, are shown here."))
        self.records = self.file_columns

    def crumbs(self) -> Sequence[str]:
        """Workspace, list, file."""
        return (self.session.name, _(self.sort.label_plural).capitalize(), self.title_of_place)

    def compose_body(self) -> ComposeResult:
        """What the file is, its columns and first rows, what would become of all."""
        yield self._head
        with Container(id="lists"):
            yield self.file_columns
            yield self._rows
        yield self._outlook

    def on_mount(self) -> None:
        """Find out what the file is."""
        super().on_mount()
        self.focus_body()
        self.background(self._begin())

    def on_resize(self, event: events.Resize) -> None:
        """Use the room there is."""
        self.set_class(event.size.width >= WIDE, "-wide")
        self.set_class(event.size.height >= TALL, "-tall")
        self.call_after_refresh(self._draw)

    # The plan and what it leads to

    async def _begin(self) -> None:
        actor = self.session.actor
        try:
            await self.replan(lambda: plan(actor, self.sort, self.source))
        except CrmError:
            self.close()
            raise

    async def replan(self, make: Callable[[], ImportPlan]) -> None:
        """Make another plan, which may read the whole file, and find out what it leads to."""
        self._turn += 1
        turn = self._turn
        made = await asyncio.to_thread(make)
        if turn != self._turn:
            return
        self.plan, self.expected, self.rehearsed = made, None, False
        self._show(self.file_columns, "columns", import_lines.column_rows(made))
        self._draw()
        self.show_keys()
        rows: list[PreviewRow] = [] if made.problem else await self.call(preview, self.session.actor, made)
        if turn != self._turn:
            return
        self._previewed = {row.line: row for row in rows}
        self._rows.set_columns(import_lines.preview_columns(made))
        self._show(self._rows, "rows", import_lines.preview_rows(made, rows))
        if not made.problem:
            await self._rehearse(turn, made)

    async def _rehearse(self, turn: int, made: ImportPlan) -> None:
        """Go through the whole file, step by step so that the lists are read meanwhile."""
        rehearsal = Rehearsal(self.session.actor, made)
        self.expected = rehearsal.report
        while await self.call(rehearsal.step):
            if turn != self._turn or not self.is_attached:
                return
            self._draw()
        if turn == self._turn:
            self.rehearsed = True
            self._draw()

    def _show(self, shown: RecordList, name: str, rows: list[Row], *, keep_cursor: bool = True) -> None:
        self._shown[name] = rows
        self._generation += 1
        shown.reset(self._generation, keep_cursor)
        shown.set_count(len(rows))

    def on_record_list_window_wanted(self, event: RecordList.WindowWanted) -> None:
        """Give a list the rows it lacks: all are here."""
        rows = self._shown["columns" if event.control is self.file_columns else "rows"]
        shown = self.file_columns if event.control is self.file_columns else self._rows
        shown.set_window(event.generation, event.offset, rows[event.offset : event.offset + event.limit])

    def _draw(self) -> None:
        if self.plan is None:
            return
        self._head.show(import_lines.head(self.plan, self.report))
        width = self._outlook.size.width or self.size.width
        if self.report is not None:
            self._outlook.show(import_lines.result(self.report, width))
        else:
            lines = import_lines.outlook(self.plan, self.expected, done=self.rehearsed, width=width)
            self._outlook.show([*self._of_row_at_cursor(width), *lines, *self._of_column_at_cursor(self.plan)])

    def _of_row_at_cursor(self, width: int) -> list[TextLine]:
        row = self._previewed.get(self._rows.cursor_id or 0) if self.records is self._rows else None
        return import_lines.row_at_cursor(row, width) if row else []

    def _of_column_at_cursor(self, made: ImportPlan) -> list[TextLine]:
        number = self.file_columns.cursor_id if self.records is self.file_columns else None
        return import_lines.column_at_cursor(made.columns[number - 1]) if number else []

    def on_record_list_cursor_moved(self, event: RecordList.CursorMoved) -> None:
        """Say in full what there is to say of the row or column at the cursor."""
        self._draw()

    # What the commands of ``commands.exchange`` ask for

    def usable_commands(self) -> list[Command]:
        """Return the commands of imports and those that move in lists."""
        return [command for command in super().usable_commands() if self._works(command)]

    def _works(self, command: Command) -> bool:
        if "import" in command.scopes:
            return command.id in _AFTER if self.report is not None else command.id != "import.rejects"
        return "everywhere" in command.scopes or command.id in _MOVES

    def _following(self, keys: str) -> list[tuple[str, Command]]:
        return [(key, command) for key, command in super()._following(keys) if self._works(command)]

    async def run(
        self, command: Command, arguments: Mapping[str, str] | None = None, *, given: Context | None = None
    ) -> None:
        """Run a command, unless it is one of lists of records."""
        if self._works(command):
            await super().run(command, arguments, given=given)
        else:
            self.say(_("{title}: not in an import").format(title=_(command.title).capitalize()))

    def why_not_change(self) -> str:
        """Say why the plan cannot be changed now."""
        if self.report is not None:
            return _("the import is over")
        return _("the import is running") if self._importing else "" if self.plan else _("the file is being read")

    def why_not_start(self) -> str:
        """Say why the import cannot begin now."""
        return self.why_not_change() or (self.plan.problem.rstrip(".") if self.plan else "")

    def why_not_write_rejects(self) -> str:
        """Say why there are no rejected rows to write."""
        if self.report is None:
            return _("nothing was imported yet")
        return "" if self.report.rejected_count else _("no row was rejected")

    def other_list(self) -> None:
        """Give the cursor to the other list."""
        if self.report is None:
            self.records = self._rows if self.records is self.file_columns else self.file_columns
            self.focus_body()
            self._draw()

    def on_record_list_opened(self, event: RecordList.Opened) -> None:
        """A column was double-clicked."""
        if event.control is self.file_columns and not self.why_not_change():
            self.background(self.map_column())

    async def start_import(self) -> None:
        """Import the file, and show what came of it."""
        made, expected = self.plan, self.expected
        if made is None:
            return
        if expected is not None and self.rehearsed and expected.rejected_count:
            good = expected.rows - expected.rejected_count
            question = ngettext(
                "{n} row would be rejected. Import the other {good}?",
                "{n} rows would be rejected. Import the other {good}?",
                expected.rejected_count,
            ).format(n=whole(expected.rejected_count), good=whole(good))
            if not await self.confirm(question):
                return
        self._turn += 1  # the rehearsal ends
        self._importing = True
        self.show_keys()
        try:
            async with self.progress(_("Importing")) as progress:
                self.report = await self.call(importing.run, self.session.workspace, self.session.actor, made, progress)
        finally:
            self._importing = False
            self.show_keys()
        self._show_result(made, self.report)

    def _show_result(self, made: ImportPlan, report: ImportReport) -> None:
        self.add_class("-over")
        self.records = self._rows
        self._rows.empty = _("No row was rejected.")
        self._rows.set_columns(import_lines.reject_columns(made.source.columns) if report.rejected else ())
        self._show(self._rows, "rows", import_lines.reject_rows(report.rejected), keep_cursor=False)
        self.focus_body()
        self._draw()
        self.show_keys()

    async def write_rejects(self) -> None:
        """Write the rejected rows to a file beside the imported one, or where the operator says."""
        report = self.report
        if report is None:
            return
        beside = self.source.path.with_name(f"{self.source.path.stem}-rejected.csv")
        named = await self.ask(_("Write the rejected rows to"), str(beside), help=_("A .csv, .xlsx or .json file"))
        if named is None or not named.strip():
            return
        path = Path(named.strip()).expanduser()
        if path.exists() and not await self.confirm(_("Replace {file}?").format(file=path)):
            return
        written = await asyncio.to_thread(report.rejects.save, path)
        said = ngettext("{n} row written to {file}", "{n} rows written to {file}", written)
        self.say(said.format(n=whole(written), file=path))

    async def leave_import(self) -> None:
        """Stop the import that is running; else close the screen, asking where something was chosen."""
        if self.running_progress is not None:
            self.running_progress.stop()
            return
        chosen = self.plan is not None and (self.plan.wishes.chosen or self.plan.wishes.key)
        if self.report is None and chosen and not await self.confirm(_("Leave without importing?")):
            return
        self._turn += 1
        self.close()
