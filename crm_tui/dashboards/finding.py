"""Which dashboards there are for somebody: those that come with the program, their own, and those shared with them."""

from __future__ import annotations

from crm_tui.dashboards.cards import Dashboard, of_values
from crm_tui.dashboards.shipped import SHIPPED
from crm_tui.errors import BadInput, nearest
from crm_tui.i18n import _
from crm_tui.queries import dashboards as kept
from crm_tui.scope import Actor
from crm_tui.text import fold, quoted


def every(actor: Actor) -> list[Dashboard]:
    """Return all that ``actor`` sees, without the cards of those that somebody made."""
    return [*SHIPPED, *(Dashboard(one.name, one.name, (), one.id, one.owner) for one in kept.boards(actor))]


def named(actor: Actor, name: str) -> Dashboard:
    """Return the dashboard of a name with its cards. Raises BadInput naming the nearest."""
    for one in SHIPPED:
        if one.name == fold(name):
            return one
    for board in kept.boards(actor, name):
        held = tuple(map(of_values, kept.cards(board.id)))
        return Dashboard(board.name, board.name, held, board.id, board.owner)
    message = _("There is no dashboard called {name}.").format(name=quoted(name))
    raise BadInput(message + nearest(name, [one.name for one in every(actor)]), field="dashboard")
