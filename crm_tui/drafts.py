"""What was typed into a form and not saved yet, kept in files of the operator's own so that nothing typed is lost.

One file per draft under ``state_folder()/drafts``, written whole or not at all. Two sessions of one account never
write over each other's drafts: each holds a lock for as long as it lives, and a draft belongs to whoever wrote it
until that session has ended.
"""

from __future__ import annotations

import atexit
import contextlib
import fcntl
import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from crm_tui import clock
from crm_tui.config import state_folder
from crm_tui.digest import digest
from crm_tui.formats import iso_moment
from crm_tui.i18n import _

FORMAT = 1
LARGEST_FILE = 20_000_000
"""Bytes of a draft's file that are read; a form takes far less."""

_session = os.urandom(4).hex()
_held: dict[Path, int] = {}
"""The lock this session holds in each folder of drafts: one, unless ``XDG_STATE_HOME`` changes (tests)."""


@dataclass(frozen=True, slots=True)
class Draft:
    """What was typed into the form of one record, by field name, and what it was typed over."""

    entity: str
    """The entity's name."""
    record: int | None
    """The record's id; None for one that was being added."""
    version: int | None
    """The version of the record that was read before typing."""
    typed: dict[str, str]
    kept_at: datetime
    """Naive UTC."""

    def is_outdated(self, version: int | None) -> bool:
        """Whether the record, now at ``version``, was changed after the draft's author read it.

        Such a draft is saved against its own version, so that nothing of anybody's is overwritten unasked.
        """
        return None not in (self.version, version) and self.version != version

    def warning(self, version: int | None) -> str:
        """Say that the record was changed meanwhile, "" when it was not."""
        if not self.is_outdated(version):
            return ""
        return _(
            "The record was changed since this was typed: it was at version {then} and is at {now}. "
            "Saving asks where both changed the same."
        ).format(then=self.version, now=version)


def keep(workspace: str, entity: str, record: int | None, version: int | None, typed: dict[str, str]) -> bool:
    """Keep what was typed, in place of what this session kept for the same record before.

    ``workspace`` tells workspaces apart (its path or address; only a digest of it is written). Returns False, with
    the former draft still there, when the disk is full or refuses. It waits for the disk: call it in a thread.
    """
    content = {
        "format": FORMAT,
        "entity": entity,
        "record": record,
        "version": version,
        "typed": typed,
        "kept_at": iso_moment(clock.now()),
    }
    try:
        folder = _folder()
        with contextlib.suppress(OSError):  # some network disks know no locks: drafts are worth more than the lock
            _hold(folder)
        _write(folder / (_file_name(workspace, entity, record, _session) + ".json"), json.dumps(content))
    except OSError:
        return False
    return True


def find(workspace: str, entity: str, record: int | None) -> Draft | None:
    """Return the draft of a record, or of a new one: this session's, else the newest left by one that has ended.

    The draft found becomes this session's: ``keep`` replaces it, ``drop`` takes it away.
    """
    found = list(_drafts(f"{_file_name(workspace, entity, record, '')}*.json"))
    if not found:
        return None
    path, draft = max(found, key=lambda pair: (_session_of(pair[0]) == _session, pair[1].kept_at))
    if _session_of(path) != _session:
        with contextlib.suppress(OSError):  # on a full or read-only disk it is found again next time
            _hold(path.parent)
            path.rename(path.with_name(_file_name(workspace, entity, record, _session) + ".json"))
    return draft


def drop(workspace: str, entity: str, record: int | None) -> bool:
    """Take away this session's draft of a record, once it is saved or not wanted; False when the disk refuses."""
    try:
        (_folder(make=False) / (_file_name(workspace, entity, record, _session) + ".json")).unlink(missing_ok=True)
    except OSError:
        return False
    return True


def forget(workspace: str, entity: str, record: int) -> int:
    """Take away what anybody of this account typed about a record and did not save; return how many drafts that were.
    A session that is typing may keep another, which is refused when it is saved."""
    gone = 0
    for name in (entity, f"{entity}:*"):
        with contextlib.suppress(OSError):
            for path in _folder(make=False).glob(f"{_file_name(workspace, name, record, '')}*"):
                path.unlink(missing_ok=True)
                gone += 1
    return gone


