"""What happens by itself: automations, recurring rules, and what they did and will do."""

from __future__ import annotations

import re
from typing import Any

from crm_tui.commands.context import Choice, Context, needs_change, needs_record, needs_record_to_change
from crm_tui.commands.registry import command
from crm_tui.errors import BadInput
from crm_tui.formats import iso_moment, near_day, near_moment
from crm_tui.i18n import N_, _, ngettext
from crm_tui.models.base import Entity, entities

_SWITCHES = {"automation": ("enabled", True), "recurring_rule": ("paused", False)}
"""The flag by which each is switched off, and what it is while it is on."""


def _switchable(entity: Entity) -> bool:
    return entity.name in _SWITCHES


def _offered(entity: Entity) -> bool:
    return entity.name in _SWITCHES or entity.name == "message_template"


def _automation(entity: Entity) -> bool:
    return entity.name == "automation"


def _recurring(entity: Entity) -> bool:
    return entity.name == "recurring_rule"


@command(
    "go.automations", N_("automations"), keys=("g a",), scope="list record rows dashboard", in_program=True, rank=107
)
async def go_automations(context: Context) -> None:
    """Go to the automations: what happens by itself when something changes."""
    await context.screen.open_list(entities["automation"])


@command(
    "go.recurring", N_("recurring rules"), keys=("g u",), scope="list record rows dashboard", in_program=True, rank=107
)
async def go_recurring(context: Context) -> None:
    """Go to the recurring rules: what is made again and again, and when next."""
    await context.screen.open_list(entities["recurring_rule"])


@command("{entity}.switch", N_("on or off"), keys=("x",), scope="list record", of=_switchable,
         why_not=needs_record_to_change, rank=12)  # fmt: skip
async def switch(context: Context) -> None:
    """Switch it off, or on again: what came due meanwhile is not made up for."""
    from crm_tui.queries import details
    from crm_tui.services import records

    entity, ids = context.of, await context.records()
    flag, on = _SWITCHES[entity.name]
    found = [await context.call(details.brief, context.actor, entity, record) for record in ids]
    switched_on = not all(one.values[flag] == on for one in found)
    typed = {flag: "yes" if (on if switched_on else not on) else "no"}
    await context.call(records.change_many, context.workspace, context.actor, entity, ids, typed)
    context.say(_("On") if switched_on else _("Off"))


@command("{entity}.rehearse", N_("rehearse"), keys=("R",), scope="list record", of=_automation, why_not=needs_record,
         rank=13, takes=("days",))  # fmt: skip
async def rehearse(context: Context) -> None:
    """Tell what the automation would have done in the last days (days=30): nothing is written. Choosing one shows the
    record it would have been about."""
    from crm_tui.automation import rehearsal

    ids = await context.records()
    if len(ids) != 1:
        raise BadInput(_("Name one automation, or put the cursor on it."))
    text = context.arguments.get("days")
    if text is None:
        text = "30" if context.ui is None else await context.screen.ask(_("Over how many days?"), "30")
    if text is None:
        return
    if not re.fullmatch(r"\d{1,5}", text.strip()):
        raise BadInput(_("Say how many days, like days=30."), field="days")
    found = await context.call(rehearsal.rehearse, ids[0], int(text))
    about = await context.call(_about, ids[0])
    context.found = [
        {"at": None if one.at is None else iso_moment(one.at), "day": None if one.day is None else one.day.isoformat(),
         "id": one.record, "title": one.title, "what": one.what}
        for one in found
    ]  # fmt: skip
    count = ngettext("It would have run once", "It would have run {n} times", len(found)).format(n=len(found))
    if context.ui is None or not found:
        context.say(count)
        for one in found:
            context.say(_told(one))
        return
    chosen = await context.screen.choose(count, [Choice(f"{at}", _told(one)) for at, one in enumerate(found)])
    if chosen:
        await context.screen.open_record(about, found[int(chosen[0])].record)


@command("{entity}.preset", N_("presets"), keys=("P",), scope="list", of=_offered, why_not=needs_change, rank=15,
         takes=("name",))  # fmt: skip
