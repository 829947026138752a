"""Calling a program of somebody else: what an automation tells it is posted to its web address as JSON.

Who is called gets ``webhook-id``, the same however often the call is repeated, and ``webhook-timestamp`` (Unix time of
the attempt), as Standard Webhooks 1.0.0 has them. Calls are not signed: what only the receiver should know belongs
into the address.
"""

from __future__ import annotations

import contextlib
import http.client
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from urllib.parse import urlsplit

from crm_tui import __version__
from crm_tui.i18n import _
from crm_tui.mail.smtp import LATER, NEVER, SENT, UNTRIED, Outcome, Outgoing
from crm_tui.text import clean_line

LONGEST = 15.0
"""Seconds a call may take in all, as others who call webhooks give them."""

_READ = 2_000
"""Bytes of an answer that are looked at: only its status counts."""

_COME_AGAIN = frozenset({408, 409, 425, 429})
"""Statuses (RFC 9110) of the fours that say nothing against the call itself."""


def call(calls: Sequence[Outgoing], tell: Callable[[Outcome], object], stopped: Callable[[], bool]) -> None:
    """Post each to its address, and tell what became of it as soon as it is known. Never raises for what is there."""
    for one in calls:
        tell(Outcome(one.id, UNTRIED) if stopped() else _call_one(one))


def _call_one(one: Outgoing) -> Outcome:
    try:
        with _connected(one.url) as (connection, path):
            body = one.body.encode()
            connection.request(
                "POST", path, body,
                {
                    "Content-Type": "application/json", "User-Agent": f"crm-tui/{__version__}",
                    "webhook-id": one.message_id, "webhook-timestamp": str(int(time.time())),
                },
            )  # fmt: skip
            answer = connection.getresponse()
            answer.read(_READ)
    except (OSError, http.client.HTTPException, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error) or _("it does not answer")
        message = _("{url} cannot be reached: {reason}")
        return Outcome(one.id, LATER, message.format(url=one.url, reason=clean_line(reason)[:200]))
    if 200 <= answer.status < 300:
        return Outcome(one.id, SENT, called=True)
    lasting = 300 <= answer.status < 500 and answer.status not in _COME_AGAIN
    said = clean_line(f"{answer.status} {answer.reason}").strip()[:200]
    return Outcome(one.id, NEVER if lasting else LATER, _("{url} says: {reply}").format(url=one.url, reply=said))


@contextlib.contextmanager
def _connected(url: str) -> Iterator[tuple[http.client.HTTPConnection, str]]:
    """A connection to whom an address is of, that ends in time, and what to ask it for."""
    parts = urlsplit(url)
    host = parts.hostname or ""
    connection: http.client.HTTPConnection = (
        http.client.HTTPSConnection(host, parts.port, timeout=LONGEST, context=ssl.create_default_context())
        if parts.scheme == "https" else http.client.HTTPConnection(host, parts.port, timeout=LONGEST)
    )  # fmt: skip

    def cut() -> None:  # a server that says a byte now and then is not waited for
        with contextlib.suppress(OSError):
            if connection.sock is not None:
                connection.sock.shutdown(socket.SHUT_RDWR)

    timer = threading.Timer(LONGEST, cut)
    timer.daemon = True
    timer.start()
    try:
        yield connection, (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    finally:
        timer.cancel()
        connection.close()
