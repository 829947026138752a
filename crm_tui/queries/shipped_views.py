"""The views that every workspace has: not stored, so that they are there at once and as this version means them."""

from __future__ import annotations

from dataclasses import dataclass

from crm_tui import derived
from crm_tui.i18n import N_, _
from crm_tui.models.base import Entity


@dataclass(frozen=True, slots=True)
class ShippedView:
    """A query under a name; its columns are those of what the query asks for."""

    _name: str
    query: str

    @property
    def name(self) -> str:
        """What it is called, in the session's language."""
        return _(self._name)


_VIEWS = {
    "client": (
        ShippedView(N_("All"), ""),
        ShippedView(N_("Clients"), "kind:client"),
        ShippedView(N_("Customers"), "kind:customer"),
        ShippedView(N_("Mine and my teams'"), "(owner:me or team:mine)"),
        ShippedView(N_("Without an account manager"), f"kind:client no:owner -stage:{derived.GONE}"),
        ShippedView(N_("Due"), "due<=today sort:due"),
        ShippedView(N_("Gone quiet: dormant?"), "quiet<today sort:quiet"),
    ),
}


def of(entity: Entity) -> tuple[ShippedView, ...]:
    """Return the views of an entity that ship with the program."""
    return _VIEWS.get(entity.name, ())
