"""Conversations with clients and people: logging one with several of them at once."""

from __future__ import annotations

from collections.abc import Sequence

from crm_tui.db import Workspace
from crm_tui.i18n import _, ngettext
from crm_tui.journal import operation
from crm_tui.models.base import entities
from crm_tui.scope import Actor, require_change
from crm_tui.services import rules
from crm_tui.services.records import title_of, write_new
from crm_tui.services.typed import Typed, read_typed, require_filled


def log(workspace: Workspace, actor: Actor, ids: Sequence[int], typed: Typed, *, whom: str = "client") -> list[int]:
    """Log one interaction with each of the clients, or with ``whom`` "contact" of the people, in one operation, and
    return the ids.

    Raises InvalidRecord, NotFound, NotAllowed, DoNotContact.
    """
    entity = entities["interaction"]
    require_change(actor, entity)
    plain, anyway = rules.take_anyway(entity, typed)
    values = read_typed(actor, entity, plain)
    require_filled(entity, values)
    if not anyway:
        for record in ids:
            rules.be_cautious(entity.name, {**values, whom: record})
    with operation(workspace, actor, f"{whom}.log") as op:
        named = op.read_all(entities[whom], list(ids))
        logged = [write_new(op, entity, {**values, whom: record}) for record in dict.fromkeys(ids)]
        channel = entity.fields["channel"].show(values.get("channel") or entity.fields["channel"].initial)
        if len(logged) == 1:
            title = title_of(entities[whom], named[ids[0]])
            op.summary = _("log {channel} with {title}").format(channel=channel, title=title)
        else:
            label = _(ngettext(entities[whom].label, entities[whom].label_plural, len(logged)))
            op.summary = _("log {channel} with {n} {label}").format(channel=channel, n=len(logged), label=label)
    return logged
