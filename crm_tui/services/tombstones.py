"""Who was erased, kept for a restored backup: whoever is in it and was erased since is erased again.

The workspace has its tombstones, and so has every backup of it. An older backup that is put over the workspace would
take the newer ones with it: a SQLite workspace has them also in a small file beside it, ``<workspace>.erased``, which
holds no name, only which record it was. A record is told from another one of the same id by the workspace it was of
and by the moment it was added.
"""

from __future__ import annotations

import contextlib
import json
import os
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from crm_tui import file_store
from crm_tui.db import Workspace
from crm_tui.formats import iso_moment
from crm_tui.i18n import _
from crm_tui.models.erasures import Erasure
from crm_tui.models.journal import Operation

LARGEST_FILE = 20_000_000
"""Bytes that are read of the file beside a workspace."""


@dataclass(frozen=True, slots=True)
class Tombstone:
    """That somebody was erased."""

    workspace: str
    """Which workspace it was (``identity``)."""
    entity: str
    record: int
    added_at: datetime | None
    """When the record was made."""
    erased_at: datetime
    login: str
    reason: str = ""


def identity() -> str:
    """Return what tells the open workspace from every other: when and by whom it was begun. Its backups, of whatever
    version, were begun then too."""
    query: Any = Operation.select(Operation.at, Operation.login).order_by(Operation.id).limit(1)
    row = query.tuples().first()
    return f"{row[0].isoformat()} {row[1]}" if row else ""


def standing() -> list[Tombstone]:
    """Return the tombstones in the open workspace."""
    model: Any = Erasure
    names = ("entity", "record", "added_at", "erased_at", "login", "reason")
    rows = model.select(*(getattr(model, name) for name in names)).order_by(model.id).tuples()
    known = identity()
    return [Tombstone(known, *row) for row in rows]


def file_of(location: str | Path) -> Path:
    """Return the file that keeps the tombstones beside the SQLite workspace at a path."""
    return Path(os.path.realpath(location) + ".erased")


def beside(location: str | Path) -> list[Tombstone]:
    """Return the tombstones in the file beside a workspace; what cannot be read there is left out."""
    found = []
    with contextlib.suppress(OSError):
        path = file_of(location)
        if path.stat().st_size <= LARGEST_FILE:
            for line in path.read_text(encoding="utf-8", errors="replace").splitlines():
                with contextlib.suppress(ValueError, KeyError, TypeError, RecursionError):
                    found.append(_read(json.loads(line)))
    return found


def _read(told: dict[str, Any]) -> Tombstone:
    return Tombstone(
        str(told["workspace"]), str(told["entity"]), int(told["record"]), _moment(told["added_at"]),
        _moment(told["erased_at"]) or datetime.min, str(told["login"]), str(told.get("reason", "")),
    )  # fmt: skip


def _moment(text: Any) -> datetime | None:
    return None if text is None else datetime.fromisoformat(str(text).rstrip("Z"))


def keep(location: str | Path, mode: int, tombstones: Iterable[Tombstone]) -> str:
    """Write tombstones to the file beside a workspace, together with those that are there; return why not, or ""."""
    known = {key(one): one for one in [*beside(location), *tombstones]}
    if not known:
        return ""
    path = file_of(location)
    try:
        with file_store.writing(path, mode) as file:
            for one in known.values():
                file.write((json.dumps(_line(one), ensure_ascii=False) + "\n").encode())
    except OSError as error:
        return _("{path} cannot be written: {reason}.").format(path=path, reason=error.strerror or error)
    return ""


def key(one: Tombstone) -> tuple[object, ...]:
    """Return what makes two tombstones one: they are of the same person."""
    return one.workspace, one.entity, one.record, one.added_at


def _line(one: Tombstone) -> dict[str, Any]:
    return {
        "workspace": one.workspace, "entity": one.entity, "record": one.record,
        "added_at": one.added_at and one.added_at.isoformat(), "erased_at": iso_moment(one.erased_at),
        "login": one.login, "reason": one.reason,
    }  # fmt: skip


def keep_beside(workspace: Workspace) -> str:
    """Write the tombstones of the open workspace beside it, where it is a file; return why not, or ""."""
    if workspace.path is None:
        return ""
    return keep(workspace.path, workspace.file_lock.mode, standing())
