"""Records that are likely the same, each with the reasons: looked up by indexed companions, never by a scan.

E-mail, telephone and similar names are reasons; a web domain in common is a hint only, for many may share one.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any

import peewee as pw

from crm_tui import contact_data, scope
from crm_tui.db import among, batches
from crm_tui.errors import NotFound
from crm_tui.fields import Email, Link, Phone
from crm_tui.i18n import N_, _
from crm_tui.journal import Values
from crm_tui.models.base import Entity, entities
from crm_tui.models.distinctions import Distinction, pair_text
from crm_tui.scope import Actor
from crm_tui.text import fold

REASONS = {
    "email": N_("same e-mail"),
    "phone": N_("same phone"),
    "name": N_("same name"),
    "similar": N_("similar name"),
    "domain": N_("same domain"),
}
"""Every reason there is, the strongest first."""

_WEIGHTS = {"email": 8, "phone": 6, "name": 5, "similar": 3, "domain": 1}
_SAME_KEY = 40
"""Records looked at that have one companion in common."""
_GROUPS = 2000
MOST_PAIRS = 500


@dataclass(frozen=True, slots=True)
class Likely:
    """A record that is likely the same as the one in question."""

    id: int
    title: str
    reasons: tuple[str, ...]
    """Keys of ``REASONS``, the strongest first."""

    def text(self) -> str:
        """Return it in words: ``ACME Studio #3: same phone, similar name``."""
        return f"{self.title} #{self.id}: {reasons_text(self.reasons)}"


@dataclass(frozen=True, slots=True)
class Pair:
    """Two records that are likely the same; the older one first."""

    ids: tuple[int, int]
    titles: tuple[str, str]
    reasons: tuple[str, ...]


def reasons_text(reasons: Sequence[str]) -> str:
    """Return reasons as a person reads them."""
    return ", ".join(_(REASONS[reason]) for reason in reasons)


def likely(
    actor: Actor, entity: Entity, values: Mapping[str, Any], *, record: int | None = None, most: int = 5
) -> list[Likely]:
    """Return live records that are likely the same as one with these values, the likeliest first.

    ``values`` are values or typed text by field name, however unfinished; ``record`` is the one they are of, if there
    is one. A domain alone is named only where nothing more is in common.
    """
    own = _with_country(entity, [dict(values)])[0]
    found: dict[int, Values] = {}
    for condition in _conditions(entity, own):
        found.update(_rows(actor, entity, condition, _SAME_KEY))
    found.pop(record or 0, None)
    apart = _told_apart(entity, record) if record else set()
    compared = dict(zip(found, _with_country(entity, list(found.values())), strict=True))
    likely_ones = [
        Likely(other, str(there.get(entity.title)), reasons)
        for other, there in compared.items()
        if (record is None or pair_text(entity.name, record, other) not in apart)
        and (reasons := _reasons(entity, own, there))
    ]
    likely_ones.sort(key=lambda one: (-_weight(one.reasons), one.id))
    return likely_ones[:most]


def likely_of(actor: Actor, entity: Entity, record: int, most: int = 20) -> list[Likely]:
    """Return the records that are likely the same as one that is there. Raises NotFound."""
    found = _rows(actor, entity, entity.model.id == record, 1)
    if record not in found:
        raise NotFound(_("There is no {label} with the id {id}.").format(label=_(entity.label), id=record))
    return likely(actor, entity, found[record], record=record, most=most)


def pairs(actor: Actor, entity: Entity, most: int = MOST_PAIRS) -> list[Pair]:
    """Return the pairs of live records that are likely the same, the likeliest first, up to ``most``; not those that
    somebody told apart. A domain in common makes no pair, but is named."""
    if not entity.alike:
        return []
    candidates: set[tuple[int, int]] = set()
    for key in _blocks(entity):
        candidates |= _same_key(entity, key)
    ids = sorted({record for pair in candidates for record in pair})
    rows: dict[int, Values] = {}
    for batch in batches(ids, 1000):
        rows.update(_rows(actor, entity, among(entity.model.id, batch), None))
    rows = dict(zip(rows, _with_country(entity, list(rows.values())), strict=True))
    apart = _told_apart(entity)
    found = []
    for one, other in candidates:
        if one not in rows or other not in rows or pair_text(entity.name, one, other) in apart:
            continue
        reasons = _reasons(entity, rows[one], rows[other])
        if reasons and reasons != ("domain",):
            titles = (str(rows[one][entity.title]), str(rows[other][entity.title]))
            found.append(Pair((one, other), titles, reasons))
    found.sort(key=lambda pair: (-_weight(pair.reasons), pair.ids))
    return found[:most]


def _weight(reasons: Iterable[str]) -> int:
    return sum(_WEIGHTS[reason] for reason in reasons)


# Which records to look at


def _fields(entity: Entity, kind: type[Any]) -> list[str]:
    return [name for name, one in entity.entered.items() if isinstance(one, kind)]


def _companion(entity: Entity, name: str) -> Any:
    fields: Any = entity.model._meta.fields
    return fields[name]


