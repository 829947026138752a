"""Whatever is typed: bad input is told as BadInput, nothing hangs, nothing else is ever raised."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from crm_tui import query
from crm_tui.db import Workspace
from crm_tui.errors import BadInput
from crm_tui.models.base import Entity, entities
from crm_tui.scope import Actor
from tests.query.world import terms

ANA = Actor(1, "ana", "admin")
SYNTAX = st.sampled_from(
    ["(", ")", "-", "not ", "or ", "and ", "was ", ":", "=", "!=", "<", ">=", ",", "..", '"', "'", "\\", " ", "\t", "#",
     "has:", "no:", "sort:", "changed:", "id:", "name:", "stage:", "owner:", "owner.role:", "tags:", "archived:",
     "contact.", "contact.count>", "last-contact<", "acquired:", "score>", "me", "today", "-30d", "2026-02-31",
     "+99999y", "active", "1e999999", "9" * 50, "१२", "\x00", "\u202e", "\ud800", "e\u0301" * 3, "ﷺ", "京",
     "a" * 100, "|", "%"]
)  # fmt: skip
CLIENT_TERMS = terms(entities["client"])
TYPED = st.lists(st.one_of(SYNTAX, SYNTAX, st.text(max_size=6), CLIENT_TERMS), max_size=14).map("".join)


def known(entity: Entity, name: str, prefix: str) -> Sequence[str]:
    return [prefix, "acme, corp", 'a "quoted" one', "me", "12"]


@settings(max_examples=300, deadline=None)
@given(text=TYPED, lenient=st.booleans(), data=st.data())
@example(text="not " * 400, lenient=True, data=None)
@example(text="(" * 500, lenient=True, data=None)
@example(text='"' * 999, lenient=False, data=None)
@example(text="-" * 1999, lenient=False, data=None)
@example(text="was " * 450 + "stage:lead", lenient=False, data=None)
@example(text="\\" * 1999, lenient=False, data=None)
def test_typing_anything_raises_nothing_but_bad_input(text: str, lenient: bool, data: Any) -> None:
    entity = entities["client"]
    cursor = data.draw(st.integers(0, len(text))) if data else len(text)
    marks = query.highlight(text, entity)
    ends = [0, *(place for start, end, _sort in marks for place in (start, end)), len(text)]
    assert ends == sorted(ends)
    for offer in query.complete(text, cursor, entity, values=known):
        assert 0 <= offer.start <= cursor <= offer.end <= len(text)
    query.with_sort(text, "name")
    try:
        query.parse(text, entity, me=ANA, lenient=lenient)
    except BadInput as error:
        assert str(error)
        assert error.position is not None
        assert 0 <= error.position[0] <= error.position[1] <= len(text)


@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=TYPED)
def test_what_can_be_read_can_be_asked_of_the_database(workspace: Workspace, text: str) -> None:
    entity = entities["client"]
    model: Any = entity.model
    try:
        found = query.parse(text, entity, me=ANA, lenient=True)
        wanted = query.compile(found)
        how = query.listing(found)
    except BadInput:
        return
    for condition in (wanted, how.where, how.counted):
        rows = model.select(model.id).order_by(*how.order_by)
        assert list((rows if condition is None else rows.where(condition)).tuples()) == []


@pytest.mark.parametrize(
    "text",
    [
        "id:" + ",".join(["1"] * 498),
        "(" * 20 + "acme" + ")" * 20,
        "acme " * 200,
        "-(" * 20 + "stage:lead" + ")" * 20,
        " or ".join(["score>5"] * 180),
        "owner:ana " * 180,
    ],
    ids=["list", "brackets", "words", "nots", "ors", "references"],
)
def test_the_largest_queries_are_read_and_asked(workspace: Workspace, text: str) -> None:
    found = query.parse(text, entities["client"], me=ANA)
    assert list(entities["client"].model.select().where(query.compile(found)).tuples()) == []
    assert all(sort != "error" for _start, _end, sort in query.highlight(text, entities["client"]))
