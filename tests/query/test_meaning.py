"""What queries find. The day is Sunday 22 November 2026, 14:02 UTC."""

from __future__ import annotations

from datetime import datetime

import pytest

from crm_tui import clock, query
from crm_tui.models.base import entities
from tests.query.conftest import ANA, BO, Office


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("", [1, 2, 3, 4, 5]),
        ("   ", [1, 2, 3, 4, 5]),
        ("stage:active", [1, 2]),
        ("stage=active", [1, 2]),
        ("Stage:ACTIVE", [1, 2]),
        ("lifecycle:active", [1, 2]),
        ("stage!=active", [3, 4, 5]),
        ("-stage:active", [3, 4, 5]),
        ("not stage:active", [3, 4, 5]),
        ("not not stage:active", [1, 2]),
        ("stage:active,lead", [1, 2, 4]),
        ("stage!=active,lead", [3, 5]),
        ("stage>=active", [1, 2, 3]),
        ("stage<qualified", [4]),
        ("stage:lead..active", [1, 2, 4, 5]),
        ("stage:..qualified", [4, 5]),
        ("stage:active city:london", [2]),
        ("stage:active and city:london", [2]),
        ("stage:lead or stage:qualified", [4, 5]),
        ("stage:lead or stage:qualified score>=70", [4, 5]),
        ("(stage:lead or stage:qualified) score>=70", [5]),
        ("-(stage:lead or city:london)", [1, 5]),
        ("not(stage:lead)", [1, 2, 3, 5]),
    ],
)
def test_choices_lists_and_words_between_terms(office: Office, text: str, found: list[int]) -> None:
    assert office.find(text) == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("city:lodz", [1]),
        ("city:ÓD", [1]),
        ("city=lod", []),
        ("city:lond,mad", [2, 3, 4]),
        ('name:"the horn"', [2]),
        ("name:'b\\'s'", [3]),
        ("name:b\\'s", [3]),
        ("name=acme", []),
        ("name='acme studio'", [1]),
        ("name:東京", [5]),
        ("name<b", [1, 2]),
        ("name:a..b", [1, 2]),
        ("city!=london", [1, 4, 5]),
        ("phone:1715557788", [2]),
        ('phone:"+44 (171)"', [2]),
        ('city:""', [5]),
        ('city!=""', [1, 2, 3, 4]),
        ('city:madrid,""', [4, 5]),
        ("has:city", [1, 2, 3, 4]),
        ("no:city", [5]),
        ("city<z", [1, 2, 3, 4]),
        ("no:city,phone", [5]),
        ("has:phone,notes", [1, 2]),
        ("notes:YEARLY", [1]),
    ],
)
def test_text_is_compared_without_case_and_accents(office: Office, text: str, found: list[int]) -> None:
    assert office.find(text) == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("score>=70", [1, 5]),
        ("score>70", [1]),
        ("score:70", [5]),
        ("score:0", [4]),
        ("score<1", [4]),
        ("score<=61", [2, 4]),
        ("score:60..70", [2, 5]),
        ("score:70..", [1, 5]),
        ("score:..60", [4]),
        ("score:0,82", [1, 4]),
        ("score:0..1,82", [1, 4]),
        ("score>60.5", [1, 2, 5]),
        ("score<1k", [1, 2, 4, 5]),
        ("score:>=70", [1, 5]),
        ("score<9999999999999999999999", [1, 2, 4, 5]),
        ("no:score", [3]),
        ("has:score", [1, 2, 4, 5]),
        ("score!=70", [1, 2, 3, 4]),
        ("-score<70", [1, 3, 5]),
        ("id:2", [2]),
        ("id:#2", [2]),
        ("id:2,3,99", [2, 3]),
        ("id>3", [4, 5]),
        ("id:2..3", [2, 3]),
        ("version:1 id<3", [1, 2]),
    ],
)
def test_numbers(office: Office, text: str, found: list[int]) -> None:
    assert office.find(text) == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("follow-up:today", [3]),
        ("follow_up_on:2026-11-22", [3]),
        ("follow-up:today..+7d", [3]),
        ("follow-up:today..+8d", [3, 4]),
        ("follow-up:this-month", [3, 4]),
        ("follow-up>today", [4]),
        ("follow-up>=today", [3, 4]),
        ("follow-up<2026-11", []),
        ("follow-up<=2026-11", [3, 4]),
        ("follow-up>2026-11", []),
        ("follow-up<=end-of-quarter", [3, 4]),
        ("follow-up!=today", [1, 2, 4, 5]),
        ("acquired:2024", [1]),
        ("acquired:2024-02", [1]),
        ("since<2025", [1]),
        ("last-contact<-30d", [2]),
        ("last-contact:today", [5]),
        ("last-contact>-2h", [5]),
        ("last-contact<now", [1, 2, 5]),
        ("last-contact:2026-10..2026-11-19", [1, 2]),
        ("last-contact:13:30", [5]),
        ("last-contact>13:30", []),
        ("last-contact>=13:30", [5]),
        ('last-contact:"2026-11-19 10:00"', [1]),
        ("last-contact<=2026-11-19T10:00:00Z", [1, 2]),
        ("no:last-contact", [3, 4]),
        ("created:this-month", [1, 2, 3, 4, 5]),
    ],
)
def test_a_day_or_moment_is_compared_with_all_that_a_time_word_covers(
    office: Office, text: str, found: list[int]
) -> None:
    assert office.find(text) == found


