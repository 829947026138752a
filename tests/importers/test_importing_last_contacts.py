"""Last contacts in a client list: each becomes an interaction, because nothing else says when anybody was in touch."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from crm_tui import clock
from crm_tui.models.base import entities
from crm_tui.services import words
from crm_tui.undo import undo
from tests import business
from tests.importers.desk import Desk, counts, reasons

CHANNEL: Any = entities["interaction"].fields["channel"]
FILE = "external_id,name,Last contacted\nA,ACME,2026-03-04\nB,Bólido,2026-05-06 14:30\nC,Zwillinge,\n"


def interactions(desk: Desk) -> list[Any]:
    return desk.all("interaction", "client", "channel", "at", "subject")


def last_contact(desk: Desk, client: int) -> datetime | None:
    model: Any = entities["client"].model
    return model.get_by_id(client).last_contact


def test_each_becomes_an_interaction_from_which_it_follows(desk: Desk) -> None:
    report = desk.take(FILE)
    assert (counts(report), report.last_contacts) == ((3, 0, 0, 0), 2)
    assert "2 last contacts become interactions: last contacts follow from those." in report.warnings
    assert [(client, channel, subject) for client, channel, _at, subject in interactions(desk)] == [
        (1, "call", "Last contact as noted in customers.csv"),
        (2, "call", "Last contact as noted in customers.csv"),
    ]
    found = last_contact(desk, 1)
    assert found is not None and clock.local(found).date() == date(2026, 3, 4)
    assert last_contact(desk, 3) is None
    undo(desk.workspace, desk.actor)
    assert desk.all("client", "name") == interactions(desk) == []


def test_the_same_file_again_adds_none_and_a_newer_one_does(desk: Desk) -> None:
    desk.take(FILE)
    report = desk.take(FILE, key="external_id", mode="both")
    assert (counts(report), report.last_contacts) == ((0, 0, 3, 0), 0)
    newer = "external_id,Last contacted\nA,2026-02-01\nB,2026-06-01\n"
    planned = desk.take(newer, key="external_id", dry_run=True)
    assert (counts(planned), planned.last_contacts) == ((0, 1, 1, 0), 1)
    report = desk.take(newer, key="external_id")
    assert (counts(report), report.last_contacts) == ((0, 1, 1, 0), 1)
    assert len(interactions(desk)) == 3
    found = last_contact(desk, 2)
    assert found is not None and clock.local(found).date() == date(2026, 6, 1)


def test_one_that_is_still_to_come_is_no_contact(desk: Desk) -> None:
    day = clock.local(clock.now() + timedelta(days=40)).date()
    report = desk.take(f"name,last contact\nACME,{day}\nBólido,2026-03-04\n")
    assert counts(report) == (1, 0, 0, 1)
    assert "still to come" in reasons(report)[2]


def test_the_channel_is_a_word_that_this_workspace_has(desk: Desk) -> None:
    business.add(desk.workspace, desk.actor, "word", vocabulary="interaction.channel", value="phone", meaning="spoken")
    words.replace(desk.workspace, desk.actor, "interaction.channel.call", "phone")
    desk.take(FILE)
    channels = {channel for _client, channel, _at, _subject in interactions(desk)}
    assert len(channels) == 1 and channels <= {option.value for option in CHANNEL.options} - {"call"}
