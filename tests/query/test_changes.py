"""Conditions of automations: what a record is now, what it was before the change, and what changed."""

from __future__ import annotations

import pytest

from crm_tui import query
from crm_tui.fields import Stored
from crm_tui.models.base import entities
from tests.query.conftest import ANA, Office, record

BEFORE = {"stage": "lead", "score": 40, "owner": 2, "tags": ["press"]}
NOW = {"stage": "active", "score": 82, "owner": 2, "tags": ["press", "vip"]}


def holds(office: Office, text: str, before: dict[str, Stored] | None) -> bool:
    asked = query.parse(text, entities["client"], me=ANA)
    former = None if before is None else record("client", 1, name="ACME", **before)
    return query.matches(asked, record("client", 1, name="ACME", **NOW), office, before=former)  # type: ignore[arg-type]  # literals


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("was stage:lead", True),
        ("stage:active was stage:lead", True),
        ("stage:active and was stage:lead", True),
        ("was stage:active", False),
        ("not was stage:active", True),
        ("-was stage:lead", False),
        ("was not stage:lead", False),
        ("was -stage:active", True),
        ("was (stage:lead score<50)", True),
        ("was (stage:lead or stage:active) score>80", True),
        ("was owner.login:bo", True),
        ("was tag:vip", False),
        ("changed:stage", True),
        ("changed:owner", False),
        ("changed:owner,lifecycle", True),
        ("-changed:owner", True),
        ("changed:tags tag:vip", True),
        ("was stage:lead or changed:owner", True),
        ("stage:active", True),
    ],
)
def test_a_change_is_asked_about(office: Office, text: str, expected: bool) -> None:
    assert holds(office, text, BEFORE) is expected  # type: ignore[arg-type]  # literals


def test_a_new_record_was_nothing_and_what_it_has_changed(office: Office) -> None:
    assert not holds(office, "was stage:lead", None)
    assert not holds(office, "was no:city", None)
    assert holds(office, "not was stage:active", None)
    assert holds(office, "changed:stage", None)
    assert not holds(office, "changed:city", None)


def test_was_is_a_word_where_no_condition_follows(office: Office) -> None:
    assert query.compile(query.parse("was machen wir", entities["client"])) is not None
