"""A real mail server for the tests, that behaves as told."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult

OK, GREYLIST, NOBODY, REJECT, DROP_BEFORE, DROP_AFTER, BUSY = (
    "ok", "greylist", "nobody", "reject", "drop before", "drop after", "busy",
)  # fmt: skip


class _Controller(Controller):
    """Takes the port the system gives it: aiosmtpd itself would connect to the one it asked for, which is none."""

    def _trigger_server(self) -> None:
        server: Any = self.server
        self.port = server.sockets[0].getsockname()[1]
        super()._trigger_server()


@dataclass
class MailServer:
    """Takes mail on a port of its own, in a thread; ``received`` is what it took, each with whom it is for."""

    behave: Callable[[], str] = lambda: OK
    """What it does with the next message."""
    password: str = ""
    """What a login must say, "" where it asks for none."""
    received: list[tuple[str, EmailMessage]] = field(default_factory=list)
    port: int = 0

    def __enter__(self) -> MailServer:
        auth: dict[str, Any] = {"authenticator": self._authenticate, "auth_required": True, "auth_require_tls": False}
        self._controller = _Controller(self, hostname="127.0.0.1", port=0, **(auth if self.password else {}))
        self._controller.start()
        self.port = self._controller.port
        return self

    def __exit__(self, *_error: object) -> None:
        self._controller.stop()

    def subjects(self) -> list[str]:
        """Return the subjects of what it took, in order."""
        return [str(mail["Subject"]) for _to, mail in self.received]

    def ids(self) -> list[str]:
        """Return the Message-IDs of what it took, in order."""
        return [str(mail["Message-ID"]) for _to, mail in self.received]

    def _authenticate(self, _server: Any, _session: Any, _envelope: Any, _mechanism: str, data: Any) -> AuthResult:
        return AuthResult(success=data.password == self.password.encode(), handled=False)

    async def handle_RCPT(  # noqa: N802
        self, server: Any, session: Any, envelope: Any, address: str, _options: Any
    ) -> str:  # what aiosmtpd asks
        self._how = self.behave()
        if self._how == GREYLIST:
            return "450 4.2.0 greylisted, come again"
        if self._how == NOBODY:
            return "550 5.1.1 there is no such person here"
        if self._how == DROP_BEFORE:
            server.transport.close()
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        if self._how == REJECT:
            return "554 5.7.1 this looks like spam"
        if self._how == BUSY:
            return "451 4.3.0 too busy"
        mail: Any = message_from_bytes(envelope.content, policy=default)
        self.received.append((envelope.rcpt_tos[0], mail))
        if self._how == DROP_AFTER:
            server.transport.close()
        return "250 taken"


def at_random(seed: int) -> Callable[[], str]:
    """Return a behaviour that mostly takes what it gets."""
    rnd = random.Random(seed)
    return lambda: rnd.choice([OK] * 20 + [GREYLIST, DROP_BEFORE, DROP_AFTER, BUSY])
