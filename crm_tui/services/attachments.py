"""Files attached to any record: taken in whole, under a random name, with the cleaned original name only shown."""

from __future__ import annotations

from pathlib import Path

from crm_tui import file_store
from crm_tui.db import Workspace
from crm_tui.errors import InvalidRecord
from crm_tui.i18n import _
from crm_tui.journal import Values, Writer, operation
from crm_tui.models.base import Entity, entities
from crm_tui.models.files import LONGEST_NAME
from crm_tui.models.workspace import setting
from crm_tui.scope import Actor, require_change
from crm_tui.services import rules
from crm_tui.services.about import require_about, require_same, title
from crm_tui.text import clean_line

LIMIT = "attachment_limit_mb"
"""The setting that says how many megabytes a file may have."""

DEFAULT_LIMIT = 25


def attach(workspace: Workspace, actor: Actor, entity: Entity, record: int, file: Path, name: str = "") -> int:
    """Attach a copy of a file to a record, under its own name or ``name``, and return the attachment's id.

    Raises BadInput for what is no file or too large, NotFound, NotAllowed, StorageFailed; nothing is left then.
    """
    attachment = entities["attachment"]
    require_change(actor, attachment)
    with (
        file_store.incoming(workspace, file, most_bytes()) as incoming,
        operation(workspace, actor, f"{entity.name}.attach") as op,
    ):
        values = {
            "about": entity.name,
            "record": record,
            "name": name or file.name,
            "size": incoming.size,
            "stored": incoming.stored,
        }
        rules.apply(op, attachment.name, None, values)
        incoming.arrive(workspace)
        op.summary = _("attach {file} to {label} {title}").format(
            file=values["name"], label=_(entity.label), title=title(entity, op.read(entity, record))
        )
        return op.create(attachment, values)


def most_bytes() -> int:
    """Return how large an attached file may be: the workspace's setting, or 25 MB."""
    text = setting(LIMIT).strip()
    return (int(text) if text.isdecimal() and len(text) < 7 else DEFAULT_LIMIT) * 1_000_000


def clean_name(name: str) -> str:
    """Return a file's name as it may be shown and written anywhere: no folders, no leading dots, nothing unseen."""
    plain = clean_line(name.replace("\\", "/").rstrip("/ ").rpartition("/")[2]).lstrip(". ").strip()
    if len(plain) > LONGEST_NAME:
        stem, dot, suffix = plain.rpartition(".")
        plain = stem[: LONGEST_NAME - 1 - len(suffix)] + dot + suffix if dot and len(suffix) < 20 else plain
    return plain[:LONGEST_NAME] or _("file")


@rules.rule("attachment", "about", "record", "author", "name", "size", "stored")
def a_kept_file(writer: Writer, record: int | None, values: Values) -> None:
    """An attachment is a file that was taken in; of it only the name may change."""
    values["name"] = clean_name(values["name"])
    if record is not None:
        former = writer.read(entities["attachment"], record)
        require_same(former, values, ("about", "record", "author", "size", "stored"))
    elif not values.get("stored") or writer.command == "attachment.add":
        raise InvalidRecord({"stored": _("files are attached by crm-tui attach")})
    else:
        require_about(writer, values)
