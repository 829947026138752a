"""What a workspace is called."""

from __future__ import annotations

from pathlib import Path

from crm_tui.models.workspace import setting


def workspace_name(location: str) -> str:
    """Return what the workspace calls itself, or a name made of where it is."""
    named = setting("name")
    if named:
        return named
    if "://" in location:
        return location.rpartition("/")[2].partition("?")[0] or "workspace"
    return Path(location).stem
