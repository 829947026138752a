"""How it stands with the mail of a workspace, in words; and trying it out."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import Any

from crm_tui import clock
from crm_tui.db import Workspace
from crm_tui.errors import BadInput, CrmError
from crm_tui.i18n import _, ngettext
from crm_tui.models.outbox import FAILED, Message
from crm_tui.models.people import Operator
from crm_tui.scope import Actor
from crm_tui.services import mail_settings, outbox


@dataclass(frozen=True, slots=True)
class State:
    """Whether mail goes out, and what waits."""

    waiting: int
    """Messages to be sent."""
    failed: int
    """Messages that could not be sent."""
    held: bool
    """Whether nothing goes out until somebody says so: this is a copy, or a backup that was restored."""
    reason: str
    """Why nothing goes out from here, "" where it does."""

    def as_json(self) -> dict[str, object]:
        """Return it as scripts get it."""
        return {"waiting": self.waiting, "failed": self.failed, "held": self.held, "goes_out": not self.reason,
                "reason": self.reason or None}  # fmt: skip

    def lines(self) -> list[str]:
        """Return it in words."""
        found = [self.reason or _("Mail goes out.")]
        if self.waiting:
            found.append(
                ngettext("{n} message is to be sent.", "{n} messages are to be sent.", self.waiting).format(
                    n=self.waiting
                )
            )
        if self.failed:
            found.append(
                ngettext("{n} message could not be sent.", "{n} messages could not be sent.", self.failed).format(
                    n=self.failed
                )
            )
        return found


def state(workspace: Workspace) -> State:
    """Return how it stands with the mail of a workspace."""
    model: Any = Message
    failed = model.select().where((model.status == FAILED) & model.archived_at.is_null()).count()
    held = (mail_settings.configured() or outbox.decided()) and outbox.is_held(workspace)
    return State(outbox.waiting(), int(failed), held, _why_not(held))


def _why_not(held: bool) -> str:
    if held:
        return _(
            "No mail goes out: this workspace was copied, moved or restored since somebody last let it. "
            "Look through what waits; then let it go out (crm-tui outbox --release, or the command of that name)."
        )
    try:
        mail_settings.server()
    except CrmError as error:
        return str(error)
    problem = outbox.state().problem
    return outbox.takes_nothing(problem) if problem else ""


@dataclass(frozen=True, slots=True)
class Trial:
    """One mail to the operator's own address, past the outbox."""

    server: mail_settings.Server
    address: str
    login: str

    def send(self) -> str:
        """Send it at once; return that it was taken. Touches no database. Raises CrmError, saying why it was not."""
        from crm_tui.mail import smtp

        mail = smtp.Outgoing(
            1, self.address, _("Mail from crm-tui works"),
            _("This is the trial that {login} asked for.").format(login=self.login),
            uuid.uuid4().hex, "", clock.now(),
        )  # fmt: skip
        outcomes: list[smtp.Outcome] = []
        smtp.send(self.server, [mail], outcomes.append, lambda: False)
        problem = next((one.reason for one in outcomes if one.what != smtp.SENT and one.reason), "")
        if problem:
            raise CrmError(_("It could not be sent: {reason}.").format(reason=problem))
        return _("Sent to {address}; {host} took it.").format(address=self.address, host=self.server.host)


def trial(actor: Actor) -> Trial:
    """Return the trial of an operator. Raises CrmError, saying what is missing."""
    row: Any = Operator.select(Operator.email).where(Operator.id == actor.operator_id).tuples().first()
    if not row or not row[0]:
        raise BadInput(_("You have no e-mail address here to send a trial to; an admin adds it to your operator."))
    return Trial(mail_settings.server(), row[0], actor.login)
