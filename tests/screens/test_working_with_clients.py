"""A day's work with the list of clients, told by its keys."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from crm_tui.db import Workspace
from crm_tui.errors import BadInput
from crm_tui.journal import operation
from crm_tui.models.base import entities
from crm_tui.scope import Actor
from crm_tui.screens.list_screen import ListScreen
from crm_tui.services.operators import sign_in
from tests import business
from tests.screens.crm import program


async def test_the_list_shows_everyone_with_their_point_of_contact(companies: str) -> None:
    async with program(companies) as crm:
        crm.should_show("Clients", "Alfreds Futterkiste", "Maria Anders", "Königlich Essen", "? help")
        assert isinstance(crm.screen, ListScreen)
        assert crm.screen.records.count == 6


async def test_filter_open_edit_save_and_undo(companies_anywhere: str) -> None:
    async with program(companies_anywhere) as crm:
        await crm.press("/", *"country:france", "enter")
        crm.should_show("2 match", "Bon app'", "Blondesddsl")
        crm.should_not_show("Alfreds")
        await crm.press("enter")
        crm.should_show("1 of 2", "Frédérique Citeaux", "added client")
        await crm.press("e")
        await crm.press("end", *" SA", "ctrl+s")
        crm.should_show("Blondesddsl père et fils SA", "Saved")
        await crm.press("u")
        crm.should_show("undid: edit client Blondesddsl")
        await crm.press("esc")
        crm.should_not_show("fils SA")


async def test_the_cursor_goes_to_what_was_added_however_far_it_is(workspace: Workspace, ana: Actor) -> None:
    with operation(workspace, ana, "import") as writer:
        writer.create_many(entities["client"], [{"name": f"Company {number:04}"} for number in range(1500)])
    async with program(workspace.location) as crm:
        await crm.press("a", *"Zebra", "ctrl+s")
        await crm.until_shown("▌ Zebra")
        await crm.settle()
        crm.should_show("▌ Zebra", "1,501", "Client added")
        await crm.press("a", *"Abacus", "ctrl+s")
        await crm.until_shown("▌ Abacus")
        await crm.settle()
        crm.should_show("▌ Abacus")


async def test_next_and_previous_walk_the_filtered_list(companies: str) -> None:
    async with program(companies, query="country:france") as crm:
        await crm.press("enter")
        crm.should_show("Blondesddsl", "1 of 2")
        await crm.press("]")
        crm.should_show("Bon app'", "2 of 2")
        await crm.press("]")
        crm.should_show("last of the list")
        await crm.press("[")
        crm.should_show("1 of 2")


async def test_another_session_is_seen_within_a_second(companies_anywhere: str) -> None:
    async with program(companies_anywhere) as mine, program(companies_anywhere) as theirs:
        await mine.press("j")
        at_cursor = mine.screen.context().ids
        await theirs.press("e", "home", *"Zebra ", "ctrl+s")
        theirs.should_show("Saved")
        await mine.until_shown("Zebra Alfreds Futterkiste")
        assert mine.screen.context().ids == at_cursor, "the cursor was moved"


async def test_select_and_tag_many_with_one_undo(companies: str) -> None:
    async with program(companies) as crm:
        await crm.press("*", "+")
        await crm.type("vip")
        await crm.press("enter")
        crm.should_show("6 clients changed")
        await crm.press("esc", "/", *"tag:vip", "enter")
        crm.should_show("6 match")
        await crm.press("u")
        crm.should_show("Nothing matches tag:vip")


async def test_archive_and_bring_back(companies: str) -> None:
    async with program(companies) as crm:
        await crm.press("d")
        crm.should_show("1 archived")
        crm.should_not_show("Alfreds")
        await crm.press("/", *"has:archived", "enter")
        crm.should_show("Alfreds Futterkiste")
        await crm.press("D")
        await crm.press("esc")
        crm.should_show("Alfreds Futterkiste", "Around the Horn")


async def test_a_prefix_shows_what_may_follow_and_goes_there(companies: str) -> None:
    async with program(companies) as crm:
        await crm.press("g")
        crm.should_show("g …", "c clients", "P people")
        await crm.press("P")
        crm.should_show("Contacts", "Maria Anders", "Alfreds Futterkiste")
        await crm.press("g", "c")
        crm.should_show("Clients", "Alfreds Futterkiste")


async def test_a_malformed_query_says_where_and_what_would_be_right(companies: str) -> None:
    async with program(companies) as crm:
        await crm.press("/", *"stge:lead ")
        crm.should_show('Clients have no field "stge"', 'Did you mean "stage"')
        await crm.press("esc", "esc")
        crm.should_show("Alfreds Futterkiste")


async def test_help_is_searchable_and_runs(companies: str) -> None:
    async with program(companies) as crm:
        await crm.press("?")
        await crm.type("journ")
        await crm.press("enter")
        crm.should_show("Journal", "added client Bon app'")


async def test_find_anything(companies: str) -> None:
    async with program(companies) as crm:
        await crm.press("ctrl+k")
        await crm.type("frederique")
        crm.should_show("Frédérique Citeaux")
        await crm.press("down", "enter")
        crm.should_show("Frédérique Citeaux", "added contact")


async def test_saved_views_keep_query_and_columns(companies: str) -> None:
    async with program(companies) as crm:
        await crm.press("/", *"country:france sort:-name", "enter", "V")
        await crm.type("French")
        await crm.press("enter", "esc")
        crm.should_show("Alfreds Futterkiste")
        await crm.press("v", "enter")
        crm.should_show("2 match", "country:france")
        await crm.press("/", "ctrl+u", *"country:germany", "enter", "v")
        await crm.type("save this")
        crm.should_show("save this view…")
        await crm.press("enter")
        await crm.type("German")
        await crm.press("enter")
        crm.should_show('View "German" saved; v opens it')
        await crm.press("esc", "v")
        await crm.type("Germ")
        await crm.press("enter")
        crm.should_show("country:germany")


async def test_who_may_only_look_is_not_offered_to_save_a_view(
    companies: str, open_at: Callable[[str], Workspace]
) -> None:
    workspace = open_at(companies)
    viewer = business.operator(workspace, sign_in(workspace, "ana"), "eve", "viewer")
    workspace.close()
    async with program(companies, login=viewer.login) as crm:
        await crm.press("v")
        crm.should_show("Views")
        crm.should_not_show("save this view")


async def test_two_people_changing_different_fields_are_merged_and_the_same_field_asks(companies: str) -> None:
    async with program(companies) as ana, program(companies) as bo:
        await ana.press("e")
        await bo.press("e", *["down"] * 8, *"a@example.com", "ctrl+s")
        bo.should_show("Saved")
        await ana.press("home", *"The ", "ctrl+s")
        await ana.until_shown("The Alfreds Futterkiste")
        await ana.press("e")
        await bo.until_shown("The Alfreds")
        await bo.press("e", "home", *"X ", "ctrl+s")
        await ana.press("home", *"Y ", "ctrl+s")
        ana.should_show("changed this client while you did", "m mine", "t theirs", "it was")
        await ana.press("t", "enter")
        ana.should_show("X The Alfreds Futterkiste")
        await ana.press("e", "home", *"Z ", "ctrl+s")
        ana.should_show("Z X The Alfreds Futterkiste", "Saved")


async def test_the_journal_offers_what_works_there_and_opens_records(companies: str) -> None:
    async with program(companies) as crm:
        await crm.press("g", "j")
        crm.should_show("Journal", "added client", "enter open")
        crm.should_not_show("/ filter", "c columns")
        await crm.press("/", "j", "enter")
        crm.should_show("Bon app'", "Timeline")
        await crm.press("esc", "esc")
        crm.should_show("Clients", "Alfreds Futterkiste")


async def test_themes_change_at_once_and_mono_has_no_colour(companies: str) -> None:
    async with program(companies) as crm:
        for theme in ("light", "terminal", "mono", "dark"):
            await crm.press(":", *f"program.theme name={theme}", "enter")
            crm.should_show("Alfreds Futterkiste")
            styles = [
                part.style for strip in crm.app.screen._compositor.render_strips() for part in strip if part.style
            ]
            coloured = any(style.color is not None and not style.color.is_default for style in styles)
            assert coloured == (theme != "mono"), theme
            assert any(style.reverse for style in styles) == (theme == "mono"), "without colours the cursor is reversed"
        await crm.press(":", *"program.theme name=midnight", "enter")
        await crm.until_told('There is no theme "midnight"; there are dark, light, terminal, mono.')


async def test_the_queries_used_before_are_remembered(companies: str) -> None:
    async with program(companies) as crm:
        for text in ("country:france", "country:germany"):
            await crm.press("/", "ctrl+u", *text, "enter")
        await crm.press("esc", "/", "up", "up")
        crm.should_show("country:france")


async def test_a_query_that_makes_no_sense_changes_nothing_of_the_list(companies: str) -> None:
    async with program(companies, query="country:germany") as crm:
        assert isinstance(crm.screen, ListScreen)
        with pytest.raises(BadInput):
            crm.screen.show_query("colour:blue")
        assert crm.screen.listed()[0] == "country:germany"
