"""iCalendar: tasks and orders as to-dos that another program reads."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import vobject

from crm_tui.db import Workspace
from crm_tui.errors import BadInput
from crm_tui.exporters.exporting import export
from crm_tui.models.base import entities
from crm_tui.scope import Actor
from tests import business


def exported(workspace: Workspace, actor: Actor, entity: str, path: Path) -> list[Any]:
    export(workspace, actor, entities[entity], path)
    return list(vobject.readOne(path.read_text(encoding="utf-8")).vtodo_list)


def test_tasks_are_to_dos(workspace: Workspace, ana: Actor, tmp_path: Path) -> None:
    business.client(workspace, ana)
    business.add(
        workspace, ana, "task", title="Call; about, the \\ logo " + "ä" * 60, due="2026-11-24", due_time="10:00",
        priority="high", client="ACME Studio", notes="two\nlines", tags="fair, print",
    )  # fmt: skip
    business.add(workspace, ana, "task", title="Done", due="2026-11-25", status="done")
    business.add(workspace, ana, "task", title="Some day")
    first, second, third = exported(workspace, ana, "task", tmp_path / "tasks.ics")
    assert first.summary.value == "Call; about, the \\ logo " + "ä" * 60
    assert (first.due.value.isoformat(), first.priority.value) == ("2026-11-24T10:00:00", "3")
    assert (first.description.value, first.contact.value) == ("two\nlines", "ACME Studio")
    assert (str(second.due.value), second.status.value) == ("2026-11-25", "COMPLETED")
    assert "due" not in third.contents
    assert len({one.uid.value for one in (first, second, third)}) == 3


def test_orders_are_to_dos_and_clients_are_none(workspace: Workspace, ana: Actor, tmp_path: Path) -> None:
    business.client(workspace, ana)
    business.add(workspace, ana, "order", client="ACME Studio", title="Site", due="2026-12-01")
    (order,) = exported(workspace, ana, "order", tmp_path / "orders.ics")
    assert (order.summary.value, order.status.value) == ("ORD-1 Site", "NEEDS-ACTION")
    with pytest.raises(BadInput, match="tasks or orders"):
        exported(workspace, ana, "client", tmp_path / "clients.ics")
    assert not (tmp_path / "clients.ics").exists()
