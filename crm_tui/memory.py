"""What each screen of an operator looked like when it was left: query and columns. Lost without harm."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from crm_tui.config import state_folder
from crm_tui.digest import digest


def workspace_key(location: str) -> str:
    """Return a short name of a workspace for files kept about it; an address's password is not part of it."""
    scheme, separator, rest = location.partition("://")
    plain = f"{scheme}://{rest.rpartition('@')[2]}" if separator else str(Path(location).absolute())
    return digest(plain)


def _file(location: str, login: str) -> Path:
    name = "".join(char if char.isalnum() else "_" for char in login)
    return state_folder() / "screens" / f"{workspace_key(location)}-{name}.json"


def recall(location: str, login: str) -> dict[str, dict[str, Any]]:
    """Return what was remembered, by screen; anything unreadable is forgotten."""
    found = _recalled[location, login] = _read(_file(location, login))
    return found


_recalled: dict[tuple[str, str], dict[str, dict[str, Any]]] = {}
"""What sessions of this process go on with, and write when they end."""


def _read(path: Path) -> dict[str, dict[str, Any]]:
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return {}
    return {name: kept for name, kept in found.items() if isinstance(kept, dict)} if isinstance(found, dict) else {}


def forget(location: str, names: Callable[[str], bool]) -> None:
    """Forget the queries in which ``names`` finds somebody's name, of everyone who worked here with this account."""
    for (recalled, _login), screens in _recalled.items():
        if recalled == location:
            _forget_in(screens, names)
    with contextlib.suppress(OSError):
        for path in (state_folder() / "screens").glob(f"{workspace_key(location)}-*.json"):
            screens = _read(path)
            if _forget_in(screens, names):
                path.write_text(json.dumps(screens), encoding="utf-8")


def _forget_in(screens: dict[str, dict[str, Any]], names: Callable[[str], bool]) -> bool:
    changed = False
    for kept in screens.values():
        for key, value in list(kept.items()):
            if isinstance(value, str) and names(value):
                kept[key], changed = "", True
            elif isinstance(value, list) and any(isinstance(one, str) and names(one) for one in value):
                kept[key] = [one for one in value if not (isinstance(one, str) and names(one))]
                changed = True
    return changed


def remember(location: str, login: str, screens: dict[str, dict[str, Any]]) -> None:
    """Keep what screens look like; a full disk only means that they open plain next time."""
    path = _file(location, login)
    with contextlib.suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        path.write_text(json.dumps(screens), encoding="utf-8")
