"""The postman: takes what waits in the outbox to the mail server, and notes what became of it.

A message is claimed in one transaction, sent outside of any, and noted in another. Who dies in between leaves a claim
that ends after a while, and the message is sent again, with the Message-ID it always had: it may come twice where a
server or we fall silent at the wrong moment, and nobody is left without it.
"""

from __future__ import annotations

import queue
import threading
from datetime import datetime
from typing import Any

from crm_tui import clock
from crm_tui.db import Workspace
from crm_tui.errors import CrmError
from crm_tui.i18n import _
from crm_tui.journal import Writer, operation
from crm_tui.mail import smtp, webhooks
from crm_tui.mail.waiting import RETRIES, SERVER_PAUSES, free, is_due, ripe, sendable
from crm_tui.models.base import entities
from crm_tui.models.outbox import FAILED, SENT, Message, OutboxState
from crm_tui.models.people import Operator
from crm_tui.scope import WORKER, active_admins
from crm_tui.services import mail_settings, messages, notifications, outbox, records
from crm_tui.text import quoted

MOST = 20
"""Messages that are claimed at once."""


class Postman:
    """Sends what waits, on a thread of its own for as long as there is something to send."""

    def __init__(self, workspace: Workspace, holder: str) -> None:
        self._workspace, self._holder = workspace, holder
        self._outcomes: queue.SimpleQueue[smtp.Outcome] = queue.SimpleQueue()
        self._thread: threading.Thread | None = None
        self._stopped = threading.Event()
        self._claimed: set[int] = set()
        self._pauses = 0

    @property
    def busy(self) -> bool:
        """Whether messages are on their way at this moment."""
        return bool(self._claimed)

    def step(self) -> list[str]:
        """Note what became of what was sent, and send what waits; return what was done in words. On the thread of the
        database. Raises StorageFailed."""
        done = self._note()
        if not self.busy and is_due(self._workspace):
            self._send_some()
        return done

    def close(self, grace: float) -> None:
        """End after the message that is being sent, and note what became of it; what was only claimed waits for
        others."""
        self._stopped.set()
        if self._thread is not None:
            self._thread.join(grace)
            self._note()
        self._give_back()

    def _give_back(self) -> None:
        """Let others send what was claimed and not sent."""
        if self._claimed:
            _unclaim(self._workspace, self._holder, self._claimed)
            self._claimed = set()

    def _send_some(self) -> None:
        try:
            server = mail_settings.server()
        except CrmError:
            server = None
        found = claim(self._workspace, self._holder, MOST)
        if not found:
            return
        self._claimed = {message.id for message in found}
        self._thread = threading.Thread(target=self._deliver, args=(server, found), name="mail", daemon=True)
        self._thread.start()

    def _deliver(self, server: mail_settings.Server | None, found: list[smtp.Outgoing]) -> None:
        """Send what was claimed. On its own thread."""
        tell, stopped = self._outcomes.put, self._stopped.is_set
        mails = [one for one in found if not one.url]
        if server is not None:
            smtp.send(server, mails, tell, stopped)
        else:
            for one in mails:
                tell(smtp.Outcome(one.id, smtp.UNTRIED))
        webhooks.call([one for one in found if one.url], tell, stopped)

    def _note(self) -> list[str]:
        """Note what is known by now."""
        done = []
        while True:
            try:
                outcome = self._outcomes.get_nowait()
            except queue.Empty:
                break
            if outcome.id == 0:
                self._pause(outcome.reason)
                continue
            said = note(self._workspace, self._holder, outcome)
            self._claimed.discard(outcome.id)
            if said:
                done.append(said)
            if outcome.what == smtp.SENT and not outcome.called:
                self._resume()
        if (self._thread is None or not self._thread.is_alive()) and self._outcomes.empty():
            self._give_back()
        return done

    def _pause(self, reason: str) -> None:
        """Try the server again later, and tell the admins once that it takes nothing."""
        pause = SERVER_PAUSES[min(self._pauses, len(SERVER_PAUSES) - 1)]
        self._pauses += 1
        with operation(self._workspace, WORKER, "mail.fail") as op:
            known = outbox.state().problem
            OutboxState.update(problem=reason, try_at=clock.now() + pause).execute()
            if not known:
                _tell_admins(op, reason)

    def _resume(self) -> None:
        self._pauses = 0
        if outbox.state().problem:
            with self._workspace.write():
                OutboxState.update(problem="", try_at=None).execute()


def _tell_admins(op: Writer, reason: str) -> None:
    text = outbox.takes_nothing(reason)
    op.summary = text
    for admin in active_admins():
        notifications.tell(op, admin, "failure", "operator", admin, text, by_mail=False)


