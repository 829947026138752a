"""What becomes of each row: created, updated, unchanged or rejected, and why. Reads the database, writes nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from crm_tui import personal, places, scoring
from crm_tui.i18n import _
from crm_tui.importers import last_contacts
from crm_tui.importers.cells import ReadRow, RowReader
from crm_tui.importers.finding import Finder, Found, References, listed
from crm_tui.importers.mapping import ID, Target, people_of
from crm_tui.importers.people import PersonIntent, Persons
from crm_tui.importers.plan import ImportPlan, Mode
from crm_tui.importers.points_of_contact import NEEDED
from crm_tui.importers.source import RowProblem, SourceRow
from crm_tui.journal import Values
from crm_tui.models.base import Entity
from crm_tui.queries import duplicates
from crm_tui.scope import Actor
from crm_tui.text import quoted


class Outcome(StrEnum):
    """What becomes of a row."""

    CREATE = "create"
    UPDATE = "update"
    UNCHANGED = "unchanged"
    REJECTED = "rejected"


@dataclass(slots=True)
class Intent:
    """What becomes of one row."""

    line: int
    outcome: Outcome
    row: ReadRow | None = None
    """None for a row that could not be read at all."""
    reason: str = ""
    """Why it is rejected."""
    record: int | None = None
    """The record that its key found."""
    values: Values | None = None
    """What a new record gets, or what changes of one that exists."""
    before: Values | None = None
    """What the record that exists has in the mapped fields."""
    person: PersonIntent | None = None
    contact_at: datetime | None = None
    """When a client was last in contact, if that is news (naive UTC)."""
    further: list[int] = field(default_factory=list)
    """The clients that a person comes to be at besides their own."""
    like: str = ""
    """Of a new record: which one that is there it is likely the same as, and why."""

    def reject(self, reason: str) -> None:
        """Leave the row out."""
        self.outcome, self.reason = Outcome.REJECTED, reason


class Decider:
    """Decides batch by batch what becomes of the rows of a plan; remembers the keys it has met."""

    def __init__(self, actor: Actor, plan: ImportPlan) -> None:
        self.plan = plan
        self.archived = 0
        """Rows that found an archived record."""
        self.known_already = 0
        """Rows that create a record though one with their external id is there."""
        self._entity, self._actor = plan.entity, actor
        self._reader = RowReader(plan)
        self._finder = Finder(actor)
        self._references = References(self._finder)
        self._targets = [target for _at, _column, target in plan.mapped if target.refers_to is not None]
        people = people_of(plan.entity)
        self._persons = Persons(people) if people and any(target.person for _a, _c, target in plan.mapped) else None
        own = (t.field for _a, _c, t in plan.mapped if not (t.person or t.several) and t.kind is not None)
        self._fields = list(dict.fromkeys(own))
        ruled = NEEDED if plan.entity.name == "contact" else ()
        self._read = list(dict.fromkeys((*self._fields, *ruled)))
        self._required = [
            (name, kind.label) for name, kind in plan.entity.entered.items() if kind.required and not kind.default
        ]
        self._seen: dict[int | str, int] = {}
        self._last_before = _last_id(plan.entity)
        self.score_kept = scoring.kept(plan.entity.name, self._fields)
        """Whether the file has scores that are left out, because rules keep them."""
        self._last_contacts = last_contacts.told_by(plan.entity, self._fields)

    @property
    def unnamed_people(self) -> int:
        """New contacts that are called by their e-mail or telephone, for want of a name."""
        return self._persons.unnamed if self._persons else 0

    def decide(self, rows: Sequence[SourceRow | RowProblem]) -> list[Intent]:
        """Return what becomes of rows, in their order."""
        intents: list[Intent] = []
        good: list[Intent] = []
        for row in rows:
            if isinstance(row, RowProblem):
                intents.append(Intent(row.line, Outcome.REJECTED, reason=row.reason))
                continue
            read = self._reader.read(row)
            if self.score_kept:
                read.values.pop("score", None)
                read.cleared = [target for target in read.cleared if target.field != "score" or target.person]
            intent = Intent(row.line, Outcome.CREATE, read, values=read.values)
            intents.append(intent)
            if self._last_contacts:
                last_contacts.take(intent)
            if read.problems:
                intent.reject("; ".join(read.problems))
            else:
                good.append(intent)
        if self.plan.key:
            self._match(good)
        elif "external_id" in self._fields and self._last_before:
            self._count_known(good)
        self._compare(good)
        self._liken([intent for intent in good if intent.outcome is Outcome.CREATE])
        if self._persons is not None:
            self._persons.decide([intent for intent in good if intent.outcome is not Outcome.REJECTED])
            for intent in good:
                if intent.outcome is Outcome.UNCHANGED and intent.person is not None:
                    intent.outcome = Outcome.UPDATE
        if self._last_contacts:
            for intent in good:
                last_contacts.forget_known(intent)
                if intent.outcome is Outcome.UNCHANGED and intent.contact_at is not None:
                    intent.outcome = Outcome.UPDATE
        return intents

    # Which records the rows mean

    def _match(self, intents: Sequence[Intent]) -> None:
        """Find the record of each row by its key; reject where it is not clear which, or the mode does not want it."""
        key = self.plan.key
        texts = {id(intent): _key_of(intent, key) for intent in intents}
        found = self._finder.find(self._entity, key, (text for text in texts.values() if text))
        for intent in intents:
            text = texts[id(intent)]
            if text:
                self._place(intent, text, found.get(text, ()))
            elif self.plan.mode is Mode.UPDATE:
                intent.reject(_("the {key} is empty, so no record is found").format(key=self._key_label))
        self._refuse_erased([intent for intent in intents if intent.record is not None])

    @property
    def _key_label(self) -> str:
        return _("id") if self.plan.key == ID else self._entity.fields[self.plan.key].label.lower()

    def _place(self, intent: Intent, text: str, records: Sequence[Found]) -> None:
        label, key, shown = _(self._entity.label), self._key_label, quoted(text, 40)
        live = [one for one in records if not one.archived] or list(records)
        # A row before it is about the same record, or makes it (then it may be found by now, or in a rehearsal not).
        same: int | str = live[0].id if len(live) == 1 else ""
        key_text = "" if self.plan.key == ID else self._key_text(text)
        first = self._seen.get(key_text) or self._seen.get(same) or intent.line
        if first != intent.line:
            intent.reject(_("line {line} has the same {key} {text}").format(line=first, key=key, text=shown))
        elif len(live) > 1:
            intent.reject(
                _("several {plural} have the {key} {text}: {ids}").format(
                    plural=_(self._entity.label_plural), key=key, text=shown, ids=listed(live)
                )
            )
        elif live and self.plan.mode is Mode.CREATE:
            intent.reject(
                _("{label} {ids} has the {key} {text} already").format(
                    label=label, ids=listed(live), key=key, text=shown
                )
            )
        elif not live and (self.plan.mode is Mode.UPDATE or self.plan.key == ID):
            said = _("there is no {label} with the {key} {text}").format(label=label, key=key, text=shown)
            empty = _("leave the id empty to add one") if self.plan.mode is not Mode.UPDATE else ""
            intent.reject(f"{said}; {empty}" if empty else said)
        elif live:
            intent.record, intent.outcome = live[0].id, Outcome.UNCHANGED
            self._seen[live[0].id] = intent.line
            self.archived += live[0].archived
        else:
            self._seen[key_text] = intent.line

    def _refuse_erased(self, intents: Sequence[Intent]) -> None:
        """Reject the rows about people who were erased: nothing of them is written again."""
        erased = personal.erased(self._entity.name, {intent.record for intent in intents if intent.record is not None})
        for intent in intents:
            if intent.record in erased:
                label = _(self._entity.label)
                intent.reject(_("{label} {id} is a person who was erased").format(label=label, id=intent.record))

    def _key_text(self, text: str) -> str:
        return text if self.plan.key == "external_id" else self._entity.fields[self.plan.key].key(text)

    def _count_known(self, intents: Sequence[Intent]) -> None:
        """Count the rows whose external id a live record has already: most likely they were imported before."""
        texts = {text for intent in intents if (text := _key_of(intent, "external_id"))}
        found = self._finder.find(self._entity, "external_id", texts)
        # Records of this very import, written with the batches before, are not meant.
        self.known_already += sum(1 for those in found.values() if any(one.id <= self._last_before for one in those))

    # What they change

    def _compare(self, intents: Sequence[Intent]) -> None:
        """Fill in the references, and for records that exist keep of the values only what differs."""
        rows = [intent.row for intent in intents if intent.row is not None]
        references = self._references.resolve(rows, self._targets)
        matched = [intent.record for intent in intents if intent.outcome is Outcome.UNCHANGED and intent.record]
        current = values_of(self._entity, matched, self._read) if matched else {}
        there = _clients_by_person(matched) if any(target.several for target in self._targets) else {}
        for intent in intents:
            if intent.outcome is Outcome.REJECTED:
                continue
            before = current.get(intent.record) if intent.record is not None else None
            if references and not self._refer(intent, references, before, there.get(intent.record or 0, set())):
                continue
            assert intent.values is not None and intent.row is not None
            if before is None:
                self._require(intent)
                continue
            wanted = intent.values
            if intent.row.cleared:
                wanted = {t.field: t.kind.empty for t in intent.row.cleared if not t.person and t.kind} | wanted
            intent.before = before
            intent.values = {name: value for name, value in wanted.items() if before[name] != value}
            if intent.values:
                intent.outcome = Outcome.UPDATE
        _decide_further(
            [intent for intent in intents if intent.further and intent.outcome is not Outcome.REJECTED], there
        )

    def _liken(self, intents: Sequence[Intent]) -> None:
        """Note of new records which one that was there before the import they are likely the same as."""
        if not (self._entity.alike and self._last_before):
            return
        rows = [intent.values or {} for intent in intents]
        found = duplicates.likeliest_of_many(self._actor, self._entity, rows, last=self._last_before)
        for intent, like in zip(intents, found, strict=True):
            if like is not None:
                intent.like = like.text()

    def _refer(
        self, intent: Intent, references: Mapping[str, Mapping[str, Any]], before: Values | None, there: set[int]
    ) -> bool:
        """Put the records that the row's references name into its values; reject the row where one names none.

        ``there`` are the clients that a person is at already.
        """
        assert intent.row is not None and intent.values is not None
        problems = []
        for target in self._targets:
            for one in intent.row.several.get(target.name, ()):
                named = references[target.name][one]
                if named.record is not None:
                    intent.further.append(named.record)
                elif not there & named.candidates:  # as below
                    problems.append(f"{self._column_of(target)}: {named.reason}")
            text = intent.row.references.get(target.name)
            if text is None:
                continue
            named = references[target.name][text]
            if before is not None and before[target.field] in named.candidates:
                continue  # it may mean several, or an archived one: what the record has is one of them, and stays
            if named.record is None:
                problems.append(f"{self._column_of(target)}: {named.reason}")
            else:
                intent.values[target.field] = named.record
        if problems:
            intent.reject("; ".join(problems))
        return not problems

    def _column_of(self, target: Target) -> str:
        return next(column.name for _at, column, other in self.plan.mapped if other is target)

    def _require(self, intent: Intent) -> None:
        assert intent.values is not None
        missing = [label for name, label in self._required if not intent.values.get(name)]
        if missing:
            intent.reject(_("{fields}: it cannot be empty").format(fields=", ".join(missing)))


def _clients_by_person(contacts: Sequence[int]) -> dict[int, set[int]]:
    found: dict[int, set[int]] = {}
    for place in places.clients(contacts):
        found.setdefault(place.contact, set()).add(place.client)
    return found


def _decide_further(intents: Sequence[Intent], there: Mapping[int, set[int]]) -> None:
    """Leave out of the clients that rows of people name those they are at; of somebody who has none of their own the
    first becomes it. Who gets another one stays at the former where the row names it, too."""
    for intent in intents:
        assert intent.values is not None
        former = (intent.before or {}).get("client")
        own = intent.values.get("client", former)
        at = {own, *(there.get(intent.record or 0, set()) - {former})}
        intent.further = [client for client in dict.fromkeys(intent.further) if client not in at]
        if own is None and intent.further:
            intent.values["client"] = intent.further.pop(0)
        if intent.outcome is Outcome.UNCHANGED and (intent.values or intent.further):
            intent.outcome = Outcome.UPDATE


def _key_of(intent: Intent, key: str) -> str:
    assert intent.row is not None
    if key == ID:
        return "" if intent.row.number is None else str(intent.row.number)
    return str(intent.row.values.get(key, ""))


def _last_id(entity: Entity) -> int:
    model: Any = entity.model
    row = model.select(model.id).order_by(model.id.desc()).limit(1).tuples().first()
    return row[0] if row else 0


def values_of(entity: Entity, ids: Sequence[int], names: Sequence[str]) -> dict[int, Values]:
    """Return some fields of records by id."""
    model: Any = entity.model
    fields = [entity.fields[name] for name in names]
    query = model.select(model.id, *fields).where(model.id.in_(list(ids)))
    return {row[0]: dict(zip(names, row[1:], strict=True)) for row in query.tuples()}
