"""As what an entity is listed: as a list, or as a board where its records have stages."""

from __future__ import annotations

from crm_tui.models.base import Entity
from crm_tui.screens.list_screen import ListScreen
from crm_tui.screens.listed import ListedScreen
from crm_tui.session import Session

FORM = "form"
"""What is kept of a screen: the form it was left in."""

_FORMS = {"order": ("board", "list"), "task": ("agenda", "list", "calendar")}
"""The forms that an entity can be listed in, first the usual one; all others are lists."""


def form_of(session: Session, entity: Entity) -> str:
    """Return the form that an entity was left in, or its usual one."""
    forms = _FORMS.get(entity.name, ("list",))
    kept = session.screens.get(entity.plural, {}).get(FORM)
    return str(kept) if kept in forms else forms[0]


def next_form(session: Session, entity: Entity) -> str:
    """Return the form that comes after the one that an entity is listed in."""
    forms = _FORMS.get(entity.name, ("list",))
    return forms[(forms.index(form_of(session, entity)) + 1) % len(forms)]


def listed_as(form: str, session: Session, entity: Entity, query: str | None) -> ListedScreen:
    """Return a new screen of that form."""
    if form == "board":
        from crm_tui.screens.board_screen import BoardScreen  # start-up is budgeted

        return BoardScreen(session, entity, query)
    if form in ("agenda", "calendar"):
        from crm_tui.screens.task_screens import AgendaScreen, CalendarScreen

        return (AgendaScreen if form == "agenda" else CalendarScreen)(session, entity, query)
    return ListScreen(session, entity, query)
