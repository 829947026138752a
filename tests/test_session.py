"""One operator at work: hears what others did, says that it is here, and remembers its screens."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from crm_tui.commands.keymap import Keymap
from crm_tui.config import Config
from crm_tui.db import Workspace
from crm_tui.models.base import entities
from crm_tui.scope import Actor
from crm_tui.services import records
from crm_tui.services.operators import sign_in
from crm_tui.session import Session
from crm_tui.workspaces import open_workspace
from tests import business
from tests.processes import Crew, Say

Opened = Callable[[Workspace, Actor], Session]


@pytest.fixture
def session_of() -> Iterator[Opened]:
    sessions: list[Session] = []

    def opening(workspace: Workspace, actor: Actor) -> Session:
        sessions.append(Session(workspace, actor, Config(), Keymap(())))
        return sessions[-1]

    yield opening
    for session in sessions:
        session.database.close()


def add_three(location: str, number: int, say: Say) -> list[int]:
    workspace = open_workspace(location)
    bo = sign_in(workspace, "bo")
    return [business.client(workspace, bo, f"Client {number}.{n}") for n in range(3)]


def test_what_others_do_is_news_once(
    location: str, workspace: Workspace, ana: Actor, bo: Actor, session_of: Opened
) -> None:
    session = session_of(workspace, ana)
    assert session.news() is None
    with Crew(1, add_three, location) as crew:
        crew.begin()
        (made,) = crew.results()
    heard = session.news()
    assert heard is not None
    assert heard.records == {"client": frozenset(made)}
    assert session.news() is None


def test_ones_own_doings_do_not_hide_what_others_did(
    location: str, workspace: Workspace, ana: Actor, bo: Actor, session_of: Opened
) -> None:
    session = session_of(workspace, ana)
    mine = business.client(workspace, ana, "Mine")
    with Crew(1, add_three, location) as crew:
        crew.begin()
        (made,) = crew.results()
    business.client(workspace, ana, "Mine too")
    heard = session.news()
    assert heard is not None
    assert heard.records["client"] >= {mine, *made}


def test_who_is_here(workspace: Workspace, ana: Actor, bo: Actor, session_of: Opened) -> None:
    one, two = session_of(workspace, ana), session_of(workspace, bo)
    assert one.here("clients") == ["ana"]
    assert two.here("clients") == ["bo", "ana"]
    assert one.here("log") == ["ana", "bo"]
    two.leave()
    assert one.here("log") == ["ana"]


def test_screens_are_as_they_were_left(workspace: Workspace, ana: Actor, bo: Actor, session_of: Opened) -> None:
    session = session_of(workspace, ana)
    session.screens["clients"] = {"query": "stage:active"}
    session.leave()
    assert session_of(workspace, ana).screens == {"clients": {"query": "stage:active"}}
    assert session_of(workspace, bo).screens == {}


def test_it_is_called_what_its_workspace_is_called(
    sqlite_location: str, open_at: Callable[..., Workspace], session_of: Opened
) -> None:
    workspace = open_at(sqlite_location)
    ana = sign_in(workspace, "ana")
    assert session_of(workspace, ana).name == "workspace"
    records.add(workspace, ana, entities["setting"], {"key": "name", "value": "Atelier Norte"})
    assert session_of(workspace, ana).name == "Atelier Norte"
