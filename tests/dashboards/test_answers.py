"""Numbers: every one opens into exactly the records it counted, and says what cannot be said."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest

from crm_tui.dashboards import answers, pictures, shipped, wording
from crm_tui.dashboards.cards import PICTURES
from crm_tui.db import Workspace
from crm_tui.errors import BadInput
from crm_tui.kpis import periods, registry
from crm_tui.kpis.question import AVERAGE, COUNT, PERCENTILE, SHARE, SUM, Question
from crm_tui.models.base import entities
from crm_tui.queries import lists
from crm_tui.scope import Actor
from tests import business

TODAY = date(2026, 11, 22)
CITIES = ("", "Köln", "KÖLN", "São Paulo", 'the "big" one', "or", "a\\b", "Berlin")


def world(workspace: Workspace, ana: Actor, seed: int) -> None:
    """A business by chance: what is missing, late, of another currency, of nobody."""
    chance = random.Random(seed)
    operators = ["ana", ""]
    for n in range(12):
        business.client(
            workspace, ana, f"Client {n}", city=chance.choice(CITIES), country=chance.choice(CITIES),
            stage=chance.choice(("lead", "active", "churned")), owner=chance.choice(operators),
            acquired_on=chance.choice(("", "today", "-40d", "-400d")), currency=chance.choice(("", "EUR", "USD")),
            cadence_days=chance.choice(("", "5")), last_contact=chance.choice(("", "-3d", "-20d")),
        )  # fmt: skip
    for _n in range(25):
        ordered = TODAY - timedelta(days=chance.randrange(0, 500))
        fulfilled = chance.choice((True, False))
        order = business.add(
            workspace, ana, "order", client=f"#{chance.randrange(1, 13)}", ordered_on=ordered.isoformat(),
            due_on=chance.choice(("", (ordered + timedelta(days=chance.randrange(0, 30))).isoformat())),
            stage="fulfilled" if fulfilled else chance.choice(("new", "review", "cancelled")),
            assignee=chance.choice(operators),
            **({"fulfilled_on": (ordered + timedelta(days=chance.randrange(0, 30))).isoformat()} if fulfilled else {}),
        )  # fmt: skip
        for _line in range(chance.randrange(0, 3)):
            price = str(chance.randrange(1, 9000) / 100)
            business.add(workspace, ana, "order_line", order=f"#{order}", title="Work",
                         quantity=str(chance.randrange(1, 9)), unit_price=price)  # fmt: skip
        business.add(workspace, ana, "task", title="Do", assignee=chance.choice(operators), order=f"#{order}",
                     status=chance.choice(("todo", "done", "dropped")), due_on=chance.choice(("", "-5d", "+5d")),
                     estimate=chance.choice(("", "1h30", "20m")))  # fmt: skip
        business.add(workspace, ana, "time_entry", day=ordered.isoformat(), minutes=str(chance.randrange(1, 300)),
                     order=f"#{order}", billable=chance.choice(("yes", "no")))  # fmt: skip


@pytest.mark.parametrize("seed", (1, 12, 16))
def test_every_number_opens_into_the_records_it_counted(workspace: Workspace, ana: Actor, seed: int) -> None:
    world(workspace, ana, seed)
    bare = 0
    for name, kpi in registry.every().items():
        for text in ("this-quarter", "last-year", "2026"):
            period = periods.read(text)
            answer = answers.answer(ana, kpi.ask(), period, before=period.step(-1))
            for part in (answer.whole, *answer.parts):
                listing = lists.listing(ana, entities[answer.question.entity], part.query)
                assert lists.count(ana, listing) == part.counted, (name, text, part)
            bare += not answer.whole.counted
            if answer.parts and not answer.question.most and answer.question.measure != SHARE:
                assert sum(part.counted for part in answer.parts) == answer.whole.counted, (name, text)
    assert bare < len(registry.every())  # most count something


def test_amounts_of_two_currencies_stand_beside_each_other(workspace: Workspace, ana: Actor) -> None:
    for currency, price in (("EUR", "10"), ("USD", "7"), ("EUR", "5")):
        client = business.client(workspace, ana, f"In {currency} {price}", currency=currency)
        order = business.add(workspace, ana, "order", client=f"#{client}", ordered_on="2026-11-02")
        business.add(workspace, ana, "order_line", order=f"#{order}", title="Work", quantity="1", unit_price=price)
    answer = answers.answer(ana, registry.named("orders-value").ask(), periods.read("2026-11"))
    assert [(figure.value, figure.currency) for figure in answer.whole.figures] == [
        (Decimal(1500), "EUR"),
        (Decimal(700), "USD"),
    ]
    assert wording.shown(answer.question, answer.whole) == "€15.00 · $7.00"


def test_nothing_to_divide_by_is_a_dash(workspace: Workspace, ana: Actor) -> None:
    period = periods.read("2031")
    for measure, share in ((AVERAGE, ""), (PERCENTILE, ""), (SHARE, "days-late<=0")):
        field = "" if share else "days_taken"
        asked = Question("order", "", measure, field, share=share, dated="fulfilled_on", group="time")
        answer = answers.answer(ana, asked, period, before=period.step(-1))
        assert wording.shown(asked, answer.whole) == "–"
        assert not wording.change(answer)
        assert len(answer.parts) == 12  # noqa: PLR2004  # a year by months, the future too


def test_what_cannot_be_grouped_or_asked_is_said(workspace: Workspace, ana: Actor) -> None:
    period = periods.read("2026")
    for asked, said in (
        (Question("client", group="tags"), "cannot be grouped by Tags"),
        (Question("client", group="city.name"), "leads to no other record"),
        (Question("client", group="colour"), "colour"),
        (Question("client", "colour:red"), "colour"),
        (Question("client", group="time"), "no course in time"),
    ):
        with pytest.raises(BadInput, match=said):
            answers.answer(ana, asked, period)


def test_the_middle_and_the_nearest_rank(workspace: Workspace, ana: Actor) -> None:
    business.client(workspace, ana)
    for days in (1, 2, 3, 10):
        business.add(workspace, ana, "order", client="#1", ordered_on="2026-11-01", stage="fulfilled",
                     fulfilled_on=f"2026-11-{1 + days:02}")  # fmt: skip
    asked = Question("order", "", PERCENTILE, "days_taken", dated="fulfilled_on")
    period = periods.read("2026-11")
    assert answers.answer(ana, asked, period).whole.figures[0].value == Decimal("2.5")
    assert answers.answer(ana, replace(asked, percentile=85), period).whole.figures[0].value == Decimal(10)
    assert answers.answer(ana, replace(asked, measure=AVERAGE), period).whole.figures[0].value == Decimal(4)


@pytest.mark.parametrize(
    ("text", "first", "last", "unit"),
    [
        ("this-quarter", "2026-10-01", "2026-12-31", "quarter"),
        ("last month", "2026-10-01", "2026-10-31", "month"),
        ("2026-Q3", "2026-07-01", "2026-09-30", "quarter"),
        ("1997", "1997-01-01", "1997-12-31", "year"),
        ("today", "2026-11-22", "2026-11-22", "day"),
        ("2026-11-16..2026-11-22", "2026-11-16", "2026-11-22", "week"),
        ("2026-01-02..2026-01-05", "2026-01-02", "2026-01-05", ""),
    ],
)
def test_periods_in_words(text: str, first: str, last: str, unit: str) -> None:
    found = periods.read(text)
    assert (found.first.isoformat(), found.last.isoformat(), found.unit) == (first, last, unit)
    assert found.step(1).first == found.last + timedelta(days=1)
    assert found.step(1).step(-1) == found
    parts = found.parts()
    assert (parts[0].first, parts[-1].last) == (found.first, found.last)
    assert all(two.first == one.last + timedelta(days=1) for one, two in zip(parts, parts[1:], strict=False))


@pytest.mark.parametrize("text", ["", "soon", "2026-13", "2026-02-30..2026-03-01", "2026..2025", "2026-Q5", ".."])
def test_what_is_no_period_is_said(text: str) -> None:
    with pytest.raises(BadInput, match="period"):
        periods.read(text)


def test_wider_and_narrower_stay_in_the_present() -> None:
    quarter = periods.read("this-quarter")
    assert quarter.resized(-1) == periods.read("this-month")
    assert quarter.resized(1) == periods.read("this-year")
    assert periods.read("1997").resized(-1) == periods.read("1997-Q4")
    with pytest.raises(BadInput, match="9999"):
        periods.read("2199").step(8000)


@pytest.mark.parametrize("width", [1, 7, 20, 36, 80, 240])
def test_every_picture_fills_its_card_and_no_more(workspace: Workspace, ana: Actor, width: int) -> None:
    from rich.cells import cell_len

    world(workspace, ana, 3)
    for card in (card for board in shipped.SHIPPED for card in board.cards):
        kpi = registry.named(card.kpi)
        answer = answers.answer(ana, kpi.ask(), periods.read("2026"))
        for picture in PICTURES:
            for at in (None, -1, 0, len(answer.parts) - 1):
                lines = pictures.drawn(answer, kpi.title, picture, width, card.height, at=at)
                assert 1 <= len(lines) <= card.height
                assert all(sum(cell_len(span.text) for span in line) <= width for line in lines), (card, picture, lines)


def test_counts_and_sums_agree_with_plain_ones(workspace: Workspace, ana: Actor) -> None:
    world(workspace, ana, 4)
    tasks = answers.answer(ana, Question("task", "", COUNT, group="assignee"), periods.read("2026"))
    assert {part.label for part in tasks.parts} == {"ana", "none"}
    hours = answers.answer(ana, Question("time_entry", "", SUM, "minutes", dated="day"), periods.read("2025..2026"))
    shown = lists.listing(ana, entities["time_entry"], "", ["minutes"])
    assert hours.whole.figures[0].value == sum(values[0] for _id, values in lists.values(ana, shown))


def test_workload_is_held_against_the_hours_people_have(workspace: Workspace, ana: Actor) -> None:
    for day, hours in (("2026-11-17", "30h"), ("2026-11-20", "22h"), ("2026-12-20", "9h")):
        business.add(workspace, ana, "task", title="Do", assignee="ana", due_on=day, estimate=hours)
    business.add(workspace, ana, "task", title="Do", due_on="2026-11-17", estimate="5h")
    found = answers.answer(ana, registry.named("workload").ask(), periods.read("this-week"))
    assert [(part.label, part.limit, wording.against(found, part)) for part in found.parts] == [
        ("ana", 2400, "52h / 40h, 12h too much"), ("none", None, "5h")
    ]  # fmt: skip
    lines = pictures.drawn(found, "Workload", "bars", 60, 5)
    assert [span.text for line in lines for span in line if span.how == "worse"] == ["52h / 40h, 12h too much"]


def test_of_several_spellings_one_is_shown_whatever_the_currencies(workspace: Workspace, ana: Actor) -> None:
    for country, other in (("OSLO", "Oslo"), ("Rome", "ROME")):
        for spelling, currency in ((country, "EUR"), (other, "USD")):
            client = business.client(workspace, ana, f"{spelling} {currency}", country=spelling, currency=currency)
            order = business.add(workspace, ana, "order", client=f"#{client}", ordered_on="2026-11-01")
            business.add(workspace, ana, "order_line", order=f"#{order}", title="Work", quantity="1", unit_price="1")
    found = answers.answer(ana, registry.named("value-by-country").ask(), periods.read("2026"))
    assert sorted((part.label, part.counted) for part in found.parts) == [("OSLO", 2), ("ROME", 2)]
