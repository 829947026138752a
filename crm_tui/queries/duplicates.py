"""Records that are likely the same, each with the reasons: looked up by indexed companions, never by a scan.

E-mail, telephone and similar names are reasons; a web domain in common is a hint only, for many may share one.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any

import peewee as pw

from crm_tui import contact_data, places, scope
from crm_tui.db import among, batches
from crm_tui.errors import NotFound
from crm_tui.fields import Email, Link
from crm_tui.i18n import _
from crm_tui.journal import Values
from crm_tui.models.base import Entity, entities, further_values
from crm_tui.models.distinctions import Distinction, pair_text
from crm_tui.queries.likeness import BESIDES, Facts, facts_of, fields_of, reasons_text, weight
from crm_tui.scope import Actor
from crm_tui.text import fold, record_id

_SAME_KEY = 20
"""Records looked at that have a companion in common with the one in question."""
_GROUPS = 800
_OF_A_GROUP = 5
"""Groups of records with a companion in common that pairs are sought in, and records of each: of a telephone number
that a hundred have, no pair says anything."""
MOST_PAIRS = 500
_COLUMN = ""


@dataclass(frozen=True, slots=True)
class Likely:
    """A record that is likely the same as the one in question."""

    id: int
    title: str
    reasons: tuple[str, ...]
    """Keys of ``likeness.REASONS``, the strongest first."""

    def text(self) -> str:
        """Return it in words: ``ACME Studio #3: same phone, similar name``."""
        return f"{self.title} #{self.id}: {reasons_text(self.reasons)}"


@dataclass(frozen=True, slots=True)
class Pair:
    """Two records that are likely the same; the older one first."""

    ids: tuple[int, int]
    titles: tuple[str, str]
    reasons: tuple[str, ...]


def likely(
    actor: Actor, entity: Entity, values: Mapping[str, Any], *, record: int | None = None, most: int = 5
) -> list[Likely]:
    """Return live records that are likely the same as one with these values, the likeliest first.

    ``values`` are values or typed text by field name, however unfinished; ``record`` is the one they are of, if there
    is one. A domain alone is named only where nothing more is in common.
    """
    own = dict(values)
    if entity.alike_within:
        own[entity.alike_within] = _whole_of(entity, own.get(entity.alike_within))
    found: dict[int, Values] = {}
    for condition in _conditions(entity, own):
        found.update(_rows(actor, entity, condition, _SAME_KEY))
    found.pop(record or 0, None)
    apart = _told_apart(entity, record) if record else set()
    facts = facts_of(entity, {**found, 0: own})
    mine = facts.pop(0)
    likely_ones = [
        Likely(other, theirs.title, reasons)
        for other, theirs in facts.items()
        if (record is None or pair_text(entity.name, record, other) not in apart) and (reasons := mine.reasons(theirs))
    ]
    likely_ones.sort(key=lambda one: (-weight(one.reasons), one.id))
    return likely_ones[:most]


def likeliest_of_many(actor: Actor, entity: Entity, rows: Sequence[Values], *, last: int) -> list[Likely | None]:
    """Return for each of many new records' values the record that it is likeliest the same as, of those with ids up
    to ``last``. A domain in common is no reason here."""
    keyed = _companions_looked_up(entity)
    keys = [[(name, of(row.get(name) or "")) for name, of, _column in keyed] for row in rows]
    by_key: dict[tuple[str, str], list[int]] = {}
    found: dict[int, Values] = {}
    for name, _of, column in keyed:
        wanted = sorted({key for row in keys for other, key in row if other == name and key})
        for batch in batches(wanted, 500):
            there = _rows(actor, entity, column.in_(list(batch)) & (entity.model.id <= last), None, column)
            for record, row in there.items():
                by_key.setdefault((name, row.pop(_COLUMN)), []).append(record)
                found[record] = row
    candidates = [
        list(dict.fromkeys(record for key in row for record in by_key.get(key, ())[:_SAME_KEY])) for row in keys
    ]
    facts = facts_of(entity, {record: found[record] for those in candidates for record in those})
    own = facts_of(entity, {at: row for at, row in enumerate(rows) if candidates[at]})
    return [_likeliest(own[at], {one: facts[one] for one in those}) if those else None
            for at, those in enumerate(candidates)]  # fmt: skip


def _likeliest(mine: Facts, others: Mapping[int, Facts]) -> Likely | None:
    found = [Likely(record, theirs.title, mine.reasons(theirs)) for record, theirs in others.items()]
    found = [one for one in found if set(one.reasons) - {"domain"}]
    return min(found, key=lambda one: (-weight(one.reasons), one.id), default=None)


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
    for keys in _blocks(entity):
        candidates |= _same_key(entity, keys)
    rows: dict[int, Values] = {}
    for batch in batches(sorted({record for pair in candidates for record in pair}), 1000):
        rows.update(_rows(actor, entity, among(entity.model.id, batch), None))
    facts, apart = facts_of(entity, rows), _told_apart(entity)
    found = []
    for one, other in candidates:
        if one in facts and other in facts and pair_text(entity.name, one, other) not in apart:
            reasons = facts[one].reasons(facts[other])
            if reasons and reasons != ("domain",):
                found.append(Pair((one, other), (facts[one].title, facts[other].title), reasons))
    found.sort(key=lambda pair: (-weight(pair.reasons), pair.ids))
    return found[:most]


