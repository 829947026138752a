"""What comes with the program is what the program itself would take."""

from __future__ import annotations

from typing import Any

import pytest

from crm_tui.db import Workspace
from crm_tui.models.base import Entity, entities
from crm_tui.scope import Actor
from crm_tui.services import presets, records
from tests import business

OFFERED = [
    (entities[name], presets.called(one))
    for name in ("automation", "recurring_rule", "message_template")
    for one in presets.presets(entities[name])
]


@pytest.mark.parametrize(("entity", "name"), OFFERED, ids=[name for _entity, name in OFFERED])
def test_each_can_be_begun_with(workspace: Workspace, ana: Actor, entity: Entity, name: str) -> None:
    client = business.client(workspace, ana)
    model: Any = entity.model
    with workspace.write():  # it may be there from the start
        model.delete().where(model.name_key == name.lower()).execute()
    typed = presets.preset(entity, name)
    if entity.name == "recurring_rule" and typed.get("makes", "task") != "task":
        typed["client"] = f"#{client}"
    if entity.name == "message_template":
        typed["name"] += " again"
    record = records.add(workspace, ana, entity, typed)
    assert business.held(entity.name, record)["name"] == typed["name"]
