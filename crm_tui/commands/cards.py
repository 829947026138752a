"""Dashboards of one's own: adding cards, changing, moving and resizing them; copying a dashboard to change it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crm_tui.commands.context import Choice, Context, needs_change
from crm_tui.commands.dashboards import view_of
from crm_tui.commands.registry import command
from crm_tui.errors import CrmError, NotAllowed
from crm_tui.i18n import N_, _
from crm_tui.models.base import entities
from crm_tui.scope import require_change_of

if TYPE_CHECKING:
    from crm_tui.dashboards.cards import Card

NEW = "new"
"""The choice of a card that is put together freely."""


async def _own(context: Context) -> bool:
    """Whether the dashboard on the screen can be changed; one that comes with the program, or is somebody else's, is
    copied first, under a name that is asked for."""
    board = view_of(context).board
    if board.record is None:
        return await _copy(context, _("This dashboard comes with the program; what shall your copy be called?"))
    try:
        require_change_of(context.actor, entities["dashboard"], {"owner": board.owner})
    except NotAllowed:
        return await _copy(context, _("This dashboard is somebody else's; what shall your copy be called?"))
    return True


async def _copy(context: Context, question: str, *, empty: bool = False) -> bool:
    from crm_tui.dashboards.cards import values_of
    from crm_tui.services import dashboards

    view = view_of(context)
    usual = "" if empty else _("My {name}").format(name=view.board.title)
    name = await context.screen.ask(question, usual)
    if not name or not name.strip():
        return False
    cards = [] if empty else [values_of(card) for card in view.board.cards]
    await context.call(dashboards.copy, context.workspace, context.actor, name.strip(), cards)
    await view.show_dashboard(name.strip())
    context.say(_("Dashboard {name} is yours; u undoes it").format(name=name.strip()))
    return True


def _card(context: Context) -> Card:
    card = view_of(context).card
    if card is None:
        raise CrmError(_("There is no card at the cursor; a adds one."))
    return card


async def _own_card(context: Context) -> int | None:
    """The card at the cursor, on a dashboard that can be changed; None where that was not wanted after all."""
    place = view_of(context).board.cards.index(_card(context))
    return view_of(context).board.cards[place].record if await _own(context) else None


@command("cards.add", N_("add card"), keys=("a",), scope="dashboard", in_program=True, why_not=needs_change,
         rank=12)  # fmt: skip
async def add_card(context: Context) -> None:
    """Add a card: a number with a name, or one of your own that a form puts together while it draws it."""
    from crm_tui.kpis import registry

    choices = [Choice(NEW, _("put together a number of your own"))]
    choices += [Choice(kpi.name, kpi.title, kpi.definition) for kpi in registry.every().values()]
    chosen = await context.screen.choose(_("What shall the card show?"), choices)
    if not chosen or not await _own(context):
        return
    given = {"dashboard": f"#{view_of(context).board.record}"}
    if chosen[0] != NEW:
        given["kpi"] = chosen[0]
    await context.screen.open_form(entities["card"], None, given)


@command("cards.edit", N_("edit card"), keys=("e",), scope="dashboard", in_program=True, why_not=needs_change,
         rank=13)  # fmt: skip
async def edit_card(context: Context) -> None:
    """Change what the card at the cursor shows and how; the picture is drawn while you type."""
    record = await _own_card(context)
    if record is not None:
        await context.screen.open_form(entities["card"], record)


@command("cards.remove", N_("remove card"), keys=("x",), scope="dashboard", in_program=True,
         why_not=needs_change, rank=20)  # fmt: skip
async def remove_card(context: Context) -> None:
    """Take the card at the cursor off the dashboard."""
    from crm_tui.services import records

    record = await _own_card(context)
    if record is not None:
        await context.call(records.archive_many, context.workspace, context.actor, entities["card"], [record])
        context.say(_("Card removed; u undoes it"))


@command("cards.back", N_("card back"), keys=("H", "K"), scope="dashboard", in_program=True,
         why_not=needs_change, rank=14)  # fmt: skip
async def card_back(context: Context) -> None:
    """Move the card at the cursor one place back; the grid flows round it."""
    await _move(context, -1)


@command("cards.on", N_("card on"), keys=("L", "J"), scope="dashboard", in_program=True,
         why_not=needs_change, rank=15)  # fmt: skip
async def card_on(context: Context) -> None:
    """Move the card at the cursor one place on; the grid flows round it."""
    await _move(context, 1)


async def _move(context: Context, step: int) -> None:
    from crm_tui.services import dashboards

    view = view_of(context)
    place = view.board.cards.index(_card(context))
    if not 0 <= place + step < len(view.board.cards):
        return
    record = await _own_card(context)
    if record is not None:
        await context.call(dashboards.move, context.workspace, context.actor, record, step)
        await view.follow(record)


@command("cards.card_wider", N_("wider card"), keys=(">",), scope="dashboard", in_program=True,
         why_not=needs_change, rank=16)  # fmt: skip
async def wider_card(context: Context) -> None:
    """Let the card at the cursor be one column wider."""
    await _resize(context, 1, 0)


@command("cards.card_narrower", N_("narrower card"), keys=("<",), scope="dashboard", in_program=True,
         why_not=needs_change, rank=17)  # fmt: skip
async def narrower_card(context: Context) -> None:
    """Let the card at the cursor be one column narrower."""
    await _resize(context, -1, 0)


@command("cards.card_higher", N_("higher card"), keys=("+",), scope="dashboard", in_program=True,
         why_not=needs_change, rank=18)  # fmt: skip
async def higher_card(context: Context) -> None:
    """Let the card at the cursor be one line higher."""
    await _resize(context, 0, 1)


@command("cards.card_lower", N_("lower card"), keys=("-",), scope="dashboard", in_program=True,
         why_not=needs_change, rank=19)  # fmt: skip
async def lower_card(context: Context) -> None:
    """Let the card at the cursor be one line lower."""
    await _resize(context, 0, -1)


async def _resize(context: Context, columns: int, lines: int) -> None:
    from crm_tui.services import dashboards

    record = await _own_card(context)
    if record is not None:
        await context.call(dashboards.resize, context.workspace, context.actor, record, columns, lines)
        await view_of(context).follow(record)


@command("cards.new_dashboard", N_("new dashboard"), keys=("N",), scope="dashboard", in_program=True,
         why_not=needs_change, rank=21)  # fmt: skip
async def new_dashboard(context: Context) -> None:
    """Make a dashboard of your own: a copy of this one, or an empty one."""
    chosen = await context.screen.choose(
        _("A new dashboard"),
        [
            Choice("copy", _("a copy of {name}").format(name=view_of(context).board.title)),
            Choice("empty", _("an empty one")),
        ],
    )
    if chosen:
        await _copy(context, _("What shall it be called?"), empty=chosen[0] == "empty")


@command("cards.edit_dashboard", N_("name and sharing"), keys=("E",), scope="dashboard", in_program=True,
         why_not=needs_change, rank=22)  # fmt: skip
async def edit_dashboard(context: Context) -> None:
    """Change what your dashboard is called, and whether others see it."""
    if await _own(context):
        await context.screen.open_form(entities["dashboard"], view_of(context).board.record)


@command("cards.remove_dashboard", N_("remove dashboard"), keys=("X",), scope="dashboard", in_program=True,
         why_not=needs_change, rank=23)  # fmt: skip
async def remove_dashboard(context: Context) -> None:
    """Archive your dashboard; those that come with the program stay."""
    from crm_tui.services import records

    board = view_of(context).board
    if board.record is None:
        raise CrmError(_("This dashboard comes with the program; it stays."))
    if await context.screen.confirm(_("Remove the dashboard {name}?").format(name=board.title)):
        await context.call(
            records.archive_many, context.workspace, context.actor, entities["dashboard"], [board.record]
        )
        await view_of(context).show_dashboard("")
        context.say(_("Dashboard {name} removed; u undoes it").format(name=board.title))
