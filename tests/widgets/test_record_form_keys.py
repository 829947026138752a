"""What is typed and pasted into a form, hostile text too, keys that come in bunches, the mouse, and how it looks."""

from __future__ import annotations

import pytest
from hypothesis import given as given_any
from hypothesis import strategies as st
from rich.cells import cell_len
from textual import events
from textual.pilot import Pilot

from crm_tui.models.base import entities
from crm_tui.widgets.form.fields import FormField
from crm_tui.widgets.glyphs import ASCII
from crm_tui.widgets.record_form import FormData
from tests.widgets.desk import sent
from tests.widgets.form_desk import ATELIER, CLIENT, FormDesk, atelier, fill, press, settle, typed
from tests.widgets.resizing import resized
from tests.widgets.test_guard import HOSTILE

SMALL, LARGE = (80, 24), (160, 45)

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
