"""The verb ``outbox``: how it stands with the mail of a workspace."""

from __future__ import annotations

from crm_tui.i18n import ngettext
from crm_tui.verbs import printing
from crm_tui.verbs.request import Request


def outbox(request: Request) -> None:
    """Say whether mail goes out and what waits; ``--release`` lets it go out from a copy or a restored backup,
    ``--test`` sends one to the operator's own address. Raises NotAllowed, CrmError."""
    from crm_tui.mail import state
    from crm_tui.services import outbox

    options = request.options
    with request.opened() as (workspace, actor):
        if options.test:
            printing.note(state.trial(actor).send())
            return
        if options.release:
            waiting = outbox.release(workspace, actor)
            words = ngettext("Mail goes out; {n} message waits.", "Mail goes out; {n} messages wait.", waiting)
            printing.note(words.format(n=waiting))
            return
        found = state.state(workspace)
        if request.json:
            printing.write_json(found.as_json())
            return
        printing.write(printing.plain("\n".join(found.lines())) + "\n")
