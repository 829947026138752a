"""Who there is: operators of the workspace and their teams, clients and customers, and the people at them."""

from __future__ import annotations

from typing import Any

from crm_tui.fields import (
    Choice,
    Currency,
    Day,
    Due,
    Email,
    Flag,
    Language,
    Link,
    Markdown,
    Minutes,
    Moment,
    Money,
    Number,
    Option,
    Percent,
    Phone,
    Reference,
    Tags,
    Text,
)
from crm_tui.i18n import N_
from crm_tui.models.base import Facet, Further, Record, entity

ROLES = (
    Option("admin", N_("admin")),
    Option("manager", N_("manager")),
    Option("operator", N_("operator")),
    Option("viewer", N_("viewer")),
)
TEAM_KINDS = (
    Option("sales", N_("sales")),
    Option("fulfilment", N_("fulfilment")),
    Option("support", N_("support")),
)
CLIENT_KINDS = (Option("client", N_("client"), "client"), Option("customer", N_("customer"), "customer"))
STAGES = (
    Option("lead", N_("lead"), "new"),
    Option("qualified", N_("qualified"), "qualified"),
    Option("active", N_("active"), "won"),
    Option("dormant", N_("dormant"), "quiet"),
    Option("churned", N_("churned"), "gone"),
)
CHANNELS = (
    Option("call", N_("call"), "spoken"),
    Option("email", N_("e-mail"), "written"),
    Option("sms", N_("SMS"), "written"),
    Option("chat", N_("chat"), "spoken"),
    Option("video", N_("video call"), "spoken"),
    Option("meeting", N_("meeting"), "spoken"),
    Option("letter", N_("letter"), "written"),
    Option("note", N_("note"), "note"),
)
CONTACT_ROLES = (
    Option("decision maker", N_("decision maker")),
    Option("influencer", N_("influencer")),
    Option("user", N_("user")),
    Option("billing", N_("billing")),
)


@entity(
    "operator",
    "operators",
    label=N_("operator"),
    label_plural=N_("operators"),
    columns=("login", "name", "email", "role", "teams", "active"),
    search=("login", "name", "email"),
    unique=("login", "name", "email"),
    indexed=("login",),
    title="login",
    admin=True,
)
class Operator(Record):
    """A person who works in this workspace."""

    login: Any = Text(N_("Login"), required=True, longest=64, unique=True, help=N_("The name of the account"), width=12)
    name: Any = Text(N_("Name"), width=24)
    email: Any = Email(N_("E-mail"), width=28)
    role: Any = Choice(N_("Role"), options=ROLES, default="operator", required=True, width=10)
    active: Any = Flag(N_("Active"), default=True, width=6)
    by_mail: Any = Flag(
        N_("By e-mail"), width=9, help=N_("What they are told of in the program is mailed to them, too")
    )


@entity(
    "team",
    "teams",
    label=N_("team"),
    label_plural=N_("teams"),
    columns=("name", "kind", "members", "capacity", "queue"),
    unique=("name",),
    indexed=("name",),
    managed=True,
)
class Team(Record):
    """Operators who work together, and serve clients together."""

    name: Any = Text(N_("Name"), required=True, longest=80, unique=True, width=24)
    kind: Any = Choice(
        N_("Kind"),
        options=TEAM_KINDS,
        words="team.kind",
        default="support",
        required=True,
        width=10,
        help=N_("What it is for: sales, fulfilment, or the support of customers"),
    )


@entity(
    "membership",
    "memberships",
    label=N_("team member"),
    label_plural=N_("team members"),
    columns=("name", "team", "operator"),
    unique=("name",),
    indexed=("name", "team", "operator"),
    aliases=("member", "members"),
    managed=True,
    discussed=False,
)
class Membership(Record):
    """One operator in one team; who is in several teams has several."""

    name: Any = Text(
        N_("Name"), longest=200, width=32, in_form=False, help=N_("Follows from the operator and the team")
    )
    operator: Any = Reference(Operator, N_("Operator"), required=True, index=False, width=14)
    team: Any = Reference(Team, N_("Team"), required=True, index=False, width=24)
    capacity: Any = Minutes(
        N_("A week"), width=8, aliases=("hours",), help=N_("Time they have for this team, like 20h")
    )


