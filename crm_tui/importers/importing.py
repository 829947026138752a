"""Importing: the file read in a stream, decided and written batch by batch; all of it one operation, to be undone."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice

from crm_tui import scope
from crm_tui.db import Workspace
from crm_tui.errors import BadInput
from crm_tui.formats import whole
from crm_tui.i18n import _, ngettext
from crm_tui.importers.deciding import Decider, Intent, Outcome
from crm_tui.importers.plan import ImportPlan
from crm_tui.importers.rejects import RejectedRow, Rejects
from crm_tui.importers.source import RowProblem, Source, SourceRow
from crm_tui.importers.writing import BatchWriter, has_rule_of_its_own
from crm_tui.journal import operation
from crm_tui.scope import Actor
from crm_tui.services.records import Progress

ROWS_AT_ONCE = 2_000
"""Rows decided and written together."""

_ROWS_AT_A_STEP = 500
"""Rows of one step of a rehearsal, so that other reads of the session come in between."""


_ALIKE_LISTED = 100
_ALIKE_TOLD = 3


@dataclass(frozen=True, slots=True)
class AlikeRow:
    """A row that makes a record though one that is there is likely the same."""

    line: int
    like: str
    """Which one, and why: ``ACME Studio #3: same phone``."""


@dataclass(slots=True)
class ImportReport:
    """What became of the rows of a file, or with ``dry_run`` what would."""

    rejects: Rejects
    dry_run: bool = False
    created: int = 0
    updated: int = 0
    unchanged: int = 0
    contacts_created: int = 0
    contacts_updated: int = 0
    last_contacts: int = 0
    """How many last contacts became interactions."""
    alike_count: int = 0
    """How many of the rows that make a record are likely about one that is there."""
    alike: list[AlikeRow] = field(default_factory=list)
    """The first of them."""
    warnings: list[str] = field(default_factory=list)
    """What a person should know, one sentence each."""
    operation: int | None = None
    """The number to undo it by; None when nothing was written."""
    refused: bool = False
    """Whether nothing was written because some rows were rejected, as was asked for."""

    @property
    def rejected(self) -> list[RejectedRow]:
        """The first rejected rows; ``rejects`` has all."""
        return self.rejects.listed

    @property
    def rejected_count(self) -> int:
        """How many rows were rejected."""
        return self.rejects.count

    @property
    def rows(self) -> int:
        """How many rows there were."""
        return self.created + self.updated + self.unchanged + self.rejected_count

    def count(self, intents: Sequence[Intent]) -> None:
        """Take the rows of a batch into account."""
        for intent in intents:
            if intent.outcome is Outcome.REJECTED:
                self.rejects.add(intent.line, intent.reason, intent.row.cells if intent.row else ())
                continue
            if intent.outcome is Outcome.CREATE:
                self.created += 1
                self._count_alike(intent)
            elif intent.outcome is Outcome.UPDATE:
                self.updated += 1
            else:
                self.unchanged += 1
            self.last_contacts += intent.contact_at is not None
            if intent.person is not None:
                if intent.person.record is None:
                    self.contacts_created += 1
                else:
                    self.contacts_updated += 1

    def _count_alike(self, intent: Intent) -> None:
        if intent.like:
            self.alike_count += 1
            if len(self.alike) < _ALIKE_LISTED:
                self.alike.append(AlikeRow(intent.line, intent.like))


class Rehearsal:
    """What running a plan would do, found out step by step; writes nothing and holds no lock."""

    def __init__(self, actor: Actor, plan: ImportPlan) -> None:
        """Raises BadInput when the plan cannot be carried out."""
        _require_whole(actor, plan)
        self.report = ImportReport(Rejects(plan.source.columns), dry_run=True)
        self.done = False
        self._plan = plan
        self._decider = Decider(actor, plan)
        self._batches = _batches(plan.source, _ROWS_AT_A_STEP)

    def step(self) -> bool:
        """Go through some more rows; return whether there are more still."""
        batch = next(self._batches, None)
        if batch is None:
            self.done = True
            self.report.warnings = _warnings(self._plan, self._decider, self.report)
        else:
            self.report.count(self._decider.decide(batch))
        return not self.done

    def estimate(self) -> int:
        """Return how many rows the file has, as far as is known by now."""
        return _estimate(self._plan.source, self.report.rows)


class _TakenBack(Exception):
    """Ends the operation with nothing written."""


