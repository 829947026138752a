"""Lead scores: why a client has the one it has, and scoring all of them anew."""

from __future__ import annotations

from crm_tui.commands.context import Choice, Context, needs_change, needs_record
from crm_tui.commands.registry import command
from crm_tui.errors import BadInput
from crm_tui.i18n import N_, _, ngettext
from crm_tui.models.base import Entity, entities


def _client(entity: Entity) -> bool:
    return entity.name == "client"


@command("{entity}.why_score", N_("why this score"), scope="list record", of=_client, why_not=needs_record, rank=70)
async def why_score(context: Context) -> None:
    """Tell which score rules give the client how many points now."""
    ids = await context.records()
    if len(ids) != 1:
        raise BadInput(_("Name one client, or put the cursor on it."))
    from crm_tui.queries import scores

    found = await context.call(scores.why, ids[0])
    if not found:
        context.say(_("No score rule gives this client points."))
    elif context.ui is None:
        for one in found:
            context.say(one.text())
    else:
        chosen = await context.screen.choose(_("Why this score"), [Choice(one.rule, one.text()) for one in found])
        if chosen:
            from crm_tui.query.names import exactly

            await context.screen.open_list(entities["score_rule"], f"name={exactly(chosen[0])}")


@command("{entity}.rescore", N_("score anew"), scope="list", of=_client, why_not=needs_change, rank=110)
async def rescore(context: Context) -> None:
    """Score every client anew by the score rules. It happens by itself; in a script, this is done when it returns."""
    from crm_tui.services import scores as scoring

    arguments = (scoring.rescore_all, context.workspace, context.actor)
    if context.ui is None:
        changed = await context.call(*arguments)
    else:
        async with context.screen.progress(_("Scoring")) as progress:
            changed = await context.call(*arguments, progress)
    context.say(
        ngettext("{n} client has another score now", "{n} clients have another score now", changed).format(n=changed)
    )


@command("go.score_rules", N_("score rules"), scope="list record rows dashboard", in_program=True, rank=110)
async def go_score_rules(context: Context) -> None:
    """Go to the rules that lead scores come from."""
    await context.screen.open_list(entities["score_rule"])
