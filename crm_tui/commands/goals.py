"""Objectives and key results: added, checked in on, and opened into what they count."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crm_tui.commands.context import Choice, Context, needs_change
from crm_tui.commands.registry import command
from crm_tui.errors import CrmError
from crm_tui.i18n import N_, _
from crm_tui.models.base import entities

if TYPE_CHECKING:
    from crm_tui.commands.shown import GoalsView


def _view(context: Context) -> GoalsView:
    view = context.screen.goals_view
    if view is None:
        raise CrmError(_("There are no goals on the screen."))
    return view


@command("go.goals", N_("goals"), keys=("g O",), scope="list record rows dashboard", in_program=True, rank=103)
async def go_goals(context: Context) -> None:
    """Go to the goals of the quarter: objectives and their key results."""
    await context.screen.open_screen("goals")


@command("goals.earlier", N_("quarter before"), keys=("h", "left"), scope="goals", in_program=True, rank=6)
async def earlier(context: Context) -> None:
    """Show the goals of the quarter before."""
    _view(context).show_quarter(-1)


@command("goals.later", N_("quarter after"), keys=("l", "right"), scope="goals", in_program=True, rank=7)
async def later(context: Context) -> None:
    """Show the goals of the quarter after."""
    _view(context).show_quarter(1)


@command("goals.add_objective", N_("objective"), keys=("O",), scope="goals", in_program=True, why_not=needs_change,
         rank=2)  # fmt: skip
async def add_objective(context: Context) -> None:
    """Add an objective of the quarter that is shown."""
    from crm_tui.kpis.periods import quarter_named

    given = {"quarter": quarter_named(_view(context).quarter.first), "owner": f"#{context.actor.operator_id}"}
    await context.screen.open_form(entities["objective"], None, given)


@command("goals.add_result", N_("key result"), keys=("b",), scope="goals", in_program=True, why_not=needs_change,
         rank=3)  # fmt: skip
async def add_result(context: Context) -> None:
    """Add a key result to the objective at the cursor: by hand, or from a number or a card."""
    objective = _view(context).objective
    if objective is None:
        raise CrmError(_("Put the cursor on an objective; O adds one."))
    await context.screen.open_form(entities["key_result"], None, {"objective": f"#{objective}"})


@command("goals.check_in", N_("check in"), keys=("I",), scope="goals", in_program=True, why_not=needs_change,
         takes=("value", "confidence", "note"), rank=1)  # fmt: skip
async def check_in(context: Context) -> None:
    """Say how far the key result at the cursor is now, how sure you are of it, and why."""
    found = _view(context).result
    if found is None:
        raise CrmError(_("Put the cursor on a key result; b adds one."))
    result, state = found
    fields = entities["check_in"].fields
    given = dict(context.arguments)
    if "value" not in given:
        usual = "" if state.current is None else fields["value"].edit(fields["value"].check(round(state.current, 3)))
        typed = await context.screen.ask(_("Where does {title} stand?").format(title=result.title), usual)
        if typed is None:
            return
        given["value"] = typed
        options = [Choice(option.value, _(option.label), chosen=option.value == result.confidence)
                   for option in getattr(fields["confidence"], "options")]  # noqa: B009  # fmt: skip
        chosen = await context.screen.choose(_("How sure are you that it is reached?"), options)
        if not chosen:
            return
        given["confidence"] = chosen[0]
        given["note"] = await context.screen.ask(_("What is there to say about it?"), help=_("empty: nothing")) or ""
    from crm_tui.services import records

    values = {**given, "key_result": f"#{result.id}"}
    await context.call(records.add, context.workspace, context.actor, entities["check_in"], values)
    context.say(_("Checked in; u undoes it"))


@command("goals.records", N_("records"), keys=("r",), scope="goals", in_program=True, rank=4)
async def open_counted(context: Context) -> None:
    """Open the list of exactly the records that the number of the key result counts."""
    await _view(context).open_counted()


@command("goals.remind", N_("remind"), keys=("U",), scope="goals", in_program=True, why_not=needs_change, rank=5)
async def remind(context: Context) -> None:
    """Have the background worker make a task for each owner to check in, again and again: a recurring rule."""
    given = {"name": _("Check-in on goals"), "makes": "check-in", "schedule": _("every monday at 9:00")}
    await context.screen.open_form(entities["recurring_rule"], None, given)
