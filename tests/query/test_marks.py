"""The colours of the filter bar."""

from __future__ import annotations

import pytest

from crm_tui import query
from crm_tui.models.base import entities


def marked(text: str) -> list[tuple[str, str]]:
    return [(text[start:end], sort) for start, end, sort in query.highlight(text, entities["client"])]


def test_terms_words_and_what_joins_them() -> None:
    assert marked('(stage:lead,active or -tag:vip) acme "big corp" sort:-score') == [
        ("(", "operator"),
        ("stage", "field"),
        (":", "operator"),
        ("lead", "value"),
        (",", "operator"),
        ("active", "value"),
        ("or", "operator"),
        ("-", "operator"),
        ("tag", "field"),
        (":", "operator"),
        ("vip", "value"),
        (")", "operator"),
        ("acme", "word"),
        ('"big corp"', "word"),
        ("sort", "field"),
        (":", "operator"),
        ("-score", "value"),
    ]
    assert marked("score>=5..9") == [
        ("score", "field"),
        (">=", "error"),
        ("5", "error"),
        ("..", "error"),
        ("9", "error"),
    ]
    assert marked("score:5..9")[2:] == [("5", "value"), ("..", "operator"), ("9", "value")]


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("scre:5 acme", ["scre"]),
        ("stage:actve", ["actve"]),
        ("stage:act acme", ["act"]),
        ("stage:act", []),
        ("stage:", []),
        ("sco>", []),
        ("acme)", [")"]),
        ("or acme", ["or"]),
        ("(acme", []),
        ('"acme', []),
        ("has:colour", ["colour"]),
        ("sort:colour,name", ["colour"]),
        ("sort:nam", []),
        ("last-contact:2026-02-31 acme", ["2026-02-31"]),
        ("was stage:lead changed:owner", []),
        ("owner:me", []),
    ],
)
def test_what_is_wrong_is_marked_and_what_is_unfinished_is_not(text: str, wrong: list[str]) -> None:
    assert [part for part, sort in marked(text) if sort == "error"] == wrong


def test_what_is_too_long_is_marked() -> None:
    assert query.highlight("a" * 2500, entities["client"])[-1] == (2000, 2500, "error")
