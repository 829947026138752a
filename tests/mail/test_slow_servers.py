"""A mail server that says nothing, or a letter now and then, holds nothing up and is not waited for for ever."""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from crm_tui.db import Workspace
from crm_tui.mail import smtp
from crm_tui.mail.state import state
from crm_tui.models.outbox import Message
from crm_tui.scope import Actor
from crm_tui.worker import service
from crm_tui.worker.tick import Background
from tests import business
from tests.mail.conftest import name_server


@contextmanager
def mumbling(every: float) -> Iterator[int]:
    """A server that sends a letter ``every`` so many seconds, 0 for none at all; yields its port."""
    ended = threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def serve() -> None:
            with contextlib.suppress(OSError):
                for _client in range(20):
                    with listening.accept()[0] as connection, contextlib.suppress(OSError):
                        while not ended.wait(every or None):
                            connection.sendall(b"2")

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield listening.getsockname()[1]
        ended.set()
        with contextlib.suppress(OSError):
            listening.shutdown(socket.SHUT_RDWR)
    thread.join(5)


def wait(background: Background) -> None:
    """Wait until nothing is on its way."""
    while background.busy:
        background.step()
        threading.Event().wait(0.02)


@pytest.mark.parametrize("every", [0, 0.02])
def test_it_is_cut_off_and_everything_else_goes_on(
    workspace: Workspace, ana: Actor, monkeypatch: pytest.MonkeyPatch, every: float
) -> None:
    monkeypatch.setattr(smtp, "SILENCE", 1.0)
    monkeypatch.setattr(smtp, "LONGEST", 1.5)
    with mumbling(every) as port:
        name_server(workspace, ana, port)
        business.add(workspace, ana, "message", to="maria@example.org", subject="Hello", body="How are you?")
        background = Background(workspace, "one")
        background.step()
        assert background.busy
        business.add(workspace, ana, "recurring_rule", name="Post", schedule="1 day after completion")
        assert background.step().done == ['"Post": task "Post"']
        assert background.busy  # the server has not said anything yet
        wait(background)
        background.close()
    (message,) = Message.select()
    assert (message.status, message.tries, message.claimed_by) == ("queued", 0, "")
    assert "No mail goes out: the mail server" in state(workspace).reason


def test_who_ends_while_a_server_is_silent_ends_soon(
    workspace: Workspace, ana: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(smtp, "SILENCE", 5.0)
    with mumbling(0) as port:
        name_server(workspace, ana, port)
        business.add(workspace, ana, "message", to="maria@example.org", subject="Hello", body="How are you?")
        background = Background(workspace, "one")
        background.step()
        background.close(grace=0.1)
        (message,) = Message.select()
        assert (message.status, message.claimed_by) == ("queued", "")
    assert service.status().holder == ""
