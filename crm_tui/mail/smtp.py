"""Handing messages to a mail server, over one connection as far as it lasts (RFC 5321)."""

from __future__ import annotations

import contextlib
import smtplib
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

from crm_tui.i18n import _
from crm_tui.services.mail_settings import STARTTLS, TLS, Server
from crm_tui.text import clean_line

SILENCE = 60.0
"""Seconds a server may say nothing: some look through a message for long before they take it."""

LONGEST = 120.0
"""Seconds an answer may take in all: a server that says a letter now and then is not waited for."""

TOGETHER = 600.0
"""Seconds after which no further message is begun: others may have them by then (``waiting.CLAIM``)."""

_READY = 220
_TOO_LARGE = 552  # RFC 1870

SENT, LATER, NEVER, UNTRIED = "sent", "later", "never", "untried"


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A message as it goes out."""

    id: int
    to: str
    subject: str
    body: str
    message_id: str
    """What no other message has: who gets it twice, because a server fell silent, can tell."""
    reply_to: str
    """The operator's own address, "" for that of the sender."""
    made_at: datetime
    url: str = ""
    """The web address that is called instead, "" for an e-mail."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one message, ``id`` 0 for what holds of the server."""

    id: int
    what: str
    """``sent``; ``later``, to be tried again; ``never``; ``untried``, because the server takes nothing."""
    reason: str = ""
    """In the server's words where it said any."""
    called: bool = False
    """Whether a webhook was called, which says nothing about the mail server."""


class ServerRefused(Exception):
    """The server takes no mail from us at all, as things are."""


def compose(server: Server, message: Outgoing) -> EmailMessage:
    """Return the mail. Its Date and Message-ID are the same each time it is sent."""
    mail = EmailMessage(policy=SMTP)
    mail["From"] = Address(clean_line(server.name), addr_spec=server.address)
    mail["To"] = Address(addr_spec=message.to)
    mail["Subject"] = clean_line(message.subject)
    mail["Date"] = format_datetime(message.made_at.replace(tzinfo=UTC))
    mail["Message-ID"] = f"<{message.message_id}@crm-tui.invalid>"
    if message.reply_to and message.reply_to != server.address:
        mail["Reply-To"] = Address(addr_spec=message.reply_to)
    mail.set_content(message.body.rstrip("\n") + "\n")
    return mail


def send(
    server: Server, messages: Sequence[Outgoing], tell: Callable[[Outcome], object], stopped: Callable[[], bool]
) -> None:
    """Send messages one after the other and tell what became of each as soon as it is known. Never raises for what a
    server does."""
    waiting, broken = list(messages), 0
    end = time.monotonic() + TOGETHER

    def goes_on() -> bool:
        return bool(waiting) and not stopped() and time.monotonic() < end

    while goes_on():
        try:
            with _connected(server) as connection:
                while goes_on():
                    outcome, lasts = _send_one(connection, server, waiting[0])
                    waiting.pop(0)
                    tell(outcome)
                    broken = 0 if lasts else broken + 1
                    if not lasts:
                        break
        except ServerRefused as error:
            tell(Outcome(0, LATER, str(error)))
            break
        if broken > 1:
            tell(Outcome(0, LATER, _("the mail server falls silent again and again")))
            break
    for message in waiting:
        tell(Outcome(message.id, UNTRIED))


class _Bounded(smtplib.SMTP):
    """A connection that is cut off when an answer takes too long, however often the server says something."""

    def getreply(self) -> tuple[int, bytes]:
        timer = threading.Timer(LONGEST, self._cut)
        timer.daemon = True
        timer.start()
        try:
            return super().getreply()
        finally:
            timer.cancel()

    def _cut(self) -> None:
        with contextlib.suppress(OSError):
            if self.sock is not None:
                self.sock.shutdown(socket.SHUT_RDWR)


class _BoundedTls(_Bounded, smtplib.SMTP_SSL):
    """The same, encrypted from the first byte."""


