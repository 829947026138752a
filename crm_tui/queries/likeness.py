"""Why two records are likely the same: what is compared of each, worked out once, and what they have in common."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from crm_tui import contact_data
from crm_tui.db import among, batches
from crm_tui.fields import Email, Link, Phone
from crm_tui.i18n import N_, _
from crm_tui.journal import Values
from crm_tui.models.base import Entity

REASONS = {
    "email": N_("same e-mail"),
    "phone": N_("same phone"),
    "name": N_("same name"),
    "similar": N_("similar name"),
    "domain": N_("same domain"),
}
"""Every reason there is, the strongest first."""

_WEIGHTS = {"email": 8, "phone": 6, "name": 5, "similar": 3, "domain": 1}


def reasons_text(reasons: Sequence[str]) -> str:
    """Return reasons as a person reads them."""
    return ", ".join(_(REASONS[reason]) for reason in reasons)


def weight(reasons: Iterable[str]) -> int:
    """Return how much reasons say together."""
    return sum(_WEIGHTS[reason] for reason in reasons)


BESIDES = "besides"
"""Under this name stands among a record's values what it belongs to besides: the further clients of a person."""


@dataclass(frozen=True, slots=True)
class Facts:
    """What is compared of one record, worked out once."""

    title: str
    words: tuple[str, ...]
    wholes: frozenset[Any]
    """What similar names must belong to alike; none where that does not matter."""
    emails: frozenset[str]
    lines: tuple[contact_data.Line, ...]
    domains: frozenset[str]

    def reasons(self, other: Facts) -> tuple[str, ...]:
        """Return why two records are likely the same, the strongest reason first."""
        found = set()
        if self.emails & other.emails:
            found.add("email")
        if any(mine.same_as(theirs) for mine in self.lines for theirs in other.lines):
            found.add("phone")
        if self.wholes == other.wholes or self.wholes & other.wholes:
            alike = contact_data.likeness(self.words, other.words)
            if alike >= contact_data.SIMILAR:
                found.add("name" if alike == 1 else "similar")
        if self.domains & other.domains:
            found.add("domain")
        return tuple(reason for reason in REASONS if reason in found)


def facts_of(entity: Entity, rows: Mapping[int, Values]) -> dict[int, Facts]:
    """Return what is compared of records, by id."""
    emails, phones = fields_of(entity, Email), fields_of(entity, Phone)
    sites = [name for name in entity.alike if isinstance(entity.fields[name], Email | Link)]
    countries = _countries(entity, rows)
    found = {}
    for record, row in rows.items():
        title = row.get(entity.title) or ""
        found[record] = Facts(
            title,
            tuple(contact_data.name_words(title)),
            frozenset({row.get(entity.alike_within), *row.get(BESIDES, ())} - {None}),
            frozenset(contact_data.email_of(row[name]) for name in emails if row.get(name)),
            tuple(contact_data.Line.of(row[name], countries[record]) for name in phones if row.get(name)),
            frozenset(contact_data.domain_of(row[name]) for name in sites if row.get(name)) - {""},
        )
    return found


def _countries(entity: Entity, rows: Mapping[int, Values]) -> dict[int, str]:
    """Return where the telephone numbers of records are dialled: in their own country, or in that of their whole."""
    target = entity.references.get(entity.alike_within)
    if "country" in entity.fields or target is None or "country" not in target.fields:
        return {record: row.get("country") or "" for record, row in rows.items()}
    model: Any = target.model
    wholes = {record: row.get(entity.alike_within) for record, row in rows.items()}
    by_whole: dict[int | None, str] = {}
    for batch in batches(sorted({whole for whole in wholes.values() if whole}), 1000):
        by_whole.update(model.select(model.id, model.country).where(among(model.id, batch)).tuples())
    return {record: by_whole.get(whole, "") for record, whole in wholes.items()}


def fields_of(entity: Entity, kind: type[Any]) -> list[str]:
    """Return the names of an entity's fields of a kind."""
    return [name for name, one in entity.entered.items() if isinstance(one, kind)]
