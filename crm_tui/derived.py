"""What of a client follows from other records: brought up to date inside the operation that changed those.

Nobody types it, and the journal does not tell it: undoing an interaction makes the last contact what it was before.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from operator import attrgetter
from typing import Any, NamedTuple

import peewee as pw

from crm_tui import clock, db
from crm_tui.fields import DATED, Option, vocabulary
from crm_tui.models.base import entities
from crm_tui.models.journal import Change, Operation
from crm_tui.models.orders import DONE, DROPPED

DERIVED = ("last_contact", "last_contact_by", "last_channel", "heard_at", "due_on", "quiet_on", "left_on",
           "order_count", "last_order", "lifetime_value", "repeat_rate")  # fmt: skip
"""The fields of a client that are derived here."""

NOTE = "note"
"""What channels mean of what was noted about a client and not said to anybody: no contact."""

SPOKEN = "spoken"
"""What channels mean on which both sides speak, unless it is said otherwise."""

FROM_US = "out"
"""The direction of what nobody has answered yet: a contact, but nothing was heard."""

CADENCE = "cadence."
"""Settings that begin so hold the days between contacts of a stage: ``cadence.active``."""

WON, QUIET, GONE = "won", "quiet", "gone"
"""What stages mean: of clients one works with, who are expected to be heard of; of those who no longer are, but have
not left; of those who left, in which no cadence asks for anything."""

_BATCH = 1000

_LAST_YEAR = 9980
"""From this year on nothing is counted on: what follows would be beyond the last day there is."""


def stage_that_is(meaning: str) -> str:
    """Return the first stage of a meaning, whatever it is called in this workspace; "" where none has it."""
    kind: Any = entities["client"].fields["stage"]
    return next(iter(kind.meant(meaning)), "")


def concerns_all(entity: str, *sides: Mapping[str, Any]) -> bool:
    """Whether a change concerns every client: a stage's cadence is another, or is there no more."""
    return entity == "setting" and any(str(side.get("key", "")).startswith(CADENCE) for side in sides)


def meanings(words: Mapping[str, Sequence[Option]]) -> tuple[frozenset[str], ...]:
    """Return the stages that are won and gone, the channels that are notes, and the stages of orders that are done and
    dropped: what follows for every client depends on them. ``words`` are the vocabularies that have words of their
    own."""
    found = []
    for entity, field, meaning in (
        ("client", "stage", WON),
        ("client", "stage", GONE),
        ("interaction", "channel", NOTE),
        ("order", "stage", DONE),
        ("order", "stage", DROPPED),
    ):
        kind: Any = entities[entity].fields[field]
        options = words.get(kind.words, kind.declared)
        found.append(frozenset(option.value for option in options if option.meaning == meaning))
    return tuple(found)


def refresh(
    workspace: db.Workspace, touched: Mapping[str, set[int]], former: Iterable[int], *, everyone: bool = False
) -> set[int]:
    """Bring up to date what follows from the records changed, by entity name; return the clients that differ now.

    ``former`` are clients that records belonged to before; ``everyone`` is for what concerns all clients. Inside
    ``Workspace.write`` only.
    """
    wanted = {*touched.get("client", ()), *former}
    for name in ("interaction", "order"):
        wanted |= _clients_of(name, touched.get(name, ()))
    if everyone or _cadences_changed(touched.get("setting", ())):
        wanted |= _all_clients()
    if not wanted:
        return set()
    cadences, changed = stage_cadences(), set()
    won, gone, notes, done, dropped = meanings(vocabulary)
    meant = dict.fromkeys(won, WON) | dict.fromkeys(gone, GONE)
    columns = [field.column_name for field in _columns()]
    for batch in db.batches(sorted(wanted), _BATCH):
        bought = purchases(batch, done, dropped)
        found = _standing(batch, notes)
        left = _days_left([record for record, _held, facts in found if facts.stage in gone], gone)
        standing = [
            (
                record,
                held,
                (*_derived(facts, cadences, meant, left.get(record)), *bought.get(record, NOTHING_BOUGHT)),
            )
            for record, held, facts in found
        ]
        # Only the columns that differ: each one that is written is written into its indexes, too.
        by_shape: dict[tuple[int, ...], list[list[Any]]] = {}
        for record, held, values in standing:
            if values != held:
                shape = tuple(place for place, value in enumerate(values) if value != held[place])
                by_shape.setdefault(shape, []).append([*(values[place] for place in shape), record])
                changed.add(record)
        for shape, rows in by_shape.items():
            workspace.update_rows("client", [columns[place] for place in shape], rows)
    return changed


def _columns() -> list[Any]:
    """The columns of ``DERIVED``, in that order."""
    fields: Any = entities["client"].model._meta.fields
    return [fields[name] for name in DERIVED]


