"""The verb ``worker``: does in the background what the workspace does by itself."""

from __future__ import annotations

import signal
import threading
from datetime import datetime

from crm_tui import clock, formats
from crm_tui.db import Workspace
from crm_tui.errors import BadInput
from crm_tui.i18n import _, ngettext
from crm_tui.moments import read_span
from crm_tui.scope import require_change
from crm_tui.verbs import printing
from crm_tui.verbs.request import Request


def work(request: Request) -> None:
    """Work as a service until it is told to end, or once; ``--status`` only says what was done and what comes. Raises
    BadInput, NotAllowed, StorageFailed."""
    options = request.options
    if options.until and not options.once:
        raise BadInput(_("--until goes with --once: a service works until it is told to end."))
    until = _moment(options.until) if options.until else None
    with request.opened() as (workspace, actor):
        if options.status:
            _tell(request, workspace)
            return
        require_change(actor)
        if options.once:
            _once(request, workspace, until)
        else:
            _serve(workspace)


def _moment(text: str) -> datetime:
    """Return the moment that ``--until`` names; of a day, its end. Raises BadInput."""
    from crm_tui.moments import read_moment

    try:
        span = read_span(text)
        return span.end if span is not None and span.instant is None else read_moment(text)
    except ValueError as error:
        raise BadInput(str(error), field="until") from error


def _once(request: Request, workspace: Workspace, until: datetime | None) -> None:
    from crm_tui.worker import service

    said: list[str] = []

    def say(text: str) -> None:
        said.append(text)
        if not request.json:
            printing.write(printing.plain(f"{formats.iso_moment(clock.now())}  {text}") + "\n")

    done = service.run_once(workspace, say) if until is None else service.run_until(workspace, until, say)
    if request.json:
        printing.write_json({"done": said})
    else:
        printing.note(ngettext("{n} thing was done.", "{n} things were done.", done).format(n=formats.whole(done)))


def _serve(workspace: Workspace) -> None:
    from crm_tui.worker import service

    ended = threading.Event()
    for name in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(name, lambda _number, _frame: ended.set())
    printing.note(_("Working on {workspace}; ctrl+c ends it.").format(workspace=workspace))

    def say(text: str) -> None:
        printing.write(printing.plain(f"{formats.iso_moment(clock.now())}  {text}") + "\n")
        printing.flush()

    service.serve(workspace, say, ended.is_set, ended.wait)


def _tell(request: Request, workspace: Workspace) -> None:
    from crm_tui.mail import state
    from crm_tui.worker import service

    found, mail = service.status(), state.state(workspace)
    if request.json:
        printing.write_json(
            {
                "working": found.holder or None,
                "late": found.late,
                "paused": found.paused,
                "mail": mail.as_json(),
                "done": [
                    {"at": formats.iso_moment(at), "rule": rule, "entity": entity, "id": record}
                    for at, rule, entity, record in found.done
                ],
                "next": [{"at": formats.iso_moment(at), "rule": rule} for at, rule in found.coming],
            }
        )
        return
    lines = [_("Working now: {holder}").format(holder=found.holder)] if found.holder else [_("Nothing is due now.")]
    if found.late:
        late = ngettext(
            "{n} rule is late: no session is open, and no worker runs.",
            "{n} rules are late: no session is open, and no worker runs.",
            found.late,
        )
        lines.append(late.format(n=found.late))
    if found.paused:
        lines.append(ngettext("{n} rule is paused.", "{n} rules are paused.", found.paused).format(n=found.paused))
    lines += mail.lines() if mail.waiting or mail.failed else []
    lines += ["", _("Done last")] + [
        f"  {formats.full_moment(at):<22} {rule}  ({entity} {record})" for at, rule, entity, record in found.done
    ]
    lines += ["", _("Next")] + [f"  {formats.full_moment(at):<22} {rule}" for at, rule in found.coming]
    if not found.coming:
        lines.append("  " + _("nothing: crm-tui add recurring_rule makes a rule"))
    printing.write(printing.plain("\n".join(lines)) + "\n")
