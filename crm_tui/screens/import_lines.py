"""An import in words: how the file was understood, what becomes of its rows, what came of it; as lines and rows."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from textwrap import wrap

from crm_tui.formats import whole
from crm_tui.i18n import N_, _, ngettext
from crm_tui.importers.deciding import Outcome
from crm_tui.importers.importing import ImportReport
from crm_tui.importers.mapping import ID, PlannedColumn, Target
from crm_tui.importers.plan import ImportPlan, Mode
from crm_tui.importers.preview import PreviewRow
from crm_tui.importers.rejects import RejectedRow
from crm_tui.widgets.columns import Column
from crm_tui.widgets.loaded_rows import Row
from crm_tui.widgets.record_view import Part, TextLine

MODES = {
    Mode.CREATE: N_("only add new records"),
    Mode.UPDATE: N_("only change existing records"),
    Mode.BOTH: N_("change what exists, add what does not"),
}

_UNSURE = 0.85
"""Below it a guess deserves a second look."""

_REASONS = 3


def key_label(plan: ImportPlan) -> str:
    """Return what the key is called, "" when there is none."""
    return _("id") if plan.key == ID else plan.entity.fields[plan.key].label.lower() if plan.key else ""


def head(plan: ImportPlan, report: ImportReport | None = None) -> list[TextLine]:
    """Return the lines at the top: the file, and what its rows do, or once it is over that they have done it."""
    first = [Part(plan.source.name, "title"), Part(f"   {plan.source.describe()}", "label")]
    if report is None:
        return [first, [Part(_rule(plan))]]
    done = _("Imported. It is one operation: u in the list takes it back.")
    return [first, [Part(done if report.operation else _("There was nothing to change."))]]


def _rule(plan: ImportPlan) -> str:
    """Return in one sentence what a row does."""
    label, plural, key = _(plan.entity.label), _(plan.entity.label_plural), key_label(plan)
    if not key:
        text = _("Every row adds a {label}. With a key (K), rows also find {plural} that exist.")
    elif plan.mode is Mode.CREATE:
        text = _("Every row adds a {label}; one whose {key} exists already is rejected.")
    elif plan.mode is Mode.UPDATE:
        text = _("Rows change the {label} with their {key}; where there is none, they are rejected.")
    else:
        text = _("Rows change the {label} with their {key}, or else add one.")
    return text.format(label=label, plural=plural, key=key)


# The columns of the file

COLUMNS = (
    Column("column", N_("Column"), width=20, min_width=10, flex=1, priority=9),
    Column("field", N_("Goes to"), width=20, min_width=12, flex=1, priority=8),
    Column("sample", N_("For example"), width=20, min_width=10, flex=2, priority=7),
    Column("why", N_("Because"), width=26, min_width=12, flex=1, priority=2),
)


def columns() -> list[Column]:
    """Return the columns of the list of columns, with their labels in the session's language."""
    return [_labelled(column) for column in COLUMNS]


def _labelled(column: Column) -> Column:
    return Column(
        column.key, _(column.label), width=column.width, min_width=column.min_width, flex=column.flex,
        priority=column.priority,
    )  # fmt: skip


def column_rows(plan: ImportPlan) -> list[Row]:
    """Return a row for each column of the file; its id is the column's place, from 1."""
    return [_column_row(number, column, plan) for number, column in enumerate(plan.columns, 1)]


def _column_row(number: int, column: PlannedColumn, plan: ImportPlan) -> Row:
    if column.target is None:
        return Row(number, (column.name, _("left out"), column.sample, column.reason), "muted")
    label = column.target.label
    if column.target.name == plan.key:
        label = _("{field} (key)").format(field=label)
    flag = "warning" if column.sure < _UNSURE else ""
    reason = _("a guess: {reason}").format(reason=column.reason) if flag else column.reason
    return Row(number, (column.name, label, column.sample, reason), "warning" if flag else "")


# The first rows as they would become


def preview_columns(plan: ImportPlan) -> list[Column]:
    """Return the columns of the preview: the row, what becomes of it, and the fields, the name first."""
    found = [
        Column("line", _("Row"), width=5, min_width=4, align="right", priority=999),
        Column("becomes", _("Becomes"), width=26, min_width=24, flex=3, priority=1000),
    ]
    for place, target in enumerate(_shown(plan)):
        width = target.kind.width if target.kind is not None else 7
        found.append(Column(target.name, target.label, width=width, min_width=min(width, 12), priority=900 - place))
    return found


def _shown(plan: ImportPlan) -> list[Target]:
    """Return the mapped fields, what a record is called before the others, and of its contact the name."""
    targets = [target for _at, _column, target in plan.mapped]
    first = (plan.entity.title, "contact.name")
    return sorted(targets, key=lambda target: first.index(target.name) if target.name in first else len(first))


