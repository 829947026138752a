"""Writing all that is held of a person: one JSON document, and the files if they are asked for."""

from __future__ import annotations

import json
import unicodedata
from pathlib import Path
from typing import Any

from crm_tui import file_store
from crm_tui.db import Workspace
from crm_tui.errors import BadInput, CrmError, StorageFailed
from crm_tui.i18n import _
from crm_tui.queries.dossier import Dossier
from crm_tui.text import quoted

MODE = 0o600


def write(found: Dossier, path: Path) -> None:
    """Write the document to a file that only its owner reads, replacing one that is there.

    Raises BadInput for a file of another kind, StorageFailed.
    """
    if path.suffix.lower() != ".json":
        raise BadInput(_("All that is held of a person is one JSON document: name a file that ends in .json."))
    if path.is_dir() or not path.parent.is_dir():
        words = _("{path} is a folder; name the file in it.") if path.is_dir() else _("There is no folder {path}.")
        raise BadInput(words.format(path=path if path.is_dir() else path.parent))
    try:
        with file_store.writing(path, MODE) as file:
            file.write((text_of(found.content) + "\n").encode("utf-8", "replace"))
    except OSError as error:
        raise StorageFailed(
            _("{path} cannot be written: {reason}.").format(path=path, reason=error.strerror or error)
        ) from error


def text_of(content: dict[str, Any]) -> str:
    """Return the document as text."""
    return json.dumps(content, ensure_ascii=False, indent=2)


def write_files(workspace: Workspace, found: Dossier, folder: Path) -> list[str]:
    """Write copies of the person's files into a folder, each under its number and name; return why some were not.

    Raises StorageFailed when the folder cannot be made.
    """
    problems = []
    try:
        folder.mkdir(mode=0o700, exist_ok=True)
    except OSError as error:
        raise StorageFailed(
            _("The folder {path} cannot be made: {reason}.").format(path=folder, reason=error.strerror or error)
        ) from error
    for one in found.files:
        try:
            file_store.save_copy(workspace, one.stored, folder / safe_name(one.id, one.name))
        except CrmError as error:
            problems.append(f"{quoted(one.name)}: {error}")
    return problems


def safe_name(number: int, name: str) -> str:
    """Return the name of a file that is a plain name on every system, and one of its own."""
    plain = "".join(char if char.isalnum() or char in " .-_()" else "_" for char in unicodedata.normalize("NFC", name))
    stem, dot, suffix = plain.strip(" .").rpartition(".")
    short = f"{stem[:80]}{dot}{suffix[:20]}" if dot else suffix[:100]
    return f"{number}-{short or 'file'}"
