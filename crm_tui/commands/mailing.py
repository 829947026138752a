"""Messages: writing one, trying again what could not be sent, and letting mail go out."""

from __future__ import annotations

import asyncio

from crm_tui.commands.context import Context, needs_change, needs_record_to_change
from crm_tui.commands.registry import command
from crm_tui.errors import BadInput
from crm_tui.i18n import N_, _, ngettext
from crm_tui.models.base import Entity, entities


def _message(entity: Entity) -> bool:
    return entity.name == "message"


def _addressed(entity: Entity) -> bool:
    return entity.name in ("client", "contact", "order")


@command("go.messages", N_("messages"), keys=("g y",), scope="list record rows dashboard", in_program=True, rank=107)
async def go_messages(context: Context) -> None:
    """Go to the messages: what is to be sent by e-mail, what was, and what could not be."""
    await context.screen.open_list(entities["message"])


@command("{entity}.write", N_("write a message"), keys=("W",), scope="list record", of=_addressed,
         why_not=needs_record_to_change, in_program=True, rank=42)  # fmt: skip
async def write(context: Context) -> None:
    """Write an e-mail to the client or person: a form opens, where a template fills in what is left empty."""
    from crm_tui.commands.conversations import with_whom
    from crm_tui.queries import details

    ids = await context.records()
    if len(ids) > 1:
        raise BadInput(_("Write one at a time; an automation or a recurring rule writes to many."))
    found = await context.call(details.detail, context.actor, context.of, ids[0])
    if context.of.name == "order":
        given: dict[str, str] | None = {name: f"#{found.values[name]}" for name in ("client", "contact")
                                        if found.values.get(name)} | {"order": f"#{ids[0]}"}  # fmt: skip
    else:
        given = await with_whom(context, found)
    if given is not None:
        await context.screen.open_form(entities["message"], None, given)


@command("{entity}.retry", N_("send again"), keys=("R",), scope="list record", of=_message,
         why_not=needs_record_to_change, rank=12)  # fmt: skip
async def retry(context: Context) -> None:
    """Send what could not be sent, what is a draft or what was cancelled."""
    from crm_tui.services import records

    ids = await context.records()
    changed = await context.call(
        records.change_many, context.workspace, context.actor, context.of, ids, {"status": "queued"}
    )
    context.say(ngettext("{n} message is to be sent", "{n} messages are to be sent", changed).format(n=changed))


@command("{entity}.state", N_("does mail go out?"), keys=("L",), scope="list", of=_message, rank=13)
async def tell_state(context: Context) -> None:
    """Tell whether mail goes out from this workspace, and why not."""
    from crm_tui.mail import state

    found = await context.call(state.state, context.workspace)
    context.say(" ".join(found.lines()))


@command("{entity}.release", N_("let mail go out"), scope="list", of=_message, why_not=needs_change, rank=14)
async def release(context: Context) -> None:
    """Let mail go out from this workspace, which was copied, moved or restored: what waits is sent."""
    from crm_tui.services import outbox

    waiting = await context.call(outbox.waiting)
    question = ngettext(
        "Mail goes out from here from now on; {n} message is sent. Let it?",
        "Mail goes out from here from now on; {n} messages are sent. Let them?",
        waiting,
    ).format(n=waiting)
    if context.ui is not None and not await context.screen.confirm(question):
        return
    await context.call(outbox.release, context.workspace, context.actor)
    context.say(_("Mail goes out"))


@command("{entity}.trial", N_("send a trial to me"), scope="list", of=_message, why_not=needs_change, rank=15)
async def trial(context: Context) -> None:
    """Send one mail to your own address at once, to see whether the settings are right."""
    from crm_tui.mail import state

    found = await context.call(state.trial, context.actor)
    context.say(await asyncio.to_thread(found.send))
