"""What a session does besides: it waits until the user rests, but not for ever."""

from __future__ import annotations

import pytest

from crm_tui import following
from crm_tui.services.operators import sign_in
from crm_tui.workspaces import open_workspace
from tests import business
from tests.screens.crm import program


@pytest.mark.parametrize(("quiet", "no_rest"), [(0.0, 1000.0), (1000.0, 0.0)])
async def test_automations_wait_while_keys_are_pressed_but_not_for_ever(
    sqlite_location: str, monkeypatch: pytest.MonkeyPatch, quiet: float, no_rest: float
) -> None:
    workspace = open_workspace(sqlite_location)
    ana = sign_in(workspace, "ana")
    business.client(workspace, ana)
    business.add(workspace, ana, "order", client="ACME Studio", title="Website")
    business.add(
        workspace, ana, "automation", name="T", entity="orders", condition="changed:stage", actions="tag +moved"
    )
    workspace.close()
    monkeypatch.setattr(following, "QUIET", 1000.0)
    monkeypatch.setattr(following, "NO_REST", 1000.0)
    async with program(sqlite_location, size=(160, 45), screen="orders") as crm:
        await crm.until_shown("Website")
        await crm.press("L")
        await crm.until_shown("Confirmed 1")
        for _look in range(3):
            await crm.app._poll()
            await crm.settle()
        assert "#moved" not in crm.text()
        monkeypatch.setattr(following, "QUIET", quiet)
        monkeypatch.setattr(following, "NO_REST", no_rest)
        await crm.until_shown("#moved")


async def test_who_opens_the_program_comes_first_and_then_what_is_due(
    sqlite_location: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    workspace = open_workspace(sqlite_location)
    ana = sign_in(workspace, "ana")
    business.client(workspace, ana)
    order = business.add(workspace, ana, "order", client="ACME Studio", title="Website")
    business.add(
        workspace, ana, "automation", name="T", entity="orders", condition="changed:title", actions="tag +renamed"
    )
    business.save(workspace, ana, "order", order, title="Web shop")
    workspace.close()
    monkeypatch.setattr(following, "QUIET", 0.0)
    monkeypatch.setattr(following, "NO_REST", 1000.0)
    async with program(sqlite_location, size=(160, 45), screen="orders") as crm:
        await crm.until_shown("Web shop")
        for _look in range(3):
            await crm.app._poll()
            await crm.settle()
        assert "#renamed" not in crm.text()
        await crm.press("j")
        await crm.until_shown("#renamed")