def claim(workspace: Workspace, holder: str, most: int) -> list[smtp.Outgoing]:
    """Take messages that wait, so that nobody else sends them; what must not be sent any more fails here."""
    model: Any = Message
    now = clock.now()
    refused: dict[int, str] = {}
    found: list[smtp.Outgoing] = []
    with workspace.write():
        rows = list(model.select().where(sendable() & free(now) & ripe(now)).order_by(model.id).limit(most))
        for row in rows:
            if reason := _refused(row):
                refused[row.id] = reason
                continue
            reply_to = _reply_to(row.owner_id)
            found.append(
                smtp.Outgoing(
                    row.id, row.to, row.subject, row.body, row.message_id, reply_to, row.created_at, row.url
                )
            )  # fmt: skip
        ids = [*(message.id for message in found), *refused]
        model.update(claimed_by=holder, claimed_at=now).where(model.id.in_(ids)).execute()
    for record, reason in refused.items():
        note(workspace, holder, smtp.Outcome(record, smtp.NEVER, reason))
    return found


def _refused(row: Any) -> str:
    """Return why a message must not go out any more, "" where it may."""
    if row.url:
        return ""
    reason = messages.refused({"contact": row.contact_id, "client": row.client_id})
    return reason or ("" if row.to else _("there is no address any more"))


def _reply_to(owner: int | None) -> str:
    if owner is None:
        return ""
    row: Any = Operator.select(Operator.email).where(Operator.id == owner).tuples().first()
    return str(row[0]) if row else ""


def _unclaim(workspace: Workspace, holder: str, ids: set[int]) -> None:
    """Let others have what ``holder`` claimed, unless they took it over by now."""
    model: Any = Message
    mine = model.id.in_(sorted(ids)) & (model.claimed_by == holder)
    with workspace.write():
        model.update(claimed_by="", claimed_at=None).where(mine).execute()


def note(workspace: Workspace, holder: str, outcome: smtp.Outcome) -> str:
    """Note what became of a message that ``holder`` claimed; return it in words, "" for what nobody needs to know."""
    if outcome.what == smtp.UNTRIED:
        _unclaim(workspace, holder, {outcome.id})
        return ""
    sent = outcome.what == smtp.SENT
    with operation(workspace, WORKER, "message.send" if sent else "message.fail", kind="do" if sent else "note") as op:
        # Looked up where nobody else can write: between looking and writing another one could note it, too.
        row = Message.get_or_none((Message.id == outcome.id) & (Message.claimed_by == holder))
        if row is None:
            return ""  # it took so long that another one sent it, too, and noted it
        return _note_sent(op, row) if sent else _note_unsent(op, row, outcome)


def _note_unsent(op: Writer, row: Any, outcome: smtp.Outcome) -> str:
    """Note why a message did not go out, and when it is tried again."""
    given_up = outcome.what == smtp.NEVER or row.tries >= len(RETRIES)
    values = {"problem": outcome.reason[:400]} | ({"status": FAILED} if given_up else {})
    op.update(entities["message"], row.id, values)
    op.summary = (
        _("{subject} could not be sent to {to}: {reason}") if given_up
        else _("{subject} to {to} waits: {reason}")
    ).format(subject=quoted(row.subject, 60), to=row.to or row.url, reason=outcome.reason)  # fmt: skip
    later = None if given_up else clock.now() + RETRIES[row.tries]
    _release(row, later, row.tries + 1)
    if given_up and row.owner_id is not None:
        notifications.tell(op, row.owner_id, "failure", "message", row.id, op.summary, by_mail=False)
    return op.summary if given_up else ""


def _note_sent(op: Writer, row: Any) -> str:
    """Note that a message went out: from then on it is a conversation with its client."""
    now = clock.now()
    op.update(entities["message"], row.id, {"status": SENT, "sent_at": now, "problem": ""})
    _release(row, None, row.tries)
    if row.client_id is not None and not row.url:
        said = {
            "channel": "email", "direction": "out", "client": row.client_id, "contact": row.contact_id, "at": now,
            "subject": row.subject, "body": row.body, "operator": row.owner_id,
        }  # fmt: skip
        records.write_new(op, entities["interaction"], said)
    op.summary = _("send {subject} to {to}").format(subject=quoted(row.subject, 60), to=row.to or row.url)
    return op.summary


def _release(row: Any, later: datetime | None, tries: int) -> None:
    """Let go of a claim, and try again no sooner than ``later``."""
    model: Any = Message
    model.update(claimed_by="", claimed_at=None, try_at=later, tries=tries).where(model.id == row.id).execute()
