"""Who works here: the first operator is whoever opens a new workspace."""

from __future__ import annotations

import getpass
from collections.abc import Callable

import pytest

from crm_tui.db import Workspace
from crm_tui.errors import CannotOpen
from crm_tui.models.base import entities
from crm_tui.scope import Actor
from crm_tui.services import records
from crm_tui.services.operators import login_of_account, sign_in
from tests import business


def test_whoever_opens_a_new_workspace_is_its_admin(tmp_path: object, open_at: Callable[..., Workspace]) -> None:
    workspace = open_at(f"{tmp_path}/w.db")
    actor = sign_in(workspace)
    assert (actor.login, actor.role) == (getpass.getuser(), "admin")
    assert business.operations() == [("workspace.start", "setup", False)]
    assert sign_in(workspace) == actor


def test_an_account_without_a_name_is_called_operator(monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown() -> str:
        raise KeyError("getpwuid(): uid not found: 4711")

    monkeypatch.setattr(getpass, "getuser", unknown)
    assert login_of_account() == "operator"


def test_a_login_that_nobody_has_is_told_with_the_nearest(workspace: Workspace, ana: Actor) -> None:
    with pytest.raises(CannotOpen) as told:
        sign_in(workspace, "anna")
    assert str(told.value) == 'This workspace has no operator "anna"; an admin adds one. Did you mean "ana"?'


def test_alone_in_a_workspace_from_elsewhere(workspace: Workspace, ana: Actor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(getpass, "getuser", lambda: "somebody")
    assert sign_in(workspace) == ana
    business.operator(workspace, ana, "bo")
    with pytest.raises(CannotOpen, match='no operator "somebody"'):
        sign_in(workspace)


def test_who_left_does_not_come_in_any_more(workspace: Workspace, ana: Actor, bo: Actor) -> None:
    business.save(workspace, ana, "operator", bo.operator_id, active="no")
    with pytest.raises(CannotOpen, match='The operator "bo" is no longer active'):
        sign_in(workspace, "bo")
    business.save(workspace, ana, "operator", bo.operator_id, active="yes")
    records.archive_many(workspace, ana, entities["operator"], [bo.operator_id])
    with pytest.raises(CannotOpen, match="no longer active"):
        sign_in(workspace, "bo")


def test_a_reader_makes_no_operator(tmp_path: object, open_at: Callable[..., Workspace]) -> None:
    workspace = open_at(f"{tmp_path}/w.db")
    with pytest.raises(CannotOpen, match="no operator"):
        sign_in(workspace, "ana", readonly=True)
    assert business.operations() == []


def test_a_login_is_cleaned_or_refused(tmp_path: object, open_at: Callable[..., Workspace]) -> None:
    workspace = open_at(f"{tmp_path}/w.db")
    with pytest.raises(CannotOpen, match="The login cannot be that of an operator: 65 characters are too many"):
        sign_in(workspace, "x" * 65)
    assert sign_in(workspace, "ana").login == "ana"
