"""What every kind of field promises: what it shows in an editor, keeps in JSON and gives to a database reads back."""

from __future__ import annotations

import json
import unicodedata
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crm_tui import clock, journal
from crm_tui.db import Workspace
from crm_tui.fields import (
    Choice,
    Currency,
    Day,
    Email,
    Flag,
    Kind,
    Language,
    Link,
    Markdown,
    Moment,
    Money,
    Number,
    Option,
    Percent,
    Phone,
    Tags,
    Text,
)
from crm_tui.models.base import entities
from crm_tui.scope import Actor
from tests import business
from tests.conftest import NOW
from tests.fields.strategies import ANY_TEXT, value_of

KINDS: dict[str, Kind] = {
    "text": Text("Name"),
    "markdown": Markdown("Notes"),
    "email": Email("E-mail"),
    "language": Language("Language"),
    "phone": Phone("Phone"),
    "link": Link("Website"),
    "currency": Currency("Currency", longest=3),
    "number": Number("Score", least=-5, most=10_000),
    "percent": Percent("Done"),
    "money": Money("Fee"),
    "day": Day("Acquired"),
    "moment": Moment("Last contact"),
    "choice": Choice("Stage", options=[Option("decision maker", "decision maker"), Option("user", "user")]),
    "flag": Flag("Primary"),
    "tags": Tags("Tags"),
}
EVERY = pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS.keys())
ZONES = st.sampled_from(["UTC", "Europe/Berlin", "America/St_Johns"])


def harmless(text: str) -> bool:
    """Whether nothing in a text steers a terminal or is no character."""
    return all(unicodedata.category(char) not in ("Cc", "Cs") for char in text)


@EVERY
@given(drawn=st.data(), zone=ZONES)
def test_what_stands_in_an_editor_is_read_back(kind: Kind, drawn: st.DataObject, zone: str) -> None:
    value = drawn.draw(value_of(kind))
    with clock.use(NOW, zone):
        assert kind.parse(kind.edit(value)) == value


@EVERY
@given(drawn=st.data())
def test_what_the_journal_keeps_is_read_back(kind: Kind, drawn: st.DataObject) -> None:
    value = drawn.draw(value_of(kind))
    assert kind.from_stored(json.loads(json.dumps(kind.to_stored(value)))) == value


@EVERY
@given(text=ANY_TEXT)
def test_any_text_is_valid_or_refused_in_words(kind: Kind, text: str) -> None:
    try:
        value = kind.parse(text)
    except ValueError as error:
        assert str(error)
        assert harmless(str(error))
    else:
        assert kind.is_empty(value) or kind.check(value) == value
        assert harmless(kind.show(value).replace("\n", "").replace("\t", ""))


@EVERY
@given(value=st.recursive(st.none() | st.booleans() | st.floats() | st.integers() | ANY_TEXT, st.lists, max_leaves=4))
@settings(max_examples=40)
def test_any_value_of_a_script_is_valid_or_refused(kind: Kind, value: Any) -> None:
    for given_value in (value, {"id": value}):
        try:
            kind.check(given_value)
        except ValueError as error:
            assert str(error)


@EVERY
def test_nothing_is_empty(kind: Kind) -> None:
    assert kind.parse("") == kind.parse(" \t ") == kind.empty
    assert kind.is_empty(kind.empty)
    assert kind.show(kind.empty) == ("no" if isinstance(kind, Flag) else "")
    assert kind.initial == kind.empty


@pytest.mark.parametrize("piece", ["x", "1", "a@", "\u0301", ",", "1.", " a"])
@EVERY
def test_a_megabyte_is_dealt_with_in_no_time(kind: Kind, piece: str) -> None:
    try:
        kind.parse(piece * (1_100_000 // len(piece)))
    except ValueError as error:
        assert len(str(error)) < 300


@given(drawn=st.data())
@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
def test_both_databases_give_back_what_they_were_given(workspace: Workspace, ana: Actor, drawn: st.DataObject) -> None:
    client = entities["client"]
    kinds = {name: kind for name, kind in client.entered.items() if name not in ("owner", "team")}
    values = {name: drawn.draw(value_of(kind), label=name) for name, kind in kinds.items()}
    with journal.operation(workspace, ana, "client.add") as op:
        record = op.create(client, values)
    held = business.held("client", record)
    assert {name: held[name] for name in values} == values
    model: Any = client.model
    keys = {name: getattr(model, f"{name}_key") for name, kind in kinds.items() if kind.keyed}
    row = model.select(*keys.values()).where(model.id == record).tuples().get()
    assert dict(zip(keys, row, strict=True)) == {name: kinds[name].key(values[name]) for name in keys}
