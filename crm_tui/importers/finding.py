"""Finding the records that the texts of a file name: by a key, or as the references of its rows; many at a time."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from crm_tui import scope
from crm_tui.db import batches
from crm_tui.errors import nearest
from crm_tui.i18n import _
from crm_tui.importers.cells import ReadRow
from crm_tui.importers.mapping import ID, Target
from crm_tui.models.base import Entity
from crm_tui.scope import Actor
from crm_tui.text import quoted

AT_ONCE = 900
"""Texts looked for by one query."""

_TO_THE_LETTER = frozenset({"external_id"})
"""Keys of other systems, where a capital may be all that tells two records apart."""

_REMEMBERED = 20_000
_MOST_SUGGESTED = 40
"""Unknown names for which a near one is looked for; in a file full of them it helps no more."""
_MOST_NAMES = 2_000


@dataclass(frozen=True, slots=True)
class Found:
    """A record that a text names."""

    id: int
    archived: bool


Named = tuple[str, Found]
"""The value of a field, and the record that has it."""


class Finder:
    """Finds records by the texts of one of their fields."""

    def __init__(self, actor: Actor) -> None:
        self._actor = actor
        self._archived: dict[tuple[str, str], dict[str, list[Named]]] = {}

    def find(self, entity: Entity, name: str, texts: Iterable[str]) -> dict[str, list[Found]]:
        """Return the records that texts name by a field, archived ones last.

        Case and accents do not count unless they tell several records apart, and always in external ids. ``name`` may
        be ``id``: then texts are numbers.
        """
        if name == ID:
            return self._by_number(entity, texts)
        kind = entity.fields[name]
        by_key: dict[str, list[str]] = {}
        for text in sorted(set(texts)):
            by_key.setdefault(kind.key(text), []).append(text)
        by_key.pop("", None)
        if not by_key:
            return {}
        rows: dict[str, list[Named]] = {}
        live, key_of = entity.model.archived_at.is_null(), kind.expression()
        for batch in batches(list(by_key), AT_ONCE):  # of live records, for those are what the indexes hold
            for record, key, value in self._rows(entity, live & key_of.in_(batch), key_of, kind):
                rows.setdefault(key, []).append((value, Found(record, archived=False)))
        archived = self._archived_by(entity, name)
        found: dict[str, list[Found]] = {}
        for key, those in by_key.items():
            named = [*rows.get(key, ()), *archived.get(key, ())]
            for text in those:
                exact = [one for value, one in named if value == text]
                records = exact if exact or name in _TO_THE_LETTER else [one for _value, one in named]
                if records:
                    found[text] = sorted(records, key=lambda one: (one.archived, one.id))
        return found

    def titles(self, entity: Entity) -> list[str]:
        """Return what live records are called, up to so many as a near one is looked for among."""
        live = entity.model.archived_at.is_null()
        return [row[1] for row in self._rows(entity, live, entity.fields[entity.title]).limit(_MOST_NAMES)]

    def _archived_by(self, entity: Entity, name: str) -> dict[str, list[Named]]:
        """Return all archived records by the key of a field: few, in no index, and so read once."""
        known = self._archived.get((entity.name, name))
        if known is None:
            known = self._archived[entity.name, name] = {}
            kind = entity.fields[name]
            put_away = entity.model.archived_at.is_null(False)
            for record, key, value in self._rows(entity, put_away, kind.expression(), kind):
                known.setdefault(key, []).append((value, Found(record, archived=True)))
        return known

    def _by_number(self, entity: Entity, texts: Iterable[str]) -> dict[str, list[Found]]:
        by_number: dict[int, list[str]] = {}
        for text in texts:
            digits = text.removeprefix("#")
            if digits.isascii() and digits.isdecimal() and len(digits) < 19:
                by_number.setdefault(int(digits), []).append(text)
        found = {}
        for batch in batches(list(by_number), AT_ONCE):
            for record, archived in self._rows(entity, entity.model.id.in_(batch), entity.model.archived_at):
                found.update(dict.fromkeys(by_number[record], [Found(record, archived is not None)]))
        return found

    def _rows(self, entity: Entity, condition: Any, *columns: Any) -> Any:
        model: Any = entity.model
        query = model.select(model.id, *columns).where(condition)
        limit = scope.visible(self._actor, entity)
        return (query if limit is None else query.where(limit)).tuples()


@dataclass(frozen=True, slots=True)
class Reference:
    """What a text names: a record, or why it is none or not clear which."""

    record: int | None
    reason: str = ""
    candidates: frozenset[int] = frozenset()
    """The records it may mean, when it is not clear which."""


class References:
    """Finds what the references of rows mean, batch by batch; texts met before are remembered."""

    def __init__(self, finder: Finder) -> None:
        self._finder = finder
        self._known: dict[str, dict[str, Reference]] = {}
        self._names: dict[str, list[str]] = {}
        self._suggested = 0

    def resolve(self, rows: Sequence[ReadRow], targets: Iterable[Target]) -> dict[str, dict[str, Reference]]:
        """Return, by the target's name, what every text of these rows names."""
        for target in targets:
            known = self._known.setdefault(target.name, {})
            if len(known) > _REMEMBERED:
                known.clear()
            texts = {text for row in rows for text in _texts(row, target)} - known.keys()
            if texts:
                known.update(self._resolved(target, texts))
        return self._known

    def _resolved(self, target: Target, texts: set[str]) -> dict[str, Reference]:
        assert target.refers_to is not None
        entity, open_texts = target.refers_to, set(texts)
        resolved: dict[str, Reference] = {}
        # A bare number in a file is a key of the system it comes from, not ours: ours is written #12.
        numbered = {text for text in texts if text.startswith("#")} if not target.by else set()
        steps = [(target.by, texts)] if target.by else [(ID, numbered), *((name, texts) for name in entity.unique)]
        for name, among in steps:
            for text, records in self._finder.find(entity, name, among & open_texts).items():
                resolved[text] = _reference(entity, name, text, records)
                open_texts.discard(text)
        for text in open_texts:
            resolved[text] = Reference(None, self._unknown(entity, target.by, text))
        return resolved

    def _unknown(self, entity: Entity, by: str, text: str) -> str:
        shown = quoted(text, 40)
        if by:
            label = _("id") if by == ID else entity.fields[by].label.lower()
            return _("there is no {label} with the {field} {text}").format(
                label=_(entity.label), field=label, text=shown
            )
        said = _("there is no {label} {text}").format(label=_(entity.label), text=shown)
        self._suggested += 1
        close = nearest(text, self._titles(entity)) if self._suggested <= _MOST_SUGGESTED else ""
        return f"{said}.{close}" if close else said

    def _titles(self, entity: Entity) -> list[str]:
        if entity.name not in self._names:
            self._names[entity.name] = self._finder.titles(entity)
        return self._names[entity.name]


def _texts(row: ReadRow, target: Target) -> tuple[str, ...]:
    if target.several:
        return row.several.get(target.name, ())
    text = row.references.get(target.name)
    return () if text is None else (text,)


def _reference(entity: Entity, name: str, text: str, records: Sequence[Found]) -> Reference:
    live = [one for one in records if not one.archived]
    every = frozenset(one.id for one in records)
    if len(live) == 1:
        return Reference(live[0].id, candidates=every)
    ids = listed(live or records)
    if not live:
        reason = _("{label} {text} is archived ({ids})").format(label=_(entity.label), text=quoted(text, 40), ids=ids)
    else:
        label = _("id") if name == ID else entity.fields[name].label.lower()
        reason = _("several {plural} have the {field} {text}: {ids}").format(
            plural=_(entity.label_plural), field=label, text=quoted(text, 40), ids=ids
        )
    return Reference(None, reason, every)


def listed(records: Sequence[Found]) -> str:
    """Return the first ids of some records, as people write them."""
    shown = ", ".join(f"#{one.id}" for one in records[:5])
    return shown if len(records) <= 5 else _("{ids} and {n} more").format(ids=shown, n=len(records) - 5)
