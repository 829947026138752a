"""Columns find their fields by the words of five languages, and never by likeness alone."""

from __future__ import annotations

import pytest

from crm_tui.errors import BadInput
from crm_tui.importers.headers import FieldSpec, guess, parse_mapping


def fields(names: str, **kinds: str) -> list[FieldSpec]:
    return [(name, name.replace("_", " ").capitalize(), kinds.get(name, "text")) for name in names.split()]


CLIENT = fields(
    "name kind parent email phone website street city region postal_code country tax_id stage score owner team source "
    "acquired_on last_contact follow_up_on cadence_days tags notes currency external_id "
    "contact.name contact.role contact.title contact.email contact.phone",
    owner="reference",
    team="reference",
    parent="reference",
    acquired_on="day",
)
CONTACT = fields("name role title email phone primary client external_id", client="reference")


def targets(headings: str, known: list[FieldSpec] = CLIENT, entity: str = "") -> list[str | None]:
    columns = headings.split(",")
    found = guess(columns, known, entity)
    assert list(found) == columns
    return [found[column].target for column in columns]


def test_the_columns_of_a_trading_company_need_no_help() -> None:
    assert targets(
        "customerID,companyName,contactName,contactTitle,address,city,region,postalCode,country,phone,fax"
    ) == [
        *("external_id", "name", "contact.name", "contact.title", "street", "city", "region", "postal_code", "country"),
        *("phone", None),
    ]


@pytest.mark.parametrize(
    ("headings", "expected"),
    [
        (
            "Company,Contact person,E-mail Address,Main phone number,ZIP,State,VAT number,Account Manager,Fax",
            "name contact.name email phone postal_code region tax_id owner -",
        ),
        (
            "Razão Social,CNPJ,Contato,E-mail do contato,Endereço,Cidade,UF,CEP,Telefone,Celular,Observações",
            "name tax_id contact.name contact.email street city region postal_code phone - notes",
        ),
        (
            "Nombre de la empresa,Persona de contacto,Teléfono de contacto,Correo electrónico,Código postal,NIF/CIF",
            "name contact.name contact.phone email postal_code tax_id",
        ),
        (
            "Raison sociale,Adresse,Code postal,Ville,Pays,Téléphone,Courriel,N° de TVA,Nom du contact,Fonction",
            "name street postal_code city country phone email tax_id contact.name contact.title",
        ),
        (
            "Firma,Osoba kontaktowa,Telefon kontaktowy,E-mail,Ulica,Miasto,Kod pocztowy,NIP,Uwagi,Opiekun klienta",
            "name contact.name contact.phone email street city postal_code tax_id notes owner",
        ),
    ],
)
def test_headings_in_five_languages(headings: str, expected: str) -> None:
    assert targets(headings) == [None if word == "-" else word for word in expected.split()]


def test_our_own_exports_come_back() -> None:
    names = [name for name, _label, _kind in CLIENT]
    assert targets(",".join(names)) == names
    labels = [label for _name, label, _kind in CLIENT]
    assert targets(",".join(labels)) == names


def test_an_id_of_ours_does_not_take_the_place_of_theirs() -> None:
    assert targets("id,external_id,name") == [None, "external_id", "name"]
    assert targets("id,name") == ["external_id", "name"]


def test_a_custom_field_called_as_a_word_of_ours_keeps_its_column() -> None:
    known = [*CLIENT, ("company", "Company", "text")]
    assert targets("company,name", known) == ["company", "name"]


def test_a_name_beside_a_company_is_the_persons() -> None:
    assert targets("Company,Name,Job Title") == ["name", "contact.name", "contact.title"]
    assert targets("Name,Title") == ["name", "contact.title"]


def test_no_two_columns_go_to_one_field() -> None:
    found = guess(["Billing city", "City", "Shipping city"], CLIENT)
    assert [each.target for each in found.values()] == [None, "city", None]
    assert found["Billing city"].reason == '"City" fits city better'
    assert targets("Billing city,Street") == ["city", "street"]


def test_likeness_is_not_meaning() -> None:
    assert targets("Contract,Religion,Phone type,Owner email,Email opt out") == [None] * 5
    assert 'Did you mean "country"' in guess(["Cuntry"], CLIENT)["Cuntry"].reason


def test_half_a_name_is_no_name() -> None:
    found = guess(["First Name", "Nazwisko"], CLIENT)
    assert all(each.target is None and "whole name" in each.reason for each in found.values())


def test_guesses_tell_how_sure_they_are() -> None:
    found = guess(["email", "Miasto", "Main phone"], CLIENT)
    assert found["email"].confidence > found["Miasto"].confidence > found["Main phone"].confidence > 0.5
    assert found["Miasto"].reason == "a known word for it"


def test_contacts_have_words_of_their_own() -> None:
    assert targets("Full Name,Company,E-mail,Job title", CONTACT, "contact") == ["name", "client", "email", "title"]
    assert targets("clientID,person,Contact phone", CONTACT, "contact") == ["client", "name", "phone"]


def test_cards_become_contacts_too() -> None:
    headings = "name,email,contact.name,contact.title,contact.email"
    assert targets(headings, CONTACT, "contact") == ["client", None, "name", "title", "email"]


def test_the_key_of_another_record_is_known_by_its_name() -> None:
    known = [*fields("number client title", client="reference"), ("client.external_id", "", "text")]
    assert targets("orderID,clientID,clientName", known, "order") == [None, "client.external_id", "client"]
    assert targets("customerID,order title", known[:3], "order") == ["client", "title"]


def test_the_kind_of_record_adds_nothing_to_a_heading() -> None:
    known = fields("name unit external_id")
    assert targets("productID,productName,unit", known, "product") == ["external_id", "name", "unit"]


def test_hostile_headings_break_nothing() -> None:
    assert targets("\x1b[31m,=1+1,(((,💥") == [None] * 4
    assert targets("x" * 1_000_000) == [None]


def test_a_mapping_by_hand() -> None:
    columns = ["Owner", "Firma", "a=b", "Ulica"]
    chosen = parse_mapping(["Owner=parent.external_id", "firma=name", "a=b=Postal code", "ulica="], columns, CLIENT)
    assert chosen == {"Owner": "parent.external_id", "Firma": "name", "a=b": "postal_code", "Ulica": None}


@pytest.mark.parametrize(
    ("pairs", "message"),
    [
        (["Frma=name"], 'the file has no column "Frma". Did you mean "Firma"'),
        (["qqq=name"], 'no column "qqq". It has Firma, City'),
        (["Firma=nme"], 'there is no field "nme". Did you mean "name"'),
        (["Firma=city.external_id"], 'no field "city.external_id"'),
        (["Firma"], "write column=field"),
        (["Firma=name", "City=name"], 'both "Firma" and "City" are mapped to name'),
        (["Firma=name", "firma="], '"Firma" is mapped twice'),
    ],
)
def test_a_mapping_that_cannot_be_names_what_could(pairs: list[str], message: str) -> None:
    with pytest.raises(BadInput) as raised:
        parse_mapping(pairs, ["Firma", "City"], CLIENT)
    assert message in str(raised.value)


@pytest.mark.parametrize("heading", ["Team", "Support team", "Equipe", "Equipo de soporte", "Équipe", "Zespół"])
def test_the_team_is_known_in_five_languages(heading: str) -> None:
    assert targets(f"Company,{heading},Account manager") == ["name", "team", "owner"]
