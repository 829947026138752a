"""Verbs that exchange records with other programs: import, export."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from crm_tui.errors import CrmError
from crm_tui.i18n import _
from crm_tui.verbs import asked, printing
from crm_tui.verbs.request import Request

if TYPE_CHECKING:
    from crm_tui.importers.importing import ImportReport
    from crm_tui.importers.plan import ImportPlan

REASONS_SHOWN = 20
"""Reasons for rejecting rows that are said; the file of rejects has every row."""


def import_file(request: Request) -> int | None:
    """Import a file, or with ``--dry-run`` say what that would do. Returns 1 when nothing was imported but refused."""
    from crm_tui.importers import open_source
    from crm_tui.importers.headers import parse_mapping
    from crm_tui.importers.importing import run
    from crm_tui.importers.mapping import specs, targets
    from crm_tui.importers.plan import plan
    from crm_tui.importers.rejects import require_place
    from crm_tui.models.base import find_entity
    from crm_tui.values import DayOrder, NumberStyle

    options = request.options
    if options.rejects:
        require_place(Path(options.rejects).expanduser())
    source = open_source(
        Path(options.file).expanduser(), encoding=options.encoding, delimiter=options.delimiter, sheet=options.sheet
    )
    with request.opened(create=True) as (workspace, actor):
        entity = find_entity(options.entity)
        planned = plan(
            actor, entity, source, parse_mapping(options.map, source.columns, specs(targets(entity))),
            options.key or "", options.mode or "", dates=DayOrder(options.dates) if options.dates else None,
            numbers=NumberStyle(options.numbers) if options.numbers else None,
            clear_empty=options.clear_empty,
        )  # fmt: skip
        show = printing.progress(_("reading") if options.dry_run else _("importing"))
        report = run(workspace, actor, planned, show, dry_run=options.dry_run, all_or_nothing=options.all_or_nothing)
        if options.rejects and report.rejected_count:
            report.rejects.save(Path(options.rejects).expanduser())
    if request.json:
        printing.write_json(_report_json(planned, report))
    else:
        _say(request, planned, report)
    nothing = not report.created + report.updated + report.unchanged
    return 1 if report.rejected_count and (report.refused or nothing) else None


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
        printing.note(_("Nothing was imported, as some rows were rejected: {summary}.").format(summary=summary))
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
    """Write the matches of a query to a file whose ending says the format."""
    from crm_tui.exporters.exporting import export
    from crm_tui.formats import whole
    from crm_tui.models.base import find_entity

    options = request.options
    target = Path(options.to).expanduser()
    if target.is_dir():
        raise CrmError(_("{path} is a folder; name the file in it.").format(path=target))
    with request.opened() as (workspace, actor):
        entity = find_entity(options.entity)
        text = " ".join(options.query)
        asked.listing(actor, entity, text)
        show = printing.progress(_("exporting"))
        count = export(workspace, actor, entity, target, text, asked.columns(options.columns), progress=show)
    if request.json:
        printing.write_json({"file": str(target), "entity": entity.name, "records": count})
    else:
        printing.note(_("{n} {what} in {path}.").format(n=whole(count), what=_(entity.label_plural), path=target))
