"""Moving in two versions of a document that are compared."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crm_tui.commands.context import Context
from crm_tui.commands.registry import command
from crm_tui.errors import CrmError
from crm_tui.i18n import N_, _

if TYPE_CHECKING:
    from crm_tui.commands.shown import CompareView


def _view(context: Context) -> CompareView:
    view = context.screen.compare_view
    if view is None:
        raise CrmError(_("Nothing is compared on the screen."))
    return view


@command("compare.down", N_("down"), keys=("j", "down"), scope="compare", in_program=True, rank=101, instant=True)
async def down(context: Context) -> None:
    """Move a line down."""
    _view(context).scroll_by(1)


@command("compare.up", N_("up"), keys=("k", "up"), scope="compare", in_program=True, rank=101, instant=True)
async def up(context: Context) -> None:
    """Move a line up."""
    _view(context).scroll_by(-1)


@command("compare.page_down", N_("page down"), keys=("pgdn", "ctrl+f", "space"), scope="compare", in_program=True,
         rank=101, instant=True)  # fmt: skip
async def page_down(context: Context) -> None:
    """Move a page down."""
    _view(context).scroll_pages(1)


@command("compare.page_up", N_("page up"), keys=("pgup", "ctrl+b"), scope="compare", in_program=True, rank=101,
         instant=True)  # fmt: skip
async def page_up(context: Context) -> None:
    """Move a page up."""
    _view(context).scroll_pages(-1)


@command("compare.next", N_("next difference"), keys=("n",), scope="compare", in_program=True, rank=1, instant=True)
async def next_one(context: Context) -> None:
    """Move to the next section that differs."""
    _view(context).to_difference(1)


@command("compare.previous", N_("difference before"), keys=("N",), scope="compare", in_program=True, rank=2,
         instant=True)  # fmt: skip
async def previous_one(context: Context) -> None:
    """Move to the section before that differs."""
    _view(context).to_difference(-1)


@command("compare.turn", N_("side by side / in one"), keys=("v",), scope="compare", in_program=True, rank=3,
         instant=True)  # fmt: skip
async def turn(context: Context) -> None:
    """Show the two versions beside each other, or both in one text."""
    _view(context).turn()


@command("compare.same", N_("what is the same"), keys=("z",), scope="compare", in_program=True, rank=4, instant=True)
async def same(context: Context) -> None:
    """Show what is the same in both, too, or no more."""
    _view(context).show_same()
