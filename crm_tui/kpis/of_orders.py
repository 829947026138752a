"""Orders: what is sold, what is to be made, and how well it is delivered."""

from __future__ import annotations

from crm_tui.i18n import N_
from crm_tui.kpis.question import AVERAGE, COUNT, PERCENTILE, SHARE, SUM, TIME, Question
from crm_tui.kpis.registry import kpi
from crm_tui.kpis.words import meant

_OPEN, _DONE, _DROPPED = "open", "done", "dropped"


def _open() -> str:
    return meant("order", "stage", _OPEN)


def _kept() -> str:
    return f"not {meant('order', 'stage', _DROPPED)}"


@kpi("orders-placed", N_("Orders placed"), N_("Orders ordered in the period that were not cancelled"))
def orders_placed() -> Question:
    """Of the period, along it."""
    return Question("order", _kept(), COUNT, dated="ordered_on", group=TIME)


@kpi("orders-value", N_("Orders value"), N_("What orders of the period come to without tax; cancelled ones not"))
def orders_value() -> Question:
    """Of the period, along it."""
    return Question("order", _kept(), SUM, "net", dated="ordered_on", group=TIME)


@kpi("order-size", N_("Average order"), N_("What an order of the period comes to on average, without tax"))
def order_size() -> Question:
    """Of the period, along it."""
    return Question("order", _kept(), AVERAGE, "net", dated="ordered_on", group=TIME)


@kpi("best-clients", N_("Best clients"), N_("The ten clients whose orders of the period come to most, without tax"))
def best_clients() -> Question:
    """Of the period, ten."""
    return Question("order", _kept(), SUM, "net", dated="ordered_on", group="client", most=10)


@kpi("value-by-country", N_("Value by country"),
     N_("What orders of the period come to without tax, by the country of their client"))  # fmt: skip
def value_by_country() -> Question:
    """Of the period."""
    return Question("order", _kept(), SUM, "net", dated="ordered_on", group="client.country", most=20)


@kpi("open-orders", N_("Open orders"), N_("Orders that are to be fulfilled, by their stage, as things stand now"))
def open_orders() -> Question:
    """Now, by stage."""
    return Question("order", _open(), COUNT, group="stage")


@kpi("open-value", N_("Value to be made"), N_("What open orders come to without tax, as things stand now"))
def open_value() -> Question:
    """Now, by stage."""
    return Question("order", _open(), SUM, "net", group="stage")


@kpi("overdue-orders", N_("Overdue orders"), N_("Open orders whose due day has passed, by who has them"),
     less_is_better=True)  # fmt: skip
def overdue_orders() -> Question:
    """Now, by assignee."""
    return Question("order", f"{_open()} due-on<today", COUNT, group="assignee")


@kpi("on-time", N_("On time"), N_("Orders fulfilled by the day they were due, of those fulfilled that had one"))
def on_time() -> Question:
    """Of the period they were fulfilled in."""
    return Question(
        "order", f"{meant('order', 'stage', _DONE)} has:days-late", SHARE, share="days-late<=0", dated="fulfilled_on",
        group=TIME,
    )  # fmt: skip


@kpi("throughput", N_("Fulfilled"), N_("Orders fulfilled in the period"))
def throughput() -> Question:
    """Of the period, along it."""
    return Question("order", meant("order", "stage", _DONE), COUNT, dated="fulfilled_on", group=TIME)


@kpi("days-to-fulfil", N_("Days to fulfil"),
     N_("Days from the day ordered to the day fulfilled; half of the period's orders took no longer (the median)"),
     less_is_better=True)  # fmt: skip
def days_to_fulfil() -> Question:
    """Of the period they were fulfilled in."""
    return Question("order", meant("order", "stage", _DONE), PERCENTILE, "days_taken", dated="fulfilled_on", group=TIME)


@kpi("days-to-fulfil-85", N_("Days to fulfil, 85 %"),
     N_("Days from the day ordered to the day fulfilled, which 85 of 100 of the period's orders do not pass"),
     less_is_better=True)  # fmt: skip
def days_to_fulfil_85() -> Question:
    """Of the period they were fulfilled in."""
    return Question(
        "order", meant("order", "stage", _DONE), PERCENTILE, "days_taken", percentile=85, dated="fulfilled_on",
        group=TIME,
    )  # fmt: skip


@kpi("open-by-age", N_("Open by age"), N_("Open orders by the month they were ordered in, of the period"))
def open_by_age() -> Question:
    """Of the period, by month."""
    return Question("order", _open(), COUNT, dated="ordered_on", group="month")
