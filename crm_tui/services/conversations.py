"""Conversations with clients: logging one with several of them at once."""

from __future__ import annotations

from collections.abc import Sequence

from crm_tui.db import Workspace
from crm_tui.i18n import _, ngettext
from crm_tui.journal import operation
from crm_tui.models.base import entities
from crm_tui.scope import Actor, require_change
from crm_tui.services.records import title_of, write_new
from crm_tui.services.typed import Typed, read_typed, require_filled


def log(workspace: Workspace, actor: Actor, clients: Sequence[int], typed: Typed) -> list[int]:
    """Log one interaction with each of the clients, in one operation, and return the ids.

    Raises InvalidRecord, NotFound, NotAllowed.
    """
    entity = entities["interaction"]
    require_change(actor, entity)
    values = read_typed(actor, entity, typed)
    require_filled(entity, values)
    with operation(workspace, actor, "client.log") as op:
        named = op.read_all(entities["client"], list(clients))
        logged = [write_new(op, entity, {**values, "client": client}) for client in dict.fromkeys(clients)]
        channel = entity.fields["channel"].show(values.get("channel") or entity.fields["channel"].initial)
        if len(logged) == 1:
            title = title_of(entities["client"], named[clients[0]])
            op.summary = _("log {channel} with {title}").format(channel=channel, title=title)
        else:
            words = ngettext("log {channel} with {n} client", "log {channel} with {n} clients", len(logged))
            op.summary = words.format(channel=channel, n=len(logged))
    return logged
