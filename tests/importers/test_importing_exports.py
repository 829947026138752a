"""What was exported comes back as it was: by its keys nothing changes, without them every record is made again."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crm_tui.db import Workspace
from crm_tui.exporters.exporting import export
from crm_tui.journal import operation
from crm_tui.models.base import entities
from crm_tui.queries import lists
from crm_tui.services import records, rules
from crm_tui.services.operators import sign_in
from crm_tui.text import clean, clean_line
from crm_tui.values import EMPTY
from tests.importers.desk import Desk, counts, reasons

CLIENT, CONTACT = entities["client"], entities["contact"]


@pytest.fixture
def full(desk: Desk) -> Desk:
    """A desk with clients of every kind: all fields, none, same names, an archived owner, contacts and none."""
    for values in (
        {"name": "Königlich Essen", "kind": "client", "email": "k@essen.example", "phone": "+49 30 1", "city": "Berlin",
         "website": "essen.example", "country": "Germany", "stage": "active", "score": "0", "owner": "ana",
         "acquired_on": "2024-03-01", "follow_up_on": "2026-12-01",
         "cadence_days": "30", "tags": "vip, long term", "notes": "=1+1\nsecond line, \"quoted\"", "currency": "EUR",
         "external_id": "0042", "street": "Maubelstr. 90", "postal_code": "01067", "tax_id": "DE 1", "source": "fair",
         "region": "BE"},
        {"name": "+1 Agency", "external_id": "X1", "phone": "-"}, {"name": "Same", "external_id": "X2"},
        {"name": "Same", "external_id": "X3"}, {"name": "Maria Anders", "external_id": "X4"},
    ):  # fmt: skip
        records.add(desk.workspace, desk.actor, CLIENT, {key: text for key, text in values.items() if text != "-"})
    for values in (
        {"name": "Maria Anders", "client": "#5", "role": "decision maker", "title": "Owner", "external_id": "P1"},
        {"name": "Philip Cramer", "client": "#1", "email": "p@essen.example", "phone": "1234", "external_id": "P2"},
        {"name": "Other", "client": "#1", "external_id": "P3"}, {"name": "Twin", "client": "#3", "external_id": "P4"},
        {"name": "Alone", "external_id": "P5"},
    ):  # fmt: skip
        records.add(desk.workspace, desk.actor, CONTACT, values)
    return desk


@pytest.mark.parametrize("suffix", [".csv", ".xlsx", ".json", ".vcf"])
@pytest.mark.parametrize("key", ["id", "external_id"])
def test_by_its_keys_nothing_changes(full: Desk, suffix: str, key: str) -> None:
    file = full.folder / f"clients{suffix}"
    assert export(full.workspace, full.actor, CLIENT, file) == 5
    if suffix == ".vcf" and key == "id":
        return  # a card has no place for our ids
    report = full.take(file, key=key, mode="both")
    assert (counts(report), reasons(report)) == ((0, 0, 5, 0), {})
    assert report.contacts_created == report.contacts_updated == 0
    if suffix != ".vcf":
        file = full.folder / f"contacts{suffix}"
        export(full.workspace, full.actor, CONTACT, file)
        assert counts(full.take(file, "contacts", key=key)) == (0, 0, 5, 0)


def test_our_ids_mean_nothing_elsewhere(full: Desk) -> None:
    file = full.folder / "clients.csv"
    export(full.workspace, full.actor, CLIENT, file)
    planned = full.plan(file)
    left_out = {column.name for column in planned.columns if column.target is None}
    kept = {name for name, kind in CLIENT.fields.items() if kind.readonly}
    assert "last_contact" in kept, "what is derived"
    assert left_out == {"id", "contact.id", *kept} - {"last_contact"}
    assert counts(full.take(file)) == (5, 0, 0, 0)


def test_a_list_with_its_contact_column_comes_back(full: Desk) -> None:
    """The columns of the list on the screen, not those made for importing."""
    file = full.folder / "clients.csv"
    export(full.workspace, full.actor, CLIENT, file, "name:essen", CLIENT.columns)
    assert counts(full.take(file, key="name")) == (0, 0, 1, 0)


# Any text whatever

WORDS = st.text(max_size=20) | st.text(alphabet="=+-@'\",;|\t\r\n#/é １Ł\U0001f600", max_size=10)
LINE = WORDS.map(clean_line).filter(lambda text: text.strip().lower() not in EMPTY)
NOTES = WORDS.map(lambda text: clean(text).strip()).filter(lambda text: text.lower() not in EMPTY)
TAG = st.text(max_size=10).map(lambda text: " ".join(clean_line(text.translate({44: 32, 59: 32, 124: 32})).split()))
DAYS = st.none() | st.dates(date(1900, 1, 1), date(2199, 12, 31))
CLIENTS = st.fixed_dictionaries(
    {
        "name": LINE,
        "street": LINE | st.just(""),
        "city": LINE | st.just(""),
        "notes": NOTES | st.just(""),
        "tags": st.lists(TAG.filter(lambda tag: tag.lower() not in EMPTY), max_size=3).map(CLIENT.fields["tags"].check),
        "score": st.none() | st.integers(0, 100),
        "acquired_on": DAYS,
        "kind": st.sampled_from(["client", "customer"]),
        "person": LINE | st.just(""),
    }
)


@pytest.fixture
def anybody(sqlite_location: str, open_at: Callable[[str], Workspace]) -> Callable[[Path], Desk]:
    """A desk in a workspace that the examples of one test share."""
    workspace = open_at(sqlite_location)
    return lambda folder: Desk(workspace, sign_in(workspace, "ana"), folder)


def _write(desk: Desk, rows: list[dict[str, Any]]) -> list[int]:
    with operation(desk.workspace, desk.actor, "test") as op:
        values = [{name: value for name, value in row.items() if name != "person"} for row in rows]
        rules.ensure_tags(op, {tag for row in values for tag in row["tags"]})
        ids = op.create_many(CLIENT, values)
        op.create_many(
            CONTACT,
            [
                {"name": row["person"], "client": client, "primary": True}
                for row, client in zip(rows, ids, strict=True)
                if row["person"]
            ],
        )
    return ids


def _values(desk: Desk, ids: list[int]) -> list[Any]:
    names = [name for name in CLIENT.entered if name != "owner"]
    return [values for _id, values in lists._reader(CLIENT, (*names, "contact"))(ids)]


@pytest.mark.parametrize("suffix", [".csv", ".xlsx", ".json"])
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=st.lists(CLIENTS, min_size=1, max_size=4))
def test_any_record_comes_back(anybody: Callable[[Path], Desk], suffix: str, rows: list[dict[str, Any]]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        desk = anybody(Path(folder))
        ids = _write(desk, rows)
        file = desk.folder / f"clients{suffix}"
        export(desk.workspace, desk.actor, CLIENT, file, ids=ids)
        same = desk.take(file, key="id", mode="both")
        assert (counts(same), reasons(same)) == ((0, 0, len(rows), 0), {})
        before = max(desk.all("client", "id"))
        made = desk.take(file)
        assert (counts(made), reasons(made)) == ((len(rows), 0, 0, 0), {})
        copies = [record for record in desk.all("client", "id") if record > before]
        assert _values(desk, copies) == _values(desk, ids)
