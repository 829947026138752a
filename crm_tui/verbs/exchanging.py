"""Verbs that exchange records with other programs: import, export."""

from __future__ import annotations

import contextlib
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from crm_tui.errors import BadInput
from crm_tui.i18n import _, ngettext
from crm_tui.verbs import asked, documents, printing, table
from crm_tui.verbs.request import Request

if TYPE_CHECKING:
    from crm_tui.db import Workspace
    from crm_tui.importers import Source
    from crm_tui.importers.importing import ImportReport
    from crm_tui.importers.plan import ImportPlan
    from crm_tui.importers.rejects import Reason
    from crm_tui.models.base import Entity
    from crm_tui.scope import Actor

PIPE = "-"
"""The name of a file that means stdin or stdout."""

REASONS_SHOWN = 20
"""Reasons for rejecting rows that are said; the file of rejects has every row."""

_CHUNK = 1 << 20


def import_file(request: Request) -> int | None:
    """Import a file, or with ``--dry-run`` say what that would do. Returns 1 when rows were rejected."""
    import crm_tui.models  # noqa: F401  # every entity can be named
    from crm_tui.importers import open_source
    from crm_tui.importers.importing import run
    from crm_tui.importers.rejects import require_place
    from crm_tui.models.base import find_entity

    options = request.options
    if documents.is_meant(options.entity, options.file):
        documents.import_document(request)
        return None
    entity = find_entity(options.entity)
    if not entity.exchanged:
        raise BadInput(_("{plural} cannot be imported.").format(plural=_(entity.label_plural).capitalize()))
    rejects = Path(options.rejects).expanduser() if options.rejects else None
    if rejects is not None:
        require_place(rejects)
    with _what_is_read(options.file) as file:
        source = open_source(file, encoding=options.encoding, delimiter=options.delimiter, sheet=options.sheet)
        with _opened(request) as (workspace, actor):
            planned = _plan(request, actor, entity, source)
            show = printing.progress(_("reading") if options.dry_run else _("importing"))
            report = run(
                workspace, actor, planned, show, dry_run=options.dry_run, all_or_nothing=options.all_or_nothing
            )
    if request.json:
        printing.write_json(_report_json(planned, report))
    else:
        _say(planned, report)
    if rejects is not None and report.rejected_count:
        n = report.rejects.save(rejects)
        written = ngettext("{n} rejected row written to {path}", "{n} rejected rows written to {path}", n)
        printing.note(written.format(n=n, path=rejects))
    return 1 if report.rejected_count else None


@contextmanager
def _what_is_read(name: str) -> Iterator[Path]:
    """The file that is named, or a copy of what is piped in: an import reads its file more than once."""
    from crm_tui.importers import Limits

    if name != PIPE:
        yield Path(name).expanduser()
        return
    if sys.stdin is None or sys.stdin.isatty():
        raise BadInput(_("Nothing is piped in: name a file, or write it like crm-tui import clients - < clients.csv"))
    with tempfile.TemporaryDirectory(prefix="crm-tui-") as folder:
        file, room = Path(folder) / "stdin", Limits().file_bytes
        with file.open("wb") as kept:
            while room >= 0 and (chunk := sys.stdin.buffer.read(_CHUNK)):  # a byte too many is refused as too large
                room -= kept.write(chunk)
        yield file


@contextmanager
def _opened(request: Request) -> Iterator[tuple[Workspace, Actor]]:
    """Open the workspace; a dry run makes none where there is none yet, and is tried on an empty one."""
    from crm_tui.drivers import is_postgres

    there = is_postgres(request.location) or Path(request.location).expanduser().exists()
    with contextlib.ExitStack() as stack:
        location = ""
        if request.options.dry_run and not there:
            folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="crm-tui-"))
            location = str(Path(folder) / "workspace.db")
        yield stack.enter_context(request.opened(create=True, location=location))


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
        "format": planned.source.describe(),
        "key": planned.key or None,
        "mode": str(planned.mode),
        "dry_run": report.dry_run,
        "refused": report.refused,
        "operation": report.operation,
        "created": report.created,
        "updated": report.updated,
        "unchanged": report.unchanged,
        "rejected": report.rejected_count,
        "contacts_created": report.contacts_created,
        "contacts_updated": report.contacts_updated,
        "columns": [
            {"column": column.name, "field": column.target.name if column.target else None, "reason": column.reason}
            for column in planned.columns
        ],
        "alike": report.alike_count,
        "alike_rows": [{"line": row.line, "like": row.like} for row in report.alike],
        "warnings": report.warnings,
        "rejects": [
            {
                "line": row.line,
                "reason": row.reason,
                "cells": dict(zip(planned.source.columns, row.cells, strict=False)),
            }
            for row in report.rejected
        ],
    }


