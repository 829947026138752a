"""Webhooks: an automation tells a program of somebody else, once, whatever that program does."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from crm_tui import clock
from crm_tui.db import Workspace
from crm_tui.errors import InvalidRecord
from crm_tui.mail import webhooks
from crm_tui.mail.state import state
from crm_tui.mail.waiting import RETRIES, next_due
from crm_tui.models.outbox import Message, OutboxState
from crm_tui.scope import Actor
from crm_tui.worker import service
from tests import business
from tests.conftest import NOW
from tests.mail import server as servers
from tests.mail.conftest import name_server
from tests.mail.server import MailServer


class Hook:
    """A program that is called, on a port of its own, and answers as told."""

    def __init__(self) -> None:
        self.received: list[tuple[str, dict[str, str], Any]] = []
        self.answers: list[int] = []
        hook = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:  # noqa: N802  # what http.server asks
                body = self.rfile.read(int(self.headers["Content-Length"]))
                hook.received.append((self.path, {k.lower(): v for k, v in self.headers.items()}, json.loads(body)))
                status = hook.answers.pop(0) if hook.answers else 204
                if status == 0:
                    self.connection.close()
                    return
                self.send_response(status)
                if status == 302:
                    self.send_header("Location", "/elsewhere")
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_said: object) -> None:
                """Say nothing."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}/hook?key=s3cret"
        threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True).start()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()


@pytest.fixture
def hook() -> Iterator[Hook]:
    running = Hook()
    yield running
    running.close()


def fulfilled(workspace: Workspace, ana: Actor, url: str) -> int:
    """An automation that calls an address, and an order that makes it do so."""
    business.client(workspace, ana)
    order = business.add(workspace, ana, "order", client="ACME Studio", title="Ünique site")
    business.add(
        workspace, ana, "automation", name="Tell the shop", entity="orders",
        condition="stage:fulfilled changed:stage", actions=f"webhook {url}",
    )  # fmt: skip
    business.save(workspace, ana, "order", order, stage="fulfilled")
    return order


def run(workspace: Workspace) -> list[str]:
    said: list[str] = []
    service.run_once(workspace, said.append)
    return said


def message() -> Any:
    return Message.select().order_by(Message.id.desc()).get()


def test_a_program_is_told_about_the_record(workspace: Workspace, ana: Actor, hook: Hook) -> None:
    order = fulfilled(workspace, ana, hook.url)
    run(workspace)
    ((path, headers, told),) = hook.received
    assert path == "/hook?key=s3cret"
    assert headers["content-type"] == "application/json"
    assert headers["webhook-id"] == message().message_id
    assert (told["entity"], told["id"], told["values"]["title"]) == ("orders", order, "Ünique site")
    assert told["values"]["stage"] == "fulfilled"
    assert "Tell the shop" in told["because"]
    assert told["at"] == "2026-11-22T14:02:00Z"
    assert (message().status, message().to) == ("sent", "")
    assert business.rows("interaction") == []  # nobody talked to the client
    run(workspace)
    assert len(hook.received) == 1


@pytest.mark.parametrize("answer", [500, 503, 429, 408, 0])
def test_what_passes_is_tried_again_with_the_same_id(workspace: Workspace, ana: Actor, hook: Hook, answer: int) -> None:
    hook.answers = [answer]
    fulfilled(workspace, ana, hook.url)
    run(workspace)
    held = message()
    assert (held.status, held.tries) == ("queued", 1)
    assert str(answer or "cannot be reached") in held.problem
    assert next_due(workspace) == NOW + RETRIES[0]
    run(workspace)
    assert len(hook.received) == 1
    with clock.use(NOW + RETRIES[0] + timedelta(seconds=1)):
        run(workspace)
    assert message().status == "sent"
    first, second = (headers["webhook-id"] for _path, headers, _told in hook.received)
    assert first == second


@pytest.mark.parametrize("answer", [400, 401, 404, 410, 302])
def test_what_lasts_fails_at_once_and_its_owner_is_told(
    workspace: Workspace, ana: Actor, hook: Hook, answer: int
) -> None:
    hook.answers = [answer]
    fulfilled(workspace, ana, hook.url)
    run(workspace)
    assert message().status == "failed"
    assert f"{answer}" in message().problem
    assert len(hook.received) == 1  # it is not followed to where the answer points
    assert state(workspace).failed == 1
    assert any(
        str(answer) in one["text"] and one["operator"] == ana.operator_id for one in business.rows("notification")
    )


def test_a_program_that_is_not_there_is_called_until_it_is_given_up(
    workspace: Workspace, ana: Actor, hook: Hook
) -> None:
    hook.close()
    fulfilled(workspace, ana, hook.url)
    moment = NOW
    for _attempt in range(len(RETRIES) + 1):
        with clock.use(moment):
            run(workspace)
        moment += RETRIES[-1] + timedelta(seconds=1)
    assert message().status == "failed"
    assert "cannot be reached" in message().problem


def test_an_answer_without_end_is_cut_off(workspace: Workspace, ana: Actor, monkeypatch: pytest.MonkeyPatch) -> None:
    import socket

    monkeypatch.setattr(webhooks, "LONGEST", 0.2)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        fulfilled(workspace, ana, f"http://127.0.0.1:{silent.getsockname()[1]}/")
        run(workspace)
    assert message().status == "queued"
    assert message().problem


def test_calls_go_out_without_any_mail_server_and_beside_one_that_is_down(
    workspace: Workspace, ana: Actor, hook: Hook
) -> None:
    business.add(workspace, ana, "message", to="maria@example.org", subject="Hello", body="Hi")
    fulfilled(workspace, ana, hook.url)
    run(workspace)
    assert len(hook.received) == 1
    with MailServer() as gone:
        name_server(workspace, ana, gone.port)
    run(workspace)
    assert OutboxState.get().problem
    business.save(workspace, ana, "order", 1, stage="confirmed")
    business.save(workspace, ana, "order", 1, stage="fulfilled")
    run(workspace)
    assert len(hook.received) == 2
    assert OutboxState.get().problem  # that says nothing about the mail server
    (waiting,) = Message.select().where(Message.status == "queued")
    assert waiting.to == "maria@example.org"


def test_mail_and_calls_go_out_together(workspace: Workspace, ana: Actor, hook: Hook, post: MailServer) -> None:
    business.add(workspace, ana, "message", to="maria@example.org", subject="Hello", body="Hi")
    fulfilled(workspace, ana, hook.url)
    run(workspace)
    assert post.subjects() == ["Hello"]
    assert len(hook.received) == 1
    assert post.behave() == servers.OK


def test_a_copy_of_the_workspace_calls_nobody_until_somebody_says_so(
    workspace: Workspace, ana: Actor, hook: Hook
) -> None:
    fulfilled(workspace, ana, hook.url)
    with workspace.write():
        OutboxState.update(place="somewhere else").execute()
    run(workspace)
    assert hook.received == []
    assert state(workspace).held


@pytest.mark.parametrize(
    "url",
    [
        "", "example.com", "ftp://example.com/x", "http://", "https://exa mple.com", "https://user:pw@example.com/",
        "http://[::1", "http://example.com:99999/", "http://example.com:0/", "https://exämple.com/", "javascript:1",
        "https://example.com/\r\nX: y", "https://example.com/#part", "https://example.com/" + "x" * 3000,
    ],
)  # fmt: skip
def test_what_is_no_address_is_refused(workspace: Workspace, ana: Actor, url: str) -> None:
    with pytest.raises((InvalidRecord, ValueError)):
        business.add(workspace, ana, "automation", name="Tell", entity="orders", actions=f"webhook {url}")
