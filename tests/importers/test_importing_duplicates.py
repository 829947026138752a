"""Rows that look like a record that is there are told of, and imported all the same."""

from __future__ import annotations

from crm_tui.importers.preview import preview
from crm_tui.models.base import entities
from crm_tui.services import records
from tests import business
from tests.importers.desk import Desk, counts

FILE = """\
companyName,phone,country,email
Alfreds Futterkiste GmbH,,,
Somebody,030-1234567,Germany,
Else,,,HI@zebra.de
New one,030-7654321,Germany,new@zebra.de
"""


def companies(desk: Desk) -> None:
    business.client(desk.workspace, desk.actor, "Alfred's Futterkiste")
    business.client(desk.workspace, desk.actor, "ACME", phone="+49 30 1234567")
    business.client(desk.workspace, desk.actor, "Zebra", email="hi@zebra.de")


def test_the_report_says_which_rows_look_like_which_client(desk: Desk) -> None:
    companies(desk)
    rehearsed = desk.take(FILE, dry_run=True)
    report = desk.take(FILE)
    assert counts(report) == (4, 0, 0, 0), "nothing is rejected for it"
    assert report.alike_count == rehearsed.alike_count == 3
    assert [(row.line, row.like) for row in report.alike] == [
        (2, "Alfred's Futterkiste #1: same name"),
        (3, "ACME #2: same phone"),
        (4, "Zebra #3: same e-mail, same domain"),
    ]
    assert rehearsed.warnings == report.warnings
    assert "3 rows look like clients that are there already, and add others: row 2 like Alfred's" in report.warnings[-1]


def test_the_preview_says_it_row_by_row(desk: Desk) -> None:
    companies(desk)
    rows = preview(desk.actor, desk.plan(FILE))
    assert [row.like for row in rows] == [
        "Alfred's Futterkiste #1: same name", "ACME #2: same phone", "Zebra #3: same e-mail, same domain", "",
    ]  # fmt: skip


def test_rows_of_one_file_and_rows_that_find_their_record_are_not_meant(desk: Desk) -> None:
    companies(desk)
    report = desk.take("companyName,city\nZebra,Porto\nZebra Ltd,Rome\nNew,Rome\nNew,Rome\n", key="name")
    assert report.updated == 1
    assert [row.like for row in report.alike] == ["Zebra #3: same name"]


def test_archived_ones_are_not_meant(desk: Desk) -> None:
    companies(desk)
    records.archive_many(desk.workspace, desk.actor, entities["client"], [1, 2, 3])
    assert desk.take(FILE).alike == []


def test_people_too(desk: Desk) -> None:
    companies(desk)
    business.contact(desk.workspace, desk.actor, 2, "Maria Anders", phone="030-1111111")
    report = desk.take("name,client,phone\nAnders Maria,ACME,\nMaria Anders,Zebra,\n", "contacts")
    assert [(row.line, row.like) for row in report.alike] == [(2, "Maria Anders #1: same name")]
