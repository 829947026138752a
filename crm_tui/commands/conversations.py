"""Keeping in touch: logging what was said, putting a follow-up off, and who is no longer heard of."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from crm_tui import contacting, derived
from crm_tui.commands.context import Asked, Choice, Context, needs_record_to_change
from crm_tui.commands.records import apply_to_all, say_changed
from crm_tui.commands.registry import command
from crm_tui.contacting import DoNotContact
from crm_tui.errors import ANYWAY, BadInput, CrmError
from crm_tui.i18n import N_, _, ngettext
from crm_tui.models.base import Entity, entities

if TYPE_CHECKING:
    from crm_tui.queries.details import Detail

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
    given = {**_beside(context), **given}

    async def write(typed: Mapping[str, str]) -> int:
        whom = context.of.name
        return len(await context.call(conversations.log, context.workspace, context.actor, ids, typed, whom=whom))

    try:
        logged = await write(given)
    except DoNotContact as error:
        if context.ui is None or not await context.ui.confirm(error.question):
            raise
        logged = await write({**given, ANYWAY: "yes"})
    context.say(ngettext("{n} interaction logged", "{n} interactions logged", logged).format(n=logged))


def _beside(context: Context) -> dict[str, str]:
    """The client, or person, on whose record the list stands that a command was given in."""
    name = "client" if context.of.name == "contact" else "contact"
    return {name: context.given[name]} if name in context.given else {}


async def _ask(context: Context, ids: list[int]) -> None:
    """Open the form of an interaction with the client, or the person, at the cursor."""
    if len(ids) > 1:
        raise BadInput(_("Log one at a time here; crm-tui do client.log logs the same with several."))
    found = await context.detail(ids[0])
    given = await with_whom(context, found)
    if given is None:
        return
    doing = _("log contact with {title}").format(title=found.title)
    if found.do_not_contact:
        doing = f"{doing} ({contacting.words()})"
    asked = Asked(doing, LOGGED)
    await context.screen.open_form(entities["interaction"], None, given, asked)


async def with_whom(context: Context, found: Detail) -> dict[str, str] | None:
    """Return the client and the person that a conversation with the record at the cursor is with, as they are typed;
    None when the operator chose none."""
    if context.of.name == "contact":
        client = await _which_client(context, found)
        return None if client is None else {"contact": f"#{found.id}"} | ({"client": client} if client else {})
    given = {"client": f"#{found.id}"}
    if "contact" in context.given:
        given["contact"] = context.given["contact"]
    elif found.contacts:
        given["contact"] = f"#{found.contacts[0].id}"
    return given


async def _which_client(context: Context, found: Detail) -> str | None:
    """Return the client that a conversation with a person is about: the one shown, their only one, or the one the
    operator chooses; "" for somebody at none, None when they chose none."""
    if "client" in context.given:
        return context.given["client"]
    if len(found.clients) < 2:
        return f"#{found.clients[0].id}" if found.clients else ""
    choices = [Choice(f"#{row.id}", row.cells[0], row.cells[1]) for row in found.clients]
    chosen = await context.screen.choose(_("About which client?"), choices)
    return chosen[0] if chosen else None


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
    "client.dormant", N_("set dormant"), keys=("Z",), scope="list record", of=_is_client,
    why_not=needs_record_to_change, rank=73,
)  # fmt: skip
async def dormant(context: Context) -> None:
    """Make clients dormant that have gone quiet: v lists who that is. One undo brings all of them back."""
    stage = derived.stage_that_is(derived.QUIET)
    if not stage:
        raise CrmError(_("No stage here means that a client is quiet; g w adds one."))
    say_changed(context, await apply_to_all(context, {"stage": stage}, _("Changing")))


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
        typed = {"stage": derived.stage_that_is(derived.GONE), "churn_reason": reason, "follow_up_on": ""}
        say_changed(context, await apply_to_all(context, typed, _("Changing")))
