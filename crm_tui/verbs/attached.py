"""Attached files in upkeep: packed into a backup, unpacked from one, and looked after by ``doctor``."""

from __future__ import annotations

import contextlib
import json
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from crm_tui import file_store
from crm_tui.db import Workspace
from crm_tui.formats import whole
from crm_tui.i18n import ngettext
from crm_tui.models.files import Attachment
from crm_tui.models.journal import Change
from crm_tui.verbs.checks import OK, PROBLEM, WARNING, Finding

_KNOWN = """SELECT "stored", "size" FROM "attachment" WHERE "stored" NOT IN (SELECT "stored" FROM "attached_content")"""

_UNDONE = """SELECT "before" FROM "change" WHERE "entity" = 'attachment' AND "action" = 'delete'"""

_PUT = """INSERT INTO "attached_content" ("stored", "part", "content") VALUES (?, ?, ?)"""

_HAS_FILES = "SELECT 1 FROM sqlite_master WHERE name = 'attached_content'"


def pack(database: Path, folder: Path) -> int:
    """Put the files of a workspace's folder into a copy of its SQLite file, so that the copy alone is everything.

    Those of attachments that undo took away come along, for redo. Returns how many attachments have lost their file.
    """
    missing = 0
    with contextlib.closing(sqlite3.connect(database)) as connection, connection:
        if connection.execute(_HAS_FILES).fetchone() is None:
            return 0  # a workspace of a version without attachments
        known = dict.fromkeys(_undone(connection), 0) | dict(connection.execute(_KNOWN).fetchall())
        for stored, size in known.items():
            try:
                file = (folder / Path(stored).name).open("rb")
            except OSError:
                missing += bool(size)
                continue
            with file:
                rows = ((stored, part, piece) for part, piece in enumerate(file_store.pieces(file)))
                connection.executemany(_PUT, rows)
    return missing


def _undone(connection: sqlite3.Connection) -> set[str]:
    """The files of attachments that undo took away, which are not in the copy yet."""
    names = {json.loads(before).get("stored") or "-" for (before,) in connection.execute(_UNDONE)}
    return names - {name for (name,) in connection.execute('SELECT DISTINCT "stored" FROM "attached_content"')}


def unpack(database: Path, folder: Path, mode: int) -> None:
    """Take the files out of a copy of a backup, into the folder of the workspace that it will be.

    ``mode`` is that of the workspace's own file. Raises OSError when the disk refuses; what is written then does no
    harm.
    """
    with contextlib.closing(sqlite3.connect(database)) as connection:
        names = {name for (name,) in connection.execute('SELECT DISTINCT "stored" FROM "attached_content"')}
        names |= {name for (name,) in connection.execute('SELECT "stored" FROM "attachment" WHERE "size" = 0')}
        if not names:
            return
        file_store.make_folder(folder, mode)
        for name in names:
            place = folder / Path(name).name
            if place.exists():
                continue  # contents never change
            with file_store.writing(place, mode) as file:
                parts = connection.execute(
                    'SELECT "content" FROM "attached_content" WHERE "stored" = ? ORDER BY "part"', (name,)
                )
                for (content,) in parts:
                    file.write(content)
        with connection:
            connection.execute('DELETE FROM "attached_content"')
        connection.execute("VACUUM")


def check(workspace: Workspace) -> Iterator[Finding]:
    """Look for attachments whose file is gone, and for files that belong to nothing."""
    query: Any = Attachment.select(Attachment.id, Attachment.stored, Attachment.size)
    attached = list(query.order_by(Attachment.id).tuples())
    kept = file_store.kept(workspace)
    missing = [record for record, stored, size in attached if stored not in kept and size]
    orphaned = sorted(kept - {stored for _record, stored, _size in attached} - _taken_back())
    if missing:
        listed = ", ".join(f"#{record}" for record in missing[:5])
        text = ngettext(
            "{n} attachment has lost its file: {listed}; a backup may have it",
            "{n} attachments have lost their files: {listed}; a backup may have them",
            len(missing),
        )
        yield Finding("files.missing", PROBLEM, text.format(n=whole(len(missing)), listed=listed))
    if orphaned:
        text = ngettext(
            "{n} file belongs to no attachment: {listed}; it may be deleted",
            "{n} files belong to no attachment: {listed}; they may be deleted",
            len(orphaned),
        )
        yield Finding("files.orphaned", WARNING, text.format(n=whole(len(orphaned)), listed=", ".join(orphaned[:5])))
    if not missing and not orphaned:
        text = ngettext("{n} attachment has its file", "{n} attachments have their files", len(attached))
        yield Finding("files", OK, text.format(n=whole(len(attached))))


def _taken_back() -> set[str]:
    """The files of attachments that undo took away: redo needs them."""
    query: Any = Change.select(Change.before).where((Change.entity == "attachment") & (Change.action == "delete"))
    return {json.loads(before).get("stored", "") for (before,) in query.tuples()}