def run(
    workspace: Workspace,
    actor: Actor,
    plan: ImportPlan,
    progress: Progress | None = None,
    *,
    dry_run: bool = False,
    all_or_nothing: bool = False,
) -> ImportReport:
    """Import a file as planned and report on every row; with ``dry_run`` nothing is written.

    Rows that cannot be imported are rejected with their reason and the others written, unless ``all_or_nothing``.
    ``progress`` is called with rows done and their estimated number; what it raises (``Cancelled``) ends the import
    with nothing written. Raises BadInput where the file cannot be read any further; nothing is written then.
    """
    if dry_run and not has_rule_of_its_own(plan.entity):
        return _rehearsed(Rehearsal(actor, plan), progress)
    _require_whole(actor, plan)
    report = ImportReport(Rejects(plan.source.columns), dry_run=dry_run)
    try:
        with operation(workspace, actor, f"{plan.entity.name}.import", cause=plan.source.name) as op:
            decider, writer = Decider(actor, plan), BatchWriter(op, plan.entity, plan.source.name)
            size = 1 if has_rule_of_its_own(plan.entity) else ROWS_AT_ONCE
            for batch in _batches(plan.source, size):
                intents = decider.decide(batch)
                writer.write(intents)
                report.count(intents)
                if progress:
                    progress(report.rows, _estimate(plan.source, report.rows))
            report.warnings = _warnings(plan, decider, report)
            report.refused = all_or_nothing and bool(report.rejected_count)
            if dry_run or report.refused:
                raise _TakenBack
            op.summary = summary(plan, report.created + report.updated)
            report.operation = op.operation_id if op.records else None
    except _TakenBack:
        pass  # what was written is gone again; the report says what it would have been
    return report


def _rehearsed(rehearsal: Rehearsal, progress: Progress | None) -> ImportReport:
    while rehearsal.step():
        if progress:
            progress(rehearsal.report.rows, rehearsal.estimate())
    return rehearsal.report


def summary(plan: ImportPlan, count: int) -> str:
    """Return what an import is called in the journal: ``import 91 clients from customers.csv``."""
    what = ngettext(plan.entity.label, plan.entity.label_plural, count)
    return _("import {n} {what} from {file}").format(n=whole(count), what=what, file=plan.source.name)


def _require_whole(actor: Actor, plan: ImportPlan) -> None:
    scope.require_change(actor, plan.entity)
    if plan.problem:
        raise BadInput(plan.problem)


def _batches(source: Source, size: int) -> Iterator[list[SourceRow | RowProblem]]:
    rows = source.rows()
    while batch := list(islice(rows, size)):
        yield batch


def _estimate(source: Source, done: int) -> int:
    """Return how many rows a file has, judged by how many bytes so many rows took."""
    position = min(source.position(), source.total_bytes)
    return max(done, done * source.total_bytes // position) if position else done


def _warnings(plan: ImportPlan, decider: Decider, report: ImportReport) -> list[str]:
    """Return what a person should know of an import once all rows have been seen."""
    found = list(plan.warnings)
    label, plural = _(plan.entity.label), _(plan.entity.label_plural)
    if decider.known_already:
        found.append(
            ngettext(
                "{n} row has an external id that a {label} has already, and adds another one; "
                "with external_id as the key it would update that one.",
                "{n} rows have external ids that {plural} have already, and add others; "
                "with external_id as the key they would update those.",
                decider.known_already,
            ).format(n=whole(decider.known_already), label=label, plural=plural)
        )
    if report.alike_count:
        first = "; ".join(
            _("row {line} like {other}").format(line=row.line, other=row.like) for row in report.alike[:_ALIKE_TOLD]
        )
        if report.alike_count > _ALIKE_TOLD:
            first += "; …"
        found.append(
            ngettext(
                "{n} row looks like a {label} that is there already, and adds another one: {first}",
                "{n} rows look like {plural} that are there already, and add others: {first}",
                report.alike_count,
            ).format(n=whole(report.alike_count), label=label, plural=plural, first=first)
        )
    if report.last_contacts:
        found.append(
            ngettext(
                "{n} last contact becomes an interaction: last contacts follow from those.",
                "{n} last contacts become interactions: last contacts follow from those.",
                report.last_contacts,
            ).format(n=whole(report.last_contacts))
        )
    if decider.score_kept:
        found.append(_("The scores of the file are left out: they are kept by the score rules."))
    if decider.archived:
        found.append(
            ngettext(
                "{n} row is about an archived {label}, which stays archived.",
                "{n} rows are about archived {plural}, which stay archived.",
                decider.archived,
            ).format(n=whole(decider.archived), label=label, plural=plural)
        )
    if decider.unnamed_people:
        found.append(
            ngettext(
                "{n} contact has no name and is called by the e-mail or telephone.",
                "{n} contacts have no name and are called by the e-mail or telephone.",
                decider.unnamed_people,
            ).format(n=whole(decider.unnamed_people))
        )
    return found
