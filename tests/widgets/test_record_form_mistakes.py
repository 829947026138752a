"""What is wrong in a form and where, and the drafts of what was typed."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from textual.pilot import Pilot

from crm_tui import drafts
from crm_tui.widgets.record_form import FormData
from tests.widgets.form_desk import ATELIER, CLIENT, EVERY_KIND, FormDesk, atelier, fill, press, settle, typed

SMALL, LARGE = (80, 24), (160, 45)

# What is wrong, and where


async def test_a_field_is_looked_at_when_it_is_left() -> None:
    desk = FormDesk(atelier())
    async with desk.run_test(size=SMALL) as pilot:
        await fill(pilot, "email", "ctrl+u", *typed("ana"))
        assert "!" not in desk.shown()
        await press(pilot, "tab")
        assert '! "ana" is not an e-mail address; write one' in desk.shown()
        assert desk.drawn()[-1].endswith(" 1 changed, 1 to correct ")
        await press(pilot, "shift+tab", *typed("@example.com"), "tab")
        assert "!" not in desk.shown()
        assert desk.drawn()[-1].endswith(" 1 changed ")


async def test_saving_goes_to_the_first_field_at_fault() -> None:
    desk = FormDesk(FormData(CLIENT))
    async with desk.run_test(size=LARGE) as pilot:
        await fill(pilot, "score", *typed("101"))
        await fill(pilot, "currency", *typed("dollar"))
        await press(pilot, "ctrl+s")
        assert desk.submitted == []
        assert desk.form.state.current == "name"
        assert "! it cannot be empty" in desk.shown()
        assert '! "101" is outside 0 to 100' in desk.shown()
        await press(pilot, *typed("ACME"), "ctrl+s")
        assert desk.form.state.current == "score"


async def test_an_old_mistake_elsewhere_does_not_keep_a_record_from_being_saved() -> None:
    desk = FormDesk(atelier(email="no address", name=""))
    async with desk.run_test(size=SMALL) as pilot:
        await fill(pilot, "city", "x")
        await press(pilot, "ctrl+s")
        assert desk.submitted == []  # a name is required of every record
        await press(pilot, *typed("ACME"), "ctrl+s")
        assert desk.submitted == [({"name": "ACME", "city": "Portox"}, 3)]


async def test_what_the_services_refuse_stands_at_its_field_until_it_is_changed() -> None:
    desk = FormDesk(atelier())
    async with desk.run_test(size=SMALL) as pilot:
        desk.form.show_problems({"owner": 'there is no operator "x"', "series": "the year is closed"})
        await press(pilot, "tab", "shift+tab")
        assert desk.form.state.current == "owner"
        assert '! there is no operator "x"' in desk.shown()
        desk.form.go_to("name")
        await settle(pilot)
        assert desk.drawn()[0].strip("▐ ") == "the year is closed"
        desk.form.go_to("owner")
        await press(pilot, "b")
        assert "there is no operator" not in desk.shown()


async def test_what_is_saved_is_not_submitted_twice() -> None:
    desk = FormDesk(atelier())
    async with desk.run_test(size=SMALL) as pilot:
        await fill(pilot, "city", "x")
        await press(pilot, "ctrl+s", "ctrl+s")
        assert len(desk.submitted) == 1
        desk.form.release()
        await press(pilot, "ctrl+s")
        assert len(desk.submitted) == 2


async def test_required_fields_say_so() -> None:
    desk = FormDesk(FormData(CLIENT))
    async with desk.run_test(size=SMALL) as pilot:
        assert desk.row("Name") == "Name          required"
        assert desk.drawn()[-1].startswith(" Name: Of the company or person; required ")
        await press(pilot, "tab")
        assert desk.row("Name") == "Name          required"


# Drafts


async def test_typing_is_told_within_a_second_and_when_the_field_is_left() -> None:
    desk = FormDesk(atelier(), draft_every=0.01)
    async with desk.run_test(size=SMALL) as pilot:
        await fill(pilot, "city", "x")
        await _until(pilot, lambda: bool(desk.drafts))
        assert desk.drafts == [{"city": "Portox"}]
        await press(pilot, "backspace")
        await _until(pilot, lambda: len(desk.drafts) > 1)
        assert desk.drafts[-1] == {}


async def test_leaving_a_field_does_not_wait_for_the_second() -> None:
    desk = FormDesk(atelier(), draft_every=3600)
    async with desk.run_test(size=SMALL) as pilot:
        await fill(pilot, "city", "x", "tab")
        assert desk.drafts == [{"city": "Portox"}]


async def test_saving_keeps_no_draft_and_a_failed_save_does() -> None:
    desk = FormDesk(atelier(), draft_every=0.05)
    async with desk.run_test(size=SMALL) as pilot:
        await fill(pilot, "city", "x", "ctrl+s")
        desk.form.release()
        await _until(pilot, lambda: bool(desk.drafts))
        assert desk.drafts == [{"city": "Portox"}]


async def test_a_draft_comes_back_as_it_was_typed() -> None:
    desk = FormDesk(atelier(), draft_every=3600)
    async with desk.run_test(size=SMALL) as pilot:
        await fill(pilot, "follow_up_on", *typed("tomorrow"))
        await fill(pilot, "stage", "right")
        await fill(pilot, "notes", *typed("Half a sent"))
        assert drafts.keep("acme.db", "client", 7, desk.form.version, desk.form.changed())

    kept = drafts.find("acme.db", "client", 7)
    assert kept is not None
    again = FormDesk(FormData(CLIENT, 7, 5, {**ATELIER, "city": "Braga"}, {"owner": "ana"}))
    async with again.run_test(size=SMALL) as pilot:
        assert again.form.apply({**kept.typed, "gone": "a field of yesterday"}, kept.version) == ("gone",)
        await press(pilot, "ctrl+s")
        expected = {"follow_up_on": "2026-11-23", "stage": "dormant", "notes": "Half a sent" + ATELIER["notes"]}
        assert again.submitted == [(expected, 3)]


async def test_a_draft_of_every_kind_comes_back() -> None:
    values: dict[str, Any] = {
        "title": "Shop", "mail": "a@b.example", "stage": "won", "urgent": True, "amount": 120050, "hours": 12,
        "share": 5, "due": date(2026, 12, 1), "seen": datetime(2026, 11, 20, 8, 0), "tags": ("a", "b c"),
        "body": "One\n\n  two", "owner": 4, "site": "example.com", "source": "fair",
    }  # fmt: skip
    filled = FormDesk(FormData(EVERY_KIND, values=values, titles={"owner": "ana"}))
    async with filled.run_test(size=SMALL):
        told = filled.form.changed()
    empty = FormDesk(FormData(EVERY_KIND))
    async with empty.run_test(size=LARGE):
        empty.form.apply(told)
        assert empty.form.changed() == told
        kinds = EVERY_KIND.entered
        read = {name: kinds[name].parse(text) for name, text in told.items() if name != "owner"}
        assert read == {name: value for name, value in values.items() if name != "owner"}


async def _until(pilot: Pilot[None], happened: Callable[[], bool]) -> None:
    async with asyncio.timeout(5):
        while not happened():
            await pilot.pause(0.005)
