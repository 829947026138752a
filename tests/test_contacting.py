"""Whether somebody may be contacted: a person who wants no contact, and a client where nobody else is."""

from __future__ import annotations

import pytest

from crm_tui import contacting
from crm_tui.db import Workspace
from crm_tui.models.base import entities
from crm_tui.queries import details, lists
from crm_tui.scope import Actor
from crm_tui.services import records
from tests import business


def why_not(what: str, record: int) -> str:
    return contacting.why_not(entities[what], [record]).get(record, "")


def test_a_person_and_the_client_whose_point_of_contact_they_are(workspace: Workspace, ana: Actor) -> None:
    acme = business.client(workspace, ana)
    maria = business.contact(workspace, ana, acme)
    bo = business.contact(workspace, ana, acme, "Bo Berg")
    assert why_not("client", acme) == why_not("contact", maria) == ""
    business.save(workspace, ana, "contact", maria, do_not_contact="yes")
    assert why_not("contact", maria) == "Maria Anders wants no contact"
    assert why_not("client", acme) == "Maria Anders, the point of contact, wants no contact"
    assert details.detail(ana, entities["client"], acme).do_not_contact == why_not("client", acme)
    business.save(workspace, ana, "contact", bo, primary="yes")
    assert why_not("client", acme) == ""
    business.save(workspace, ana, "contact", bo, do_not_contact="yes")
    assert why_not("client", acme) == "Bo Berg, the point of contact, wants no contact"
    records.archive_many(workspace, ana, entities["contact"], [bo])
    assert why_not("client", acme) == "Maria Anders wants no contact, and nobody else is there"
    records.archive_many(workspace, ana, entities["contact"], [maria])
    assert why_not("client", acme) == ""
    assert contacting.why_not(entities["tag"], [1]) == {}


def test_lists_say_so_in_words_and_values_do_not(workspace: Workspace, ana: Actor) -> None:
    maria = business.contact(workspace, ana, None, do_not_contact="yes", email="maria@acme.example")
    people = entities["contact"]
    shown = {
        ("name", "email"): ("Maria Anders", "do not contact: maria@acme.example"),
        ("phone", "name"): ("do not contact", "Maria Anders"),
        ("role", "name"): ("", "Maria Anders (do not contact)"),
        ("role",): ("",),
    }
    for columns, cells in shown.items():
        assert lists.rows(people, [maria], columns)[0].cells == cells
    acme = business.client(workspace, ana)
    business.save(workspace, ana, "contact", maria, client=f"#{acme}", primary="yes")
    assert lists.rows(entities["client"], [acme], ("name", "city"))[0].cells == ("ACME Studio (do not contact)", "")
    assert lists.rows(entities["client"], [acme], ("name", "contact"))[0].cells == (
        "ACME Studio",
        "do not contact: Maria Anders",
    )
    assert list(lists.values(ana, lists.listing(ana, people, "", ("name",)))) == [(maria, ["Maria Anders"])]


def test_what_is_written_for_another_time_needs_no_care(workspace: Workspace, ana: Actor) -> None:
    """Changing what was logged, and what comes from a file, is no contact."""
    acme = business.client(workspace, ana)
    maria = business.contact(workspace, ana, acme, do_not_contact="yes")
    said = business.add(workspace, ana, "interaction", contact=f"#{maria}", channel="email", direction="in")
    business.save(workspace, ana, "interaction", said, direction="out")
    assert business.held("interaction", said)["direction"] == "out"


def test_a_note_is_no_contact_whatever_it_is_called(workspace: Workspace, ana: Actor) -> None:
    acme = business.client(workspace, ana)
    maria = business.contact(workspace, ana, acme, do_not_contact="yes")
    business.add(workspace, ana, "word", vocabulary="interaction.channel", value="file note", meaning="note")
    business.add(workspace, ana, "interaction", contact=maria, channel="file note", subject="Keeps her word")
    with pytest.raises(contacting.DoNotContact):
        business.add(workspace, ana, "interaction", contact=maria, channel="letter", subject="Greetings")
