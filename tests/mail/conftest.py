"""A workspace that sends its mail to a server of the test."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from crm_tui.db import Workspace
from crm_tui.scope import Actor
from tests import business
from tests.mail.server import MailServer


@pytest.fixture
def server() -> Iterator[MailServer]:
    with MailServer() as running:
        yield running


@pytest.fixture
def post(workspace: Workspace, ana: Actor, server: MailServer) -> MailServer:
    """The server, named in the settings."""
    name_server(workspace, ana, server.port)
    return server


def name_server(workspace: Workspace, ana: Actor, port: int) -> None:
    """Name a server of this machine in the settings."""
    given = {
        "mail.server": f"127.0.0.1:{port}", "mail.security": "none", "mail.from": "Agency <office@example.com>",
    }  # fmt: skip
    for key, value in given.items():
        business.add(workspace, ana, "setting", key=key, value=value)