def test_days_begin_at_midnight_of_the_business(office: Office) -> None:
    office.client[0]["last_contact"] = "2026-11-21T20:00:00Z"
    with clock.use(clock.now(), "Asia/Tokyo"):
        assert office.find("last-contact:today") == [1, 5]


def test_time_words_mean_the_day_on_which_the_query_is_asked(office: Office) -> None:
    asked = query.parse("follow-up:tomorrow", entities["client"])
    assert not query.matches(asked, office.client[3], office)
    with clock.use(datetime(2026, 11, 29, 8)):
        assert query.matches(asked, office.client[3], office)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("tag:vip", [1]),
        ("tags=VIP", [1]),
        ('tag:"long term"', [1]),
        ("tag:long", []),
        ("tag:vip,press", [1, 3]),
        ("-tag:vip", [2, 3, 4, 5]),
        ("tag!=vip", [2, 3, 4, 5]),
        ("has:tags", [1, 3]),
        ("no:tag", [2, 4, 5]),
    ],
)
def test_tags(office: Office, text: str, found: list[int]) -> None:
    assert office.find(text) == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("owner:me", [1, 3]),
        ("owner:1", [1, 3]),
        ("owner:#2", [2, 5]),
        ("owner:an", [1, 3]),
        ("owner=an", []),
        ("owner=ana", [1, 3]),
        ("owner:'ana lima'", [1, 3]),
        ("owner:ana,bo", [1, 2, 3, 5]),
        ("owner!=me", [2, 4, 5]),
        ("no:owner", [4]),
        ('owner:""', [4]),
        ("owner.role:admin", [1, 3]),
        ("owner.active:no", [2, 5]),
        ("-owner.active:no", [1, 3, 4]),
        ("owner.role!=admin", [2, 4, 5]),
        ("owner.name:berg", [2, 5]),
        ("owner.id:2", [2, 5]),
        ("has:owner.email", []),
        ("no:owner.email", [1, 2, 3, 4, 5]),
    ],
)
def test_references_and_what_they_lead_to(office: Office, text: str, found: list[int]) -> None:
    assert office.find(text) == found


def test_me_is_whoever_asks_and_in_quotes_a_text(office: Office) -> None:
    assert office.find("owner:me", me=BO) == [2, 5]
    assert office.find('owner:"me"') == []


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("contact:maria", [1]),
        ("contact:trujillo", [1]),
        ("contacts:hardy", [2]),
        ("contact:#2", [2]),
        ("contact=maria@acme.example", [1]),
        ('contact.role:"decision maker"', [1]),
        ("contact.role:Decision-Maker", [1]),
        ("contact.role:user,billing", [1, 2]),
        ("contact.primary:yes", [1]),
        ("-contact.primary:yes", [2, 3, 4, 5]),
        ("has:contact", [1, 2]),
        ("no:contact", [3, 4, 5]),
        ("no:people", [3, 4, 5]),
        ("has:contact.email", [1]),
        ("no:contact.email", [2, 3, 4, 5]),
        ("contacts.count>1", [1]),
        ("contact.count:1", [2]),
        ("contact.count<1", [3, 4, 5]),
        ("contact.count:0..1", [2, 3, 4, 5]),
        ("contacts.count!=0", [1, 2]),
        ("contact.archived:yes", [4]),
        ('contact!="maria anders"', [2, 3, 4, 5]),
    ],
)
def test_what_refers_to_a_record(office: Office, text: str, found: list[int]) -> None:
    assert office.find(text) == found


