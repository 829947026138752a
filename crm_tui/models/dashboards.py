"""Dashboards of one's own and the cards on them: numbers of the registry, or questions put together freely."""

from __future__ import annotations

from typing import Any

from crm_tui.fields import Choice, Flag, Number, Option, Reference, Text
from crm_tui.i18n import N_
from crm_tui.models.base import Record, entity
from crm_tui.models.orders import Rank
from crm_tui.models.people import Operator

SHIPPED = (
    Option("owner", N_("owner")),
    Option("sales", N_("sales")),
    Option("delivery", N_("delivery")),
    Option("support", N_("support")),
)
"""The dashboards that are there from the start (``dashboards.shipped``): nobody else's is called so."""

PICTURES = (
    Option("number", N_("a number with its trend")),
    Option("bars", N_("bars")),
    Option("stacked", N_("stacked bars")),
    Option("columns", N_("columns")),
    Option("line", N_("a line")),
    Option("histogram", N_("a histogram")),
    Option("heat", N_("a heat map of days")),
    Option("table", N_("a table")),
    Option("gauge", N_("a gauge")),
    Option("funnel", N_("a funnel")),
    Option("list", N_("a list")),
)
MEASURES = (
    Option("count", N_("the number")),
    Option("sum", N_("the sum")),
    Option("average", N_("the average")),
    Option("median", N_("the median")),
    Option("percentile", N_("the percentile")),
    Option("share", N_("the share")),
)
COMPARED = (
    Option("before", N_("the period before")),
    Option("year", N_("a year before")),
    Option("no", N_("nothing")),
)


@entity(
    "dashboard",
    "dashboards",
    label=N_("dashboard"),
    label_plural=N_("dashboards"),
    columns=("name", "owner", "shared"),
    unique=("name",),
    indexed=("name",),
    discussed=False,
    bound=True,
)
class Dashboard(Record):
    """Cards under one name; private to its owner unless shared."""

    name: Any = Text(N_("Name"), required=True, longest=60, width=24)
    shared: Any = Flag(N_("Shared"), width=6, help=N_("Whether others see it, too; its owner and managers change it"))
    owner: Any = Reference(Operator, N_("Owner"), ruled=True, index=False, width=10)


@entity(
    "card",
    "cards",
    label=N_("card"),
    label_plural=N_("cards"),
    title="title",
    order="rank",
    columns=("title", "dashboard", "kpi", "entity", "query", "measure", "field", "group", "picture"),
    indexed=("dashboard",),
    discussed=False,
    bound=True,
    part_of="dashboard",
)
class Card(Record):
    """A number on a dashboard: in the form it reads as a sentence."""

    dashboard: Any = Reference(Dashboard, N_("Dashboard"), required=True, index=False, width=20)
    kpi: Any = Text(
        N_("Show"), longest=60, width=16, aliases=("number", "show"),
        help=N_("A number with a name, like on-time; empty: one of your own, put together below"),
    )  # fmt: skip
    measure: Any = Choice(N_("Or show"), options=MEASURES, default="count", required=True, width=12)
    percentile: Any = Number(N_("Which percentile"), least=1, most=99, width=6, help=N_("Like 85"))
    field: Any = Text(
        N_("Of the field"), longest=60, width=14,
        help=N_("What is added up, averaged ...: total, estimate; a share of amounts has one, too"),
    )  # fmt: skip
    entity: Any = Text(N_("Of all"), longest=40, width=12, help=N_("Like orders, clients, tasks or time-entries"))
    query: Any = Text(
        N_("That are"), longest=2000, width=36, aliases=("where",), help=N_("A query, like stage:confirmed; empty: all")
    )
    share: Any = Text(N_("Those that are"), longest=2000, width=36, help=N_("Of a share: a query for those that count"))
    dated: Any = Text(
        N_("By the day"), longest=60, width=14, aliases=("day",),
        help=N_("The day that is to be in the period, like ordered-on; empty: as things stand now"),
    )  # fmt: skip
    group: Any = Text(
        N_("For each"), longest=80, width=16, aliases=("by",),
        help=N_("Like stage, client.country, month; time: days, weeks or months as the period is long"),
    )  # fmt: skip
    split: Any = Text(N_("And each"), longest=80, width=16, help=N_("Of stacked bars: what each bar is made up of"))
    most: Any = Number(N_("At most"), least=1, most=1000, width=6, help=N_("So many of the greatest; empty: all"))
    period: Any = Text(
        N_("In"), longest=40, width=14, help=N_("Like last-month, 2026; empty: the period that the dashboard shows")
    )
    compared: Any = Choice(
        N_("Against"), options=COMPARED, width=12, help=N_("Empty: what the dashboard compares with")
    )
    picture: Any = Choice(N_("As"), options=PICTURES, default="number", required=True, width=12)
    title: Any = Text(N_("Called"), longest=80, width=24, help=N_("Empty: what it shows, in words"))
    width: Any = Number(N_("Columns wide"), least=1, most=6, default=1, required=True, width=6)
    height: Any = Number(N_("Lines high"), least=3, most=40, default=6, required=True, width=6)
    rank: Any = Rank(N_("Place"))
