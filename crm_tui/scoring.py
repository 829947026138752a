"""Lead scores: the sum of the points of the rules that a client meets, kept up to date as data and days go by.

Scores follow from what is, so they are not journalled. What one operation touches is scored inside it; more than that,
changed rules and another day are caught up on in slices (``step``), of which every session does some when it is idle.
How far that got stands in ``ScoreState``, so whoever is interrupted is continued by the next.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from operator import add
from typing import TYPE_CHECKING, Any

import peewee as pw

from crm_tui import clock, db, places
from crm_tui.db import Workspace, among, ask
from crm_tui.errors import BadInput
from crm_tui.fields import vocabulary
from crm_tui.i18n import _
from crm_tui.models.base import entities
from crm_tui.models.people import Client
from crm_tui.models.scores import ScoreRule, ScoreState, TypedScore

if TYPE_CHECKING:
    from crm_tui.query import Query

AT_ONCE = 300
"""Clients scored inside the operation that touches them; more are left to the slices."""

PRECISION = 1000
"""Points are added up in thousandths, so that both databases come to the same sum."""

MOST = 100


@dataclass(frozen=True, slots=True)
class Rule:
    """An active rule as it was read."""

    name: str
    points: int
    half_life: int | None
    fades_from: str
    query: Query | None
    """None when it cannot be read any more: what it names was renamed or taken away. It then gives nothing."""
    problem: str = ""
    """Why it cannot be read."""

    def worth(self, within: Callable[[Any], Any]) -> Any:
        """Return the SQL expression of what it gives a client now, in thousandths of a point; ``within`` is the
        condition that an id is that of one of the clients that are asked about."""
        from crm_tui import query

        if self.query is None:
            return pw.SQL("0")
        where = query.compile(self.query, within)
        worth: Any = pw.SQL(str(self.points * PRECISION))
        if self.half_life:
            since = pw.fn.COALESCE(getattr(Client, self.fades_from), Client.created_at)
            worth = db.faded(self.points * PRECISION, self.half_life, since, clock.today())
        return worth if where is None else pw.Case(None, [(where, worth)], pw.SQL("0"))

    @property
    def asks_of(self) -> frozenset[str]:
        """The other entities that its query asks about, by name."""
        return frozenset(_asked_of(self.query.where)) if self.query is not None else frozenset()


def active() -> bool:
    """Whether scores are kept by rules."""
    found: Any = ScoreRule.select(ScoreRule.id).where(_active())
    return bool(found.exists())


def _active() -> Any:
    return ScoreRule.active & ScoreRule.archived_at.is_null()


def kept(entity_name: str, names: Collection[str]) -> bool:
    """Whether ``score`` is among these fields of clients, and kept by rules."""
    return entity_name == "client" and "score" in names and active()


def read(text: str) -> Query:
    """Return the query of a rule. Raises BadInput, with the position, when it cannot be one."""
    from crm_tui import query
    from crm_tui.query import sql

    parsed = query.parse(text, entities["client"])
    if parsed.mentions("score"):
        raise BadInput(_("A score rule cannot ask for the score, which follows from the rules."))
    sql.check_no_change(parsed)
    return parsed


def _asked_of(node: Any) -> Iterator[str]:
    """Yield the names of the other entities that a query asks about."""
    from crm_tui.query.tree import Count, Hop, Some, walk

    for found in walk(node) if node is not None else ():
        if isinstance(found, Hop):
            yield found.entity.name
        if isinstance(found, Some):
            yield found.referrer.other.name
        if isinstance(found, Hop | Some):
            yield from _asked_of(found.where)
        if isinstance(found, Count):
            for some in found.counted:
                yield from _asked_of(some)


def rules() -> list[Rule]:
    """Return the active rules, in their order."""
    return [_rule(*row) for row in _written()]


def _written() -> list[Any]:
    """The active rules as they were written."""

    def query() -> Any:
        read: Any = ScoreRule.select(
            ScoreRule.name, ScoreRule.query, ScoreRule.points, ScoreRule.half_life_days, ScoreRule.fades_from
        )
        order = (pw.fn.COALESCE(ScoreRule.position, 0), ScoreRule.name.expression(), ScoreRule.id)
        return read.where(_active()).order_by(*order)

    return ask("score rules", query)


def _rule(name: str, text: str, points: int, half_life: int | None, fades_from: str) -> Rule:
    try:
        return Rule(name, points, half_life, fades_from, read(text))
    except BadInput as error:
        return Rule(name, points, half_life, fades_from, None, str(error))


def score_of(thousandths: int) -> int:
    """Return the score that a sum of points makes: 0 to 100, halves rounded up."""
    return max(0, min(MOST, (thousandths + PRECISION // 2) // PRECISION))


def parts(client: int, known: Sequence[Rule]) -> list[int]:
    """Return what each rule gives a client now, in thousandths of a point; nothing when there is no such client."""
    if not known:
        return []

    def this(column: Any) -> Any:
        return column == client

    query: Any = Client.select(*(rule.worth(this).alias(f"p{at}") for at, rule in enumerate(known)))
    found: Any = query.where(this(Client.id)).tuples().first()
    return [int(one) for one in found or ()]


# Inside an operation


def rescore(workspace: Workspace, touched: Mapping[str, Collection[int]], former: Collection[int]) -> set[int]:
    """Bring scores up to date with what an operation changed, or note that they are to be; return the clients whose
    score is another one now. ``former`` are clients that records belonged to before. Inside ``Workspace.write`` only.
    """
    if "score_rule" in touched:
        return _rules_changed(workspace)
    known = rules()
    if not known:
        return set()
    if "word" in touched:  # what the rules ask may mean other stages now
        _stale(0)
        return set()
    about = {name for name, _field in _referrers() if name in touched}
    # A client whose score follows from one of these is not known to be it: what an owner's role is, say.
    elsewhere = touched.keys() - (about - {"client"})
    if any(not elsewhere.isdisjoint(rule.asks_of) for rule in known):
        _stale(0)
        return set()
    clients = {*touched.get("client", ()), *former}
    for name in about:
        if len(touched[name]) > AT_ONCE:
            _stale(0)
            return set()
        clients |= _clients_of(name, touched[name])
    if len(clients) > AT_ONCE:
        _stale(min(clients) - 1)
        return set()
    changed = _score(workspace, known, lambda column: among(column, clients))
    if not changed <= set(touched.get("client", ())):
        _moved()
    return changed


def _referrers() -> list[tuple[str, str]]:
    """The entities that belong to a client, each with the field that says to which."""
    return [(other.name, field) for other, field in entities["client"].referrers]


def _clients_of(name: str, ids: Collection[int]) -> set[int]:
    """Return the clients that records belong to."""
    found: set[int] = set()
    model: Any = entities[name].model
    for _name, field in (pair for pair in _referrers() if pair[0] == name):
        column = entities[name].fields[field]
        found |= {row[0] for row in model.select(column).where(among(model.id, ids)).tuples()}
    if name == "contact":
        found |= {place.client for place in places.further(list(ids))}
    return {client for client in found if client is not None}


def _rules_changed(workspace: Workspace) -> set[int]:
    """Begin to keep scores, keep them by other rules, or give back what was typed."""
    begun = ScoreState.select().exists()
    if not active():
        return _give_back(workspace) if begun else set()
    if not begun:
        typed: Any = Client.select(Client.id, Client.score).where(Client.score.is_null(False))
        TypedScore.insert_from(typed, [TypedScore.client, TypedScore.score]).execute()
        ScoreState.insert(scored_on=clock.today(), after=0, moved=0).execute()
    _stale(0)
    _moved()
    if how_many() > AT_ONCE:
        return set()
    changed = _score(workspace, rules(), lambda column: column > 0)
    ScoreState.update(after=None, scored_on=clock.today()).execute()
    return changed


def _give_back(workspace: Workspace) -> set[int]:
    """Give clients the score that was typed for them before there were rules."""
    typed = TypedScore.select(TypedScore.score).where(TypedScore.client == Client.id)
    differs = Client.score.is_null(False) | Client.id.in_(TypedScore.select(TypedScore.client))
    query: Any = Client.select(Client.id).where(differs)
    changed = {row[0] for row in query.tuples()}
    Client.update({Client.score: typed}).where(differs).execute()
    TypedScore.delete().execute()
    ScoreState.delete().execute()
    return changed


def _stale(after: int) -> None:
    """Note that clients with an id greater than ``after`` are to be scored."""
    further = ScoreState.after.is_null() | (ScoreState.after > after)
    ScoreState.update({ScoreState.after: after}).where(further).execute()


def _moved() -> None:
    ScoreState.update({ScoreState.moved: ScoreState.moved + 1}).execute()


def _score(workspace: Workspace, known: Sequence[Rule], within: Callable[[Any], Any]) -> set[int]:
    """Write the scores of clients that are other ones now, and return whose."""
    return _write(workspace.database.execute(_asked(known, within)).fetchall())


def _asked(known: Sequence[Rule], within: Callable[[Any], Any]) -> Any:
    points = reduce(add, (rule.worth(within) for rule in known), pw.SQL("0"))
    return Client.select(Client.id, Client.score, points.alias("points")).where(within(Client.id))


def _write(rows: Sequence[tuple[int, int | None, Any]]) -> set[int]:
    wanted: dict[int, list[int]] = {}
    for client, score, points in rows:
        new = score_of(int(points))
        if new != score:
            wanted.setdefault(new, []).append(client)
    for new, clients in wanted.items():  # a hundred and one values at most, whatever the number of clients
        Client.update({Client.score: new}).where(among(Client.id, clients)).execute()
    return {client for clients in wanted.values() for client in clients}


# In slices, when there is time


def behind() -> bool:
    """Whether scores are to be brought up to date: something changed for many clients, or it is another day."""
    state: Any = ScoreState.select(ScoreState.scored_on, ScoreState.after).tuples().first()
    return state is not None and (state[1] is not None or state[0] != clock.today())


def moved() -> int:
    """Return a number that differs once scores changed without an operation of their client."""
    row: Any = ScoreState.select(ScoreState.moved).tuples().first()
    return int(row[0]) if row else 0


def how_many() -> int:
    """Return how many clients there are to score."""
    return int(Client.select().count())


def start_over(workspace: Workspace) -> None:
    """Note that every client is to be scored."""
    with workspace.write():
        _stale(0)


class Pass:
    """What is asked in every slice of a pass, made once: that takes longer than asking it."""

    _AFTER, _LAST = -(2**62) - 1, -(2**62) - 2
    """Stand in the parameters for the ids between which a slice lies."""

    def __init__(self) -> None:
        self._made: tuple[Any, str, list[Any]] | None = None

    def score(self, workspace: Workspace, after: int, last: int) -> set[int]:
        """Write the scores of the clients after one and up to another that are other ones now; return whose."""
        key = (clock.today(), _written(), dict(vocabulary))
        if self._made is None or self._made[0] != key:
            known = [_rule(*row) for row in key[1]]
            self._made = (key, *_asked(known, lambda column: (column > self._AFTER) & (column <= self._LAST)).sql())
        _key, sql, parameters = self._made
        given = {self._AFTER: after, self._LAST: last}
        filled = [given.get(one, one) if isinstance(one, int) else one for one in parameters]
        return _write(workspace.database.execute_sql(sql, filled).fetchall())


def step(workspace: Workspace, size: int, question: Pass) -> set[int] | None:
    """Score the next ``size`` clients, in a write transaction of its own; return those whose score is another one now,
    None when there was nothing left to do. ``question`` goes from one slice to the next."""
    with workspace.write():
        state: Any = ScoreState.select(ScoreState.scored_on, ScoreState.after).tuples().first()
        today = clock.today()
        if state is None or (state[1] is None and state[0] == today):
            return None
        after = 0 if state[0] != today or state[1] is None else state[1]
        ids: Any = Client.select(Client.id).where(Client.id > after).order_by(Client.id).limit(1)
        last = ids.offset(size - 1).tuples().first()
        changed = question.score(workspace, after, last[0] if last else 2**62)
        reached = last[0] if last else None
        counted = ScoreState.moved + (1 if changed else 0)
        ScoreState.update({ScoreState.after: reached, ScoreState.scored_on: today, ScoreState.moved: counted}).execute()
        return changed