def _conditions(entity: Entity, values: Values) -> list[Any]:
    """Return what records have in common with these values by one of their indexed companions."""
    found = []
    for name in _fields(entity, Email):
        if contact_data.email_of(values.get(name) or ""):
            found.append(_companion(entity, f"{name}_key") == fold(values[name].strip()))
    domains = []
    for name in entity.alike:
        kind: Any = entity.fields[name]
        key = kind.alike(values.get(name) or "")
        if not key:
            continue
        if isinstance(kind, Email | Link):
            domains.append(key)
        else:
            found.append(_companion(entity, f"{name}_alike") == key)
    for name in entity.alike:
        if domains and isinstance(entity.fields[name], Email | Link):
            found.append(_companion(entity, f"{name}_alike").in_(sorted(set(domains))))
    return found


def _blocks(entity: Entity) -> list[Any]:
    """Return the companions that likely equal records have in common."""
    keys = [_companion(entity, f"{name}_key") for name in _fields(entity, Email)]
    alike = [name for name in entity.alike if not isinstance(entity.fields[name], Email | Link)]
    return keys + [_companion(entity, f"{name}_alike") for name in alike]


def _same_key(entity: Entity, key: Any) -> set[tuple[int, int]]:
    """Return the pairs of live records that have a companion in common; of very many, those with the first few."""
    model: Any = entity.model
    live = model.archived_at.is_null() & (key > "")
    repeated = model.select(key).where(live).group_by(key).having(pw.fn.COUNT(model.id) > 1).limit(_GROUPS)
    groups: dict[str, list[int]] = {}
    for batch in batches([row[0] for row in repeated.tuples()], 500):
        query = model.select(key, model.id).where(live & key.in_(list(batch))).order_by(key, model.id)
        for value, record in query.tuples():
            groups.setdefault(value, []).append(record)
    return {pair for ids in groups.values() for pair in combinations(ids[:_SAME_KEY], 2)}


def _rows(actor: Actor, entity: Entity, condition: Any, most: int | None) -> dict[int, Values]:
    """Return what is compared of live records, by id."""
    model: Any = entity.model
    names = _compared(entity)
    query = model.select(model.id, *(entity.fields[name] for name in names)).where(
        model.archived_at.is_null() & condition
    )
    limit = scope.visible(actor, entity)
    if limit is not None:
        query = query.where(limit)
    return {row[0]: dict(zip(names, row[1:], strict=True)) for row in query.limit(most).tuples()}


def _compared(entity: Entity) -> list[str]:
    more = [name for name in ("country", "client") if name in entity.fields]
    return list(dict.fromkeys([entity.title, *entity.alike, *_fields(entity, Email), *more]))


def _told_apart(entity: Entity, record: int | None = None) -> set[str]:
    """Return the pairs that somebody told apart, those of one record or all."""
    key: Any = _companion(entities["distinction"], "pair_key")
    start = f"{entity.name} "
    query: Any = Distinction.select(Distinction.pair).where(
        Distinction.archived_at.is_null() & (key >= start) & (key < start + "\U0010ffff")
    )
    found = {row[0] for row in query.tuples()}
    return found if record is None else {pair for pair in found if str(record) in pair.split()[1:]}


# What they have in common


def _with_country(entity: Entity, rows: list[Values]) -> list[Values]:
    """Return rows with the country in which their telephone numbers are dialled: their own, or their client's."""
    if "country" in entity.fields or "client" not in entity.references:
        return rows
    by_client = {}
    for row in rows:
        row["client"] = _client_id(row.get("client"))
    wanted = sorted({row["client"] for row in rows if row["client"]})
    model: Any = entities["client"].model
    for batch in batches(wanted, 1000):
        by_client.update(model.select(model.id, model.country).where(among(model.id, batch)).tuples())
    return [{**row, "country": by_client.get(row["client"], "")} for row in rows]


def _client_id(given: Any) -> int | None:
    """Return the client that a form's text names, if it is clear which."""
    if given is None or isinstance(given, int):
        return given
    text = str(given).strip()
    if text.startswith("#") and text[1:].isascii() and text[1:].isdecimal() and len(text) < 19:
        return int(text[1:])
    model: Any = entities["client"].model
    query = model.select(model.id).where((model.name_key == fold(text)) & model.archived_at.is_null()).limit(2)
    ids = [row[0] for row in query.tuples()] if text else []
    return ids[0] if len(ids) == 1 else None


def _reasons(entity: Entity, one: Values, other: Values) -> tuple[str, ...]:
    """Return why two records are likely the same, the strongest reason first."""
    found = set()
    if _share(entity, Email, one, other, contact_data.email_of):
        found.add("email")
    for name in _fields(entity, Phone):
        mine, theirs = one.get(name) or "", other.get(name) or ""
        countries = one.get("country") or "", other.get("country") or ""
        if mine and theirs and contact_data.same_phone(mine, theirs, *countries):
            found.add("phone")
    # People of one name are many: only at one client it says something.
    if "client" not in entity.references or one.get("client") == other.get("client"):
        alike = contact_data.likeness(one.get(entity.title) or "", other.get(entity.title) or "")
        if alike >= contact_data.SIMILAR:
            found.add("name" if alike == 1 else "similar")
    domains = [
        {
            kind.alike(side.get(name) or "")
            for name in entity.alike
            if isinstance(kind := entity.fields[name], Email | Link)
        }
        for side in (one, other)
    ]
    if (domains[0] & domains[1]) - {""}:
        found.add("domain")
    return tuple(reason for reason in REASONS if reason in found)


def _share(entity: Entity, kind: type[Any], one: Values, other: Values, form: Any) -> bool:
    sides = [{form(side.get(name) or "") for name in _fields(entity, kind)} - {""} for side in (one, other)]
    return bool(sides[0] & sides[1])
