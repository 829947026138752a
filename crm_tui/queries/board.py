"""The board of orders: which card stands where, and what is written on it.

Where the cards stand is read whole, a few columns of each row, so that the board can be walked without asking again;
what is written on them is read for those in sight.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Any, Literal

import peewee as pw

from crm_tui import clock, query, scope
from crm_tui.db import among_those, ask
from crm_tui.fields import Amount, Choice
from crm_tui.formats import due_day
from crm_tui.i18n import _
from crm_tui.models.base import entities
from crm_tui.models.orders import DONE, OPEN, Order, in_stages, order_stages
from crm_tui.queries.checklists import progress
from crm_tui.queries.lists import Listing, titles_of
from crm_tui.scope import Actor

RECENT = 30
"""Days for which an order that is fulfilled or cancelled stays on the board."""

MOST_CLOSED = 500
"""Cards of a stage of those that the board holds, the newest; its heading counts them all."""

LANES = ("team", "assignee", "client", "priority")
"""The fields by which the board can be parted into lanes."""


Tone = Literal["", "warning", "alert"]


@dataclass(frozen=True, slots=True)
class Stage:
    """A column of the board."""

    value: str
    label: str
    closed: bool
    """Whether its orders are done or dropped: then it holds those of the last days, the newest first."""
    limit: int | None
    count: int
    """How many orders are in it, also those that the board does not hold."""
    others: int = 0
    """How many more count for its limit, because they are in it but do not match."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a card stands: of which stage and lane, and before which others (by ``key``, smaller first)."""

    id: int
    stage: str
    lane: str
    key: str
    late: bool = False
    """Whether it is open and past its due day."""


@dataclass(frozen=True, slots=True)
class Board:
    """All that stands on a board."""

    stages: tuple[Stage, ...]
    lanes: tuple[tuple[str, str], ...]
    """Lanes from the top, each with its heading; one without, when there are none."""
    places: tuple[Place, ...]


@dataclass(frozen=True, slots=True)
class Card:
    """What is written on a card."""

    id: int
    head: str
    """Its number and whose it is."""
    title: str
    facts: tuple[str, ...]
    """What else is known of it, most important first."""
    checked: tuple[int, int] | None
    """How many items of its checklist are done, and how many there are."""
    tone: Tone
    """``alert`` when it is late, ``warning`` when it is blocked or due today, "" otherwise."""


def sorted_by_hand(shown: Listing) -> bool:
    """Whether the cards of a stage stand as people arranged them: the query asks for no other order."""
    return not shown.query.sort


def board(actor: Actor, shown: Listing, lane: str = "") -> Board:
    """Return what stands on the board: the open orders that match, and those that were closed lately."""
    stages, places = [], []
    kind = order_stages()
    opened = _of_open(actor, shown, lane, kind.meant(OPEN))
    counts: dict[str, int] = {}
    for place in opened:
        counts[place.stage] = counts.get(place.stage, 0) + 1
    places += opened
    limited = in_stages(
        [option.value for option in kind.options if option.limit is not None and option.meaning == OPEN]
    )
    for option in kind.options:
        count = counts.get(option.value, 0)
        others = max(0, limited.get(option.value, count) - count)
        if closed := option.meaning != OPEN:
            newest = _of_closed(actor, shown, lane, option.value, kind)
            count = len(newest)
            if count == MOST_CLOSED:
                count = int(_select(actor, shown, [pw.fn.COUNT(pw.SQL("*"))], _recent(option.value, kind)).scalar())
            places += newest
        stages.append(Stage(option.value, _(option.label), closed, option.limit, count, others))
    return Board(tuple(stages), _lanes(lane, places), tuple(places))


def places(actor: Actor, shown: Listing, lane: str, ids: Sequence[int]) -> dict[int, Place]:
    """Return where those of the cards stand that are on a board whose cards are arranged by hand."""
    model: Any = Order
    kind = order_stages()

    def query() -> Any:
        columns = [model.id, model.stage, model.rank, model.due_on, model.fulfilled_on, model.entered_at]
        on_board = model.stage.in_(kind.meant(OPEN))
        for option in kind.options:
            if option.meaning != OPEN:
                on_board |= _recent(option.value, kind)
        return _select(actor, shown, [*columns, *_of_lane(lane)], among_those(model.id) & on_board)

    # Where all cards are on the board the same is asked all day: whoever moves cards does so again and again.
    form = ("places", actor, lane, kind.options, clock.today()) if not shown.query.text.strip() else None
    found: dict[int, Place] = {}
    for row in ask(form, query, ids):
        record, stage, rank, due, fulfilled, entered = row[:6]
        is_open = kind.meaning(stage) == OPEN
        key = rank if is_open else _newest_first(fulfilled if kind.meaning(stage) == DONE else entered, record)
        found[record] = Place(record, stage, _lane_of(row[6:]), key, is_open and _is_late(due))
    return found


def _select(actor: Actor, shown: Listing, columns: Sequence[Any], *conditions: Any) -> Any:
    how = query.listing(replace(shown.query, sort=()), shown.default_sort)
    limit = scope.visible(actor, shown.entity)
    model: Any = Order
    where = [one for one in (*conditions, how.counted, limit) if one is not None]
    return model.select(*columns).where(*where)


