"""Operators: the first one is whoever opens a new workspace; others come by an admin's hand."""

from __future__ import annotations

import getpass
from typing import Any

from crm_tui import journal
from crm_tui.db import Workspace
from crm_tui.errors import CannotOpen, nearest
from crm_tui.i18n import _
from crm_tui.models.base import entities
from crm_tui.models.people import Operator
from crm_tui.scope import Actor
from crm_tui.text import clean_line, quoted


def login_of_account() -> str:
    """Return the name of the account that runs the program."""
    try:
        return clean_line(getpass.getuser()) or "operator"
    except (KeyError, OSError):
        return "operator"


def sign_in(workspace: Workspace, login: str = "", *, readonly: bool = False) -> Actor:
    """Return who works in this session. In a workspace without operators, ``login`` becomes its first admin.

    Raises CannotOpen, naming the nearest, for a login the workspace does not know or that is no longer active.
    """
    named, login = bool(login), login or login_of_account()
    found = _find(login)
    if found is None and not readonly and not workspace.readonly:
        if not Operator.select().exists():
            _make_first(workspace, login)
        found = _find(login)  # another session may have made it meanwhile
    if found is None and not named:
        found = _only_operator()
    if found is None:
        query: Any = Operator.select(Operator.login).where(Operator.archived_at.is_null())
        message = _("This workspace has no operator {login}; an admin adds one.").format(login=quoted(login))
        raise CannotOpen(message + nearest(login, [row[0] for row in query.tuples()]))
    if not found.active or found.archived_at:
        raise CannotOpen(_('The operator "{login}" is no longer active.').format(login=found.login))
    return Actor(found.id, found.login, found.role, readonly)


def _make_first(workspace: Workspace, login: str) -> None:
    from crm_tui.services.presets import write_shipped  # once in the life of a workspace

    kind = entities["operator"].fields["login"]
    try:
        tidy = kind.check(login)
    except ValueError as error:
        raise CannotOpen(_("The login cannot be that of an operator: {reason}.").format(reason=error)) from error
    actor, summary = Actor(0, tidy, "admin"), _("first operator")
    with journal.operation(workspace, actor, "workspace.start", summary=summary, kind="setup") as op:
        if not Operator.select().exists():  # another session may have been first
            op.create(entities["operator"], {"login": tidy, "name": tidy, "role": "admin"})
            write_shipped(op)


def _find(login: str) -> Any:
    return Operator.get_or_none(Operator.login == login)


def _only_operator() -> Any:
    """A workspace copied from another account still opens while one person alone works in it."""
    found = list(Operator.select().where(Operator.archived_at.is_null()).limit(2))
    return found[0] if len(found) == 1 else None