def stage_cadences() -> dict[str, int]:
    """Return the days between contacts that a stage asks for where the client has none of its own."""
    setting: Any = entities["setting"].model
    query = setting.select(setting.key, setting.value).where(
        (setting.key >= CADENCE) & (setting.key < CADENCE[:-1] + "/") & setting.archived_at.is_null()
    )
    found = {key.removeprefix(CADENCE): value.strip() for key, value in query.tuples()}
    return {stage: int(days) for stage, days in found.items() if days.isdecimal() and 0 < int(days) <= 3650}


def due(follow_up: date | None, cadence: int | None, since: date | None, added: date) -> date | None:
    """Return the day a client is due: the follow-up that was agreed, else so many days after the last was heard or, of
    whom nothing was heard, after they were acquired; of whom nothing at all is known, the day they were added."""
    if follow_up is not None:
        return follow_up
    if cadence is None:
        return None
    if since is None:
        return added
    return since + timedelta(days=cadence) if since.year + cadence // 365 < _LAST_YEAR else None


def quiet(due_on: date | None, cadence: int | None) -> date | None:
    """Return the last day on which a client one works with, who is not heard, still counts as in touch.

    The rule: silence has lasted for one cadence longer than it should have, so twice the cadence where no follow-up was
    agreed. Then the client has gone quiet, and being dormant is suggested. None without a cadence.
    """
    if due_on is None or cadence is None or due_on.year >= _LAST_YEAR:
        return None
    return due_on + timedelta(days=cadence)


def _clients_of(name: str, ids: Iterable[int]) -> set[int]:
    """The clients that records of an entity are about."""
    model: Any = entities[name].model
    found: set[int] = set()
    for batch in db.batches(sorted(ids)):
        query = model.select(model.client).where(db.among(model.id, batch))
        found.update(row[0] for row in query.tuples() if row[0] is not None)
    return found


def follows_from_order(before: Mapping[str, Any], after: Mapping[str, Any]) -> bool:
    """Whether a change of an order changes what follows for its client: most only move it on."""
    if not _BOUGHT.isdisjoint(before) or not _BOUGHT.isdisjoint(after):
        return True
    stage: Any = entities["order"].fields["stage"]
    return bool(stage.meaning(before.get("stage")) != stage.meaning(after.get("stage")))


_BOUGHT = frozenset({"client", "ordered_on", "currency", "archived_at", "net", "total"})
"""Fields of an order that what a client bought follows from, besides what its stage means."""

Purchases = tuple[int | None, date | None, int | None, int | None]
"""How many orders, the day of the last one, what the fulfilled ones come to (minor units), the share in percent of
those that are not the first: the last four of ``DERIVED``."""

NOTHING_BOUGHT: Purchases = (None, None, None, None)


def purchases(clients: Iterable[int], done: Collection[str], dropped: Collection[str]) -> dict[int, Purchases]:
    """Return what follows for clients from their orders, of those who have any; ``done`` and ``dropped`` are the
    stages of that meaning. Fulfilled orders in another currency than the client's do not count into the value."""
    order: Any = entities["order"].model
    client: Any = entities["client"].model
    own = (client.currency_key == "") | (order.currency_key == client.currency_key)
    worth = pw.Case(None, [(order.stage.in_(sorted(done)) & own, order.total)])
    query = (
        order.select(order.client, pw.fn.COUNT(order.id), pw.fn.MAX(order.ordered_on), pw.fn.SUM(worth))
        .join(client, on=(order.client == client.id))
        .where(
            db.among(order.client, list(clients)) & order.archived_at.is_null() & order.stage.not_in(sorted(dropped))
        )
        .group_by(order.client)
    )
    return {
        record: (count, _as_day(last), None if value is None else int(value), round(100 * (count - 1) / count))
        for record, count, last, value in query.tuples()
    }


def _as_day(value: Any) -> date | None:
    """SQLite gives what an aggregate makes of a day as text."""
    return date.fromisoformat(value) if isinstance(value, str) else value


def _cadences_changed(ids: Iterable[int]) -> bool:
    if not ids:
        return False
    setting: Any = entities["setting"].model
    query = setting.select(setting.key).where(db.among(setting.id, ids))
    return any(str(row[0]).startswith(CADENCE) for row in query.tuples())


def _all_clients() -> set[int]:
    client: Any = entities["client"].model
    return {row[0] for row in client.select(client.id).tuples()}


Contact = tuple[datetime, int | None, str]
"""An interaction: when (naive UTC), with which operator, on which channel."""


class Said(NamedTuple):
    """What was said with a client, as far as something follows from it: with when (naive UTC) and which operator."""

    at: datetime
    operator: int | None
    channel: str
    direction: str


_at = attrgetter("at")


class _Facts(NamedTuple):
    """What the contacts of a client follow from."""

    follow_up: date | None
    cadence: int | None
    stage: str
    acquired: date | None
    created: datetime
    latest: Contact | None
    heard: Contact | None