_CLIENT = Facet(
    columns=("name", "contact", "stage", "score", "last_contact", "due_on", "owner", "flag"),
    first=("name", "kind", "stage", "owner", "acquired_on", "cadence_days", "follow_up_on", "team"),
    labels={"owner": N_("Account manager"), "acquired_on": N_("Client since")},
)
"""A long-term relationship: who looks after it, since when, how often one is in touch."""

_CUSTOMER = Facet(
    columns=(
        "name",
        "contact",
        "stage",
        "team",
        "last_contact",
        "order_count",
        "last_order",
        "lifetime_value",
        "due_on",
        "flag",
    ),
    first=("name", "kind", "stage", "team", "acquired_on", "source", "follow_up_on", "owner"),
    labels={"owner": N_("In charge")},
)
"""Buys now and then: which team serves it, since when and how it was won."""


@entity(
    "client",
    "clients",
    label=N_("client"),
    label_plural=N_("clients"),
    columns=("name", "contact", "stage", "score", "last_contact", "due_on", "owner", "flag"),
    search=("name", "email", "city", "notes"),
    unique=("external_id", "name", "email"),
    indexed=("name", "city", "country", "stage", "kind", "score", "owner", "team", "last_contact", "acquired_on",
             "follow_up_on", "due_on", "quiet_on", "order_count", "last_order", "lifetime_value", "external_id",
             "email", "tags"),
    alike=("name", "phone", "email", "website"),
    faceted="kind",
    facets={"client": _CLIENT, "customer": _CUSTOMER},
    person=True,
    impersonal=("acquired_on", "currency"),
)  # fmt: skip
class Client(Record):
    """A client (long-term) or customer (per purchase) of the agency."""

    name: Any = Text(N_("Name"), required=True, longest=200, width=30, help=N_("Of the company or person"))
    kind: Any = Choice(
        N_("Kind"),
        options=CLIENT_KINDS,
        words="client.kind",
        fixed=True,
        default="customer",
        required=True,
        width=9,
        help=N_("A client is a long-term relationship, a customer buys now and then"),
    )
    email: Any = Email(N_("E-mail"), width=28)
    phone: Any = Phone(N_("Phone"), width=18)
    website: Any = Link(N_("Website"), width=24, aliases=("web", "url"))
    street: Any = Text(N_("Street"), width=28, aliases=("address",))
    city: Any = Text(N_("City"), width=16)
    region: Any = Text(N_("Region"), width=14)
    postal_code: Any = Text(N_("Postal code"), longest=32, width=11, aliases=("zip",))
    country: Any = Text(N_("Country"), width=14)
    tax_id: Any = Text(N_("Tax id"), longest=64, width=14, aliases=("vat",))
    stage: Any = Choice(
        N_("Stage"),
        options=STAGES,
        words="client.stage",
        needs=("new", "won", "gone"),
        default="lead",
        required=True,
        width=9,
        aliases=("lifecycle",),
    )
    score: Any = Number(
        N_("Score"),
        least=0,
        most=100,
        width=5,
        help=N_("Lead score, 0 to 100; kept by the score rules where there are any"),
    )
    owner: Any = Reference(
        Operator, N_("Owner"), index=False, width=8, help=N_("The sales associate or account manager in charge")
    )
    team: Any = Reference(
        Team, N_("Team"), index=False, width=14, aliases=("support_team",), help=N_("The team that serves them")
    )
    source: Any = Text(N_("Source"), longest=100, words="client.source", width=12, help=N_("How they found you"))
    acquired_on: Any = Day(N_("Acquired"), width=12, aliases=("acquired", "since"))
    last_contact: Any = Moment(
        N_("Last contact"), readonly=True, width=13, help=N_("The newest interaction that is no note")
    )
    last_contact_by: Any = Reference(
        Operator, N_("Last contact by"), readonly=True, index=False, width=8, aliases=("contacted_by",)
    )
    last_channel: Any = Choice(
        N_("Last channel"), options=CHANNELS, words="interaction.channel", readonly=True, width=8
    )
    heard_at: Any = Moment(
        N_("Last heard of"),
        readonly=True,
        width=13,
        aliases=("heard",),
        help=N_("The newest interaction not only from us"),
    )
    follow_up_on: Any = Day(N_("Follow-up"), width=12, aliases=("follow_up",), help=N_("When to be in touch again"))
    cadence_days: Any = Number(
        N_("Cadence"), least=1, most=3650, width=7, aliases=("cadence",), help=N_("Days between contacts")
    )
    due_on: Any = Due(
        N_("Due"),
        readonly=True,
        width=13,
        aliases=("due",),
        help=N_("The follow-up, or when the cadence asks for the next contact"),
    )
    quiet_on: Any = Day(
        N_("Gone quiet"),
        readonly=True,
        width=12,
        aliases=("quiet",),
        help=N_("From this day on an active client who is not heard counts as gone quiet: due for a whole cadence"),
    )
    order_count: Any = Number(
        N_("Orders"), readonly=True, width=7, help=N_("How many orders they placed, without those that came to nothing")
    )
    last_order: Any = Day(N_("Last order"), readonly=True, width=12)
    lifetime_value: Any = Money(
        N_("Lifetime value"), readonly=True, width=14, aliases=("ltv",),
        help=N_("The total of their fulfilled orders, of those in their own currency"),
    )  # fmt: skip
    repeat_rate: Any = Percent(
        N_("Repeat rate"), readonly=True, width=7, help=N_("The share of their orders that is not the first")
    )
    left_on: Any = Day(
        N_("Left"), readonly=True, width=12, aliases=("left",),
        help=N_("When they were moved to a stage of clients who left"),
    )  # fmt: skip
    churn_reason: Any = Text(N_("Left because"), longest=300, width=24)
    tags: Any = Tags(N_("Tags"), width=18, aliases=("tag",))
    notes: Any = Markdown(N_("Notes"), width=30)
    currency: Any = Currency(N_("Currency"), longest=3, width=8)
    language: Any = Language(N_("Language"), width=8, help=N_("Like de or pt-BR: what is written to them is in it"))
    external_id: Any = Text(
        N_("External id"), longest=100, width=12, help=N_("The id in the system this record came from")
    )