async def preset(context: Context) -> None:
    """Begin with one of those that come with the program: the form opens filled in. In scripts it is added
    (name="Weekly client report")."""
    from crm_tui.services import presets, records

    entity = context.of
    name = context.arguments.get("name")
    if context.ui is not None and name is None:
        offered = await context.call(presets.presets, entity)
        choices = [
            Choice(
                presets.called(one),
                presets.called(one),
                one.get("schedule") or one.get("condition") or one.get("subject", ""),
            )
            for one in offered
        ]
        chosen = await context.screen.choose(_("Begin with which?"), choices)
        if chosen:
            await context.screen.open_form(entity, None, presets.preset(entity, chosen[0]))
        return
    typed = presets.preset(entity, name or "")
    record = await context.call(records.add, context.workspace, context.actor, entity, typed)
    context.found = [{"id": record}]
    context.say(_("Added: {name}").format(name=typed["name"]))


def _told(one: Any) -> str:
    when = near_moment(one.at) if one.at is not None else near_day(one.day)
    return f"{when}  {one.title}: {one.what}"


def _about(automation: int) -> Entity:
    from crm_tui.automation import rules

    return rules.read(only=automation)[0].entity


@command("{entity}.runs", N_("runs"), keys=("L",), scope="list record", of=_automation, why_not=needs_record, rank=14)
async def runs(context: Context) -> None:
    """Tell when the automation ran, for what, and what each step did; choosing one shows the record it was about."""
    from crm_tui.automation import runs as log

    ids = await context.records()
    if len(ids) != 1:
        raise BadInput(_("Name one automation, or put the cursor on it."))
    found = await context.call(log.runs, ids[0])
    context.found = [
        {"at": iso_moment(one.at), "outcome": one.outcome, "entity": one.entity, "id": one.record,
         "told": one.told.splitlines(), "operation": one.operation}
        for one in found
    ]  # fmt: skip
    if not found:
        context.say(_("It has not run yet."))
        return
    lines = [f"{near_moment(one.at)}  {one.outcome}  {one.entity} {one.record}: {_one_line(one.told)}" for one in found]
    if context.ui is None:
        for line in lines:
            context.say(line)
        return
    chosen = await context.screen.choose(_("Runs"), [Choice(f"{at}", line) for at, line in enumerate(lines)])
    if chosen:
        one = found[int(chosen[0])]
        await context.screen.open_record(entities[one.entity], one.record)


def _one_line(text: str) -> str:
    return "; ".join(line for line in text.splitlines() if line) or _("nothing to do")


@command("{entity}.coming", N_("next dates"), keys=("L",), scope="list record", of=_recurring, why_not=needs_record,
         rank=14)  # fmt: skip
async def coming(context: Context) -> None:
    """Tell when the rule comes due next: the next dates, those that holidays move included."""
    from crm_tui.queries import recurring

    ids = await context.records()
    found = await context.call(recurring.coming, ids[0])
    context.found = [{"at": iso_moment(moment)} for moment in found]
    shown = ", ".join(near_moment(moment) for moment in found)
    context.say(shown or _("It does not come due: it is paused, has ended, or waits for what it made to be done."))


@command("worker.status", N_("background work"), keys=("g q",), scope="list record rows dashboard", rank=110)
async def status(context: Context) -> None:
    """Tell what was done in the background, and what comes next; choosing one shows it."""
    from crm_tui.worker import service

    found = await context.call(service.status)
    done = [f"{near_moment(at)}  {rule}: {entity} {record}" for at, rule, entity, record in found.done]
    ahead = [f"{near_moment(at)}  {rule}" for at, rule in found.coming]
    if context.ui is None:
        for line in (*done, *ahead):
            context.say(line)
        return
    choices = [Choice(f"next {at}", line, _("comes")) for at, line in enumerate(ahead)]
    choices += [Choice(f"done {at}", line, _("done")) for at, line in enumerate(done)]
    if not choices:
        context.say(_("Nothing recurs yet: g u shows the recurring rules, g a the automations."))
        return
    chosen = await context.screen.choose(_("Background work"), choices)
    if chosen and chosen[0].startswith("done "):
        _at, _rule, entity, record = found.done[int(chosen[0].split()[1])]
        await context.screen.open_record(entities[entity], record)
    elif chosen:
        await context.screen.open_list(entities["recurring_rule"])