def _standing(ids: Iterable[int], notes: Collection[str]) -> list[tuple[int, tuple[Any, ...], _Facts]]:
    """Return of clients their id, what they hold of ``DERIVED``, and what that follows from. What is on the channels
    ``notes`` is no contact."""
    client: Any = entities["client"].model
    interaction: Any = entities["interaction"].model
    said = interaction.alias()
    latest = (
        said.select(said.id)
        .where((said.client == client.id) & said.archived_at.is_null() & said.channel.not_in(sorted(notes)))
        .order_by(said.at.desc(), said.id.desc())
        .limit(1)
    )
    heard = latest.where(said.direction != FROM_US)
    query = client.select(
        client.id, *_columns(), client.follow_up_on, client.cadence_days, client.stage, client.acquired_on,
        client.created_at, latest, heard,
    ).where(db.among(client.id, ids))  # fmt: skip
    rows = list(query.tuples())
    found = _interactions({one for row in rows for one in row[-2:] if one is not None})
    end = 1 + len(DERIVED)
    return [(row[0], row[1:end], _Facts._make((*row[end:-2], found.get(row[-2]), found.get(row[-1])))) for row in rows]


def _interactions(ids: Iterable[int]) -> dict[int, Contact]:
    """Return interactions by their id."""
    interaction: Any = entities["interaction"].model
    query = interaction.select(interaction.id, interaction.at, interaction.operator, interaction.channel)
    return {row[0]: row[1:] for row in query.where(db.among(interaction.id, ids)).tuples()}


def of_new(
    clients: Sequence[Mapping[str, Any]], said: Sequence[Sequence[Said]], created: datetime, cadences: Mapping[str, int]
) -> dict[str, list[Any]]:
    """Return the columns of new clients that are derived, by name: what ``refresh`` would make of them.

    ``clients`` are values by field name, ``said`` is what was said with each, ``created`` (naive UTC) when they are
    made and ``cadences`` what ``stage_cadences`` gives. None of them has ordered anything yet.
    """
    won, gone, notes, _done, _dropped = meanings(vocabulary)
    meant = dict.fromkeys(won, WON) | dict.fromkeys(gone, GONE)
    found = []
    for values, there in zip(clients, said, strict=True):
        # Of those at the same moment the last one counts, as in ``_standing``.
        contacts = [one for one in reversed(there) if one.channel not in notes]
        latest = max(contacts, key=_at, default=None)
        heard = max((one for one in contacts if one.direction != FROM_US), key=_at, default=None)
        facts = _Facts(
            values["follow_up_on"], values["cadence_days"], values["stage"], values["acquired_on"], created,
            latest[:3] if latest else None, heard[:3] if heard else None,
        )  # fmt: skip
        found.append((*_derived(facts, cadences, meant, None), *NOTHING_BOUGHT))
    return {
        field.column_name: [db.plain_time(value) for value in values] if field.family in DATED else list(values)
        for field, values in zip(_columns(), zip(*found, strict=True), strict=True)
    }


def _days_left(ids: Collection[int], gone: Collection[str]) -> dict[int, date]:
    """Return of clients who left the day they did, as the journal has it: when somebody last moved them to a stage of
    ``gone`` from one that is not. Who came here as one who had left is not among them."""
    change: Any = Change
    made: Any = Operation
    query = (
        change.select(change.record, change.before, change.after, made.at)
        .join(made, on=(change.operation == made.id))
        # Undoing that they came back makes them left when they did leave.
        .where((change.entity == "client") & db.among(change.record, ids) & (change.action == "update"))
        .where((made.kind == "do") & change.after.contains('"stage"'))
        .order_by(change.id)
    )
    return {
        record: clock.local(at).date()
        for record, before, after, at in (query.tuples() if ids else ())
        if json.loads(after).get("stage") in gone and json.loads(before).get("stage") not in gone
    }


def _derived(
    facts: _Facts, cadences: Mapping[str, int], meant: Mapping[str, str], left: date | None
) -> tuple[Any, ...]:
    """Return the first values of ``DERIVED``, in that order, which follow from what ``_standing`` found; ``meant`` says
    what stages mean, where that makes a difference, and ``left`` when somebody moved the client to one of who left: who
    came here as one left when they were last in touch."""
    follow_up, cadence, stage, acquired, created, latest, heard = facts
    meaning = meant.get(stage)
    last = heard or latest  # who never answered is due a while after we last tried
    since = clock.local(last[0]).date() if last else acquired
    asked = None if meaning == GONE else cadence or cadences.get(stage)
    day = due(follow_up, asked, since, clock.local(created).date())
    when, by, channel = latest or (None, None, "")
    silent = quiet(day, asked) if meaning == WON else None
    gone_on = None
    if meaning == GONE:
        gone_on = left or (clock.local(when).date() if when else acquired or clock.local(created).date())
    return when, by, channel, heard[0] if heard else None, day, silent, gone_on
