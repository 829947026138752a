"""What is said of queries that make no sense, and where; and what is made of those still being typed."""

from __future__ import annotations

import pytest

from crm_tui import query
from crm_tui.errors import BadInput
from crm_tui.models.base import entities
from tests.query.conftest import ANA

CLIENTS = entities["client"]


@pytest.mark.parametrize(
    ("text", "where", "said"),
    [
        ("acme scre:5", "scre", 'Clients have no field "scre". Did you mean "score"'),
        ("Last-Contct:today", "Last-Contct", 'Did you mean "last-contact", "last-contact-by" or "contact"'),
        ("https://acme.example", "https", "Put the text in quotes to search for it."),
        (
            "stage:actve",
            "actve",
            '"actve" is not one of lead, qualified, active, dormant, churned. Did you mean "active"?',
        ),
        ("owner:me stage:lead,actve", "actve", 'Did you mean "active"?'),
        ("score>many", "many", '"many" is not a number.'),
        ("id:abc", "abc", '"abc" is not a number.'),
        ("last-contact:soon", "soon", '"soon" is not a day; write 2026-11-22, today'),
        ("follow-up:2026-02-31", "2026-02-31", "There is no day 2026-02-31."),
        ("follow-up:today..someday", "someday", '"someday" is not a day'),
        ("owner.active:maybe", "maybe", '"maybe" is neither yes nor no.'),
        ("phone:abc", "abc", 'There is nothing in "abc" to compare with.'),
        ('tag:","', '","', "There is nothing in"),
        ("tag<vip", "<vip", "Tags: there is no order here; compare with : or = or !=."),
        ("owner>5", ">5", "Owner: there is no order here"),
        ("score>1,2", ">1,2", "Lists and ranges go with : and =, not with >."),
        ("score<1..2", "<1..2", "Lists and ranges go with : and =, not with <."),
        ("stage:", "stage:", "stage: needs a value right after it, without a space."),
        ("stage: active", "stage:", "stage: needs a value right after it, without a space."),
        ("score >=70", ">=70", '">=70" needs a field right before it, without spaces: score>=70.'),
        ("score:..", "score:..", "needs a value right after it"),
        ("stage:lead,,active", ",active", "A value is missing in this list."),
        ("owner.rle:x", "owner.rle", 'Operators have no field "rle". Did you mean "role"'),
        ("name.first:x", "name.first", "name leads to no other record"),
        ("contact.client.name:x", "contact.client.name", "goes too far: a query follows one reference"),
        ("contact>2", ">", "Compare how many there are with contact.count>."),
        ("has:contact.count", "contact.count", "Ask for a count like contact.count>0."),
        ("has:colour", "colour", 'Clients have no field "colour".'),
        ("no:a..b", "a..b", "no: takes names, no ranges."),
        ("has>owner", ">", "After has comes a colon, like has:owner."),
        ("sort:nme", "nme", 'Did you mean "name"'),
        ("sort:owner.name", "owner.name", "only by fields of their own"),
        ("sort:-", "-", "Write the field to sort by"),
        ("(acme sort:name)", "sort:name", "sort: goes outside of brackets"),
        ("-sort:name", "sort:name", "sort: goes outside of brackets"),
        ("acme or", "or", '"or" needs a condition on its other side'),
        ("or acme", "or", '"or" needs a condition on its other side'),
        ("(acme or)", "or", '"or" needs a condition on its other side'),
        ("acme and and studio", "and", '"and" needs a condition'),
        ("acme not", "not", '"not" needs a condition after it'),
        ("acme -or studio", "-", '"-" needs a condition after it'),
        ("(acme", "(", "This ( is not closed."),
        ("acme)", ")", "There is no ( for this )."),
        ("acme ()", "()", "There is nothing between these brackets."),
        ('acme "stu', '"', "This quotation mark is not closed."),
        ("city:'lon", "'", "This quotation mark is not closed."),
        ("a " * 1001, "", "This query has 2,002 characters; 2,000 fit."),
        ("a " * 201, "", "A query has at most 200 terms."),
        ("id:" + ",".join(["1"] * 501), None, "A list has at most 500 values."),
        ("(" * 21 + "a" + ")" * 21, "(", "Brackets can be nested 20 deep, not deeper."),
    ],
)
def test_a_mistake_is_told_with_its_place(text: str, where: str | None, said: str) -> None:
    with pytest.raises(BadInput) as told:
        query.parse(text, CLIENTS, me=ANA)
    assert said in str(told.value)
    assert told.value.position is not None
    start, end = told.value.position
    assert not where or text[start:end] == where