def _say(planned: ImportPlan, report: ImportReport) -> None:
    """Say how the file was understood and what became of its rows; of a dry run that is the data asked for."""
    for line in (*_understood(planned), *_outcome(report)):
        if report.dry_run:
            printing.write(printing.plain(line) + "\n")
        else:
            printing.note(line)


def _understood(planned: ImportPlan) -> Iterator[str]:
    yield f"{planned.source.name}: {planned.source.describe()}"
    columns = [table.Column(_("Column")), table.Column(_("Field")), table.Column(_("Why"))]
    rows = [
        (column.name, column.target.name if column.target else _("left out"), column.reason)
        for column in planned.columns
    ]
    yield from (f"  {line}" for line in table.lines(columns, rows))


def _outcome(report: ImportReport) -> Iterator[str]:
    for warning in report.warnings:
        yield _("Note: {text}").format(text=warning)
    for reason in report.rejects.reasons(REASONS_SHOWN):
        yield _rejected(reason)
    if report.refused:
        yield _("Nothing was imported, because rows were rejected. Without --all-or-nothing it would be:")
    elif report.dry_run:
        yield _("Nothing was written. It would be:")
    yield _counts(report)
    if report.operation is not None:
        yield _("crm-tui undo {operation} takes it back").format(operation=report.operation)


def _rejected(reason: Reason) -> str:
    """Return a reason with the lines it is for: ``line 3: email: ...``."""
    listed = ", ".join(map(str, reason.lines))
    if reason.count > len(reason.lines):
        listed = _("{lines} and {n} more").format(lines=listed, n=reason.count - len(reason.lines))
    words = ngettext("line {lines}: {reason}", "lines {lines}: {reason}", reason.count)
    return words.format(lines=listed, reason=reason.text)


def _counts(report: ImportReport) -> str:
    """Return the outcome in one line: ``91 created, 0 updated, 0 unchanged, 0 rejected; 91 contacts created``."""
    from crm_tui.formats import whole

    said = _("{created} created, {updated} updated, {unchanged} unchanged, {rejected} rejected").format(
        created=whole(report.created),
        updated=whole(report.updated),
        unchanged=whole(report.unchanged),
        rejected=whole(report.rejected_count),
    )
    made, changed = report.contacts_created, report.contacts_updated
    if made:
        said += "; " + ngettext("{n} contact created", "{n} contacts created", made).format(n=whole(made))
    if changed:
        said += "; " + ngettext("{n} contact updated", "{n} contacts updated", changed).format(n=whole(changed))
    return said


def export_file(request: Request) -> None:
    """Write the matches of a query to a file whose ending says the format, or as CSV to stdout.

    A file that is there is replaced, once the new one is whole.
    """
    from crm_tui.exporters.exporting import export
    from crm_tui.formats import whole
    from crm_tui.models.base import find_entity
    from crm_tui.verbs import privacy

    options = request.options
    if options.entity.strip().lower() == privacy.PERSON:
        privacy.export_person(request)
        return
    if options.to is None or options.files:
        raise BadInput(
            _("Name the file to write: --to clients.csv, or --to - to print CSV.")
            if options.to is None
            else _("--files is for all that is held of one person: crm-tui export person NAME --files DIR.")
        )
    if documents.is_meant(options.entity, options.to):
        documents.export_document(request)
        return
    names = asked.columns(options.columns)
    with contextlib.ExitStack() as stack:
        target = Path(options.to).expanduser()
        if options.to == PIPE:  # printed once all of it is there, so that half of it is never taken for the whole
            target = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="crm-tui-"))) / "stdout.csv"
        workspace, actor = stack.enter_context(request.opened())
        entity = find_entity(options.entity)
        text = " ".join(options.query)
        asked.listing(actor, entity, text)
        told: list[str] = []
        show = printing.progress(_("exporting"))
        count = export(workspace, actor, entity, target, text, names, progress=show, told=told)
        if options.to == PIPE:
            _print_file(target)
            return
    for said in told:
        printing.note(said)
    if request.json:
        printing.write_json({"file": str(target), "entity": entity.name, "records": count})
    else:
        what = _(ngettext(entity.label, entity.label_plural, count))
        printing.note(_("{n} {what} written to {path}").format(n=whole(count), what=what, path=target))


def _print_file(path: Path) -> None:
    with path.open(encoding="utf-8-sig", newline="") as file:
        for line in file:
            printing.write(printing.plain(line) if printing.on_terminal() else line)
