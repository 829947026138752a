"""Contacts: in the rows of their clients, in files of their own, and who is the point of contact afterwards."""

from __future__ import annotations

import random
from typing import Any

import pytest

from crm_tui.models.base import entities
from crm_tui.services import records
from tests.importers.desk import Desk, counts, reasons


def people(desk: Desk) -> list[Any]:
    return desk.all("contact", "name", "email", "phone", "primary", "client")


def test_the_contact_of_a_row_is_found_by_mail_or_name(desk: Desk) -> None:
    desk.take(
        "external_id,name,contact name,contact e-mail,contact phone\nA,ACME,Maria Anders,maria@acme.example,1234\n"
    )
    report = desk.take(
        "external_id,contact name,contact e-mail\nA,Maria Anders-Kowalski,maria@acme.example\n", key="external_id"
    )
    assert (counts(report), report.contacts_created, report.contacts_updated) == ((0, 1, 0, 0), 0, 1)
    report = desk.take("external_id,contact name,contact phone\nA,maria anders-kowalski,5678\n", key="external_id")
    assert people(desk) == [("maria anders-kowalski", "maria@acme.example", "5678", True, 1)]
    report = desk.take("external_id,contact phone\nA,9999\n", key="external_id")
    assert people(desk)[0][2] == "9999", "without a name the point of contact is meant"


def test_a_new_person_becomes_the_point_of_contact_and_the_former_stays(desk: Desk) -> None:
    desk.take("external_id,name,contact name\nA,ACME,Maria Anders\nB,Bólido,\n")
    report = desk.take("external_id,contact name\nA,José Pavarotti\nB,Martín Sommer\n", key="external_id")
    assert (counts(report), report.contacts_created) == ((0, 2, 0, 0), 2)
    assert [(name, primary, client) for name, _e, _p, primary, client in people(desk)] == [
        ("Maria Anders", False, 1), ("José Pavarotti", True, 1), ("Martín Sommer", True, 2),
    ]  # fmt: skip
    again = desk.take("external_id,contact name\nA,Maria Anders\n", key="external_id")
    assert again.contacts_updated == 1
    assert [row[3] for row in people(desk)] == [True, False, True]


def test_a_contact_without_a_name_is_called_by_what_there_is(desk: Desk) -> None:
    report = desk.take("name,contact e-mail,contact phone\nACME,maria@acme.example,1234\nBólido,,5678\nNobody,,\n")
    assert report.contacts_created == 2
    assert "2 contacts have no name and are called by the e-mail or telephone." in report.warnings
    assert [row[0] for row in people(desk)] == ["maria@acme.example", "5678"]


def test_a_bad_cell_of_the_contact_rejects_the_whole_row(desk: Desk) -> None:
    report = desk.take("name,contact name,contact role\nACME,Maria,boss\nBólido,Bo,decision maker\n")
    assert counts(report) == (1, 0, 0, 1)
    assert reasons(report)[2].startswith('contact role: "boss" is not one of decision maker')
    assert desk.all("client", "name") == ["Bólido"]


def test_contacts_of_their_own_find_their_client_by_any_key(desk: Desk) -> None:
    desk.take("external_id,name,email\nA1,ACME,info@acme.example\n7,Bólido,\nB,Zwillinge,\nC,Zwillinge,\n")
    desk.take("name,client\nAnn,acme\nBo,7\nCy,#2\nDi,info@acme.example\nEd,\n", "contacts")
    assert [(name, client) for name, _e, _p, _pr, client in people(desk)] == [
        ("Ann", 1), ("Bo", 2), ("Cy", 2), ("Di", 1), ("Ed", None),
    ]  # fmt: skip
    report = desk.take("name,company\nX,A1\nY,ACME\n", "contacts", ("company=client.external_id",))
    assert reasons(report) == {3: 'company: there is no client with the external id "ACME"'}
    report = desk.take("name,client\nX,Akme\nY,Zwillinge\n", "contacts")
    assert reasons(report) == {
        2: 'client: there is no client "Akme". Did you mean "ACME"?',
        3: 'client: several clients have the name "Zwillinge": #3, #4',
    }
    assert counts(desk.take("name,Customer ID\nZ,C\n", "contacts")) == (1, 0, 0, 0)
    assert people(desk)[-1][4] == 4


def test_a_client_is_given_to_an_operator_by_login_name_or_mail(desk: Desk) -> None:
    values = {"login": "bo", "name": "Bo Svensson", "email": "bo@x.example"}
    bo = records.add(desk.workspace, desk.actor, entities["operator"], values)
    desk.take("name,owner\nA,bo\nB,BO SVENSSON\nC,bo@x.example\nD,\n")
    assert desk.all("client", "owner") == [bo, bo, bo, None]
    records.archive_many(desk.workspace, desk.actor, entities["operator"], [bo])
    report = desk.take("name,owner,city\nA,bo,Rome\nE,bo,\n", key="name")
    assert reasons(report) == {3: 'owner: operator "bo" is archived (#2)'}
    assert desk.all("client", "owner", "city")[0] == (bo, "Rome"), "what a record has already is kept"


@pytest.mark.parametrize("seed", range(6))
def test_in_bulk_the_points_of_contact_are_those_of_one_by_one(desk: Desk, seed: int) -> None:
    """Importing contacts at once and adding them one after the other must not differ in who is primary."""
    chance = random.Random(seed)
    desk.take("external_id,name\n" + "".join(f"{letter},Client {letter}\n" for letter in "ABCabc"))
    ids = dict(desk.all("client", "external_id", "id"))

    def row(number: int) -> tuple[str, str, str]:
        return f"P{number % 9}", chance.choice("ABC"), chance.choice(["yes", "no", ""])

    for round_ in range(3):
        rows = [row(number) for number in range(9)] if round_ else [row(number) for number in range(12)]
        names = list(dict.fromkeys(name for name, _client, _primary in rows))
        rows = [next(r for r in rows if r[0] == name) for name in names]
        text = "external_id,name,client,primary\n" + "".join(f"{n},{n},{c},{p}\n" for n, c, p in rows)
        assert desk.take(text, "contacts", ("client=client.external_id",), key="external_id").rejected_count == 0
        one_by_one = dict(desk.all("contact", "external_id", "id"))
        for name, client, primary in rows:
            twin = ids[client.lower()]
            typed = {"external_id": f"{name}x", "name": name, "client": f"#{twin}"} | (
                {"primary": primary} if primary else {}
            )
            if f"{name}x" in one_by_one:
                records.save(desk.workspace, desk.actor, entities["contact"], one_by_one[f"{name}x"], typed)
            else:
                records.add(desk.workspace, desk.actor, entities["contact"], typed)
        found = {external: primary for external, primary in desk.all("contact", "external_id", "primary")}
        assert {name: found[name] for name in names} == {name: found[f"{name}x"] for name in names}
