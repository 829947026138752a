"""The dashboards that are there from the start, one for each way of looking at the business."""

from __future__ import annotations

from crm_tui.dashboards.cards import BARS, COLUMNS, GAUGE, TABLE, Card, Dashboard
from crm_tui.i18n import N_

SHIPPED = (
    Dashboard(
        "owner",
        N_("owner"),
        (
            Card("orders-value"),
            Card("orders-placed"),
            Card("on-time", GAUGE),
            Card("hours"),
            Card("billable", GAUGE),
            Card("not-contacted"),
            Card("open-orders", BARS, 2, 8),
            Card("workload", BARS, 2, 8, period="this-week"),
            Card("goals", BARS, 2, 8),
            Card("best-clients", BARS, 2, 12),
            Card("value-by-country", BARS, 2, 12),
            Card("new-clients", COLUMNS, 2, 8),
            Card("repeat-rate", GAUGE),
        ),
    ),
    Dashboard(
        "sales",
        N_("sales"),
        (
            Card("orders-value"),
            Card("orders-placed"),
            Card("order-size"),
            Card("new-clients"),
            Card("repeat-rate", GAUGE),
            Card("lifetime-value"),
            Card("orders-value", COLUMNS, 2, 9),
            Card("clients", BARS, 2, 8),
            Card("best-clients", BARS, 2, 12),
            Card("interactions", BARS, 2, 10),
        ),
    ),
    Dashboard(
        "delivery",
        N_("delivery"),
        (
            Card("on-time", GAUGE),
            Card("throughput"),
            Card("days-to-fulfil"),
            Card("days-to-fulfil-85"),
            Card("overdue-orders"),
            Card("tasks-overdue"),
            Card("open-orders", BARS, 2, 8),
            Card("open-by-age", COLUMNS, 2, 8),
            Card("workload", BARS, 2, 10, period="this-week"),
            Card("work-ahead", BARS, 2, 10),
            Card("hours-by-operator", BARS, 2, 10),
            Card("tasks-done", COLUMNS, 2, 8),
        ),
    ),
    Dashboard(
        "support",
        N_("support"),
        (
            Card("not-contacted", BARS, 2, 8),
            Card("interactions", BARS, 2, 8),
            Card("interactions-by-operator", BARS, 2, 8),
            Card("open-tasks", BARS, 2, 8),
            Card("churned", BARS, 2, 8),
            Card("clients-by-kind", TABLE, 1, 5),
        ),
    ),
)
