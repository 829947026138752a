"""The outbox from the command line: settings, what waits, and what a backup that is restored does with it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.conftest import Run
from tests.mail.server import MailServer


@pytest.fixture
def server() -> Iterator[MailServer]:
    with MailServer() as running:
        yield running


def name_server(crm: Run, port: int) -> None:
    """Name a server of this machine in the settings."""
    for key, value in (("server", f"127.0.0.1:{port}"), ("security", "none"), ("from", "Agency <office@example.com>")):
        crm("add", "setting", f"key=mail.{key}", f"value={value}")


def test_it_says_what_is_missing_and_sends(crm: Run, server: MailServer) -> None:
    assert "the setting mail.server is missing" in crm("outbox").out
    crm("add", "message", "to=maria@example.org", "subject=Hello", "body=How are you?")
    assert crm("outbox", "--json").json["waiting"] == 1
    name_server(crm, server.port)
    assert crm("outbox").out == "Mail goes out.\n1 message is to be sent.\n"
    assert crm("worker", "--once", "--json").json == {"done": ['send "Hello" to maria@example.org']}
    assert server.subjects() == ["Hello"]
    found = crm("worker", "--status", "--json").json
    assert (found["done"][0]["rule"], found["mail"]["waiting"]) == ('mail "Hello"', 0)
    assert "no e-mail address" in crm("outbox", "--test", code=2).err
    crm("set", "operators", "login:ana", "email=ana@example.com")
    crm("outbox", "--test")
    assert server.subjects() == ["Hello", "Mail from crm-tui works"]
    assert crm("--readonly", "outbox", "--release", code=1).err


def test_a_restored_backup_sends_nothing_until_somebody_says_so(
    crm: Run, run: Run, server: MailServer, tmp_path: Path
) -> None:
    name_server(crm, server.port)
    crm("add", "message", "to=maria@example.org", "subject=Hello", "body=How are you?")
    crm("backup", tmp_path / "backup.db")
    crm("worker", "--once")
    assert len(server.received) == 1
    crm("restore", tmp_path / "backup.db", "--yes")
    assert crm("worker", "--once", "--json").json == {"done": []}
    said = crm("outbox", "--json").json
    assert (said["waiting"], said["held"], said["goes_out"]) == (1, True, False)
    assert "copied, moved or restored" in said["reason"]
    assert "1 message is to be sent" in crm("worker", "--status").out
    copied = run("-w", tmp_path / "backup.db", "--operator", "ana", "outbox", "--json").json
    assert copied["held"]
    assert len(server.received) == 1
    crm("outbox", "--release")
    crm("worker", "--once")
    assert len(set(server.ids())) == 1  # who gets it again can tell that it is the same
    assert len(server.received) == 2
