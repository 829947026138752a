"""Filling in a form: add, edit, every sort of editor, what is wrong and where, drafts, keys that come in bunches."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import date, datetime
from typing import Any

import pytest
from hypothesis import given as given_any
from hypothesis import strategies as st
from rich.cells import cell_len
from textual import events
from textual.pilot import Pilot

from crm_tui import drafts
from crm_tui.db import Workspace
from crm_tui.errors import InvalidRecord
from crm_tui.models.base import entities
from crm_tui.queries.details import detail
from crm_tui.scope import Actor
from crm_tui.services import records
from crm_tui.services.operators import sign_in
from crm_tui.widgets.form.fields import FormField
from crm_tui.widgets.glyphs import ASCII
from crm_tui.widgets.record_form import FormData
from tests.widgets.desk import sent
from tests.widgets.form_desk import ATELIER, CLIENT, EVERY_KIND, FormDesk, atelier, fill, press, settle, typed
from tests.widgets.resizing import resized
from tests.widgets.test_guard import HOSTILE

SMALL, LARGE = (80, 24), (160, 45)


# Adding and editing


@pytest.mark.parametrize("size", [SMALL, LARGE])
async def test_a_new_client_is_typed_in_from_the_keyboard_alone(size: tuple[int, int]) -> None:
    desk = FormDesk(FormData(CLIENT))
    async with desk.run_test(size=size) as pilot:
        await press(pilot, *typed("Café Zürich"), "tab", "left", "tab", *typed("info@cafe.example"))
        await press(pilot, "ctrl+s")
        assert desk.submitted == [
            ({"name": "Café Zürich", "kind": "client", "email": "info@cafe.example", "stage": "lead"}, None)
        ]


async def test_only_what_was_changed_is_saved() -> None:
    desk = FormDesk(atelier())
    async with desk.run_test(size=SMALL) as pilot:
        await fill(pilot, "city", "ctrl+u", *typed("Lisboa"))
        await fill(pilot, "stage", "right")
        await press(pilot, "ctrl+s")
        assert desk.submitted == [({"city": "Lisboa", "stage": "dormant"}, 3)]


async def test_what_is_typed_and_taken_back_is_no_change() -> None:
    desk = FormDesk(atelier())
    async with desk.run_test(size=SMALL) as pilot:
        await fill(pilot, "city", "x")
        assert desk.form.changed()
        await press(pilot, "backspace", "space")
        await fill(pilot, "tags", *typed(", "))
        await fill(pilot, "score", "ctrl+u", *typed("82.0"))
        assert not desk.form.is_dirty
        await press(pilot, "ctrl+s")
        assert desk.submitted == [({}, 3)]


async def test_a_value_is_taken_away_by_emptying_its_field() -> None:
    desk = FormDesk(atelier())
    async with desk.run_test(size=SMALL) as pilot:
        await fill(pilot, "owner", "ctrl+u")
        await fill(pilot, "score", "ctrl+u")
        await press(pilot, "ctrl+s")
        assert desk.submitted[0][0] == {"owner": "", "score": ""}


async def test_given_text_is_no_reason_to_ask_before_leaving_a_new_record() -> None:
    desk = FormDesk(FormData(CLIENT, given={"name": "ACME", "city": "Porto"}))
    async with desk.run_test(size=SMALL):
        assert not desk.form.is_dirty
        assert desk.form.changed() == {"name": "ACME", "kind": "customer", "city": "Porto", "stage": "lead"}


async def test_given_text_is_a_change_of_a_record_that_exists() -> None:
    desk = FormDesk(FormData(CLIENT, 7, 3, ATELIER, given={"follow_up_on": "tomorrow"}))
    async with desk.run_test(size=SMALL):
        assert desk.form.is_dirty
        assert desk.form.changed() == {"follow_up_on": "2026-11-23"}


async def test_a_reference_that_was_given_by_its_id_is_saved_by_its_id() -> None:
    contact = entities["contact"]
    desk = FormDesk(FormData(contact, values={"client": 12}, titles={"client": "ACME"}))
    async with desk.run_test(size=SMALL) as pilot:
        assert desk.row("Client") == "Client       ACME"
        await press(pilot, *typed("Maria"))
        assert desk.form.changed() == {"name": "Maria", "client": "#12"}


def test_the_form_saves_and_the_services_agree(sqlite_location: str, open_at: Callable[[str], Workspace]) -> None:
    workspace = open_at(sqlite_location)
    actor = sign_in(workspace, "ana")
    asyncio.run(_add_and_edit(workspace, actor))


async def _add_and_edit(workspace: Workspace, actor: Actor) -> None:
    desk = FormDesk(FormData(CLIENT))
    async with desk.run_test(size=SMALL) as pilot:
        await press(pilot, *typed("ACME Studio"))
        await fill(pilot, "owner", *typed("me"))
        await fill(pilot, "follow_up_on", *typed("+3d"))
        await fill(pilot, "tags", *typed("vip, Web"))
        await press(pilot, "ctrl+s")
        client = records.add(workspace, actor, CLIENT, desk.submitted[0][0])
        found = detail(actor, CLIENT, client)
        assert found.values["follow_up_on"] == date(2026, 11, 25)
        assert (found.titles["owner"], found.values["tags"], found.values["kind"]) == (
            "ana",
            ("vip", "Web"),
            "customer",
        )
        desk.form.load(FormData(CLIENT, client, found.version, found.values, found.titles))
        await fill(pilot, "owner", "ctrl+u", *typed("nobody"))
        await press(pilot, "ctrl+s")
        with pytest.raises(InvalidRecord) as refused:
            records.save(workspace, actor, CLIENT, client, desk.submitted[1][0], seen=desk.submitted[1][1])
        desk.form.show_problems(refused.value.problems)
        await settle(pilot)
        assert desk.form.state.current == "owner"
        assert '! there is no operator "nobody".' in desk.shown()


# Every sort of editor


async def test_a_choice_is_made_with_arrows_letters_and_never_by_accident() -> None:
    desk = FormDesk(FormData(EVERY_KIND))
    async with desk.run_test(size=SMALL) as pilot:
        await fill(pilot, "stage", "right")
        assert "none [new] won  waiting" in desk.shown()
        await press(pilot, "w")
        assert desk.form.state.entry.text == "won"  # type: ignore[union-attr]  # there is a current field
        await press(pilot, "w")
        assert desk.form.changed()["stage"] == "waiting"
        await press(pilot, "x", "W")
        assert desk.form.changed()["stage"] == "won"
        await press(pilot, "right", "right")
        assert "stage" not in desk.form.changed()
        await press(pilot, "left", "backspace", "end", "home", "space")
        assert desk.form.changed()["stage"] == "new"
        assert desk.unused == []


async def test_letters_typed_in_a_row_spell_a_choice() -> None:
    desk = FormDesk(FormData(EVERY_KIND))

    def stage() -> str:
        return str(desk.form.changed().get("stage", ""))

    async with desk.run_test(size=SMALL) as pilot:
        await fill(pilot, "stage", "w", "Á")
        assert stage() == "waiting"
        await press(pilot, "n", "e")
        assert stage() == "new"
        await press(pilot, "right", "w", "tab", "shift+tab", "a")  # somewhere else meanwhile, letters begin anew
        assert stage() == "waiting"
        await press(pilot, "w", "left", "a")
        assert stage() == "new"


async def test_a_required_choice_cannot_be_emptied() -> None:
    desk = FormDesk(atelier())
    async with desk.run_test(size=SMALL) as pilot:
        await fill(pilot, "stage", "delete")
        assert desk.form.changed() == {}
        assert "[active]" in desk.shown()


async def test_a_choice_that_an_agency_no_longer_has_is_kept() -> None:
    desk = FormDesk(atelier(stage="on hold"))
    async with desk.run_test(size=SMALL) as pilot:
        assert "on hold" in desk.row("Stage")
        await fill(pilot, "city", "x")
        await press(pilot, "ctrl+s")
        assert desk.submitted[0][0] == {"city": "Portox"}


async def test_many_values_to_choose_from_show_those_round_the_chosen_one() -> None:
    desk = FormDesk(atelier())
    async with desk.run_test(size=(50, 24)) as pilot:
        await fill(pilot, "stage", "end")
        row = desk.row("Stage")
        assert "…" in row and row.endswith("dormant [churned]")
        assert desk.drawn()[-1].startswith(" Stage: lead, qualified, active, dorm")


async def test_a_flag_is_switched_by_space() -> None:
    desk = FormDesk(FormData(EVERY_KIND, values={"title": "x"}))
    async with desk.run_test(size=SMALL) as pilot:
        assert desk.row("Urgent") == "Urgent  no"
        await fill(pilot, "urgent", "space")
        assert "no [yes]" in desk.row("Urgent")
        assert "Urgent: Before all others; space changes it" in desk.drawn()[-1]
        await press(pilot, "n", "y", "left", "right")
        assert desk.form.changed()["urgent"] == "yes"


async def test_a_day_says_what_it_understood_and_becomes_that_day() -> None:
    desk = FormDesk(atelier())
    async with desk.run_test(size=SMALL) as pilot:
        await fill(pilot, "follow_up_on", *typed("tomorro"))
        assert "→" not in desk.row("Follow-up")
        await press(pilot, "w")
        assert desk.row("Follow-up") == "Follow-up     tomorrow            → Mon 23 Nov 2026"
        assert desk.form.changed() == {"follow_up_on": "2026-11-23"}
        await press(pilot, "tab")
        assert desk.row("Follow-up") == "Follow-up     2026-11-23          → Mon 23 Nov 2026"


async def test_moments_and_numbers_say_what_they_understood() -> None:
    desk = FormDesk(FormData(EVERY_KIND))
    async with desk.run_test(size=SMALL) as pilot:
        await fill(pilot, "seen", *typed("yesterday 15:30"))
        assert desk.row("Seen").endswith("→ Sat 21 Nov 2026 15:30")
        await fill(pilot, "hours", *typed("10k"))
        assert desk.row("Hours").endswith("10k                 → 10,000")
        await fill(pilot, "share", *typed("12"))
        assert desk.row("Share").endswith("→ 12 %")
        await fill(pilot, "amount", *typed("1.200,50"))
        await press(pilot, "tab")
        assert {name: desk.form.changed()[name] for name in ("hours", "amount", "seen")} == {
            "hours": "10k", "amount": "1.200,50", "seen": "2026-11-21 15:30",
        }  # fmt: skip


async def test_in_a_narrow_column_the_echo_is_shorter() -> None:
    desk = FormDesk(FormData(EVERY_KIND))
    async with desk.run_test(size=(50, 24)) as pilot:
        await fill(pilot, "seen", *typed("yesterday 15:30"))
        assert desk.row("Seen").endswith("→ yesterday 15:30")


async def test_a_reference_offers_the_names_that_begin_so() -> None:
    desk = FormDesk(atelier(owner=None))
    async with desk.run_test(size=SMALL) as pilot:
        await fill(pilot, "owner", "ctrl+u", "a")
        await press(pilot, "n")
        assert [prefix for _field, prefix, _generation in desk.asked] == ["a", "an"]
        assert "│anabel" in desk.shown()
        await press(pilot, "down", "down", "enter")
        assert desk.form.changed() == {"owner": "anabel"}
        assert desk.form.state.current == "owner"
        assert not desk.form.completion.values


async def test_what_was_typed_is_never_replaced_unasked() -> None:
    desk = FormDesk(atelier())
    desk.offers["owner"] = ["mel"]
    async with desk.run_test(size=SMALL) as pilot:
        await fill(pilot, "owner", "ctrl+u", "m", "e", "tab")
        assert desk.form.changed() == {"owner": "me"}


async def test_offers_that_come_late_are_ignored() -> None:
    desk = FormDesk(atelier())
    desk.held = True
    async with desk.run_test(size=SMALL) as pilot:
        await fill(pilot, "owner", "ctrl+u", "a")
        await press(pilot, "n")
        desk.answer(*desk.asked[0])
        assert not desk.form.completion.values
        desk.answer(*desk.asked[1])
        assert desk.form.completion.values == ("ana", "anabel")
        await press(pilot, "tab")
        desk.answer(*desk.asked[1])
        assert not desk.form.completion.values


async def test_escape_closes_the_offers_before_the_form() -> None:
    desk = FormDesk(atelier())
    async with desk.run_test(size=SMALL) as pilot:
        await fill(pilot, "owner", "ctrl+u", "a")
        await press(pilot, "escape")
        assert (desk.dismissed, desk.form.completion.values) == (0, ())
        await press(pilot, "escape")
        assert desk.dismissed == 1


async def test_tags_are_offered_one_by_one_without_those_there_are() -> None:
    desk = FormDesk(atelier())
    async with desk.run_test(size=SMALL) as pilot:
        await fill(pilot, "tags", *typed(", v"))
        assert desk.form.completion.values == ("vienna",)
        await press(pilot, "down", "enter", "l")
        assert desk.form.completion.values == ("late payer",)
        await press(pilot, "down", "tab")
        assert desk.form.state.current == "notes"
        assert desk.form.changed() == {"tags": "vip, vienna, late payer"}


async def test_values_can_be_asked_for_before_anything_is_typed() -> None:
    desk = FormDesk(atelier(owner=None))
    async with desk.run_test(size=SMALL) as pilot:
        await fill(pilot, "owner", "ctrl+u", "alt+down")
        assert desk.form.completion.values == ("ana", "anabel", "bo")


async def test_notes_have_several_lines_and_are_left_at_their_ends() -> None:
    desk = FormDesk(atelier())
    async with desk.run_test(size=SMALL) as pilot:
        await fill(pilot, "notes", *typed("New:"), "enter", "down", "end", *typed(" Yes."))
        assert desk.form.changed() == {"notes": "New:\nMet at the fair.\nWants a darker blue. Yes."}
        await press(pilot, "up", "up", "up")
        assert desk.form.state.current == "tags"
        await press(pilot, "down", "down", "down", "down")
        assert desk.form.state.current == "currency"
        await press(pilot, "shift+tab", "tab")
        assert desk.form.state.current == "currency"


async def test_undo_in_the_notes_takes_typing_back() -> None:
    desk = FormDesk(atelier())
    async with desk.run_test(size=SMALL) as pilot:
        await fill(pilot, "notes", *typed("xyz"), "ctrl+z")
        assert not desk.form.is_dirty


async def test_notes_go_to_the_editor_and_come_back() -> None:
    desk = FormDesk(atelier())
    async with desk.run_test(size=SMALL) as pilot:
        await fill(pilot, "notes", "ctrl+e")
        assert desk.outside == [("notes", ATELIER["notes"])]
        desk.form.apply({"notes": "Rewritten.\r\nTwice."})
        await settle(pilot)
        assert "Rewritten." in desk.shown()
        await press(pilot, *typed("Well: "))
        assert desk.form.changed() == {"notes": "Well: Rewritten.\nTwice."}
        desk.form.go_to("city")
        desk.form.edit_outside()
        await settle(pilot)
        assert desk.outside[-1] == ("notes", "Well: Rewritten.\nTwice.")


async def test_a_form_without_a_long_field_has_nothing_for_the_editor() -> None:
    desk = FormDesk(FormData(entities["contact"]))
    async with desk.run_test(size=SMALL):
        assert desk.form.edit_outside() is False


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


# Pasting and hostile text


async def test_several_lines_pasted_into_one_are_joined() -> None:
    desk = FormDesk(atelier())
    async with desk.run_test(size=SMALL) as pilot:
        desk.form.go_to("street")
        await _paste(pilot, "Rua das Flores 12\r\n  3º esq.\t\r\n\r\n4050-262 Porto\x1b[2J\x00")
        assert desk.form.changed()["street"] == "Rua das Flores 12 3º esq. 4050-262 Porto[2J"
        desk.form.go_to("tags")
        await _paste(pilot, "\nnew\nold\n")
        assert desk.form.changed()["tags"] == "vip, new, old" or desk.form.changed()["tags"] == "vipnew, old"


async def test_pasting_beside_text_keeps_its_spaces() -> None:
    desk = FormDesk(atelier())
    async with desk.run_test(size=SMALL) as pilot:
        desk.form.go_to("city")
        await _paste(pilot, " and Braga")
        assert desk.form.changed() == {"city": "Porto and Braga"}


async def test_pasting_where_something_is_chosen_does_nothing() -> None:
    desk = FormDesk(atelier())
    async with desk.run_test(size=SMALL) as pilot:
        desk.form.go_to("stage")
        await _paste(pilot, "dormant")
        assert not desk.form.is_dirty


async def test_three_megabytes_pasted_into_the_notes_are_refused_and_nothing_is_lost() -> None:
    desk = FormDesk(atelier())
    async with desk.run_test(size=SMALL) as pilot:
        await fill(pilot, "notes", "x")
        await _paste(pilot, "a line of the letter\r" * 150_000)
        assert "! 3,150,000 characters are too many, 200,000 fit: nothing was" in desk.shown()
        assert desk.form.changed() == {"notes": "x" + ATELIER["notes"]}
        await press(pilot, "y")
        assert "too many" not in desk.shown()
        assert desk.form.changed() == {"notes": "xy" + ATELIER["notes"]}
        desk.form.go_to("city")
        await _paste(pilot, "a" * 3_000_000)
        assert "! 3,000,000 characters are too many, 2,000 fit" in desk.shown()
        assert desk.form.changed() == {"notes": "xy" + ATELIER["notes"]}


async def test_a_text_too_long_to_edit_here_is_shown_and_left_alone() -> None:
    desk = FormDesk(atelier(notes="All of it. " * 50_000))
    async with desk.run_test(size=SMALL) as pilot:
        await fill(pilot, "notes", "x", "backspace")
        assert not desk.form.is_dirty
        assert "All of it. All of it." in desk.shown()
        assert "550,000 characters are too many to edit here; $EDITOR takes them" in desk.drawn()[-1]
        await press(pilot, "ctrl+e", "down")
        assert len(desk.outside[0][1]) == 550_000
        assert desk.form.state.current == "currency"
        desk.form.apply({"notes": "short"})
        await fill(pilot, "notes", "x")
        assert desk.form.changed() == {"notes": "xshort"}


async def _paste(pilot: Pilot[None], text: str) -> None:
    await settle(pilot)
    pilot.app.post_message(events.Paste(text))
    await settle(pilot)


ORDINARY = [
    "\U0001f469\u200d\U0001f469\u200d\U0001f467 família",
    "Łódź, Привет, 東京都",
    "e\u0301te\u0301 นี้",
    "a [b] [/x] {c} \\ $x",
    "क्षि \u200d x",
    "ﷺ ½ №",
]


@pytest.mark.parametrize("text", ORDINARY)
async def test_ordinary_characters_are_not_lost(text: str) -> None:
    desk = FormDesk(atelier(city=text))
    async with desk.run_test(size=SMALL) as pilot:
        desk.form.go_to("street")
        await _paste(pilot, text)
        desk.form.go_to("notes")
        await _paste(pilot, text)
        changed = desk.form.changed()
        kind = CLIENT.entered["city"]
        assert changed["street"] == kind.check(text)
        assert changed["notes"] == f"{kind.check(text)}{ATELIER['notes']}"
        assert "city" not in changed


@given_any(st.text(max_size=40))
def test_whatever_is_typed_is_saved_as_the_field_reads_it(text: str) -> None:
    for name in ("city", "notes"):
        kind = CLIENT.entered[name]
        entry = FormField(name, kind, FormData(CLIENT, 7, 3, {}))
        entry.text = text
        assert kind.parse(entry.outgoing() or "") == kind.parse(text)


@pytest.mark.parametrize("text", HOSTILE)
@pytest.mark.parametrize("size", [SMALL, LARGE])
async def test_nothing_hostile_reaches_the_terminal(text: str, size: tuple[int, int]) -> None:
    values = {**ATELIER, "name": text, "city": text, "stage": text, "tags": (text,), "notes": f"{text}\n{text}"}
    desk = FormDesk(FormData(CLIENT, 7, 3, values, {"owner": text}))
    desk.offers["tags"] = [f"v{text}"]
    async with desk.run_test(size=size) as pilot:
        clean = sent(desk)
        for field in ("city", "stage", "notes", "owner"):
            desk.form.go_to(field)
            await settle(pilot)
            clean += sent(desk)
        desk.form.show_problems({"owner": text, "other": text})
        await fill(pilot, "tags", *typed(", v"))
        clean += sent(desk)
        for line in desk.drawn():
            assert cell_len(line) == size[0]
        assert not {"\x07", "\x9b", "\x00", "\u202e", "\u2066"} & set(clean)
        assert "\x1b]" not in clean and "\x1bP" not in clean


# Keys in bunches, the mouse, and how it looks


async def test_keys_that_come_in_one_bunch_reach_the_fields_they_were_meant_for() -> None:
    desk = FormDesk(FormData(CLIENT))
    async with desk.run_test(size=SMALL) as pilot:
        name = [*"Acne", "backspace", "backspace", *"me", "tab"]
        kind = ["c", "c", "c", "tab"]
        email = [*"a@b.pt", "left", "left", "p", "home", "x", "tab"]
        keys = [*name, *kind, *email, *"123", "down", "down", *"Rua"]
        await press(pilot, *keys)
        assert desk.form.changed() == {
            "name": "Acme", "kind": "client", "email": "xa@b.ppt", "phone": "123", "street": "Rua", "stage": "lead",
        }  # fmt: skip


async def test_keys_in_one_bunch_go_into_the_notes_and_out_again() -> None:
    desk = FormDesk(atelier(notes=""))
    async with desk.run_test(size=SMALL) as pilot:
        desk.form.go_to("tags")
        await settle(pilot)
        await press(pilot, *",new", "tab", *"one", "enter", *"two", "backspace", "tab", *"EUR")
        assert desk.form.changed() == {"tags": "vip,new", "notes": "one\ntw", "currency": "EUR"}


@pytest.mark.parametrize("size", [SMALL, LARGE])
async def test_tab_goes_round_all_fields_in_their_order(size: tuple[int, int]) -> None:
    desk = FormDesk(atelier())
    async with desk.run_test(size=size) as pilot:
        seen = []
        for _field in CLIENT.entered:
            seen.append(desk.form.state.current)
            await press(pilot, "tab")
        assert seen == list(CLIENT.entered)
        assert desk.form.state.current == "name"
        await press(pilot, "shift+tab")
        assert desk.form.state.current == "external_id"
        await press(pilot, "down", "enter")
        assert desk.form.state.current == "external_id"
        await press(pilot, "pageup", "up")
        assert desk.form.state.current == list(CLIENT.entered)[-10]


async def test_keys_of_commands_go_on_to_the_screen() -> None:
    desk = FormDesk(atelier())
    async with desk.run_test(size=SMALL) as pilot:
        for field in ("name", "stage", "notes"):
            await fill(pilot, field, "ctrl+k", "f1", "ctrl+r")
        assert desk.unused == ["ctrl+k", "f1", "ctrl+r"] * 3
        assert not desk.form.is_dirty


async def test_the_field_being_filled_in_is_in_view() -> None:
    desk = FormDesk(FormData(CLIENT))
    async with desk.run_test(size=(80, 10)) as pilot:
        for _field in CLIENT.entered:
            entry = desk.form.state.entry
            assert entry is not None
            assert any(line.startswith(f"▌{entry.label}") for line in desk.shown().splitlines())
            assert desk.form.editor.region.height and desk.form.region.contains_region(desk.form.editor.region)
            await press(pilot, "tab")


async def test_it_stands_in_one_column_on_a_small_screen() -> None:
    desk = FormDesk(atelier())
    async with desk.run_test(size=SMALL):
        rows = desk.shown().splitlines()
        assert rows[0].rstrip("▐ ") == "▌Name          Atelier Norte"
        assert rows[1].rstrip("▐ ") == " Kind          client"
        assert rows[11].rstrip("▐ ") == " Stage         active"
        assert rows[13].rstrip("▐ ") == " Owner         ana"


async def test_it_stands_in_two_columns_on_a_wide_screen() -> None:
    desk = FormDesk(atelier())
    async with desk.run_test(size=(100, 30)):
        rows = desk.shown().splitlines()
        assert rows[0].rstrip() == "▌Name          Atelier Norte                        Stage         active"
        assert rows[1].rstrip() == " Kind          client                               Score         82"
        assert rows[12].rstrip() == " Notes         Met at the fair."
        assert rows[13].rstrip() == "               Wants a darker blue."
        assert [row for row in rows if row.startswith(" Currency") and "External id" in row]


@pytest.mark.parametrize("size", [(1, 1), (2, 3), (7, 2), (20, 5), (96, 8), (300, 100)])
async def test_every_size_is_survived(size: tuple[int, int]) -> None:
    desk = FormDesk(atelier())
    async with desk.run_test(size=SMALL) as pilot:
        desk.form.show_problems({"email": "wrong " * 20, "x": "wrong " * 50})
        for field in ("email", "stage", "tags", "notes", "follow_up_on"):
            desk.form.go_to(field)
            await resized(pilot, *size)
            await settle(pilot)
            assert all(cell_len(line) == size[0] for line in desk.drawn())
            await resized(pilot, *SMALL)
            await settle(pilot)
        assert desk.row("Follow-up") == "Follow-up"


async def test_a_poor_terminal_gets_ascii_only() -> None:
    desk = FormDesk(atelier(), glyphs=ASCII)
    async with desk.run_test(size=(60, 24)) as pilot:
        await fill(pilot, "follow_up_on", *typed("tomorrow"))
        assert "-> Mon 23 Nov 2026" in desk.shown()
        await fill(pilot, "owner", "ctrl+u", "a", "down")
        assert desk.shown().isascii()


async def test_fields_and_values_can_be_clicked() -> None:
    desk = FormDesk(atelier())
    async with desk.run_test(size=SMALL) as pilot:
        await pilot.click(desk.form, offset=(4, 6))
        assert desk.form.state.current == "city"
        await press(pilot, "x")
        await pilot.click(desk.form, offset=(20, 11))
        at = desk.drawn()[11].index("dormant")
        await pilot.click(desk.form, offset=(at, 11))
        assert desk.form.changed() == {"city": "Portox", "stage": "dormant"}
        await fill(pilot, "owner", "ctrl+u", "a")
        at = next(y for y, line in enumerate(desk.drawn()) if "anabel" in line)
        await pilot.click(desk.form, offset=(18, at))
        await press(pilot, "x")
        assert desk.form.changed()["owner"] == "anabelx"


async def test_the_wheel_scrolls_and_the_cursor_stays_in_view() -> None:
    desk = FormDesk(atelier())
    async with desk.run_test(size=(80, 12)) as pilot:
        pilot.app.post_message(events.MouseScrollDown(desk.form, 5, 5, 0, 0, 0, False, False, False))
        await settle(pilot)
        assert desk.form.state.current == "phone"
        await press(pilot, "1")
        assert desk.form.changed() == {"phone": "1"}


async def test_loading_anew_keeps_the_field_one_is_in() -> None:
    desk = FormDesk(atelier())
    async with desk.run_test(size=SMALL) as pilot:
        await fill(pilot, "notes", "x")
        changed = desk.form.changed()
        desk.form.load(atelier(city="Braga"))
        assert not desk.form.is_dirty
        desk.form.apply(changed)
        await press(pilot, "y")
        assert desk.form.changed() == {"notes": "yx" + ATELIER["notes"]}
        assert desk.row("City").split() == ["City", "Braga"]
        desk.form.load(FormData(entities["contact"]))
        await press(pilot, *typed("Maria"))
        assert desk.form.changed() == {"name": "Maria"}


async def test_a_form_waits_empty_for_its_record() -> None:
    desk = FormDesk(None)
    async with desk.run_test(size=SMALL) as pilot:
        await press(pilot, "x", "tab", "up", "ctrl+s")
        assert (desk.submitted, desk.form.changed(), desk.form.is_dirty) == ([], {}, False)
        desk.form.load(atelier())
        desk.form.focus()
        await press(pilot, "x")
        assert desk.form.changed() == {"name": "Atelier Nortex"}