# Which records to look at


def _companion(entity: Entity, name: str) -> Any:
    fields: Any = entity.model._meta.fields
    return fields[name]


def _companions_looked_up(entity: Entity) -> list[tuple[str, Callable[[str], str], Any]]:
    """Return the fields of which an equal companion makes two records likely the same, but for domains: each with
    what makes its companion of a text, and the companion."""
    found: list[tuple[str, Callable[[str], str], Any]] = [
        (name, lambda text: fold(text.strip()), _companion(entity, f"{name}_key")) for name in fields_of(entity, Email)
    ]
    for name in entity.alike:
        kind: Any = entity.fields[name]
        if not isinstance(kind, Email | Link):
            found.append((name, kind.alike, _companion(entity, f"{name}_alike")))
    return found


def _conditions(entity: Entity, values: Values) -> list[Any]:
    """Return what records have in common with these values by one of their indexed companions."""
    keyed = [(column, of(values.get(name) or "")) for name, of, column in _companions_looked_up(entity)]
    found = [column == key for column, key in keyed if key]
    sites = [name for name in entity.alike if isinstance(entity.fields[name], Email | Link)]
    domains = sorted({contact_data.domain_of(values.get(name) or "") for name in sites} - {""})
    return found + [_companion(entity, f"{name}_alike").in_(domains) for name in sites if domains]


def _blocks(entity: Entity) -> list[tuple[Any, ...]]:
    """Return the companions that likely equal records have in common; names with what they must belong to."""
    within = [entity.fields[entity.alike_within]] if entity.alike_within else []
    return [(column, *(within if name == entity.title else ())) for name, _of, column in _companions_looked_up(entity)]


def _same_key(entity: Entity, keys: tuple[Any, ...]) -> set[tuple[int, int]]:
    """Return pairs of live records that have companions in common: those that the fewest have, for they say most."""
    model: Any = entity.model
    live = model.archived_at.is_null() & (keys[0] > "")
    many = pw.fn.COUNT(model.id)
    repeated = model.select(*keys).where(live).group_by(*keys).having(many > 1).order_by(many, *keys).limit(_GROUPS)
    wanted = {tuple(row) for row in repeated.tuples()}
    groups: dict[tuple[Any, ...], list[int]] = {}
    for batch in batches(sorted({row[0] for row in wanted}), 500):
        query = model.select(*keys, model.id).where(live & keys[0].in_(list(batch))).order_by(model.id)
        for *key, record in query.tuples():
            if tuple(key) in wanted:
                groups.setdefault(tuple(key), []).append(record)
    return {pair for ids in groups.values() for pair in combinations(ids[:_OF_A_GROUP], 2)}


def _rows(actor: Actor, entity: Entity, condition: Any, most: int | None, column: Any = None) -> dict[int, Values]:
    """Return what is compared of live records, by id; with a ``column`` also what that holds, as ``_COLUMN``."""
    model: Any = entity.model
    names = _compared(entity)
    columns = [entity.fields[name] for name in names]
    if column is not None:
        names, columns = [*names, _COLUMN], [*columns, column]
    query = model.select(model.id, *columns).where(model.archived_at.is_null() & condition)
    limit = scope.visible(actor, entity)
    if limit is not None:
        query = query.where(limit)
    found: dict[int, Values] = {row[0]: dict(zip(names, row[1:], strict=True)) for row in query.limit(most).tuples()}
    if further_values(entity) is not None:
        for place in places.further(list(found)):
            found[place.contact].setdefault(BESIDES, set()).add(place.client)
    return found


def _compared(entity: Entity) -> list[str]:
    more = [name for name in ("country", entity.alike_within) if name in entity.fields]
    return list(dict.fromkeys([entity.title, *entity.alike, *fields_of(entity, Email), *more]))


def _told_apart(entity: Entity, record: int | None = None) -> set[str]:
    """Return the pairs that somebody told apart, those of one record or all."""
    key: Any = _companion(entities["distinction"], "pair_key")
    start = f"{entity.name} "
    query: Any = Distinction.select(Distinction.pair).where(
        Distinction.archived_at.is_null() & (key >= start) & (key < start + "\U0010ffff")
    )
    found = {row[0] for row in query.tuples()}
    return found if record is None else {pair for pair in found if str(record) in pair.split()[1:]}


def _whole_of(entity: Entity, given: Any) -> int | None:
    """Return the record that similar names must belong to, of a value or a form's text, if it is clear which."""
    if given is None or isinstance(given, int):
        return given
    text = str(given).strip()
    if text.startswith("#") and (record := record_id(text)) is not None:
        return record
    target = entity.references[entity.alike_within]
    model: Any = target.model
    key = target.fields[target.title].expression()
    query = model.select(model.id).where((key == fold(text)) & model.archived_at.is_null()).limit(2)
    ids = [row[0] for row in query.tuples()] if text else []
    return ids[0] if len(ids) == 1 else None
