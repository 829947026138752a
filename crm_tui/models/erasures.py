"""People who were erased: what is left of them is that there was somebody, and who decided it."""

from __future__ import annotations

from typing import Any

import peewee as pw

from crm_tui.fields import Moment, Number, Text
from crm_tui.i18n import N_
from crm_tui.models.base import Record, Row, entity


@entity(
    "erasure",
    "erasures",
    label=N_("erasure"),
    label_plural=N_("erasures"),
    columns=("erased_at", "name", "login", "reason"),
    admin=True,
    discussed=False,
    by_hand=False,
    order="-erased_at",
)
class Erasure(Record):
    """That a person was erased. A restored backup is held against these: whoever is in it is erased again."""

    name: Any = Text(N_("Who"), width=24, help=N_("What the record is called since"))
    entity: Any = Text(N_("Of"), longest=40, width=9, help=N_("client, contact"))
    record: Any = Number(N_("Record"), least=1, most=2**62, width=7)
    added_at: Any = Moment(N_("Added"), width=15, help=N_("When the record was made: an id alone may be another's"))
    erased_at: Any = Moment(N_("Erased"), width=15)
    login: Any = Text(N_("By"), longest=64, width=10)
    reason: Any = Text(N_("Reason"), longest=300, width=40)


class ErasedRecord(Row):
    """A record that was emptied with a person: nothing of what it held is written into it again. Not journalled: the
    journal of the erasing says the same."""

    entity: Any = pw.TextField()
    record: Any = pw.BigIntegerField()

    class Meta:
        table_name = "erased_record"
        indexes = ((("entity", "record"), True),)