@contextmanager
def _connected(server: Server) -> Iterator[smtplib.SMTP]:
    """A connection that is ready to take mail. Raises ServerRefused, saying why, when there is none to be had."""
    with contextlib.ExitStack() as stack:
        try:
            connection = _connect(server, stack)
        except smtplib.SMTPAuthenticationError as error:
            message = _("the mail server refuses the user {user} or the password: {reply}")
            raise ServerRefused(message.format(user=server.user, reply=_reply(error))) from error
        except smtplib.SMTPException as error:
            raise ServerRefused(_said(server, error)) from error
        except (OSError, UnicodeError) as error:
            message = _("the mail server {host}:{port} cannot be reached: {reason}")
            reason = getattr(error, "strerror", None) or str(error) or _("it does not answer")
            raise ServerRefused(message.format(host=server.host, port=server.port, reason=reason)) from error
        yield connection
        with contextlib.suppress(smtplib.SMTPException, OSError):
            connection.quit()


def _connect(server: Server, stack: contextlib.ExitStack) -> smtplib.SMTP:
    """Connect, and say who we are where that is asked for; ``stack`` closes the connection."""
    context = ssl.create_default_context() if server.security in (STARTTLS, TLS) else None
    connection: smtplib.SMTP = (
        _BoundedTls(timeout=SILENCE, context=context) if server.security == TLS else _Bounded(timeout=SILENCE)
    )
    stack.callback(connection.close)
    connection._host = server.host  # type: ignore[attr-defined]  # what certificates are looked at for
    code, reply = connection.connect(server.host, server.port)
    if code != _READY:
        raise smtplib.SMTPConnectError(code, reply)
    if server.security == STARTTLS:
        connection.starttls(context=context)
    if server.user:
        connection.login(server.user, server.password)
    return connection


def _send_one(connection: smtplib.SMTP, server: Server, message: Outgoing) -> tuple[Outcome, bool]:
    """Return what became of a message, and whether the connection lasts. Raises ServerRefused."""
    try:
        mail = compose(server, message)
    except (ValueError, IndexError, UnicodeError) as error:
        reason = _("it cannot be written as a mail: {reason}").format(reason=clean_line(str(error)))
        return Outcome(message.id, NEVER, reason), True
    try:
        connection.send_message(mail, from_addr=server.address, to_addrs=[message.to])
    except smtplib.SMTPRecipientsRefused as error:
        code, reply = next(iter(error.recipients.values()), (450, b""))
        return _refused(message, code, reply)
    except smtplib.SMTPSenderRefused as error:
        if error.smtp_code == _TOO_LARGE:
            return _refused(message, error.smtp_code, error.smtp_error)
        shown = _("the mail server refuses the sender {sender}: {reply}")
        raise ServerRefused(shown.format(sender=server.address, reply=_reply(error))) from error
    except smtplib.SMTPDataError as error:
        return _refused(message, error.smtp_code, error.smtp_error)
    except smtplib.SMTPNotSupportedError:
        return Outcome(message.id, NEVER, _("the mail server takes no such address")), True
    except (smtplib.SMTPException, OSError) as error:
        # Whether it was taken is not known: it is sent again, and its Message-ID says that it is the same.
        return Outcome(message.id, LATER, _said(server, error)), False
    return Outcome(message.id, SENT), True


def _refused(message: Outgoing, code: int, reply: bytes | str) -> tuple[Outcome, bool]:
    what = NEVER if 500 <= code < 600 else LATER
    lasts = code != 421  # RFC 5321, 3.8: the server closes
    return Outcome(message.id, what, _("the mail server says: {reply}").format(reply=_plain(code, reply))), lasts


def _said(server: Server, error: Exception) -> str:
    if isinstance(error, smtplib.SMTPResponseException):
        return _("the mail server says: {reply}").format(reply=_reply(error))
    if isinstance(error, smtplib.SMTPNotSupportedError):
        return _("the mail server offers no {what}; the setting mail.security says it should").format(
            what=server.security
        )
    if isinstance(error, TimeoutError):
        return _("the mail server does not answer")
    return _("the mail server broke off: {reason}").format(reason=_plain(0, str(error)))


def _reply(error: smtplib.SMTPResponseException) -> str:
    return _plain(error.smtp_code, error.smtp_error)


def _plain(code: int, reply: bytes | str) -> str:
    text = reply.decode("utf-8", "replace") if isinstance(reply, bytes) else str(reply)
    return clean_line(f"{code} {text}" if code else text).strip()[:200]
