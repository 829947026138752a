"""Who is in which team, read for a window of records at a time. Archived operators and teams do not count."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import peewee as pw

from crm_tui.db import among
from crm_tui.formats import duration, whole
from crm_tui.models.base import entities
from crm_tui.models.people import Membership, Operator, Team
from crm_tui.queries.lists import ListRow, rows

MEMBER_COLUMNS = ("operator", "capacity", "created_at")


def members(team: int) -> tuple[ListRow, ...]:
    """Return the members of a team as rows of memberships: cells as ``MEMBER_COLUMNS``."""
    query = _present(Membership.id).where(Membership.team == team).order_by(_login_key(), Membership.id)
    return tuple(rows(entities["membership"], [row[0] for row in query.tuples()], MEMBER_COLUMNS))


def member_ids(team: int) -> list[int]:
    """Return the operators in a team."""
    query = _present(Membership.operator).where(Membership.team == team).order_by(_login_key())
    return [row[0] for row in query.tuples()]


def logins_of_teams(teams: Sequence[int]) -> dict[int, str]:
    """Return who is in each of some teams: ``ana, bo``."""
    query = _present(Membership.team, Operator.login).where(among(Membership.team, teams)).order_by(_login_key())
    return _listed(query)


def teams_of_operators(operators: Sequence[int]) -> dict[int, str]:
    """Return the names of the teams that each of some operators is in: ``Sales, Support``."""
    model: Any = Team
    query = _present(Membership.operator, Team.name).where(among(Membership.operator, operators))
    return _listed(query.order_by(model.name_key))


def capacities(teams: Sequence[int]) -> dict[int, str]:
    """Return how much time the members of teams have a week for them: ``60h``."""
    total = pw.fn.SUM(Membership.capacity)
    query = _present(Membership.team, total).where(among(Membership.team, teams)).group_by(Membership.team)
    return {team: duration(int(minutes)) for team, minutes in query.tuples() if minutes}


def queues(teams: Sequence[int]) -> dict[int, str]:
    """Return how many open orders and tasks of teams nobody has taken yet."""
    found: dict[int, int] = {}
    for name, stage in (("order", "stage"), ("task", "status")):
        model: Any = entities[name].model
        kind: Any = entities[name].fields[stage]
        query = model.select(model.team, pw.fn.COUNT(model.id)).where(
            among(model.team, teams) & model.assignee.is_null() & model.archived_at.is_null()
            & kind.in_(list(kind.meant("open")))
        )  # fmt: skip
        for team, count in query.group_by(model.team).tuples():
            found[team] = found.get(team, 0) + int(count)
    return {team: whole(count) for team, count in found.items()}


def _present(*columns: Any) -> Any:
    query: Any = (
        Membership.select(*columns)
        .join(Operator, on=(Membership.operator == Operator.id))
        .switch(Membership)
        .join(Team, on=(Membership.team == Team.id))
    )
    return query.where(Membership.archived_at.is_null() & Operator.archived_at.is_null() & Team.archived_at.is_null())


def _login_key() -> Any:
    model: Any = Operator
    return model.login_key


def _listed(query: Any) -> dict[int, str]:
    found: dict[int, list[str]] = {}
    for record, name in query.tuples():
        found.setdefault(record, []).append(name)
    return {record: ", ".join(names) for record, names in found.items()}