def _of_open(actor: Actor, shown: Listing, lane: str, stages: Sequence[str]) -> list[Place]:
    model: Any = Order
    columns = [model.id, model.stage, model.rank, model.due_on, *_of_lane(lane)]
    found = _select(actor, shown, columns, model.stage.in_(stages))
    by_hand = sorted_by_hand(shown)
    if by_hand:
        found = found.order_by(model.rank, model.id)
    else:
        found = found.order_by(*query.listing(shown.query, shown.default_sort).order_by)
    today = str(clock.today())
    # Past Peewee's rows: of a board of 10,000 cards they take longer than the query.
    rows = model._meta.database.execute(found).fetchall()
    return [
        Place(
            row[0], row[1], _lane_of(row[4:]), row[2] if by_hand else f"{at:09}", bool(row[3]) and str(row[3]) < today
        )
        for at, row in enumerate(rows)
    ]


def _is_late(due: date | None) -> bool:
    return due is not None and due < clock.today()


def _of_closed(actor: Actor, shown: Listing, lane: str, stage: str, kind: Choice) -> list[Place]:
    model: Any = Order
    since = model.fulfilled_on if kind.meaning(stage) == DONE else model.entered_at
    found = _select(actor, shown, [model.id, since, *_of_lane(lane)], _recent(stage, kind))
    found = found.order_by(since.desc(), model.id.desc()).limit(MOST_CLOSED)
    return [Place(row[0], stage, _lane_of(row[2:]), _newest_first(row[1], row[0])) for row in found.tuples()]


def _recent(stage: str, kind: Choice) -> Any:
    """The condition of the orders of a closed stage that are still on the board."""
    model: Any = Order
    if kind.meaning(stage) == DONE:
        return (model.stage == stage) & (model.fulfilled_on >= clock.today() - timedelta(days=RECENT))
    since = clock.to_utc(datetime.combine(clock.today() - timedelta(days=RECENT), time.min))
    return (model.stage == stage) & (model.entered_at >= since)


def _newest_first(when: Any, record: int) -> str:
    """A key that is smaller the later something was."""
    day = when.toordinal() if isinstance(when, date) else 0
    seconds = when.hour * 3600 + when.minute * 60 + when.second if hasattr(when, "hour") else 0
    return f"{10**7 - day:08}{10**5 - seconds:06}{10**18 - record:019}"


def _of_lane(lane: str) -> list[Any]:
    return [Order._meta.fields[lane]] if lane else []


def _lane_of(cells: Sequence[Any]) -> str:
    return "" if not cells or cells[0] is None else str(cells[0])


def _lanes(lane: str, places: Iterable[Place]) -> tuple[tuple[str, str], ...]:
    """The lanes that have cards, in the order of what they are called; the most pressing priority first, and last the
    cards that nobody has."""
    if not lane:
        return (("", ""),)
    there = {place.lane for place in places}
    kind: Any = entities["order"].fields[lane]
    if isinstance(kind, Choice):
        return tuple((option.value, _(option.label)) for option in reversed(kind.options) if option.value in there)
    titles = titles_of(entities["order"], lane, [int(one) for one in there if one])
    named = sorted(titles.items(), key=lambda item: (item[1].casefold(), item[0]))
    without = (("", _("without {what}").format(what=kind.label.lower())),) if "" in there else ()
    return (*((str(record), name) for record, name in named), *without)


_WRITTEN = (
    "number", "client", "title", "stage", "due_on", "fulfilled_on", "priority", "assignee", "tags", "blocked", "total",
    "currency",
)  # fmt: skip


def cards(ids: Sequence[int]) -> dict[int, Card]:
    """Return what is written on cards; orders that are gone are left out."""
    entity, model = entities["order"], Order
    fields: Mapping[str, Any] = model._meta.fields

    def written() -> Any:
        return model.select(model.id, *(fields[name] for name in _WRITTEN)).where(among_those(model.id))

    rows = [dict(zip(("id", *_WRITTEN), row, strict=True)) for row in ask("cards", written, ids)]
    names = {name: titles_of(entity, name, [row[name] for row in rows]) for name in ("client", "assignee")}
    checked = progress(entity, [row["id"] for row in rows])
    return {row["id"]: _card(row, names, checked.get(row["id"])) for row in rows}


def _card(row: Mapping[str, Any], names: Mapping[str, Mapping[int, str]], checked: tuple[int, int] | None) -> Card:
    fields = entities["order"].fields
    priority: Any = fields["priority"]
    today = clock.today()
    is_open = order_stages().meaning(row["stage"]) == OPEN
    late = is_open and row["due_on"] is not None and row["due_on"] < today
    facts = []
    if row["blocked"] and is_open:
        facts.append(_("blocked"))
    if row["fulfilled_on"] is not None:
        facts.append(_fulfilled(row["fulfilled_on"], row["due_on"]))
    elif row["due_on"] is not None:
        facts.append(due_day(row["due_on"], today))
    if priority.options and row["priority"] != priority.initial:
        facts.append(f"!{priority.show(row['priority'])}")
    if row["assignee"] is not None:
        facts.append(f"@{names['assignee'].get(row['assignee'], '?')}")
    if row["total"]:
        facts.append(fields["total"].show(Amount(row["total"], row["currency"] or "")))
    facts += [f"#{tag}" for tag in row["tags"]]
    tone: Literal["", "warning", "alert"] = (
        "alert" if late else "warning" if row["blocked"] or (is_open and row["due_on"] == today) else ""
    )
    head = f"{row['number']} {names['client'].get(row['client'], '')}"
    return Card(row["id"], head, row["title"] or "", tuple(facts), checked, tone)


def _fulfilled(day: date, due: date | None) -> str:
    if due is None:
        return due_day(day)
    days = (day - due).days
    return _("on time") if days <= 0 else _("{n} days late").format(n=days) if days > 1 else _("1 day late")
