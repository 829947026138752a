"""Files that are attached to records."""

from __future__ import annotations

from typing import Any

import peewee as pw

from crm_tui.fields import Number, Reference, Text
from crm_tui.i18n import N_
from crm_tui.models.base import Record, Row, entity
from crm_tui.models.people import Operator

LONGEST_NAME = 200


@entity(
    "attachment",
    "attachments",
    label=N_("attachment"),
    label_plural=N_("attachments"),
    columns=("created_at", "author", "about", "record", "name", "size"),
    aliases=("file", "files"),
    personal=("size",),
    discussed=False,
    bound=True,
    order="-created_at",
)
class Attachment(Record):
    """A file attached to a record; its contents are kept by ``file_store``."""

    about: Any = Text(N_("About"), required=True, longest=40, width=9, in_form=False, help=N_("client, contact ..."))
    record: Any = Number(
        N_("Record"), required=True, least=1, most=2**62, width=7, in_form=False, help=N_("The id of what it is about")
    )
    name: Any = Text(N_("Name"), required=True, longest=LONGEST_NAME, width=40)
    size: Any = Number(N_("Bytes"), least=0, most=2**62, width=12, in_form=False)
    author: Any = Reference(Operator, N_("Attached by"), width=12, in_form=False)
    stored: Any = Text(
        N_("Kept as"), longest=64, width=34, in_form=False, help=N_("The name of the file it is kept in")
    )

    class Meta:
        indexes = ((("about", "record"), False),)


class AttachedContent(Row):
    """A piece of a file's contents, where they are kept in the database. Not journalled: contents never change."""

    stored: Any = pw.TextField()
    part: Any = pw.BigIntegerField()
    content: Any = pw.BlobField()

    class Meta:
        table_name = "attached_content"
        indexes = ((("stored", "part"), True),)
