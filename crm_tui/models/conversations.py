"""What was said: calls, messages, meetings and letters with clients, and notes on them."""

from __future__ import annotations

from typing import Any

from crm_tui.fields import Choice, Day, Markdown, Moment, Number, Option, Reference, Text
from crm_tui.i18n import N_
from crm_tui.models.base import Record, entity
from crm_tui.models.people import CHANNELS, Client, Contact, Operator

DIRECTIONS = (
    Option("both", N_("both ways")),
    Option("out", N_("from us")),
    Option("in", N_("from them")),
)


@entity(
    "interaction",
    "interactions",
    label=N_("interaction"),
    label_plural=N_("interactions"),
    title="subject",
    order="-at",
    columns=("at", "channel", "client", "contact", "subject", "outcome", "operator"),
    search=("subject", "body", "outcome", "next_step"),
    unique=("external_id",),
    indexed=("at", "client", "contact", "external_id"),
    aliases=("conversation", "conversations"),
)
class Interaction(Record):
    """One exchange with a client, or a note on one; what ``last_contact`` and the follow-up are derived from."""

    channel: Any = Choice(
        N_("Channel"),
        options=CHANNELS,
        words="interaction.channel",
        needs=("spoken",),
        default="call",
        required=True,
        width=8,
    )
    direction: Any = Choice(
        N_("Direction"),
        options=DIRECTIONS,
        width=10,
        help=N_("Empty: both ways for calls and meetings, from us for what is written"),
    )
    client: Any = Reference(Client, N_("Client"), index=False, width=26)
    contact: Any = Reference(Contact, N_("With"), width=22, aliases=("who", "with"))
    at: Any = Moment(N_("When"), width=15, aliases=("when", "on"), help=N_("yesterday 15:30; empty is now"))
    minutes: Any = Number(N_("Minutes"), least=0, most=10_000, width=7, aliases=("duration",))
    subject: Any = Text(N_("Subject"), longest=300, width=30)
    body: Any = Markdown(N_("What was said"), width=30, aliases=("text",))
    outcome: Any = Text(N_("Outcome"), longest=300, width=24)
    next_step: Any = Text(N_("Next step"), longest=300, width=24)
    follow_up_on: Any = Day(
        N_("Follow-up"), width=12, aliases=("follow_up",), help=N_("The day of the next step: the client's follow-up")
    )
    operator: Any = Reference(Operator, N_("Operator"), width=8, aliases=("by",), help=N_("Empty: you"))
    external_id: Any = Text(N_("External id"), longest=100, width=12)

    class Meta:
        indexes = ((("client", "at"), False),)
