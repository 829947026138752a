"""Filling in a form: add and edit, and every sort of editor."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import date

import pytest

from crm_tui.db import Workspace
from crm_tui.errors import InvalidRecord
from crm_tui.models.base import entities
from crm_tui.queries.details import detail
from crm_tui.scope import Actor
from crm_tui.services import records
from crm_tui.services.operators import sign_in
from crm_tui.widgets.record_form import FormData
from tests.widgets.form_desk import ATELIER, CLIENT, EVERY_KIND, FormDesk, atelier, fill, press, settle, typed

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
