"""Who is here: sessions say so now and then, and are forgotten when they stop."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from crm_tui import clock
from crm_tui.db import Workspace
from crm_tui.scope import Actor
from crm_tui.services import presence
from tests import business
from tests.conftest import NOW


def test_everyone_sees_who_is_here(workspace: Workspace, ana: Actor, bo: Actor) -> None:
    assert presence.here(workspace, ana, "s1", "clients") == ["ana"]
    assert presence.here(workspace, bo, "s2", "clients") == ["bo", "ana"]
    assert presence.here(workspace, ana, "s1", "log") == ["ana", "bo"]
    assert presence.here(workspace, ana, "s3", "clients") == ["ana", "bo"]
    assert presence.others("s2") == ["ana"]
    presence.leave(workspace, bo, "s2")
    assert presence.others("s1") == ["ana"]


def test_who_vanished_without_a_word_is_forgotten(workspace: Workspace, ana: Actor, bo: Actor) -> None:
    presence.here(workspace, bo, "s2", "clients")
    with clock.use(NOW + presence.GONE_AFTER):
        assert presence.others("s1") == ["bo"]
    with clock.use(NOW + presence.GONE_AFTER + timedelta(seconds=1)):
        assert presence.here(workspace, ana, "s1", "clients") == ["ana"]
    assert presence.others("") == ["ana"]


def test_it_is_nobodys_history(workspace: Workspace, ana: Actor) -> None:
    before = business.operations()
    presence.here(workspace, ana, "s1", "clients")
    presence.leave(workspace, ana, "s1")
    assert business.operations() == before


def test_a_reader_leaves_no_sign(workspace: Workspace, ana: Actor, bo: Actor) -> None:
    presence.here(workspace, bo, "s2", "clients")
    reader = Actor(ana.operator_id, "ana", "admin", readonly=True)
    assert presence.here(workspace, reader, "s1", "clients") == ["ana", "bo"]
    presence.leave(workspace, reader, "s2")
    assert presence.others("s1") == ["bo"]


def test_a_viewer_is_seen_all_the_same(workspace: Workspace, ana: Actor, tmp_path: Path) -> None:
    vera = business.operator(workspace, ana, "vera", "viewer")
    presence.here(workspace, vera, "s3", "clients")
    assert presence.others("s1") == ["vera"]
