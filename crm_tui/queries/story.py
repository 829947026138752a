"""What happened with a record, newest first: what was said and what was done to it, read in windows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import peewee as pw

from crm_tui import query
from crm_tui.db import among
from crm_tui.i18n import _
from crm_tui.models.base import Entity, entities
from crm_tui.models.conversations import Interaction
from crm_tui.models.journal import Change, Operation
from crm_tui.models.people import Contact, Operator
from crm_tui.queries import timeline
from crm_tui.query import Query

_SAID, _DONE = 0, 1
_NEWEST_FIRST = (pw.SQL("1").desc(), pw.SQL("2"), pw.SQL("3").desc())


@dataclass(frozen=True, slots=True)
class Told:
    """One thing that happened."""

    at: datetime
    who: str
    what: str
    interaction: int | None
    """The interaction's id, None for a change."""
    change: int | None
    """The change's id, None for an interaction."""

    @property
    def key(self) -> int:
        """A number that is this one's alone."""
        return (self.interaction or 0) * 2 if self.interaction else (self.change or 0) * 2 + 1


@dataclass(frozen=True, slots=True)
class Story:
    """What to tell of one record; with a query on interactions that asks for something, only those that match."""

    entity: Entity
    record: int
    asked: Query | None = None

    def window(self, offset: int, limit: int) -> list[Told]:
        """Return what happened ``offset`` to ``offset + limit``, newest first."""
        newest: Any = self._events(offset + limit)
        found = list(newest.order_by(*_NEWEST_FIRST).limit(limit).offset(offset).tuples())
        said = _interactions([row[2] for row in found if row[1] == _SAID])
        done = timeline.entries([row[2] for row in found if row[1] == _DONE])
        changes = {
            entry.id: Told(entry.at, entry.login, entry.text(self.entity.name), None, entry.id) for entry in done
        }
        return [told for _at, sort, one in found if (told := (said if sort == _SAID else changes).get(one)) is not None]

    def count(self) -> int:
        """Return how much there is to tell."""
        return int(self._events().count(Interaction._meta.database))

    def _events(self, most: int | None = None) -> Any:
        """The query of (moment, sort, id) of everything, or of the newest so many of either sort: a window then reads
        no more of a long story than it needs."""
        done: Any = (
            Change.select(Operation.at, pw.Value(_DONE, unpack=False), Change.id)
            .join(Operation, on=(Change.operation == Operation.id))
            .where(timeline.about(self.entity, self.record))
        )
        said = self._said()
        if said is None:
            return done
        if self.asked is not None and self.asked.where is not None:
            return said
        if most is not None:
            said = _these(said.order_by(Interaction.at.desc(), Interaction.id.desc()).limit(most))
            done = _these(done.order_by(Operation.at.desc(), Change.id.desc()).limit(most))
        return said.union_all(done)

    def _said(self) -> Any | None:
        """The query of (moment, sort, id) of the interactions, None of what has none."""
        side = {"client": Interaction.client, "contact": Interaction.contact}.get(self.entity.name)
        if side is None:
            return None
        said: Any = Interaction.select(Interaction.at, pw.Value(_SAID, unpack=False), Interaction.id)
        said = said.where(side == self.record)
        if self.asked is None or not self.asked.mentions("archived"):
            said = said.where(Interaction.archived_at.is_null())
        if self.asked is None or self.asked.where is None:
            return said
        return said.where(query.compile(self.asked))


def _these(arm: Any) -> Any:
    """A query with an order and an end of its own, as one of those that are joined: SQLite takes neither there."""
    named = arm.alias("arm")
    return pw.Select([named], [pw.SQL("*")]).bind(Interaction._meta.database)


def _interactions(ids: Sequence[int]) -> dict[int, Told]:
    rows: Any = (
        Interaction.select(
            Interaction.id, Interaction.at, Operator.login, Interaction.channel, Interaction.direction,
            Interaction.minutes, Contact.name, Interaction.subject, Interaction.body, Interaction.outcome,
            Interaction.next_step,
        )
        .join(Operator, pw.JOIN.LEFT_OUTER, on=(Interaction.operator == Operator.id))
        .switch(Interaction)
        .join(Contact, pw.JOIN.LEFT_OUTER, on=(Interaction.contact == Contact.id))
        .where(among(Interaction.id, ids))
    )  # fmt: skip
    return {row[0]: Told(row[1], row[2] or "–", _in_words(*row[3:]), row[0], None) for row in rows.tuples()}


def _in_words(
    channel: str,
    direction: str,
    minutes: int | None,
    contact: str | None,
    subject: str,
    body: str,
    outcome: str,
    step: str,
) -> str:
    """``call, 12 min, Maria Anders · happy with the draft → send proposal``."""
    fields = entities["interaction"].fields
    how = [fields["channel"].show(channel)]
    if direction == "in":
        how.append(_("from them"))
    if minutes:
        how.append(_("{n} min").format(n=minutes))
    if contact:
        how.append(contact)
    said = " – ".join(part for part in (subject, outcome) if part) or " ".join(body[:200].split())
    return ", ".join(how) + (f" · {said}" if said else "") + (f" → {step}" if step else "")
