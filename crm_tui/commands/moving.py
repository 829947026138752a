"""Moving in lists and selecting in them."""

from __future__ import annotations

from crm_tui.commands.context import Context, ListView
from crm_tui.commands.registry import command
from crm_tui.errors import CrmError
from crm_tui.i18n import N_, _


def _list(context: Context) -> ListView:
    view = context.screen.list_view
    if view is None:
        raise CrmError(_("There is no list here."))
    return view


@command("list.down", N_("down"), keys=("j", "down"), scope="list rows", in_program=True, instant=True, rank=101)
async def down(context: Context) -> None:
    """Move to the next row."""
    _list(context).move(1)


@command("list.up", N_("up"), keys=("k", "up"), scope="list rows", in_program=True, instant=True, rank=101)
async def up(context: Context) -> None:
    """Move to the row above."""
    _list(context).move(-1)


@command(
    "list.page_down",
    N_("page down"),
    keys=("pgdn", "ctrl+f"),
    scope="list rows",
    in_program=True,
    instant=True,
    rank=101,
)
async def page_down(context: Context) -> None:
    """Move down by a page."""
    _list(context).page(1)


@command(
    "list.page_up", N_("page up"), keys=("pgup", "ctrl+b"), scope="list rows", in_program=True, instant=True, rank=101
)
async def page_up(context: Context) -> None:
    """Move up by a page."""
    _list(context).page(-1)


@command(
    "list.half_down",
    N_("half a page down"),
    keys=("ctrl+d",),
    scope="list rows",
    in_program=True,
    instant=True,
    rank=101,
)
async def half_down(context: Context) -> None:
    """Move down by half a page."""
    _list(context).page(0.5)


@command(
    "list.half_up", N_("half a page up"), keys=("ctrl+u",), scope="list rows", in_program=True, instant=True, rank=101
)
async def half_up(context: Context) -> None:
    """Move up by half a page."""
    _list(context).page(-0.5)


@command(
    "list.first", N_("first row"), keys=("g g", "home"), scope="list rows", in_program=True, instant=True, rank=101
)
async def first(context: Context) -> None:
    """Move to the first row."""
    _list(context).go_to("first")


@command("list.last", N_("last row"), keys=("G", "end"), scope="list rows", in_program=True, instant=True, rank=101)
async def last(context: Context) -> None:
    """Move to the last row."""
    _list(context).go_to("last")


@command("list.select", N_("select"), keys=("space",), scope="list", in_program=True, instant=True, rank=30)
async def select(context: Context) -> None:
    """Select the row at the cursor, or take it out of the selection; then any command acts on all selected."""
    _list(context).toggle()


@command("list.select_all", N_("select all"), keys=("*",), scope="list", in_program=True, instant=True, rank=60)
async def select_all(context: Context) -> None:
    """Select every row that matches the query, also those not in sight; again to select none."""
    _list(context).toggle_all()


@command("record.next", N_("next"), keys=("]",), scope="record", in_program=True, rank=40)
async def next_record(context: Context) -> None:
    """Show the next record of the list this one was opened from."""
    await context.screen.step(1)


@command("record.previous", N_("previous"), keys=("[",), scope="record", in_program=True, rank=41)
async def previous_record(context: Context) -> None:
    """Show the previous record of the list this one was opened from."""
    await context.screen.step(-1)


@command("record.next_tab", N_("next tab"), keys=("tab",), scope="record", in_program=True, instant=True, rank=35)
async def next_tab(context: Context) -> None:
    """Open the next tab of the record: timeline, people, comments, files, facts."""
    context.screen.next_tab(1)


@command("record.previous_tab", N_("previous tab"), keys=("shift+tab",), scope="record", in_program=True, instant=True,
         rank=101)  # fmt: skip
async def previous_tab(context: Context) -> None:
    """Open the tab before."""
    context.screen.next_tab(-1)
