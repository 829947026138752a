"""Verbs that exchange records with other programs: import, export."""

from __future__ import annotations

import contextlib
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from crm_tui.errors import BadInput
from crm_tui.i18n import _
from crm_tui.verbs import asked, printing
from crm_tui.verbs.request import Request

if TYPE_CHECKING:
    from crm_tui.importers import Source
    from crm_tui.importers.importing import ImportReport
    from crm_tui.importers.plan import ImportPlan
    from crm_tui.models.base import Entity
    from crm_tui.scope import Actor

REASONS_SHOWN = 20
"""Reasons for rejecting rows that are said; the file of rejects has every row."""


PIPE = "-"
"""The name of a file that means stdin or stdout."""


def import_file(request: Request) -> int | None:
    """Import a file, or with ``--dry-run`` say what that would do. Returns 1 when all were refused."""
    from crm_tui.importers import open_source
    from crm_tui.importers.importing import run
    from crm_tui.importers.rejects import require_place
    from crm_tui.models.base import find_entity

    options = request.options
    rejects = Path(options.rejects).expanduser() if options.rejects else None
    if rejects is not None:
        require_place(rejects)
    with _what_is_read(options.file) as file:
        source = open_source(file, encoding=options.encoding, delimiter=options.delimiter, sheet=options.sheet)
        with request.opened(create=True) as (workspace, actor):
            planned = _plan(request, actor, find_entity(options.entity), source)
            show = printing.progress(_("reading") if options.dry_run else _("importing"))
            report = run(
                workspace, actor, planned, show, dry_run=options.dry_run, all_or_nothing=options.all_or_nothing
            )
            if rejects is not None and report.rejected_count:
                report.rejects.save(rejects)
    if request.json:
        printing.write_json(_report_json(planned, report))
    else:
        _say(request, planned, report)
    nothing = not report.created + report.updated + report.unchanged
    return 1 if report.rejected_count and (report.refused or nothing) else None


@contextmanager
def _what_is_read(name: str) -> Iterator[Path]:
    """The file that is named, or one that holds what is piped in."""
    if name != PIPE:
        yield Path(name).expanduser()
        return
    if sys.stdin is None or sys.stdin.isatty():
        raise BadInput(_("Nothing is piped in: name a file, or write it like crm-tui import clients - < clients.csv"))
    with tempfile.TemporaryDirectory(prefix="crm-tui-") as folder:
        file = Path(folder) / "stdin"
        with file.open("wb") as kept:
            shutil.copyfileobj(sys.stdin.buffer, kept)
        yield file


def _plan(request: Request, actor: Actor, entity: Entity, source: Source) -> ImportPlan:
    from crm_tui.importers.headers import parse_mapping
    from crm_tui.importers.mapping import specs, targets
    from crm_tui.importers.plan import plan
    from crm_tui.values import DayOrder, NumberStyle

    options = request.options
    return plan(
        actor,
        entity,
        source,
        parse_mapping(options.map, source.columns, specs(targets(entity))),
        options.key or "",
        options.mode or "",
        dates=DayOrder(options.dates) if options.dates else None,
        numbers=NumberStyle(options.numbers) if options.numbers else None,
        clear_empty=options.clear_empty,
    )


def _report_json(planned: ImportPlan, report: ImportReport) -> dict[str, Any]:
    return {
        "entity": planned.entity.name,
        "file": planned.source.name,
        "dry_run": report.dry_run,
        "operation": report.operation,
        "created": report.created,
        "updated": report.updated,
        "unchanged": report.unchanged,
        "rejected": report.rejected_count,
        "refused": report.refused,
        "contacts_created": report.contacts_created,
        "contacts_updated": report.contacts_updated,
        "columns": [
            {"column": column.name, "field": column.target.name if column.target else None, "reason": column.reason}
            for column in planned.columns
        ],
        "warnings": report.warnings,
        "rejects": [{"line": row.line, "reason": row.reason} for row in report.rejected],
    }


def _say(request: Request, planned: ImportPlan, report: ImportReport) -> None:
    """Say what became of the rows; of a rehearsal that is the data, and so where the columns would go."""
    from crm_tui.formats import whole

    if report.dry_run:
        for column in planned.columns:
            goes = f"{column.name} → {column.target.name if column.target else '–'}"
            printing.write(printing.plain(f"{goes}  ({column.reason})") + "\n")
    counts = [
        (report.created, _("{n} added")), (report.updated, _("{n} changed")), (report.unchanged, _("{n} unchanged")),
        (report.contacts_created, _("{n} contacts added")), (report.contacts_updated, _("{n} contacts changed")),
        (report.rejected_count, _("{n} rejected")),
    ]  # fmt: skip
    summary = ", ".join(words.format(n=whole(n)) for n, words in counts if n) or _("no rows")
    if report.dry_run:
        printing.write(_("It would be: {summary}").format(summary=summary) + "\n")
    elif report.refused:
        printing.note(_("Nothing was imported: {n} rows were rejected.").format(n=whole(report.rejected_count)))
    else:
        undo = _(" crm-tui undo {n} takes it back.").format(n=report.operation) if report.operation else ""
        printing.note(f"{summary}.{undo}")
    for warning in report.warnings:
        printing.note(warning)
    for reason in report.rejects.reasons(REASONS_SHOWN):
        lines = ", ".join(map(whole, reason.lines)) + (" ..." if reason.count > len(reason.lines) else "")
        printing.note(
            _("{n} rejected (line {lines}): {reason}").format(n=whole(reason.count), lines=lines, reason=reason.text)
        )
    if report.rejected_count and request.options.rejects:
        printing.note(_("The rejected rows are in {path}.").format(path=request.options.rejects))


def export_file(request: Request) -> None:
    """Write the matches of a query to a file whose ending says the format, or as CSV to stdout."""
    from crm_tui.exporters.exporting import export
    from crm_tui.formats import whole
    from crm_tui.models.base import find_entity

    options = request.options
    names = asked.columns(options.columns)
    with contextlib.ExitStack() as stack:
        target = Path(options.to).expanduser()
        if options.to == PIPE:
            target = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="crm-tui-"))) / "stdout.csv"
        workspace, actor = stack.enter_context(request.opened())
        entity = find_entity(options.entity)
        text = " ".join(options.query)
        asked.listing(actor, entity, text)
        count = export(workspace, actor, entity, target, text, names, progress=printing.progress(_("exporting")))
        if options.to == PIPE:
            _print_file(target)
            return
    if request.json:
        printing.write_json({"file": str(target), "entity": entity.name, "records": count})
    else:
        printing.note(_("{n} {what} in {path}.").format(n=whole(count), what=_(entity.label_plural), path=target))


def _print_file(path: Path) -> None:
    with path.open(encoding="utf-8-sig", newline="") as file:
        for line in file:
            printing.write(printing.plain(line) if printing.on_terminal() else line)
