"""Clients: how many, of what kind, won and lost, kept in touch with, and worth."""

from __future__ import annotations

from crm_tui.i18n import N_
from crm_tui.kpis.question import AVERAGE, COUNT, SHARE, TIME, Question
from crm_tui.kpis.registry import kpi
from crm_tui.kpis.words import meant

_BOUGHT = "order-count>=1"


@kpi("clients", N_("Clients"), N_("All clients by their stage, as things stand now"))
def clients() -> Question:
    """Now, by stage."""
    return Question("client", "", COUNT, group="stage")


@kpi("clients-by-kind", N_("Clients by kind"), N_("All clients by their kind, as things stand now"))
def clients_by_kind() -> Question:
    """Now, by kind."""
    return Question("client", "", COUNT, group="kind")


@kpi("new-clients", N_("New clients"), N_("Clients acquired in the period"))
def new_clients() -> Question:
    """Of the period, along it."""
    return Question("client", "", COUNT, dated="acquired_on", group=TIME)


@kpi("churned", N_("Churned"), N_("Clients who left in the period, and have not come back, by the reason given"),
     less_is_better=True)  # fmt: skip
def churned() -> Question:
    """Of the period, by the reason given."""
    return Question("client", meant("client", "stage", "gone"), COUNT, dated="left_on", group="churn_reason")


@kpi("not-contacted", N_("Not contacted in time"),
     N_("Clients whom nobody has been in touch with for longer than their cadence allows, by owner"),
     less_is_better=True)  # fmt: skip
def not_contacted() -> Question:
    """Now, by owner."""
    return Question("client", "due-on<today", COUNT, group="owner")


@kpi("interactions", N_("Interactions"), N_("Calls, messages and meetings of the period by channel; notes not"))
def interactions() -> Question:
    """Of the period, by channel."""
    return Question("interaction", f"not {meant('interaction', 'channel', 'note')}", COUNT, dated="at", group="channel")


@kpi("interactions-by-operator", N_("Interactions by operator"),
     N_("Calls, messages and meetings of the period by who had them; notes not"))  # fmt: skip
def interactions_by_operator() -> Question:
    """Of the period, by operator."""
    return Question(
        "interaction", f"not {meant('interaction', 'channel', 'note')}", COUNT, dated="at", group="operator"
    )


@kpi("lifetime-value", N_("Lifetime value"), N_("What a client who has ordered is worth on average, over all time"))
def lifetime_value() -> Question:
    """Now."""
    return Question("client", _BOUGHT, AVERAGE, "lifetime_value", group="kind")


@kpi("repeat-rate", N_("Repeat rate"), N_("Clients who ordered twice or more, of those who ordered"))
def repeat_rate() -> Question:
    """Now."""
    return Question("client", _BOUGHT, SHARE, share="order-count>=2", group="kind")