def test_me_means_nothing_where_nobody_is_signed_in() -> None:
    with pytest.raises(BadInput, match="nobody is signed in"):
        query.parse("owner:me", CLIENTS)


@pytest.mark.parametrize("text", ["was stage:lead", "stage:lead changed:owner", "a or not (b was stage:lead)"])
def test_lists_know_nothing_of_changes(text: str) -> None:
    asked = query.parse(text, CLIENTS)
    for way in (query.compile, query.listing):
        with pytest.raises(BadInput, match="only work in automations") as told:
            way(asked)
        start, end = told.value.position or (0, 0)
        assert text[start:end] in ("was", "changed:owner")


FINISHED = "stage:active owner:me"


@pytest.mark.parametrize(
    "more",
    ["", " ", " city:", " score>", " sco>", " score:..", " stage:act", " last-contact<-", " last-contact:to",
     " score>-", " or", " and", " not", " -", " (", " has:", " has:own", " no:contact.", " sort:", " sort:-sc",
     ' tag:"', " owner.ro:", " archived:", " id:#", " owner.active:ye", " ((", " and not ("],
)  # fmt: skip
def test_an_unfinished_end_is_left_out_while_typing(more: str) -> None:
    typed = query.parse(FINISHED + more, CLIENTS, me=ANA, lenient=True)
    assert typed.where == query.parse(FINISHED, CLIENTS, me=ANA).where
    assert not typed.mentions("archived")


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("stage:active,", "stage:active"),
        ("stage:active,le", "stage:active"),
        ("(stage:active", "stage:active"),
        ("-(stage:active or city:lon", "-(stage:active or city:lon)"),
        ('city:"new yo', 'city:"new yo"'),
        ("sort:-score,na", "sort:-score"),
    ],
)
def test_what_can_be_used_of_an_unfinished_end_is(typed: str, meant: str) -> None:
    seen, wanted = query.parse(typed, CLIENTS, lenient=True), query.parse(meant, CLIENTS)
    assert (seen.where, seen.sort) == (wanted.where, wanted.sort)


def test_the_words_of_an_open_quotation_mark_are_searched_as_they_are_typed() -> None:
    typed = query.parse('"acme stu', CLIENTS, lenient=True)
    assert typed.where == query.parse("acme\\ stu", CLIENTS).where


@pytest.mark.parametrize("text", ["scre:5", "stage:xyz", "stage:act owner:me", "score>abc", "acme)", "owner.active:q"])
def test_what_more_typing_cannot_mend_is_told_at_once(text: str) -> None:
    with pytest.raises(BadInput):
        query.parse(text, CLIENTS, me=ANA, lenient=True)


def test_typing_a_query_letter_by_letter_shows_no_mistake() -> None:
    text = 'stage:active owner:me last-contact<-30d -tag:vip (city:"new york" or has:email) "acme corp" sort:-score'
    for end in range(len(text) + 1):
        query.parse(text[:end], CLIENTS, me=ANA, lenient=True)


def test_what_has_no_name_is_asked_for_by_its_number() -> None:
    with pytest.raises(BadInput, match=r"Approvals have no names; write the number of one, like #12"):
        query.parse('approval:"Maria"', entities["contact"], me=ANA)
    assert query.parse("approval:#12", entities["contact"], me=ANA)
