"""Two people changed the same field: what each wrote is shown, and nothing is decided but by the operator."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime
from typing import Any

import pytest
from rich.cells import cell_len
from textual.app import App, ComposeResult
from textual.filter import LineFilter

from crm_tui.db import Workspace
from crm_tui.fields import Email, Markdown, Reference, Tags, Text, both_of
from crm_tui.models.base import entities
from crm_tui.queries.details import detail
from crm_tui.services import records
from crm_tui.services.operators import sign_in
from crm_tui.services.records import EditConflict
from crm_tui.widgets.conflict import ConflictData, ConflictView
from crm_tui.widgets.glyphs import ASCII, UNICODE, Glyphs
from crm_tui.widgets.guard import TerminalGuard
from tests.widgets.desk import lines, sent
from tests.widgets.form_desk import press, settle
from tests.widgets.resizing import resized
from tests.widgets.test_guard import HOSTILE

CLIENT = entities["client"]
NOTES = "Met at the fair.\n\nWants a darker blue."
MINE: dict[str, Any] = {
    "city": "Porto",
    "stage": "active",
    "owner": 1,
    "tags": ("vip", "web"),
    "notes": NOTES + "\nMine.",
}
THEIRS: dict[str, Any] = {
    "city": "Lisboa", "stage": "dormant", "owner": None, "tags": ("cold", "vip"), "notes": NOTES + "\nTheirs.",
}  # fmt: skip
WAS = {"city": "", "stage": "lead", "owner": 2, "tags": ("vip",), "notes": NOTES}


def collision(*names: str, **about: Any) -> ConflictData:
    """A conflict about these fields; about all of them if none is named."""
    chosen = names or tuple(MINE)
    mine, theirs = {name: MINE[name] for name in chosen}, {name: THEIRS[name] for name in chosen}
    when = datetime(2026, 11, 22, 13, 57)
    return ConflictData(CLIENT, mine, theirs, 5, "bo", WAS, when, {"owner": {1: "ana", 2: "carla"}}, **about)


class ConflictDesk(App[None]):
    """A screen with a conflict."""

    def __init__(self, data: ConflictData | None, glyphs: Glyphs = UNICODE) -> None:
        super().__init__()
        self.glyphs = glyphs
        self.view = ConflictView(data)
        self.resolved: list[tuple[dict[str, Any], int]] = []
        self.dismissed = 0

    def get_line_filters(self) -> Sequence[LineFilter]:
        return [*super().get_line_filters(), TerminalGuard()]

    def compose(self) -> ComposeResult:
        yield self.view

    def on_conflict_view_resolved(self, event: ConflictView.Resolved) -> None:
        self.resolved.append((event.typed, event.version))

    def on_conflict_view_dismissed(self) -> None:
        self.dismissed += 1

    def shown(self) -> list[str]:
        return [line.rstrip() for line in lines(self.view)]


async def test_on_a_small_screen_the_values_stand_one_below_the_other() -> None:
    desk = ConflictDesk(collision("city", "owner"))
    async with desk.run_test(size=(80, 24)):
        assert desk.shown()[:13] == [
            " bo changed this client while you did, 5 min ago.",
            " Choose what stays in each of these fields; all other changes are kept.",
            "",
            "▌City",
            "   m mine    Porto",
            "   t theirs  Lisboa",
            "   b both    Porto, Lisboa",
            "     it was  (empty)",
            "",
            " Owner",
            "   m mine    ana",
            "   t theirs  (empty)",
            "     it was  carla",
        ]
        assert desk.shown()[-1].endswith("2 to decide")


async def test_on_a_wide_screen_they_stand_side_by_side() -> None:
    desk = ConflictDesk(collision("city", "owner", "notes"))
    async with desk.run_test(size=(160, 45)) as pilot:
        await press(pilot, "t")
        assert desk.shown()[3].split() == ["m", "mine", "t", "theirs", "b", "both", "it", "was"]
        assert desk.shown()[4].split() == ["City", "Porto", "✓", "Lisboa", "Porto,", "Lisboa", "(empty)"]
        row = next(at for at, line in enumerate(desk.shown()) if line.startswith(" Notes"))
        assert desk.shown()[row + 1].split() == ["Mine.", "Theirs.", "Mine."]


async def test_each_field_is_decided_by_a_letter() -> None:
    desk = ConflictDesk(collision())
    async with desk.run_test(size=(80, 24)) as pilot:
        await press(pilot, "m", "t", "t", "b", "b", "enter")
        assert desk.resolved == [
            (
                {
                    "city": "Porto",
                    "stage": "dormant",
                    "owner": None,
                    "tags": ("cold", "vip", "web"),
                    "notes": NOTES + "\nMine.\nTheirs.",
                },
                5,
            )
        ]


async def test_nothing_is_decided_unasked() -> None:
    desk = ConflictDesk(collision("city", "stage", "owner"))
    async with desk.run_test(size=(80, 24)) as pilot:
        await press(pilot, "m", "down", "t", "enter")
        assert desk.resolved == []
        assert desk.view.choices == {"city": "mine", "stage": "", "owner": "theirs"}
        assert "▌Stage" in desk.shown()
        await press(pilot, "m", "ctrl+s")
        assert desk.resolved == [({"city": "Porto", "stage": "active", "owner": None}, 5)]


async def test_arrows_decide_too_and_both_is_offered_only_where_it_makes_sense() -> None:
    desk = ConflictDesk(collision("city", "stage"))
    async with desk.run_test(size=(80, 24)) as pilot:
        await press(pilot, "right", "right", "right", "right", "left")
        assert desk.view.choices["city"] == "both"
        await press(pilot, "down", "b")
        assert desk.view.choices["stage"] == ""
        await press(pilot, "left", "right")
        assert desk.view.choices["stage"] == "mine"


async def test_all_are_decided_at_once() -> None:
    desk = ConflictDesk(collision())
    async with desk.run_test(size=(80, 24)) as pilot:
        await press(pilot, "T")
        assert set(desk.view.choices.values()) == {"theirs"}
        await press(pilot, "A")
        assert desk.shown()[-1].endswith("all decided")
        await press(pilot, "enter")
        assert desk.resolved == [(MINE, 5)]


async def test_escape_decides_nothing() -> None:
    desk = ConflictDesk(collision())
    async with desk.run_test(size=(80, 24)) as pilot:
        await press(pilot, "A", "escape")
        assert (desk.resolved, desk.dismissed) == ([], 1)


async def test_the_field_being_decided_is_in_view() -> None:
    desk = ConflictDesk(collision())
    async with desk.run_test(size=(80, 12)) as pilot:
        for label in ("City", "Stage", "Owner", "Tags", "Notes", "Notes"):
            assert any(line.startswith(f"▌{label}") for line in desk.shown())
            await press(pilot, "down")
        assert "     it was  ..." not in desk.shown()
        await press(pilot, "pagedown")
        assert "     it was  ..." in desk.shown()
        await press(pilot, "pageup", "pageup", "pageup", "pageup")
        assert " City" in desk.shown()
        await press(pilot, "m")
        assert "▌Notes" in desk.shown()


async def test_of_a_long_text_the_part_that_differs_is_shown() -> None:
    letter = "\n".join(f"line {number}" for number in range(5000))
    data = ConflictData(
        CLIENT,
        {"notes": letter.replace("line 2500", "mine")},
        {"notes": letter.replace("line 2500", "theirs")},
        5,
        "bo",
    )
    desk = ConflictDesk(data)
    async with desk.run_test(size=(80, 24)):
        shown = desk.shown()
        assert shown[4:10] == ["   m mine    ...", "             mine", "             ...", "   t theirs  ...",
                               "             theirs", "             ..."]  # fmt: skip


BOTH = [
    (Text("x"), "Porto", "Lisboa", "Porto, Lisboa"),
    (Text("x"), "Porto", "Porto, Lisboa", None),
    (Text("x"), "", "Porto", None),
    (Text("x", longest=12), "Porto", "Lisboa", None),
    (Email("x"), "a@b.pt", "c@d.pt", None),
    (Markdown("x"), "a", "b", "a\nb"),
    (Markdown("x"), "top\na\nend", "top\nb\nend", "top\na\nb\nend"),
    (Markdown("x"), "top", "top\nmore", None),
    (Tags("x"), ("b", "a"), ("c",), ("a", "b", "c")),
    (Tags("x"), ("a", "b"), ("a",), None),
    (Reference("self", "x"), 1, 2, None),
]


@pytest.mark.parametrize(("kind", "mine", "theirs", "both"), BOTH)
def test_what_both_means(kind: Any, mine: Any, theirs: Any, both: Any) -> None:
    assert both_of(kind, mine, theirs) == both


def test_a_conflict_of_the_services_is_settled(sqlite_location: str, open_at: Callable[[str], Workspace]) -> None:
    workspace = open_at(sqlite_location)
    ana = sign_in(workspace, "ana")
    client = records.add(workspace, ana, CLIENT, {"name": "ACME", "city": "Braga", "acquired_on": "2026-11-01"})
    read = detail(ana, CLIENT, client)
    records.save(workspace, ana, CLIENT, client, {"city": "Porto", "acquired_on": "2026-11-02", "phone": "123"})
    typed = {"city": "Lisboa", "acquired_on": "2026-11-03", "region": "Norte"}
    with pytest.raises(EditConflict) as clash:
        records.save(workspace, ana, CLIENT, client, typed, seen=read.version)

    view = ConflictView(ConflictData.of(clash.value, read.values))
    for way in ("mine", "theirs"):
        at = [collision for collision in view.collisions if not collision.chosen]
        at[0].chosen = way
    chosen = {collision.name: collision.value(collision.chosen) for collision in view.collisions}
    records.save(workspace, ana, CLIENT, client, typed | chosen, seen=clash.value.version)
    values = detail(ana, CLIENT, client).values
    assert {name: values[name] for name in ("city", "acquired_on", "region", "phone")} == {
        "city": "Lisboa", "acquired_on": date(2026, 11, 2), "region": "Norte", "phone": "123",
    }  # fmt: skip


@pytest.mark.parametrize("size", [(1, 1), (2, 3), (7, 2), (20, 5), (96, 8), (300, 100)])
async def test_every_size_is_survived(size: tuple[int, int]) -> None:
    desk = ConflictDesk(collision())
    async with desk.run_test(size=(80, 24)) as pilot:
        await resized(pilot, *size)
        await settle(pilot)
        assert [cell_len(line) for line in lines(desk.view)] == [size[0]] * size[1]


@pytest.mark.parametrize("text", HOSTILE)
async def test_nothing_hostile_reaches_the_terminal(text: str) -> None:
    names = {"city": text, "tags": (text,), "notes": f"{text}\n{text}"}
    desk = ConflictDesk(ConflictData(CLIENT, names, {**names, "city": "x", "notes": text}, 5, text, names))
    async with desk.run_test(size=(160, 45)):
        clean = sent(desk)
        assert not {"\x07", "\x9b", "\x00", "\u202e", "\u2066"} & set(clean)
        assert "\x1b]" not in clean and "\x1bP" not in clean


async def test_a_poor_terminal_gets_ascii_only() -> None:
    desk = ConflictDesk(collision(), glyphs=ASCII)
    async with desk.run_test(size=(80, 24)) as pilot:
        await press(pilot, "A")
        assert "".join(desk.shown()).isascii()


async def test_another_conflict_may_follow() -> None:
    desk = ConflictDesk(None)
    async with desk.run_test(size=(80, 24)) as pilot:
        await press(pilot, "m", "right", "enter")
        assert desk.resolved == []
        desk.view.load(collision("city"))
        await press(pilot, "t", "enter")
        assert desk.resolved == [({"city": "Lisboa"}, 5)]
