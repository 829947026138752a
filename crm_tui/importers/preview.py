"""The first rows of a file as they would become, to look at before anything is imported."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import islice

from crm_tui.importers import last_contacts
from crm_tui.importers.deciding import Decider, Intent, Outcome
from crm_tui.importers.mapping import Target
from crm_tui.importers.plan import ImportPlan
from crm_tui.scope import Actor
from crm_tui.text import clean_line

MOST = 50


@dataclass(frozen=True, slots=True)
class PreviewRow:
    """A row as it would become."""

    line: int
    outcome: Outcome
    reason: str
    """Why it would be rejected."""
    record: int | None
    """The record that its key found."""
    shown: Mapping[str, str]
    """What the mapped fields would hold, as a person reads it, by the name of the target."""
    changed: frozenset[str]
    """The targets whose fields would change of a record that exists."""
    like: str = ""
    """Of a new record: which one that is there it is likely the same as, and why."""


def preview(actor: Actor, plan: ImportPlan, most: int = MOST) -> list[PreviewRow]:
    """Return the first rows of a file as they would become. Reads the database, writes nothing."""
    intents = Decider(actor, plan).decide(list(islice(plan.source.rows(), most)))
    return [_row(plan, intent) for intent in intents]


def _row(plan: ImportPlan, intent: Intent) -> PreviewRow:
    shown: dict[str, str] = {}
    changed: set[str] = set()
    for at, _column, target in plan.mapped:
        shown[target.name] = _shown(intent, target, at)
        if intent.outcome is Outcome.UPDATE and _changes(intent, target):
            changed.add(target.name)
    return PreviewRow(intent.line, intent.outcome, intent.reason, intent.record, shown, frozenset(changed), intent.like)


def _shown(intent: Intent, target: Target, at: int) -> str:
    row = intent.row
    if row is None:
        return ""
    values = row.person if target.person else row.values
    if target.kind is None or target.refers_to is not None or target.field not in values:
        text = row.cells[at]
        unread = target.kind is not None and target.refers_to is None and intent.outcome is not Outcome.REJECTED
        return "" if unread else clean_line(text)
    return " ".join(target.kind.show(values[target.field]).split())


def _changes(intent: Intent, target: Target) -> bool:
    if target.person:
        return intent.person is not None and target.field in intent.person.values
    if target.field == last_contacts.FIELD:
        return intent.contact_at is not None
    return intent.values is not None and target.field in intent.values
