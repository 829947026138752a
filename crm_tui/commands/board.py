"""The board of orders: moving on it, arranging its cards, its lanes and columns, and the list it also is."""

from __future__ import annotations

from crm_tui.commands import asking
from crm_tui.commands.context import BoardView, Choice, Context, needs_record_to_change
from crm_tui.commands.making import steps_of
from crm_tui.commands.registry import command
from crm_tui.errors import BadInput, CrmError
from crm_tui.i18n import N_, _
from crm_tui.models.base import Entity, entities

MOST_STEPS = 100_000
"""Cards that one may be moved past at once."""


def _is_order(entity: Entity) -> bool:
    return entity.name == "order"


def _has_forms(entity: Entity) -> bool:
    return entity.name in ("order", "task")


def _board(context: Context) -> BoardView:
    view = context.screen.board_view
    if view is None:
        raise CrmError(_("There is no board here."))
    return view


@command("board.left", N_("column before"), keys=("h", "left"), scope="board", in_program=True, instant=True, rank=101)
async def left(context: Context) -> None:
    """Move to the column before."""
    _board(context).sideways(-1)


@command("board.right", N_("next column"), keys=("l", "right"), scope="board", in_program=True, instant=True, rank=101)
async def right(context: Context) -> None:
    """Move to the next column."""
    _board(context).sideways(1)


@command("board.next_lane", N_("next lane"), keys=("tab",), scope="board", in_program=True, instant=True, rank=101)
async def next_lane(context: Context) -> None:
    """Move to the next lane, where the board is parted into lanes."""
    _board(context).next_lane(1)


@command("board.lane_before", N_("lane before"), keys=("shift+tab",), scope="board", in_program=True, instant=True,
         rank=101)  # fmt: skip
async def lane_before(context: Context) -> None:
    """Move to the lane before."""
    _board(context).next_lane(-1)


@command("board.fold", N_("fold column"), keys=("c",), scope="board", in_program=True, instant=True, rank=63)
async def fold(context: Context) -> None:
    """Make a strip of the column at the cursor, which leaves the others more room; on a strip, open it again."""
    _board(context).fold()


@command("board.lanes", N_("lanes"), keys=("w",), scope="board", in_program=True, rank=26)
async def lanes(context: Context) -> None:
    """Part the board into lanes by team, assignee, client or priority; choosing none makes it one again."""
    board = _board(context)
    fields = entities["order"].fields
    names = ("team", "assignee", "client", "priority")
    choices = [Choice("", _("no lanes"), chosen=not board.lanes)]
    choices += [Choice(name, fields[name].label, chosen=board.lanes == name) for name in names]
    chosen = await context.screen.choose(_("Lanes"), choices)
    if chosen:
        board.part(chosen[0])


@command(
    "{entity}.lower", N_("card down"), keys=("J",), scope="board", of=_is_order, why_not=needs_record_to_change,
    in_program=True, takes=("steps",), rank=18,
)  # fmt: skip
async def lower(context: Context) -> None:
    """Move the card down its column, or so many cards; the order by hand stays for everybody."""
    await _arrange(context, steps_of(context, MOST_STEPS))


@command(
    "{entity}.raise", N_("card up"), keys=("K",), scope="board", of=_is_order, why_not=needs_record_to_change,
    in_program=True, takes=("steps",), rank=19,
)  # fmt: skip
async def raise_card(context: Context) -> None:
    """Move the card up its column, or so many cards; the order by hand stays for everybody."""
    await _arrange(context, -steps_of(context, MOST_STEPS))


async def _arrange(context: Context, steps: int) -> None:
    from crm_tui.services import ordering  # start-up is budgeted

    if len(context.ids) != 1:
        raise BadInput(_("Cards are arranged one at a time: esc drops the selection."))
    record = context.ids[0]
    above, below = _board(context).beside(steps)
    if record in (above, below):
        context.say(_("It is the last of the column.") if steps > 0 else _("It is the first of the column."))
        return
    await context.call(ordering.place, context.workspace, context.actor, record, after=above, before=below)


@command(
    "{entity}.place", N_("place"), scope="list record", of=_is_order, why_not=needs_record_to_change,
    takes=("after", "before"), rank=120,
)  # fmt: skip
async def place(context: Context) -> None:
    """Let an order stand on the board right behind another of its stage, or in front of it: after=ORD-12."""
    from crm_tui.services import ordering

    ids = await context.records()
    if len(ids) != 1:
        raise BadInput(_("Cards are arranged one at a time: esc drops the selection."))
    beside: dict[str, int] = {}
    for way in ("after", "before"):
        if context.arguments.get(way):
            beside[way] = await asking.named(context, "order", context.arguments[way], way)
    context.say(await context.call(ordering.place, context.workspace, context.actor, ids[0], **beside))


@command("{entity}.form", N_("other form"), keys=("b",), scope="list", of=_has_forms, in_program=True, rank=25)
async def other_form(context: Context) -> None:
    """Show the same in another form: orders as a board or a list, tasks as an agenda, a list or a month."""
    await context.screen.show_as()
