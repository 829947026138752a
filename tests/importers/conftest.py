"""Somebody who imports files, once on each database."""

from __future__ import annotations

from pathlib import Path

import pytest

from crm_tui.db import Workspace
from crm_tui.scope import Actor
from tests.importers.desk import Desk


@pytest.fixture
def desk(workspace: Workspace, ana: Actor, tmp_path: Path) -> Desk:
    """Ana, with an empty workspace and a folder for her files."""
    folder = tmp_path / "files"
    folder.mkdir()
    return Desk(workspace, ana, folder)
