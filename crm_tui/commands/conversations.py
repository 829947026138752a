"""Keeping in touch: logging what was said, putting a follow-up off, and how a relationship begins and ends."""

from __future__ import annotations

from crm_tui import contacting
from crm_tui.commands.context import Asked, Choice, Context, needs_record_to_change
from crm_tui.commands.records import apply_to_all, say_changed
from crm_tui.commands.registry import command
from crm_tui.contacting import ANYWAY, DoNotContact
from crm_tui.errors import BadInput, CrmError
from crm_tui.i18n import N_, _, ngettext
from crm_tui.models.base import Entity, entities
from crm_tui.queries import details

LOGGED = ("channel", "contact", "subject", "outcome", "body", "next_step", "follow_up_on", "at", "minutes", "direction")
"""What is asked of an interaction when it is logged, in the order it is usually typed."""


def _talked_to(entity: Entity) -> bool:
    return entity.name in ("client", "contact")


def _is_client(entity: Entity) -> bool:
    return entity.name == "client"


@command(
    "{entity}.log", N_("log contact"), keys=("m",), scope="list record", of=_talked_to, why_not=needs_record_to_change,
    rank=12, takes=("*",),
)  # fmt: skip
async def log(context: Context) -> None:
    """Log a call, message, meeting, letter or note: who, when (yesterday 15:30), what came of it, the next step. With
    somebody who wants no contact only what came from them is logged, or with anyway=yes."""
    from crm_tui.services import conversations

    ids = await context.records()
    given = context.arguments
    if context.ui is not None and not given:
        await _ask(context, ids)
        return

    async def write(typed: dict[str, str]) -> int:
        whom = context.of.name
        return len(await context.call(conversations.log, context.workspace, context.actor, ids, typed, whom=whom))

    try:
        logged = await write(given)
    except DoNotContact as error:
        if context.ui is None or not await context.ui.confirm(all_the_same(error)):
            raise
        logged = await write({**given, ANYWAY: "yes"})
    context.say(ngettext("{n} interaction logged", "{n} interactions logged", logged).format(n=logged))


def all_the_same(error: DoNotContact) -> str:
    """Return the question whether to log what somebody may not want."""
    return _("{reason}. Log it all the same?").format(reason=error.reason)


async def _ask(context: Context, ids: list[int]) -> None:
    """Open the form of an interaction with the client, or the person, at the cursor."""
    if len(ids) > 1:
        raise BadInput(_("Log one at a time here; crm-tui do client.log logs the same with several."))
    found = await context.call(details.detail, context.actor, context.of, ids[0])
    given = {"client": f"#{ids[0]}"}
    if context.of.name == "contact":
        client = found.values["client"]
        given = {"contact": f"#{ids[0]}"} | ({"client": f"#{client}"} if client else {})
    elif found.contacts:
        given["contact"] = f"#{found.contacts[0].id}"
    doing = _("log contact with {title}").format(title=found.title)
    if found.do_not_contact:
        doing = f"{doing} ({contacting.words()})"
    asked = Asked(doing, LOGGED)
    await context.screen.open_form(entities["interaction"], None, given, asked)


@command(
    "client.snooze", N_("snooze"), keys=("z",), scope="list record", of=_is_client, why_not=needs_record_to_change,
    rank=13, takes=("until",),
)  # fmt: skip
async def snooze(context: Context) -> None:
    """Put the follow-up off: to tomorrow, next week, a day you name."""
    until = context.arguments.get("until")
    if until is None:
        chosen = await context.screen.choose(
            _("Follow up when?"),
            [
                Choice("+1d", _("tomorrow")),
                Choice("+3d", _("in 3 days")),
                Choice("+1w", _("in a week")),
                Choice("+2w", _("in 2 weeks")),
                Choice("+1m", _("in a month")),
                Choice("other", _("another day")),
                Choice("", _("no follow-up: the cadence says when")),
            ],
        )
        if not chosen:
            return
        until = chosen[0]
        if until == "other":
            until = await context.screen.ask(_("Follow up when?"), help=_("friday, +10d, 24.12.2026"))
    if until is not None:
        say_changed(context, await apply_to_all(context, {"follow_up_on": until}, _("Putting off")))


@command(
    "client.promote", N_("promote to client"), keys=("P",), scope="list record", of=_is_client,
    why_not=needs_record_to_change, rank=72, takes=("owner", "acquired_on", "follow_up_on"),
)  # fmt: skip
async def promote(context: Context) -> None:
    """Make a customer a client: the account manager, since when, the first follow-up."""
    given = {"kind": "client", "stage": "active", **context.arguments}
    if context.ui is None or context.arguments:
        say_changed(context, await apply_to_all(context, given, _("Promoting")))
        return
    record = await _only(context)
    found = await context.call(details.detail, context.actor, context.of, record)
    if found.values["kind"] == "client":
        raise CrmError(_("{title} is a client already.").format(title=found.title))
    given["follow_up_on"] = "+2w"
    given["owner"] = f"#{found.values['owner'] or context.actor.operator_id}"
    if not found.values["acquired_on"]:
        given["acquired_on"] = "today"
    asked = Asked(
        _("promote {title} to client").format(title=found.title),
        ("owner", "acquired_on", "follow_up_on", "cadence_days", "kind", "stage"),
    )
    await context.screen.open_form(context.of, record, given, asked)


@command(
    "client.demote",
    N_("back to customer"),
    scope="list record",
    of=_is_client,
    why_not=needs_record_to_change,
    rank=110,
)
async def demote(context: Context) -> None:
    """Make a client a customer again, who buys now and then."""
    say_changed(context, await apply_to_all(context, {"kind": "customer"}, _("Changing")))


@command(
    "client.churn", N_("has left"), scope="list record", of=_is_client, why_not=needs_record_to_change, rank=110,
    takes=("reason",),
)  # fmt: skip
async def churn(context: Context) -> None:
    """Note that a client has left, and why; no cadence asks for contact any more."""
    reason = context.arguments.get("reason")
    if reason is None:
        reason = await context.screen.ask(_("Why did they leave?"))
    if reason is not None and reason.strip():
        typed = {"stage": "churned", "churn_reason": reason, "follow_up_on": ""}
        say_changed(context, await apply_to_all(context, typed, _("Changing")))


async def _only(context: Context) -> int:
    ids = await context.records()
    if len(ids) > 1:
        raise BadInput(_("Choose one client: each has an account manager and a start of its own."))
    return ids[0]
