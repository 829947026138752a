"""The views that every workspace has: not stored, so that they are there at once and as this version means them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from crm_tui import derived
from crm_tui.i18n import N_, _
from crm_tui.models.base import Entity, entities


@dataclass(frozen=True, slots=True)
class ShippedView:
    """A query under a name; its columns are those of what the query asks for."""

    _name: str
    _query: str

    @property
    def query(self) -> str:
        """Its query, in the words of this workspace."""
        found = self._query.replace(_WHO_STAYED, _who_stayed())
        return found.replace(_OPEN, _open("order", "stage")).replace(_TO_DO, _open("task", "status"))

    @property
    def name(self) -> str:
        """What it is called, in the session's language."""
        return _(self._name)


def _who_stayed() -> str:
    """The terms that leave out the stages of those who have left, whatever they are called."""
    stage: Any = entities["client"].fields["stage"]
    return " ".join(f'-stage:"{value}"' for value in stage.meant(derived.GONE))


def _open(entity: str, field: str) -> str:
    """The term that keeps what is still to be made or done, whatever its stages are called."""
    kind: Any = entities[entity].fields[field]
    return f"{field}:" + ",".join(f'"{value}"' for value in kind.meant("open"))


_WHO_STAYED = "{who stayed}"
_OPEN = "{open}"
_TO_DO = "{to do}"

_VIEWS = {
    "client": (
        ShippedView(N_("All"), ""),
        ShippedView(N_("Clients"), "kind:client"),
        ShippedView(N_("Customers"), "kind:customer"),
        ShippedView(N_("Mine and my teams'"), "(owner:me or team:mine)"),
        ShippedView(N_("Without an account manager"), f"kind:client no:owner {_WHO_STAYED}"),
        ShippedView(N_("Due"), "due<=today sort:due"),
        ShippedView(N_("Gone quiet: dormant?"), "quiet<today sort:quiet"),
    ),
    "time_entry": (
        ShippedView(N_("All"), ""),
        ShippedView(N_("Mine this week"), "operator:me day:this-week sort:-day"),
        ShippedView(N_("Mine this month"), "operator:me day:this-month sort:-day"),
        ShippedView(N_("Billable this month"), "billable:yes day:this-month sort:-day"),
        ShippedView(N_("Billable last month"), "billable:yes day:last-month sort:-day"),
    ),
    "task": (
        ShippedView(N_("All"), ""),
        ShippedView(N_("Mine"), f"assignee:me {_TO_DO} sort:due"),
        ShippedView(N_("Mine and my teams'"), f"(assignee:me or team:mine) {_TO_DO} sort:due"),
        ShippedView(N_("Today and late"), f"{_TO_DO} due<=today sort:due"),
        ShippedView(N_("This week"), f"{_TO_DO} due:this-week sort:due"),
        ShippedView(N_("Waiting for others"), f"{_TO_DO} waits-for>0 sort:due"),
        ShippedView(N_("My teams' queue"), f"{_TO_DO} team:mine no:assignee sort:-priority"),
        ShippedView(N_("Nobody's"), f"{_TO_DO} no:assignee no:team sort:-priority"),
        ShippedView(N_("Done this week"), "done:this-week sort:-done"),
    ),
    "order": (
        ShippedView(N_("All"), ""),
        ShippedView(N_("Open"), f"{_OPEN} sort:due"),
        ShippedView(N_("Mine and my teams'"), f"(assignee:me or team:mine) {_OPEN} sort:due"),
        ShippedView(N_("Late"), f"{_OPEN} due<today sort:due"),
        ShippedView(N_("Waiting for somebody"), f"{_OPEN} no:assignee sort:-priority"),
        ShippedView(N_("My teams' queue"), f"{_OPEN} team:mine no:assignee sort:-priority"),
        ShippedView(N_("Fulfilled in 30 days"), "fulfilled>=-30d sort:-fulfilled"),
    ),
}


def of(entity: Entity) -> tuple[ShippedView, ...]:
    """Return the views of an entity that ship with the program."""
    return _VIEWS.get(entity.name, ())
