"""Teams: who is in them."""

from __future__ import annotations

from crm_tui.commands.context import Choice, Context, needs_record
from crm_tui.commands.registry import command
from crm_tui.errors import BadInput, InvalidRecord
from crm_tui.i18n import N_, _
from crm_tui.models.base import Entity, entities
from crm_tui.queries import lists, teams
from crm_tui.scope import why_not_change


def _team(entity: Entity) -> bool:
    return entity.name == "team"


def _may_change_members(context: Context) -> str:
    return why_not_change(context.actor, entities["membership"]) or needs_record(context)


@command(
    "{entity}.members", N_("members"), keys=("M",), scope="list record", of=_team, why_not=_may_change_members, rank=12,
    takes=("members",),
)  # fmt: skip
async def members(context: Context) -> None:
    """Choose who is in the team; an operator may be in several."""
    from crm_tui.services import teams as changing  # start-up is budgeted

    ids = await context.records()
    if len(ids) > 1:
        raise BadInput(_("Choose one team: each has members of its own."))
    given = context.arguments.get("members")
    if given is None:
        chosen = await _chosen(context, ids[0])
    else:
        chosen = await context.call(_named, context, given)
    if chosen is None:
        return
    came, left = await context.call(changing.set_members, context.workspace, context.actor, ids[0], chosen)
    context.say(
        _("{came} came, {left} left").format(came=came, left=left)
        if came or left
        else _("Nothing to change: they are so already.")
    )


async def _chosen(context: Context, team: int) -> list[int] | None:
    present = set(await context.call(teams.member_ids, team))
    shown = await context.call(lists.listing, context.actor, entities["operator"], "active:yes", ("login", "name"))
    operators = await context.call(lambda: list(lists.values(context.actor, shown)))
    choices = [Choice(str(record), login, name, record in present) for record, (login, name) in operators]
    chosen = await context.screen.choose(_("Who is in the team?"), choices, several=True)
    if chosen is None:
        return None
    offered = {record for record, _cells in operators}
    return [*map(int, chosen), *(present - offered)]


def _named(context: Context, text: str) -> list[int]:
    """The operators of ``ana,bo``; none for an empty text."""
    from crm_tui.services.references import find_reference

    try:
        return [find_reference(context.actor, entities["operator"], name) for name in text.split(",") if name.strip()]
    except ValueError as error:
        raise InvalidRecord({"members": str(error)}) from error


@command("go.teams", N_("teams"), keys=("g e",), scope="list record rows dashboard", in_program=True, rank=110)
async def go_teams(context: Context) -> None:
    """Go to the teams, and who is in them."""
    await context.screen.open_list(entities["team"])
