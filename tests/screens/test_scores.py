"""Lead scores on the screen."""

from __future__ import annotations

from collections.abc import Callable

from crm_tui import journal
from crm_tui.db import Workspace
from crm_tui.models.base import entities
from crm_tui.services.operators import sign_in
from tests import business
from tests.screens.crm import program


async def test_a_rule_is_made_and_the_record_says_why(companies_anywhere: str) -> None:
    async with program(companies_anywhere, size=(160, 45)) as crm:
        await crm.press(":", *"score_rules", "enter")
        await crm.until_shown("Score rules")
        await crm.press("g", "c")
        await crm.until_shown("Alfreds")
    async with program(companies_anywhere, size=(160, 45)) as crm:
        actor = crm.app.session.actor
        business.add(
            crm.app.session.workspace, actor, "score_rule", name="Close to us", query="country:germany", points=60
        )
        await crm.until_shown("+60 Close to us")
        await crm.press("enter")
        await crm.until_shown("score 60")
        crm.should_show("+60 Close to us")
        await crm.press(":", *"client.why_score", "enter")
        await crm.until_shown("Why this score")


async def test_a_crowd_is_scored_while_one_goes_on_working(
    sqlite_location: str, open_at: Callable[[str], Workspace]
) -> None:
    workspace = open_at(sqlite_location)
    actor = sign_in(workspace, "ana")
    with journal.operation(workspace, actor, "client.import") as op:
        op.create_many(entities["client"], [{"name": f"Client {at:04}"} for at in range(1500)])
    business.add(workspace, actor, "score_rule", name="All of them", query="stage:lead", points=7)
    assert business.held("client", 1500)["score"] is None
    workspace.close()
    async with program(sqlite_location) as crm:
        await crm.press("G")
        await crm.until(lambda: business.held("client", 1500)["score"] == 7, "the last client's score")
        await crm.until_shown("7")