def preview_rows(plan: ImportPlan, rows: Iterable[PreviewRow]) -> list[Row]:
    """Return the preview's rows; the ids are the lines of the file."""
    targets = _shown(plan)
    return [
        Row(
            row.line,
            (str(row.line), _becomes(row, targets), *(row.shown[target.name] for target in targets)),
            "alert" if row.outcome is Outcome.REJECTED else "muted" if row.outcome is Outcome.UNCHANGED else "",
        )
        for row in rows
    ]


def _becomes(row: PreviewRow, targets: Sequence[Target]) -> str:
    if row.outcome is Outcome.REJECTED:
        return _("rejected: {reason}").format(reason=row.reason)
    if row.outcome is Outcome.CREATE:
        return _("new, like {other}").format(other=row.like) if row.like else _("new")
    if row.outcome is Outcome.UNCHANGED:
        return _("unchanged, #{id}").format(id=row.record)
    changed = ", ".join(target.label.lower() for target in targets if target.name in row.changed)
    return _("#{id} changes: {fields}").format(id=row.record, fields=changed or _("contact"))


# Rejected rows


def reject_columns(source_columns: Sequence[str]) -> list[Column]:
    """Return the columns of the list of rejected rows."""
    return [
        Column("line", _("Row"), width=5, min_width=4, align="right", priority=999),
        Column("reason", _("Rejected because"), width=60, min_width=44, flex=3, priority=1000),
        *(
            Column(name, name, width=16, min_width=8, priority=900 - place)
            for place, name in enumerate(source_columns[:20])
        ),
    ]


def reject_rows(rows: Iterable[RejectedRow]) -> list[Row]:
    """Return the rejected rows, numbered from 1."""
    return [Row(number, (str(row.line), row.reason, *row.cells[:20]), "alert") for number, row in enumerate(rows, 1)]


# What would become of all rows, and what became of them


def outlook(plan: ImportPlan, report: ImportReport | None, *, done: bool, width: int) -> list[TextLine]:
    """Return the lines at the bottom: the counts of the rehearsal, why rows are rejected, what a person should know."""
    if plan.problem:
        return [[Part(plan.problem, "warning")]]
    if report is None:
        return [[Part(_("reading the file …"), "label")], *_wrapped(plan.warnings, width)]
    text = counts(report, would=True)
    if not done:
        text = _("{counts} in the first {n} rows …").format(counts=text, n=whole(report.rows))
    warnings = report.warnings if done else plan.warnings
    return [[Part(text, "title" if done else "label")], *_wrapped(warnings, width), *_reasons(report)]


def column_at_cursor(column: PlannedColumn) -> list[TextLine]:
    """Return why the column at the cursor goes where it goes, in full."""
    return [[Part(f"{column.name}: ", "label"), Part(column.reason, "label")]]


def row_at_cursor(row: PreviewRow, width: int) -> list[TextLine]:
    """Return what there is to say of the row at the cursor of the preview, in full: why it would be rejected, or which
    record it is likely about."""
    if row.like:
        return _wrapped(
            [_("Row {line} is like {other}; it would be added").format(line=row.line, other=row.like)], width
        )
    if row.outcome is not Outcome.REJECTED:
        return []
    return _wrapped([_("Row {line} would be rejected: {reason}").format(line=row.line, reason=row.reason)], width)


def _wrapped(texts: Iterable[str], width: int) -> list[TextLine]:
    return [[Part(line, "warning")] for text in texts for line in wrap(text, max(20, width - 2))]


def result(report: ImportReport, width: int) -> list[TextLine]:
    """Return the lines at the bottom once the import is over."""
    lines: list[TextLine] = [[Part(counts(report), "title")]]
    if report.rejected_count:
        lines.append([Part(_("w writes the rejected rows to a file with their reasons, to be corrected there."))])
    return [*lines, *_wrapped(report.warnings, width)]


def counts(report: ImportReport, *, would: bool = False) -> str:
    """Return the outcome in words: ``91 created with 91 contacts, 3 rejected``."""
    parts = []
    if report.created or not report.rows:
        text = _("{n} would be created") if would else _("{n} created")
        parts.append(text.format(n=whole(report.created)))
    if report.updated:
        text = _("{n} would change") if would else _("{n} changed")
        parts.append(text.format(n=whole(report.updated)))
    if report.unchanged:
        parts.append(_("{n} unchanged").format(n=whole(report.unchanged)))
    parts.append(_("{n} rejected").format(n=whole(report.rejected_count)))
    if report.contacts_created:
        n = report.contacts_created
        parts.append(ngettext("{n} new contact", "{n} new contacts", n).format(n=whole(n)))
    if report.contacts_updated:
        n = report.contacts_updated
        parts.append(ngettext("{n} contact changed", "{n} contacts changed", n).format(n=whole(n)))
    return ", ".join(parts)


def _reasons(report: ImportReport) -> list[TextLine]:
    found: list[TextLine] = []
    for reason in report.rejects.reasons(_REASONS):
        rows = ngettext("row {first}", "{n} rows, the first is {first}", reason.count)
        where = rows.format(n=whole(reason.count), first=whole(reason.lines[0]))
        found.append([Part(f"{where}: ", "label"), Part(reason.text, "warning")])
    return found
