"""Teams: who is in them, what their members are called by, and that none is put away while it serves clients."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from crm_tui.db import Workspace
from crm_tui.errors import CrmError, InvalidRecord
from crm_tui.formats import whole
from crm_tui.i18n import _, ngettext
from crm_tui.journal import Values, Writer, operation
from crm_tui.models.base import entities
from crm_tui.models.people import Client, Membership, Operator, Team
from crm_tui.scope import Actor, require_change
from crm_tui.services import rules
from crm_tui.text import fold

_MEMBERSHIP = entities["membership"]


def set_members(workspace: Workspace, actor: Actor, team: int, operators: Iterable[int]) -> tuple[int, int]:
    """Let a team consist of these operators and no others, in one operation; return how many came and how many left.

    Raises NotFound, NotAllowed.
    """
    require_change(actor, _MEMBERSHIP)
    wanted = set(operators)
    with operation(workspace, actor, "team.members") as op:
        named = op.read(entities["team"], team)
        op.read_all(entities["operator"], sorted(wanted))
        present = _members(team)
        op.archive(_MEMBERSHIP, sorted(record for operator, record in present.items() if operator not in wanted))
        coming = sorted(wanted - present.keys())
        for operator in coming:
            values: Values = {"team": team, "operator": operator}
            rules.apply(op, "membership", None, values)
            op.create(_MEMBERSHIP, values)
        left = len(present.keys() - wanted)
        op.summary = _("members of {team}: {came} came, {left} left").format(
            team=named["name"], came=len(coming), left=left
        )
    return len(coming), left


def _members(team: int) -> dict[int, int]:
    """Return the memberships of a team by the operator."""
    query: Any = Membership.select(Membership.operator, Membership.id).where(
        (Membership.team == team) & Membership.archived_at.is_null()
    )
    return dict(query.tuples())


@rules.rule("membership", "operator", "team")
def in_a_team_once(writer: Writer, record: int | None, values: Values) -> None:
    """Nobody is in a team twice; a membership is called by the operator and the team."""
    operator: Any = Operator.get_or_none(Operator.id == values.get("operator"))
    team: Any = Team.get_or_none(Team.id == values.get("team"))
    if operator is None or operator.archived_at is not None:
        raise InvalidRecord({"operator": _("name an operator who works here")})
    if team is None or team.archived_at is not None:
        raise InvalidRecord({"team": _("name a team that is not archived")})
    others = Membership.select().where(
        (Membership.team == team.id)
        & (Membership.operator == operator.id)
        & Membership.archived_at.is_null()
        & (Membership.id != (record or 0))
    )
    if others.exists():
        raise InvalidRecord(
            {"operator": _("{login} is in {team} already").format(login=operator.login, team=team.name)}
        )
    values["name"] = _called(operator.login, team.name)


def _called(login: str, team: str) -> str:
    return f"{login} · {team}"


@rules.rule("team", "name")
def unique_team(writer: Writer, record: int | None, values: Values) -> None:
    """Teams differ by more than case and accents."""
    model: Any = Team
    same = model.select().where((model.name_key == fold(values["name"])) & (model.id != (record or 0)))
    if same.exists():
        raise InvalidRecord({"name": _('there is already a team "{name}"').format(name=values["name"])})


@rules.consequence("team")
def members_follow(writer: Writer, record: int, before: Values | None, values: Values) -> None:
    """Who is in a team is called by its new name."""
    if before is not None and before["name"] != values["name"]:
        _rename(writer, Membership.team == record)


@rules.consequence("operator")
def memberships_follow(writer: Writer, record: int, before: Values | None, values: Values) -> None:
    """An operator's memberships are called by the new login."""
    if before is not None and before["login"] != values["login"]:
        _rename(writer, Membership.operator == record)


def _rename(writer: Writer, condition: Any) -> None:
    query: Any = (
        Membership.select(Membership.id, Operator.login, Team.name)
        .join(Operator, on=(Membership.operator == Operator.id))
        .switch(Membership)
        .join(Team, on=(Membership.team == Team.id))
        .where(condition)
    )
    names: dict[int, Values] = {record: {"name": _called(login, team)} for record, login, team in query.tuples()}
    writer.update_many(_MEMBERSHIP, names)


@rules.leaving("team")
def serves_nobody(writer: Writer, teams: Sequence[int]) -> None:
    """A team that serves clients is not put away: they would be served by nobody without anyone noticing."""
    for record, values in writer.read_all(entities["team"], teams).items():
        served = Client.select().where((Client.team == record) & Client.archived_at.is_null()).count()
        if served and values["archived_at"] is None:
            words = ngettext(
                "{team} serves {n} client: give it to another team first (the query team:#{id} finds it).",
                "{team} serves {n} clients: give them to another team first (the query team:#{id} finds them).",
                served,
            )
            raise CrmError(words.format(team=values["name"], n=whole(served), id=record))
