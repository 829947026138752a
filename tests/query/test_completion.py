"""What may be typed next: fields, comparisons, values."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from crm_tui import query
from crm_tui.models.base import Entity, entities
from tests.query.conftest import ANA

CLIENTS = entities["client"]
HELD = {
    ("client", "city"): ["Lisboa", "London", "New York"],
    ("operator", "login"): ["ana", "bo", "me"],
    ("client", "tags"): ["long term", "vip"],
    ("contact", "name"): ["Maria Anders", "12"],
}


def held(entity: Entity, name: str, prefix: str) -> Sequence[str]:
    return [value for value in HELD.get((entity.name, name), []) if value.lower().startswith(prefix.lower())]


def offered(typed: str) -> list[str]:
    """The texts of a query after each offer was taken; ``|`` is the cursor."""
    cursor = typed.index("|")
    text = typed.replace("|", "")
    offers = query.complete(text, cursor, CLIENTS, values=held)
    return [text[: offer.start] + offer.text + text[offer.end :] for offer in offers]


def labels(typed: str) -> list[str]:
    offers = query.complete(typed.replace("|", ""), typed.index("|"), CLIENTS, values=held)
    return [offer.label for offer in offers]


def test_an_empty_bar_offers_the_fields_with_what_they_are_called() -> None:
    offers = query.complete("", 0, CLIENTS, values=held)
    shown = {offer.text: offer.help for offer in offers}
    assert shown["name:"] == "Name"
    assert shown["last-contact"] == "Last contact"
    assert shown["contact:"] == "Contacts"
    assert shown["has:"] == "has a value"
    assert list(shown)[0] == "name:"


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("sco|", ["score"]),
        ("st|", ["street:", "stage:", "postal-code:"]),
        ("stage:lead sc|", ["stage:lead score"]),
        ("-sta|", ["-stage:"]),
        ("(sta|)", ["(stage:)"]),
        ("lifec|", ["stage:"]),
        ("Last c|", []),
        ("archi|", ["archived:"]),
        ("owner.ro|", ["owner.role:"]),
        ("contact.em|", ["contact.email:"]),
        ("contact.cou|", ["contact.count"]),
    ],
)
def test_fields_by_their_name_alias_or_label(typed: str, first: list[str]) -> None:
    assert offered(typed)[: len(first)] == first


def test_comparisons_that_fit_the_field() -> None:
    assert offered("score|")[:7] == ["score:", "score=", "score!=", "score<", "score<=", "score>", "score>="]
    assert offered("tags|")[:3] == ["tags:", "tags=", "tags!="]
    assert offered("owner|")[:4] == ["owner:", "owner=", "owner!=", "owner."]
    assert offered("contact|")[:3] == ["contact:", "contact.", "contact.count"]
    assert "contact.count>" in offered("contact.count|")
    assert offered("score|>5") == []
    help = {offer.label: offer.help for offer in query.complete("last-contact", 12, CLIENTS, values=held)}
    assert help["last-contact<"] == "before"


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("stage:|", ["stage:lead", "stage:qualified", "stage:active", "stage:dormant", "stage:churned"]),
        ("stage:a|", ["stage:active", "stage:lead", "stage:qualified", "stage:dormant"]),
        ("stage:lead,ac|", ["stage:lead,active"]),
        ("stage:ac|,lead", ["stage:active,lead"]),
        ("stage:lead..d|", ["stage:lead..dormant", "stage:lead..lead", "stage:lead..qualified", "stage:lead..churned"]),
        ("city:lo|", ["city:London"]),
        ("city:new|", ['city:"New York"']),
        ('city:"new|', ['city:"New York"']),
        ("city:ne|w score:5", ['city:"New York" score:5']),
        ("tag:|", ['tag:"long term"', "tag:vip"]),
        ("owner:|", ["owner:me", "owner:ana", "owner:bo", 'owner:"me"']),
        ("owner:a|", ["owner:ana"]),
        ("team:|", ["team:mine"]),
        ("team.kind:s|", ["team.kind:sales", "team.kind:support"]),
        ("contact:|", ['contact:"Maria Anders"', 'contact:"12"']),
        ('contact.role:"dec|', ['contact.role:"decision maker"']),
        ("owner.active:|", ["owner.active:yes", "owner.active:no"]),
        ("archived:y|", ["archived:yes", "archived:yesterday", "archived:today"]),
        ("last-contact<-3|", ["last-contact<-30d"]),
        ("follow-up:today..+7|", ["follow-up:today..+7d"]),
        ("acquired<=end-of-q|", ["acquired<=end-of-quarter"]),
        ("has:ow|", ["has:owner"]),
        ("no:contact.em|", ["no:contact.email"]),
        ("sort:sco|", ["sort:score"]),
        ("sort:name,-sco|", ["sort:name,-score"]),
        ("score>|", []),
        ("foo:b|", []),
        ('"acme st|', []),
    ],
)
def test_values_of_the_field(typed: str, expected: list[str]) -> None:
    assert offered(typed)[: len(expected) or None] == expected


def test_time_words_say_which_days_they_mean() -> None:
    help = {offer.label: offer.help for offer in query.complete("acquired:", 9, CLIENTS, values=held)}
    assert help["today"] == "22 Nov 2026"
    assert help["next-quarter"] == "1 Jan 2027 – 31 Mar 2027"


def test_what_is_offered_can_be_read() -> None:
    for typed in (
        "|",
        "stage:|",
        "owner:|",
        "owner.|",
        "contact.|",
        "tag:|",
        "city:|",
        "acquired:|",
        "has:|",
        "sort:|",
        "sort:-|",
    ):
        for text in offered(typed):
            query.parse(text, CLIENTS, me=ANA, lenient=True)
            if ":" in text and not text.endswith(":"):
                query.parse(text, CLIENTS, me=ANA)


def test_the_cursor_may_stand_anywhere() -> None:
    text = 'stage:active, owner.role:"adm (score>=5..9 or) -tag: "phr'
    for cursor in range(len(text) + 1):
        query.complete(text, cursor, CLIENTS, values=held)
