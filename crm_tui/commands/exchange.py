"""Files of other programs: importing one, with the keys of its screen, and exporting a list."""

from __future__ import annotations

from pathlib import Path
from typing import Protocol, runtime_checkable

from crm_tui.commands.context import Choice, Context, needs_change
from crm_tui.commands.registry import command
from crm_tui.errors import CrmError
from crm_tui.formats import whole
from crm_tui.i18n import N_, _, ngettext


@runtime_checkable
class ImportDesk(Protocol):
    """The screen of an import, as far as its commands may touch it."""

    async def map_column(self) -> None:
        """Let the operator choose the field of the column at the cursor."""

    async def choose_key(self) -> None:
        """Let the operator choose the field by which rows find records."""

    async def choose_mode(self) -> None:
        """Let the operator choose what becomes of rows that find a record, and of those that do not."""

    async def choose_dates(self) -> None:
        """Let the operator say how days are written."""

    async def start_import(self) -> None:
        """Import the file as it is planned."""

    async def leave_import(self) -> None:
        """Stop what is running, or close the screen."""

    async def write_rejects(self) -> None:
        """Write the rows that were rejected to a file."""

    def other_list(self) -> None:
        """Give the cursor to the other list."""

    def why_not_change(self) -> str:
        """Why the plan cannot be changed now, "" when it can."""

    def why_not_start(self) -> str:
        """Why the import cannot begin now, "" when it can."""

    def why_not_write_rejects(self) -> str:
        """Why no rejected rows can be written, "" when they can."""


def _desk(context: Context) -> ImportDesk:
    desk: object = context.ui
    if not isinstance(desk, ImportDesk):
        raise CrmError(_("There is no import here."))
    return desk


def _changeable(context: Context) -> str:
    return _desk(context).why_not_change()


def _startable(context: Context) -> str:
    return needs_change(context) or _desk(context).why_not_start()


def _has_rejects(context: Context) -> str:
    return _desk(context).why_not_write_rejects()


@command(
    "program.import", N_("import a file"),
    outside=True, scope="everywhere", in_program=True, why_not=needs_change, rank=110,
    takes=("file",),
)  # fmt: skip
async def import_file(context: Context) -> None:
    """Import what the list is of (clients, people, orders ...) from CSV, XLSX, JSON or vCard: columns guessed, shown
    and changeable before."""
    await context.screen.open_screen("import", context.arguments)


@command(
    "import.start",
    N_("import"),
    keys=("ctrl+s",),
    outside=True,
    scope="import",
    in_program=True,
    why_not=_startable,
    rank=1,
)
async def start(context: Context) -> None:
    """Import the file as it is shown; it is one operation, which undo takes back."""
    await _desk(context).start_import()


@command("import.map", N_("field"), keys=("enter",), scope="import", in_program=True, why_not=_changeable, rank=2)
async def map_column(context: Context) -> None:
    """Choose the field that the column at the cursor goes to, or leave the column out."""
    await _desk(context).map_column()


@command("import.key", N_("key"), keys=("K",), scope="import", in_program=True, why_not=_changeable, rank=3)
async def choose_key(context: Context) -> None:
    """Choose the field by which rows find records that exist; without one every row adds a record."""
    await _desk(context).choose_key()


@command("import.mode", N_("mode"), keys=("M",), scope="import", in_program=True, why_not=_changeable, rank=4)
async def choose_mode(context: Context) -> None:
    """Choose whether rows add records, change existing ones, or both."""
    await _desk(context).choose_mode()


@command("import.dates", N_("days"), keys=("D",), scope="import", in_program=True, why_not=_changeable, rank=5)
async def choose_dates(context: Context) -> None:
    """Say whether days like 3/4/2026 begin with the day, the month or the year."""
    await _desk(context).choose_dates()


@command(
    "import.rejects",
    N_("write rejected rows"),
    keys=("w",),
    outside=True,
    scope="import",
    in_program=True,
    why_not=_has_rejects,
    rank=6,
)
async def write_rejects(context: Context) -> None:
    """Write the rejected rows to a file, each with its line and reason; corrected, it can be imported again."""
    await _desk(context).write_rejects()


@command("import.other_list", N_("other list"), keys=("tab",), scope="import", in_program=True, instant=True, rank=8)
async def other_list(context: Context) -> None:
    """Move between the columns of the file and its first rows."""
    _desk(context).other_list()


@command("import.leave", N_("leave"), keys=("esc",), scope="import", in_program=True, rank=7)
async def leave(context: Context) -> None:
    """Stop the import that is running, with nothing written; else close this screen."""
    await _desk(context).leave_import()


# Export


@command(
    "{entity}.export", N_("export"),
    outside=True, scope="list", of=lambda entity: entity.exchanged, in_program=True, rank=110,
    takes=("file", "columns"),
)  # fmt: skip
async def export(context: Context) -> None:
    """Write the list shown, or the records selected, to a .csv, .xlsx, .json, .vcf or .ics file."""
    from crm_tui.exporters.exporting import export as write

    screen, entity = context.screen, context.of
    text, shown = screen.listed()
    ids = await context.records() if context.several else None
    path = await _place(context)
    if path is None:
        return
    columns = await _columns(context, path, shown)
    if columns is None:
        return
    told: list[str] = []
    async with screen.progress(_("Exporting")) as progress:
        written = await context.call(
            write, context.workspace, context.actor, entity, path, text, columns, ids=ids, progress=progress, told=told
        )
    what = ngettext(entity.label, entity.label_plural, written)
    said = _("{n} {what} written to {file}").format(n=whole(written), what=_(what), file=path)
    context.say(". ".join([said, *told]))


async def _place(context: Context) -> Path | None:
    """Return the file to write to; None when the operator thought better of it."""
    named = context.arguments.get("file") or await context.screen.ask(
        _("Export to which file?"),
        f"{context.of.plural}.csv",
        help=_("Its ending says the format: .csv .xlsx .json .vcf .ics"),
    )
    if named is None or not named.strip():
        return None
    path = Path(named.strip()).expanduser()
    if path.exists() and not await context.screen.confirm(_("Replace {file}?").format(file=path)):
        return None
    return path


async def _columns(context: Context, path: Path, shown: tuple[str, ...]) -> list[str] | None:
    """Return the columns to write, none of them meaning all; None when the operator thought better of it."""
    named = context.arguments.get("columns")
    if named is not None:
        return [name for name in named.split(",") if name.strip()]
    if path.suffix.lower() in (".vcf", ".ics"):
        return []
    choices = [
        Choice("all", _("all fields"), _("to be imported again")),
        Choice("shown", _("the columns shown"), ", ".join(shown)),
    ]
    chosen = await context.screen.choose(_("Which columns?"), choices)
    return None if not chosen else [] if chosen[0] == "all" else list(shown)
