"""What comes with the program stays out of these tests: they make automations of their own."""

from __future__ import annotations

from typing import Any

import pytest

from crm_tui.db import Workspace
from crm_tui.models.base import entities


@pytest.fixture(autouse=True)
def without_what_is_shipped(workspace: Workspace) -> None:
    model: Any = entities["automation"].model
    with workspace.write():
        model.delete().execute()
