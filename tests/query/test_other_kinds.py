"""Kinds of field that later parts of the program bring: money, durations, custom fields, references to itself."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any, ClassVar

import peewee as pw
import pytest

from crm_tui import db, query
from crm_tui.db import Workspace
from crm_tui.fields import Currency, Kind, Money, Number, Reference, Text
from crm_tui.models.base import Entity, Record, entities, entity
from crm_tui.query import Snapshot


class Duration(Number):
    """Minutes, read from ``1h30``."""

    family: ClassVar[str] = "duration"

    def check(self, value: Any) -> Any:
        hours, h, minutes = str(value).partition("h")
        if not h or not hours.isdigit():
            raise ValueError(f'"{value}" is not a duration')
        return int(hours) * 60 + int(minutes or 0)


class CustomNumber(Number):
    """A number kept in the record's JSON."""

    def expression(self) -> Any:
        column = self.model._meta.fields["custom"]
        if db.postgres():
            return pw.Cast(pw.Expression(pw.Cast(column, "json"), "->>", pw.Value(self.name)), "bigint")
        return pw.fn.json_extract(column, f"$.{self.name}")


class CustomText(Text):
    """A text kept in the record's JSON, folded as it is written."""

    def expression(self) -> Any:
        column = self.model._meta.fields["custom"]
        if db.postgres():
            return pw.Expression(pw.Cast(column, "json"), "->>", pw.Value(self.name))
        return pw.fn.json_extract(column, f"$.{self.name}")


def custom(kind: Kind, name: str, model: Any) -> Kind:
    kind.name, kind.model = name, model
    return kind


ROWS: list[tuple[int, str, int | None, str, int | None, int | None, dict[str, Any]]] = [
    (1, "Site", 120_000, "EUR", 90, None, {"floors": 3, "colour": "deep blue"}),
    (2, "Shop", 1_200, "JPY", None, 1, {"floors": 12}),
    (3, "Logo", 1_200_000, "BHD", 30, 1, {"colour": ""}),
    (4, "Sign", None, "EUR", 600, 2, {"floors": None, "colour": "red"}),
    (5, "Book", 119_999, "", 0, 2, {}),
]


@pytest.fixture
def jobs(workspace: Workspace) -> Iterator[Entity]:
    """An entity as a later part might declare it, with five records."""

    class Job(Record):
        name: Any = Text("Name", required=True)
        amount: Any = Money("Amount")
        currency: Any = Currency("Currency")
        estimate: Any = Duration("Estimate")
        parent: Any = Reference("self", "Parent")

    declared = entity("job", "jobs", label="job", label_plural="jobs")(Job)
    own = {
        "floors": custom(CustomNumber("Floors"), "floors", Job),
        "colour": custom(CustomText("Colour"), "colour", Job),
    }
    found = entities["job"] = replace(entities["job"], fields={**entities["job"].fields, **own})
    try:
        columns = (
            "id version created_at updated_at custom name name_key amount currency currency_key estimate parent_id"
        )
        rows = [
            [id, 1, "2026-11-01 09:00:00", "2026-11-01 09:00:00", json.dumps(more), name, name.lower(), amount,
             currency, currency.lower(), minutes, parent]
            for id, name, amount, currency, minutes, parent, more in ROWS
        ]  # fmt: skip
        with workspace.write():
            workspace.database.create_tables([declared], safe=False)
            workspace.insert_rows("job", columns.split(), rows)
        yield found
    finally:
        del entities["job"]


class Jobs:
    """The records as snapshots."""

    def __init__(self) -> None:
        self.all: dict[int, Snapshot] = {
            id: {"id": id, "name": name, "amount": amount, "currency": currency, "estimate": minutes, "parent": parent,
                 "archived_at": None, **more}
            for id, name, amount, currency, minutes, parent, more in ROWS
        }  # fmt: skip

    def one(self, entity: Entity, id: int) -> Snapshot | None:
        return self.all.get(id)

    def many(self, entity: Entity, field: str, id: int, *, archived: bool = False) -> Sequence[Snapshot]:
        return [record for record in self.all.values() if record[field] == id]


FOUND = [
    ("amount>=1200", [1, 2, 3]),
    ("amount:1.2k", [1, 2, 3]),
    ("amount<1200", [5]),
    ("amount:1199.99", [5]),
    ("amount!=1200", [4, 5]),
    ("amount<1199.995", [5]),
    ("amount:1000..1199", []),
    ("no:amount", [4]),
    ("estimate:1h30", [1]),
    ("estimate>=0h30", [1, 3, 4]),
    ("estimate:0h..1h30", [1, 3, 5]),
    ("-estimate>1h", [2, 3, 5]),
    ("no:estimate", [2]),
    ("floors>2", [1, 2]),
    ("-floors>5", [1, 3, 4, 5]),
    ("floors!=3", [2, 3, 4, 5]),
    ("no:floors", [3, 4, 5]),
    ("floors:12,3", [1, 2]),
    ("colour:BLUE", [1]),
    ("-colour:blue", [2, 3, 4, 5]),
    ("colour=red", [4]),
    ("no:colour", [2, 3, 5]),
    ("has:colour", [1, 4]),
    ("colour<f", [1]),
    ("parent:site", [2, 3]),
    ("parent.name:shop", [4, 5]),
    ("parent.floors>5", [4, 5]),
    ("job:sign", [2]),
    ("jobs.count>1", [1, 2]),
    ("jobs.count=0", [3, 4, 5]),
    ("job.estimate>=10h", [2]),
    ("no:parent", [1]),
]
SORTED = [
    ("sort:floors", [1, 2, 3, 4, 5]),
    ("sort:-floors", [2, 1, 5, 4, 3]),
    ("sort:colour", [1, 4, 2, 3, 5]),
    ("sort:-colour", [4, 1, 5, 3, 2]),
    ("sort:parent", [4, 5, 2, 3, 1]),
    ("sort:-amount,id", [3, 1, 5, 2, 4]),
]


def test_new_kinds_are_asked_like_the_old_ones(jobs: Entity) -> None:
    model: Any = jobs.model
    related = Jobs()
    for text, expected in FOUND:
        asked = query.parse(text, jobs)
        rows = model.select(model.id).order_by(model.id)
        assert (text, [row[0] for row in rows.where(query.compile(asked)).tuples()]) == (text, expected)
        assert (text, [row[0] for row in rows.where(query.listing(asked).where).tuples()]) == (text, expected)
        found = [id for id, record in related.all.items() if query.matches(asked, record, related)]
        assert (text, found) == (text, expected)


def test_and_sorted(jobs: Entity) -> None:
    model: Any = jobs.model
    for text, expected in SORTED:
        rows = model.select(model.id).order_by(*query.ordering(query.parse(text, jobs)))
        assert (text, [row[0] for row in rows.tuples()]) == (text, expected)