def all(workspace: str) -> list[Draft]:
    """Return the drafts of a workspace, newest first, without those of sessions that are still at work."""
    found = [draft for _path, draft in _drafts(f"{digest(workspace)}-*.json")]
    return sorted(found, key=lambda draft: draft.kept_at, reverse=True)


def _file_name(workspace: str, entity: str, record: int | None, session: str) -> str:
    """Return the name of a draft's file without its ending: an address may hold a password, so only a digest of it is
    there; entities are our own words, so it is a safe name."""
    return f"{digest(workspace)}-{entity}-{'new' if record is None else record}-{session}"


def _session_of(path: Path) -> str:
    return path.stem.rpartition("-")[2]


def _folder(*, make: bool = True) -> Path:
    folder = state_folder() / "drafts"
    if make and not folder.is_dir():
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        folder.chmod(0o700)
    return folder


def _write(path: Path, text: str) -> None:
    """Write the draft's file whole: beside it, to the disk, then in its place. Raises OSError."""
    beside = path.with_suffix(".part")
    try:
        handle = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o600)
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            os.fchmod(handle, 0o600)
            file.write(text)
            file.flush()
            os.fsync(handle)
        beside.replace(path)
    except BaseException:
        with contextlib.suppress(OSError):
            beside.unlink(missing_ok=True)
        raise


def _drafts(pattern: str) -> Iterator[tuple[Path, Draft]]:
    """Return the drafts whose files match, but for those of other sessions that live; broken ones are set aside."""
    try:
        paths = sorted(_folder(make=False).glob(pattern))
    except OSError:
        return
    for path in paths:
        session = _session_of(path)
        if session != _session and _is_alive(path.parent, session):
            continue
        try:
            yield path, _read(path)
        except OSError:
            continue  # taken up or dropped by another session, or not readable now: it stays where it is
        except (ValueError, RecursionError):
            with contextlib.suppress(OSError):
                path.rename(path.with_suffix(".broken"))


def _read(path: Path) -> Draft:
    """Return the draft in a file. Raises OSError; ValueError for what is not a draft."""
    if path.stat().st_size > LARGEST_FILE:
        raise ValueError("too large for a draft")
    content: Any = json.loads(path.read_bytes())
    if not isinstance(content, dict) or content.get("format") != FORMAT:
        raise ValueError("not a draft")
    entity, record, version = content.get("entity"), content.get("record"), content.get("version")
    typed, kept_at = content.get("typed"), content.get("kept_at")
    if (
        isinstance(entity, str)
        and isinstance(record, int | None)
        and isinstance(version, int | None)
        and isinstance(typed, dict)
        and {type(text) for text in typed.values()} <= {str}
        and isinstance(kept_at, str)
    ):
        return Draft(entity, record, version, typed, datetime.fromisoformat(kept_at.rstrip("Z")))
    raise ValueError("not a draft")


def _lock_path(folder: Path, session: str) -> Path:
    return folder / f"session-{session}.lock"


def _hold(folder: Path) -> None:
    """Hold this session's lock, which the system lets go of when the process ends, however it ends. Raises OSError."""
    if folder in _held:
        return
    path = _lock_path(folder, _session)
    handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    _held[folder] = handle


def _is_alive(folder: Path, session: str) -> bool:
    """Whether a session still holds its lock; the lock of one that has ended is tidied away."""
    path = _lock_path(folder, session)
    try:
        handle = os.open(path, os.O_RDWR | os.O_CLOEXEC)
    except OSError:
        return False
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        path.unlink(missing_ok=True)
    except BlockingIOError:
        return True
    except OSError:
        return False
    finally:
        os.close(handle)
    return False


@atexit.register
def _let_go() -> None:
    for folder, handle in _held.items():
        with contextlib.suppress(OSError):
            _lock_path(folder, _session).unlink(missing_ok=True)
            os.close(handle)
    _held.clear()
