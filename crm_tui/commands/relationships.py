"""Who looks after a client or customer, and how the one becomes the other."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crm_tui import derived
from crm_tui.commands.context import Asked, Choice, Context, needs_record_to_change
from crm_tui.commands.records import apply_to_all, say_changed
from crm_tui.commands.registry import command
from crm_tui.errors import BadInput, CrmError
from crm_tui.i18n import N_, _, ngettext
from crm_tui.models.base import Entity, entities
from crm_tui.queries import flags, lists

if TYPE_CHECKING:
    from crm_tui.queries.details import Detail

CLIENT, CUSTOMER = flags.CLIENT, "customer"


def _is_client(entity: Entity) -> bool:
    return entity.name == "client"


def _is_somebodys(entity: Entity) -> bool:
    return entity.name in ("client", "order", "task")


@command(
    "{entity}.assign", N_("assign"), keys=("@",), scope="list record", of=_is_somebodys, why_not=needs_record_to_change,
    rank=23, takes=("owner", "assignee", "team"),
)  # fmt: skip
async def assign(context: Context) -> None:
    """Give the client, order or task, or all selected, to an operator, to a team, or to nobody."""
    given = dict(context.arguments)
    if not given:
        chosen = await context.screen.choose(_("Give to"), await _takers(context))
        if not chosen:
            return
        field, _equals, who = chosen[0].partition("=")
        given = {field: who}
    say_changed(context, await apply_to_all(context, given, _("Assigning")))


async def _takers(context: Context) -> list[Choice]:
    """Everyone that a client or an order may be given to, as ``owner=#3``, ``assignee=#3`` or ``team=#1``."""
    field = "owner" if "owner" in context.of.fields else "assignee"
    shown = await context.call(lists.listing, context.actor, entities["operator"], "active:yes", ("login", "name"))
    operators = await context.call(lambda: list(lists.values(context.actor, shown)))
    people = [Choice(f"{field}=#{record}", login, name) for record, (login, name) in operators]
    teams = [
        Choice(f"team=#{record}", name, _("{kind} team").format(kind=kind))
        for record, name, kind in await _teams(context)
    ]
    none = [Choice(f"{field}=", _("nobody"), _("no operator"))]
    return [*people, *teams, *none, *([Choice("team=", _("no team"))] if teams else [])]


async def _teams(context: Context, text: str = "") -> list[tuple[int, str, str]]:
    """The teams that a query finds: id, name, and what each is for."""
    shown = await context.call(lists.listing, context.actor, entities["team"], text, ("name", "kind"))
    found = await context.call(lambda: list(lists.values(context.actor, shown)))
    kind = entities["team"].fields["kind"]
    return [(record, name, kind.show(what)) for record, (name, what) in found]


@command(
    "client.promote", N_("promote to client"), keys=("P",), scope="list record", of=_is_client,
    why_not=needs_record_to_change, rank=72, takes=("owner", "acquired_on", "follow_up_on", "cadence_days"),
)  # fmt: skip
async def promote(context: Context) -> None:
    """Make a customer a client: the account manager, since when, the first follow-up."""
    from crm_tui.queries import stages

    given = {"kind": CLIENT, **context.arguments}
    if "stage" not in given and not await context.call(stages.all_mean, await context.records(), derived.WON):
        given["stage"] = derived.stage_that_is(derived.WON)
    if context.ui is None or context.arguments:
        ids = await context.records()
        say_changed(context, await apply_to_all(context, given, _("Promoting")))
        await _say_who_lacks_a_manager(context, ids)
        return
    found = await _only(context, CLIENT)
    given["follow_up_on"] = "+2w"
    given["owner"] = f"#{found.values['owner'] or context.actor.operator_id}"
    if not found.values["acquired_on"]:
        given["acquired_on"] = "today"
    asked = Asked(
        _("promote {title} to client").format(title=found.title),
        ("owner", "acquired_on", "follow_up_on", "cadence_days", "team", "kind", "stage"),
    )
    await context.screen.open_form(context.of, found.id, given, asked)


async def _say_who_lacks_a_manager(context: Context, ids: list[int]) -> None:
    lacking = await context.call(flags.without_manager_among, ids)
    if lacking:
        words = ngettext(
            "{n} has no account manager: owner=LOGIN names one.", "{n} have no account manager: owner=LOGIN names one.",
            lacking,
        )  # fmt: skip
        context.say(words.format(n=lacking))


@command(
    "client.demote", N_("back to customer"), scope="list record", of=_is_client, why_not=needs_record_to_change,
    rank=110, takes=("team", "owner", "follow_up_on"),
)  # fmt: skip
async def demote(context: Context) -> None:
    """Make a client a customer again, who buys now and then and is served by a team."""
    given = {"kind": CUSTOMER, **context.arguments}
    if context.ui is None or context.arguments:
        say_changed(context, await apply_to_all(context, given, _("Changing")))
        return
    support = [record for record, _name, _kind in await _teams(context, "kind:support")]
    if len(await context.records()) > 1:
        await _demote_several(context)
        return
    found = await _only(context, CUSTOMER)
    if found.values["team"] is None and len(support) == 1:
        given["team"] = f"#{support[0]}"
    asked = Asked(
        _("{title} back to customer").format(title=found.title), ("team", "owner", "follow_up_on", "kind", "stage")
    )
    await context.screen.open_form(context.of, found.id, given, asked)


async def _demote_several(context: Context) -> None:
    offered = [
        Choice(f"#{record}", name, _("{kind} team").format(kind=kind)) for record, name, kind in await _teams(context)
    ]
    chosen = await context.screen.choose(_("Which team serves them?"), [*offered, Choice("", _("as it is"))])
    if chosen:
        given = {"kind": CUSTOMER, **({"team": chosen[0]} if chosen[0] else {})}
        say_changed(context, await apply_to_all(context, given, _("Changing")))


async def _only(context: Context, becomes: str) -> Detail:
    """The one client or customer that is meant, which is not yet what it becomes."""
    ids = await context.records()
    if len(ids) > 1:
        raise BadInput(_("Choose one client: each has an account manager and a start of its own."))
    found = await context.brief(context.of, ids[0])
    if found.values["kind"] == becomes:
        raise CrmError(_("{title} is a {kind} already.").format(title=found.title, kind=found.shown("kind")))
    return found
