"""The workspace's settings, read."""

from __future__ import annotations

from pathlib import Path

from crm_tui.models.workspace import Setting


def setting(key: str, default: str = "") -> str:
    """Return the value of a setting."""
    row = Setting.select(Setting.value).where((Setting.key == key) & Setting.archived_at.is_null()).tuples().first()
    return str(row[0]) if row else default


def workspace_name(location: str) -> str:
    """Return what the workspace calls itself, or a name made of where it is."""
    named = setting("name")
    if named:
        return named
    if "://" in location:
        return location.rpartition("/")[2].partition("?")[0] or "workspace"
    return Path(location).stem
