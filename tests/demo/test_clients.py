"""The demo's clients: the same every time, plausible to read, and reaching nobody real."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections import Counter
from datetime import date, datetime, timedelta
from itertools import chain

import phonenumbers
import pytest

from crm_tui import demo
from crm_tui.demo import DemoClient
from crm_tui.models.base import entities
from crm_tui.models.people import CLIENT_KINDS, STAGES
from crm_tui.text import clean

TODAY = date(2026, 11, 22)

RESERVED = re.compile(r"(?:^|\.)example(?:\.com|\.org|\.net)?$")
"""Domains that reach nobody (RFC 2606)."""

ADDRESS = re.compile(r"(?:@|https?://|www\.)([\w.-]*\w)")

FICTION = (
    "+1 ... 555 01", "+44 20 7946 0", "+44 113 496 0", "+44 117 496 0", "+44 121 496 0", "+44 131 496 0",
    "+44 141 496 0", "+44 151 496 0", "+44 161 496 0", "+44 191 498 0", "+44 28 9649 6", "+44 29 2018 0",
    "+33 1 99 00", "+33 2 61 91", "+33 3 53 01", "+33 4 65 71", "+33 5 36 49", "+49 30 23125", "+49 40 66969",
    "+49 69 90009", "+49 89 99998", "+49 221 4710", "+46 8 465 004", "+46 31 390 06", "+46 40 628 04",
)  # fmt: skip
"""Beginnings of the telephone numbers that regulators keep for fiction; a dot stands for any digit."""

HAS_FIELDS_OF_ITS_OWN = {"owner", "team", "client"}
"""Reference fields: the generator knows places in lists, not ids."""


@pytest.fixture(scope="module")
def many() -> list[DemoClient]:
    return list(demo.clients(4000, 7, TODAY))


def column(many: list[DemoClient], name: str) -> list[object]:
    return [client.values[name] for client in many]


def contacts(many: list[DemoClient]) -> list[dict[str, object]]:
    return list(chain.from_iterable(client.contacts for client in many))


def last_contact(client: DemoClient) -> object:
    return client.conversations[0]["at"] if client.conversations else None


def texts(many: list[DemoClient]) -> list[str]:
    records = chain(contacts(many), (client.values for client in many))
    return [value for record in records for value in record.values() if isinstance(value, str)]


def test_the_same_seed_gives_the_same_clients(many: list[DemoClient]) -> None:
    assert list(demo.clients(4000, 7, TODAY)) == many


def test_another_seed_gives_others(many: list[DemoClient]) -> None:
    assert list(demo.clients(20, 8, TODAY)) != many[:20]


def test_the_first_of_many_are_those_of_a_few(many: list[DemoClient]) -> None:
    assert list(demo.clients(250, 7, TODAY)) == many[:250]
    assert list(demo.clients(0, 7, TODAY)) == []


def test_another_process_draws_the_same() -> None:
    script = "from datetime import date; from crm_tui import demo; print(list(demo.clients(60, 7, date(2026, 11, 22))))"
    outputs = {
        subprocess.run(
            [sys.executable, "-c", script],
            env={**os.environ, "PYTHONHASHSEED": hash_seed, "PYTHONIOENCODING": "utf-8"},
            capture_output=True,
            text=True,
            encoding="utf-8",
            check=True,
            timeout=60,
        ).stdout
        for hash_seed in ("1", "2")
    }
    assert len(outputs) == 1, "the order of a set or a dict decides what is drawn"


def test_every_field_of_a_client_is_filled_with_what_the_field_takes(many: list[DemoClient]) -> None:
    fields = {name: kind for name, kind in entities["client"].entered.items() if name not in HAS_FIELDS_OF_ITS_OWN}
    for client in many[:1500]:
        assert set(client.values) == {*fields, "owner", "team"}
        for name, kind in fields.items():
            value = client.values[name]
            if value in ("", (), None):
                assert value == kind.empty, f"{name} is empty as {value!r}"
            else:
                assert kind.check(value) == value, f"{name} would be kept differently"


def test_every_field_of_a_contact_is_filled_with_what_the_field_takes(many: list[DemoClient]) -> None:
    fields = {name: kind for name, kind in entities["contact"].entered.items() if name not in HAS_FIELDS_OF_ITS_OWN}
    for contact in contacts(many[:1500]):
        assert set(contact) == set(fields)
        for name, kind in fields.items():
            value = contact[name]
            assert value == kind.empty or kind.check(value) == value, f"{name} would be kept differently"


def test_all_text_is_clean(many: list[DemoClient]) -> None:
    unclean = [text for text in texts(many) if clean(text) != text or text != text.strip()]
    assert not unclean, unclean[:5]


def test_no_place_of_a_pattern_is_left_open(many: list[DemoClient]) -> None:
    names = [str(record["name"]) for record in chain(contacts(many), (client.values for client in many))]
    streets = [str(street) for street in column(many, "street")]
    left = [text for text in chain(names, streets) if re.search(r"[{}|]|%s|  |\bNone\b", text)]
    assert not left, left[:5]


def test_dates_are_in_their_order(many: list[DemoClient]) -> None:
    for client in many:
        acquired, follow_up, last = client.values["acquired_on"], client.values["follow_up_on"], last_contact(client)
        if last is not None:
            assert isinstance(last, datetime)
            assert last.tzinfo is None
            assert last.date() < TODAY
            assert last.weekday() < 5, "nobody was called on a weekend"
        if acquired is not None:
            assert isinstance(acquired, date)
            assert TODAY - timedelta(days=15 * 365) < acquired < (last.date() if last else TODAY)
            assert client.values["stage"] not in ("lead", "qualified"), "who is not won yet has no day of winning"
        if follow_up is not None:
            assert isinstance(follow_up, date)
            assert abs(follow_up - TODAY) < timedelta(days=120)
            assert client.values["stage"] != "churned", "nobody follows up on who has left"


@pytest.mark.parametrize("today", [date(2024, 2, 29), date(2026, 11, 20), date(2027, 1, 1)])
def test_any_day_will_do(today: date) -> None:
    for client in demo.clients(200, 1, today):
        last = last_contact(client)
        assert last is None or (isinstance(last, datetime) and last.date() < today)


def test_active_clients_were_contacted_lately_and_dormant_ones_were_not(many: list[DemoClient]) -> None:
    def quiet(stage: str) -> list[int]:
        last = [last_contact(client) for client in many if client.values["stage"] == stage]
        return sorted((TODAY - moment.date()).days for moment in last if isinstance(moment, datetime))

    active, dormant = quiet("active"), quiet("dormant")
    assert active[len(active) // 2] < 60
    assert dormant[0] > 120
    never = [client for client in many if last_contact(client) is None]
    assert 0.08 < len(never) / len(many) < 0.25


def test_every_client_has_one_point_of_contact(many: list[DemoClient]) -> None:
    for client in many:
        assert [contact["primary"] for contact in client.contacts] == [True] + [False] * (len(client.contacts) - 1)
    assert 1.5 < len(contacts(many)) / len(many) < 3


def test_external_ids_and_addresses_are_nobody_elses(many: list[DemoClient]) -> None:
    assert many[0].values["external_id"] == "C-000001"
    assert many[-1].values["external_id"] == "C-004000"
    for values in (
        column(many, "external_id"),
        column(many, "email"),
        column(many, "website"),
        [contact["external_id"] for contact in contacts(many)],
        [contact["email"] for contact in contacts(many)],
    ):
        given = [value for value in values if value]
        assert len(set(given)) == len(given)


def test_nothing_leads_to_a_real_domain(many: list[DemoClient]) -> None:
    operators = [text for operator in demo.operators() for text in operator.values()]
    hosts = {host for text in chain(texts(many), operators) for host in ADDRESS.findall(text)}
    assert len(hosts) > 1000
    assert not [host for host in hosts if not RESERVED.search(host)]
    assert not [host for host in hosts if not re.fullmatch(r"[a-z0-9]+(?:[-.][a-z0-9]+)*", host)]
    assert max(len(label) for host in hosts for label in host.split(".")) <= 63


def test_telephones_are_fiction_or_not_in_use(many: list[DemoClient]) -> None:
    fiction = re.compile("|".join(re.escape(start).replace(r"\.", r"\d") for start in FICTION))
    given = {str(phone) for phone in chain(column(many, "phone"), (one["phone"] for one in contacts(many))) if phone}
    assert len(given) > 4000
    for phone in given:
        number = phonenumbers.parse(phone, None)
        assert phonenumbers.is_possible_number(number), f"{phone} has a wrong length"
        assert fiction.match(phone) or not phonenumbers.is_valid_number(number), f"{phone} may be somebody's"


def test_names_are_hardly_ever_the_same(many: list[DemoClient]) -> None:
    names = Counter(column(many, "name"))
    assert len(names) > 0.98 * len(many)
    assert names.most_common(1)[0][1] <= 3
    people = Counter(contact["name"] for contact in contacts(many))
    assert people.most_common(1)[0][1] <= 10


def test_names_come_from_many_places(many: list[DemoClient]) -> None:
    assert len(set(column(many, "country"))) >= 20
    assert len(set(column(many, "city"))) >= 150
    assert len(set(column(many, "currency"))) >= 15
    written = "".join(str(name) for name in chain(column(many, "name"), (one["name"] for one in contacts(many))))
    assert not set("łøßñçãéåüşğıřž'&\"„") - set(written)
    scripts = {
        "Greek": "[\u03b1-\u03c9]",
        "Cyrillic": "[\u0430-\u044f]",
        "Arabic": "[\u0621-\u064a]",
        "Han": "[\u4e00-\u9fff]",
        "Kana": "[\u3041-\u30ff]",
        "Hangul": "[\uac00-\ud7a3]",
    }
    assert not [script for script, letters in scripts.items() if not re.search(letters, written)]


def test_some_names_are_too_long_for_a_list(many: list[DemoClient]) -> None:
    lengths = [len(str(name)) for name in column(many, "name")]
    assert 80 <= max(lengths) <= 110
    assert sorted(lengths)[len(lengths) // 2] < 30


def test_kinds_stages_and_gaps_are_as_in_life(many: list[DemoClient]) -> None:
    def share(name: str, *values: object) -> float:
        return sum(value in values for value in column(many, name)) / len(many)

    assert set(column(many, "kind")) == {kind.value for kind in CLIENT_KINDS}
    assert set(column(many, "stage")) == {stage.value for stage in STAGES}
    assert share("kind", "client") == pytest.approx(0.35, abs=0.04)
    assert share("stage", "active") == pytest.approx(0.48, abs=0.05)
    assert share("notes", "") == pytest.approx(0.7, abs=0.04)
    assert share("tags", ()) == pytest.approx(0.3, abs=0.05)
    assert {len(tags) for tags in column(many, "tags") if isinstance(tags, tuple)} == {0, 1, 2, 3, 4}
    assert len({tag for tags in column(many, "tags") if isinstance(tags, tuple) for tag in tags}) == 15
    assert 0.2 < share("cadence_days", None) < 0.8
    for name, empty in (("email", ""), ("phone", ""), ("street", ""), ("tax_id", ""), ("score", None), ("owner", None)):
        assert 0.01 < share(name, empty) < 0.6, f"{name} is missing too seldom or too often"


def test_some_follow_ups_are_late_and_some_due_today(many: list[DemoClient]) -> None:
    due = [day for day in column(many, "follow_up_on") if isinstance(day, date)]
    late = sum(day < TODAY for day in due)
    assert 0.05 < late / len(due) < 0.2
    assert TODAY in due
    assert sum(day > TODAY for day in due) > len(due) / 2


def test_notes_hold_sentences_and_some_markdown(many: list[DemoClient]) -> None:
    notes = [str(note) for note in column(many, "notes") if note]
    assert any("- [ ]" in note for note in notes)
    assert any("\n" in note for note in notes)
    assert len(set(notes)) > 0.6 * len(notes)
    assert not any("{" in note for note in notes)


def test_owners_are_operators_who_may_own(many: list[DemoClient]) -> None:
    operators = demo.operators()
    owners = {owner for owner in column(many, "owner") if isinstance(owner, int)}
    assert owners == {index for index, operator in enumerate(operators) if operator["role"] != "viewer"}


def test_teams_serve_customers_and_managers_look_after_clients(many: list[DemoClient]) -> None:
    kinds = [team.kind for team in demo.teams()]
    values = [client.values for client in many]
    served = [one for one in values if isinstance(one["team"], int) and kinds[one["team"]] == "support"]
    assert {one["team"] for one in values} == {None, *(at for at, kind in enumerate(kinds) if kind != "fulfilment")}
    assert all(one["owner"] is None for one in served if one["kind"] == "customer")
    active = [one for one in values if one["stage"] == "active"]
    managed = [one["owner"] is not None for one in active if one["kind"] == "client"]
    assert 0.9 < sum(managed) / len(managed) < 1, "some are flagged"
    assert any(one["kind"] == "client" and one["owner"] is None for one in served), "a team only"


def test_the_members_of_teams_are_operators() -> None:
    operators = demo.operators()
    for team in demo.teams():
        assert len(set(team.members)) == len(team.members) > 1
        assert all(operators[at]["role"] != "viewer" for at in team.members)


def test_operators_have_every_role_and_a_login_of_their_own() -> None:
    operators = demo.operators()
    assert [operator["login"] for operator in operators][:6] == ["ana", "bo", "carla", "dmitri", "eva", "farid"]
    assert len({operator["login"] for operator in operators}) == len(operators)
    assert {operator["role"] for operator in operators} == {"admin", "manager", "operator", "viewer"}
    fields = entities["operator"].fields
    for operator in operators:
        assert all(fields[name].check(text) == text for name, text in operator.items())