def test_contacts_ask_about_their_client(office: Office) -> None:
    assert office.find("client.kind:client", "contact") == [1, 3]
    assert office.find("client:acme", "contact") == [1, 3]
    assert office.find("client:12", "contact") == []
    assert office.find("no:client", "contact") == [5]
    assert office.find("primary:yes", "contact") == [3]
    assert office.find("-primary:yes", "contact") == [1, 2, 5]
    assert office.find("no:primary", "contact") == [1, 2, 5]


def test_operators_ask_about_their_clients(office: Office) -> None:
    assert office.find("client.stage:qualified", "operator") == [2]
    assert office.find("clients.count>1", "operator") == [1, 2]


def test_an_unquoted_number_is_an_id_and_a_quoted_one_a_text(office: Office) -> None:
    office.contact[4]["client"] = 5
    assert office.find('client:"12"', "contact") == [5]
    assert office.find("client:5", "contact") == [5]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("acme", [1]),
        ("acm", [1]),
        ("cme", []),
        ("studio acme", [1]),
        ('"studio acme"', []),
        ('"acme studio"', [1]),
        ('"acme stu"', []),
        ("bolido", [4]),
        ("京", [5]),
        ("maria", [1]),
        ("maria@acme.example", [1]),
        ("-acme", [2, 3, 4, 5]),
        ("b's", [3]),
        ("acme or horn", [1, 2]),
        ("&", [1, 2, 3, 4, 5]),
        ("acme - studio", [1]),
        ("Was", []),
        ('"or"', []),
        ("10:30", []),
    ],
)
def test_bare_words_search_the_text_of_the_record(office: Office, text: str, found: list[int]) -> None:
    assert office.find(text) == found


def test_archived_records_are_asked_for_by_name(office: Office) -> None:
    assert office.find("archived:yes") == [6]
    assert office.find("has:archived") == [6]
    assert office.find("archived:no") == [1, 2, 3, 4, 5]
    assert office.find("archived:this-month") == [6]
    assert office.find("archived:yes or stage:active") == [1, 2, 6]
    assert not query.parse("sort:archived contact.archived:yes", entities["client"]).mentions("archived")


def test_the_query_of_the_design_is_understood(office: Office) -> None:
    asked = 'stage:active owner:me score>=70 last-contact<+1d -tag:press "acme studio"'
    assert office.find(asked) == [1]
    found = query.parse("(stage:lead or stage:qualified) acquired<=end-of-quarter sort:-score,name", entities["client"])
    assert found.sort == (query.SortKey("score", descending=True), query.SortKey("name"))


def test_what_a_query_mentions() -> None:
    found = query.parse("since:2024 -contact.role:user no:tag sort:city", entities["client"], me=ANA)
    assert found.mentions("acquired_on")
    assert found.mentions("acquired")
    assert found.mentions("tags")
    assert found.mentions("contact.role")
    assert not found.mentions("role")
    assert not found.mentions("city")


def test_two_readings_of_a_query_are_equal() -> None:
    clients = entities["client"]
    one, other = (query.parse("owner:ana stage:lead,active", clients, me=ANA) for _ in range(2))
    assert one == other
    assert hash(one) == hash(other)
    assert one != query.parse("owner:bo stage:lead,active", clients, me=ANA)


def test_entities_without_an_index_of_words_are_searched_by_title(office: Office) -> None:
    asked = query.parse("late", entities["saved_view"])
    assert query.matches(asked, {"id": 1, "name": "Läte payers"}, office)
    assert not query.matches(asked, {"id": 1, "name": "Others", "query": "late"}, office)
