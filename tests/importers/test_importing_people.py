"""Contacts: in the rows of their clients, in files of their own, and who is the point of contact afterwards."""

from __future__ import annotations

import random
from typing import Any

import pytest

from crm_tui import places
from crm_tui.exporters.exporting import export
from crm_tui.models.base import entities
from crm_tui.services import records
from crm_tui.undo import undo
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


# --- people who are at several clients


CLIENTS = "external_id,name\nA,ACME\nB,Bólido\nC,Comidas\n"


def everywhere(desk: Desk) -> list[tuple[str, str, str, bool]]:
    """Who is where: person, client, role, whether the point of contact."""
    names = {name: {row[0]: row[1] for row in desk.all(name, "id", "name")} for name in ("contact", "client")}
    found = places.clients(sorted(names["contact"]))
    return [(names["contact"][one.contact], names["client"][one.client], one.role, one.primary) for one in found]


def test_a_column_names_all_the_clients_of_a_person(desk: Desk) -> None:
    desk.take(CLIENTS)
    maps = ("firms=clients.external_id",)
    report = desk.take("name,e-mail,firms\nMaria,m@x.example,A;B\nBo,b@x.example,B; C ;\n", "contacts", maps)
    assert counts(report) == (2, 0, 0, 0)
    assert everywhere(desk) == [
        ("Maria", "ACME", "", True), ("Maria", "Bólido", "", False), ("Bo", "Bólido", "", True),
        ("Bo", "Comidas", "", True),
    ]  # fmt: skip
    again = desk.take("name,e-mail,firms\nMaria,m@x.example,C;A\nBo,b@x.example,\n", "contacts", maps, key="email")
    assert counts(again) == (0, 1, 1, 0)
    assert [client for person, client, *_rest in everywhere(desk) if person == "Maria"] == ["ACME", "Bólido", "Comidas"]
    same = desk.take("e-mail,firms\nm@x.example,A;B;C\n", "contacts", maps, key="email")
    assert counts(same) == (0, 0, 1, 0)
    unknown = desk.take("name,firms\nEve,A;X\n", "contacts", maps)
    assert reasons(unknown) == {2: 'firms: there is no client with the external id "X"'}
    undo(desk.workspace, desk.actor)
    assert [client for person, client, *_rest in everywhere(desk) if person == "Maria"] == ["ACME", "Bólido"]


def test_the_former_client_of_a_person_stays_where_the_row_names_it(desk: Desk) -> None:
    desk.take(CLIENTS)
    desk.take("name,e-mail,client\nMaria,m@x.example,ACME\n", "contacts")
    desk.take("e-mail,client,clients\nm@x.example,Bólido,ACME;Bólido\n", "contacts", key="email")
    assert everywhere(desk) == [("Maria", "Bólido", "", True), ("Maria", "ACME", "", True)]
    desk.take("e-mail,client\nm@x.example,ACME\n", "contacts", key="email")
    assert everywhere(desk) == [("Maria", "ACME", "", True)], "who is at a client is there once"


def test_affiliations_are_imported_by_what_finds_their_people_and_clients(desk: Desk) -> None:
    desk.take(CLIENTS)
    desk.take("name,e-mail,client\nMaria,m@x.example,ACME\nBo,b@x.example,Bólido\n", "contacts")
    maps = ("mail=contact.email", "firm=client.external_id")
    file = "mail,firm,role,primary\nm@x.example,B,billing,yes\nm@x.example,A,user,\nnobody@x.example,A,,\n"
    report = desk.take(file, "affiliations", maps)
    assert counts(report) == (1, 0, 0, 2)
    assert reasons(report) == {
        3: "client: Maria is at ACME already",
        4: 'mail: there is no contact with the e-mail "nobody@x.example"',
    }
    assert everywhere(desk) == [
        ("Maria", "ACME", "", True), ("Maria", "Bólido", "billing", True), ("Bo", "Bólido", "", False),
    ]  # fmt: skip


def test_a_row_of_a_client_means_whoever_is_there(desk: Desk) -> None:
    """Also somebody whose own client is another: as what they are here."""
    desk.take(CLIENTS)
    desk.take("name,e-mail,role,clients\nMaria,m@x.example,user,ACME;Bólido\nBo,b@x.example,,Bólido\n", "contacts")
    report = desk.take("external_id,contact e-mail,contact role\nB,m@x.example,billing\n", key="external_id")
    assert (report.contacts_created, report.contacts_updated) == (0, 1)
    assert ("Maria", "Bólido", "billing", True) in everywhere(desk)
    assert ("Maria", "ACME", "user", True) in everywhere(desk)
    desk.take("name,client,primary\nEve,Bólido,yes\n", "contacts")
    assert [one for one in everywhere(desk) if one[1] == "Bólido" and one[3]] == [("Eve", "Bólido", "", True)]


@pytest.mark.parametrize("suffix", [".csv", ".xlsx", ".json", ".vcf"])
def test_where_people_are_comes_back_from_our_own_files(desk: Desk, suffix: str) -> None:
    desk.take(CLIENTS)
    desk.take("name,external_id,clients\nMaria,M,ACME;Bólido\nBo,B,Bólido\n", "contacts")
    before = everywhere(desk)
    contacts = desk.folder / f"contacts{suffix}"
    export(desk.workspace, desk.actor, entities["contact"], contacts)
    affiliations = desk.folder / "affiliations.csv"
    export(desk.workspace, desk.actor, entities["affiliation"], affiliations)
    records.archive_many(desk.workspace, desk.actor, entities["affiliation"], desk.all("affiliation", "id"))
    assert len(everywhere(desk)) == 2
    assert counts(desk.take(contacts, "contacts", key="external_id")) == (0, 1, 1, 0)
    assert everywhere(desk) == before
    undo(desk.workspace, desk.actor)
    assert counts(desk.take(affiliations, "affiliations")) == (1, 0, 0, 0)
    assert everywhere(desk) == before