@entity(
    "contact",
    "contacts",
    label=N_("contact"),
    label_plural=N_("contacts"),
    columns=("name", "client", "role", "title", "email", "phone"),
    search=("name", "email", "title"),
    unique=("external_id", "email", "name"),
    indexed=("name", "email", "external_id", "client", "role"),
    alike=("name", "phone"),
    alike_within="client",
    aliases=("person", "people"),
    person=True,
)
class Contact(Record):
    """A person at a client."""

    name: Any = Text(N_("Name"), required=True, longest=200, width=24)
    role: Any = Choice(N_("Role"), options=CONTACT_ROLES, words="contact.role", width=14)
    title: Any = Text(N_("Title"), width=20, help=N_("As on the business card"))
    email: Any = Email(N_("E-mail"), width=28)
    phone: Any = Phone(N_("Phone"), width=18)
    primary: Any = Flag(N_("Primary"), width=7, help=N_("The point of contact of the client"))
    do_not_contact: Any = Flag(N_("No contact"), width=10, aliases=("dnc",), help=N_("Nothing is sent to this person"))
    client: Any = Reference(Client, N_("Client"), width=26)
    language: Any = Language(N_("Language"), width=8, help=N_("Empty: that of the client"))
    external_id: Any = Text(N_("External id"), longest=100, width=12)


@entity(
    "affiliation",
    "affiliations",
    label=N_("affiliation"),
    label_plural=N_("affiliations"),
    title="title",
    order="contact",
    columns=("contact", "client", "role", "title", "primary"),
    unique=("external_id",),
    indexed=("role", "external_id"),
    further=Further("contact", "client", ("role", "title", "primary")),
    discussed=False,
    personal=("role",),
)
class Affiliation(Record):
    """A further client of a person who has one already, and what the person is there.

    What a person is at the client of their own is said by the contact itself.
    """

    contact: Any = Reference(Contact, N_("Person"), required=True, width=24, aliases=("person",))
    client: Any = Reference(Client, N_("Client"), required=True, width=26)
    role: Any = Choice(N_("Role"), options=CONTACT_ROLES, words="contact.role", width=14)
    title: Any = Text(N_("Title"), width=20, help=N_("What they are there"))
    primary: Any = Flag(N_("Primary"), width=7, help=N_("The point of contact of the client"))
    external_id: Any = Text(N_("External id"), longest=100, width=12)


@entity(
    "tag",
    "tags",
    label=N_("tag"),
    label_plural=N_("tags"),
    columns=("name", "description"),
    search=("name", "description"),
    unique=("name",),
    indexed=("name",),
)
class Tag(Record):
    """A word that groups records; made when it is first used."""

    name: Any = Text(N_("Name"), required=True, longest=60, unique=True, width=20)
    description: Any = Text(N_("Description"), width=50)
