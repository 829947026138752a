"""Mail that goes out: what it is made from, what is to be sent and what was, and whether anything may be sent."""

from __future__ import annotations

import uuid
from typing import Any

import peewee as pw

from crm_tui.fields import Choice, Email, Language, Markdown, Moment, Option, Reference, Text
from crm_tui.i18n import N_
from crm_tui.models.base import Record, Row, entity
from crm_tui.models.orders import Order
from crm_tui.models.people import Client, Contact, Operator

DRAFT, QUEUED, SENT, FAILED, CANCELLED = "draft", "queued", "sent", "failed", "cancelled"
STATUSES = (
    Option(DRAFT, N_("draft")),
    Option(QUEUED, N_("to be sent")),
    Option(SENT, N_("sent")),
    Option(FAILED, N_("failed")),
    Option(CANCELLED, N_("cancelled")),
)


@entity(
    "message_template",
    "message_templates",
    label=N_("message template"),
    label_plural=N_("message templates"),
    columns=("name", "language", "about", "subject", "body"),
    search=("name", "subject", "body"),
    unique=("name",),
    indexed=("name",),
    managed=True,
)
class MessageTemplate(Record):
    """What a message says; one of each name for each language."""

    name: Any = Text(N_("Name"), required=True, longest=100, width=26)
    language: Any = Language(N_("Language"), width=8, help=N_("Empty: for whoever has no language of their own"))
    about: Any = Text(
        N_("About one of"), required=True, longest=40, default="clients", width=12,
        help=N_("What its fields are of: clients, contacts, orders, tasks ..."),
    )  # fmt: skip
    subject: Any = Text(
        N_("Subject"), required=True, longest=300, width=34,
        help=N_("{name} is the record's field, {client.name} that of its client"),
    )  # fmt: skip
    body: Any = Markdown(N_("Text"), required=True, width=40)


@entity(
    "message",
    "messages",
    label=N_("message"),
    label_plural=N_("messages"),
    title="subject",
    order="-created_at",
    columns=("created_at", "status", "to", "client", "subject", "sent_at", "problem", "owner"),
    search=("subject", "body"),
    indexed=("client", "status", "to"),
    aliases=("outbox", "mail", "mails"),
    told_with=("client", "order"),
    personal=("to",),
)
class Message(Record):
    """An e-mail or a call of a webhook that is to go out, or went out."""

    to: Any = Email(N_("To"), width=26, help=N_("Empty: the address of the person, or of the client"))
    client: Any = Reference(Client, N_("Client"), index=False, width=22)
    contact: Any = Reference(Contact, N_("Person"), index=False, width=20)
    order: Any = Reference(Order, N_("Order"), index=False, width=10)
    template: Any = Reference(
        MessageTemplate, N_("Template"), index=False, width=20, help=N_("Fills in the subject and text that are empty")
    )
    subject: Any = Text(N_("Subject"), longest=300, width=34)
    body: Any = Markdown(N_("Text"), width=40)
    status: Any = Choice(
        N_("Status"), options=STATUSES, default=QUEUED, required=True, width=10,
        help=N_("What is to be sent goes out within seconds; a draft does not"),
    )  # fmt: skip
    owner: Any = Reference(Operator, N_("From"), index=False, width=9, help=N_("Whom an answer goes to; empty: you"))
    sent_at: Any = Moment(N_("Sent"), in_form=False, width=14, aliases=("sent",))
    url: Any = Text(
        N_("Webhook"), in_form=False, longest=2_000, width=30, help=N_("The program that is told, instead of a person")
    )
    problem: Any = Text(N_("Problem"), in_form=False, longest=400, width=30, help=N_("Why it could not be sent"))
    message_id: Any = pw.TextField(default=lambda: uuid.uuid4().hex)
    """What its Message-ID is made of, for ever; the database gives it one that is like no other."""
    tries: Any = pw.IntegerField(default=0)
    """How often it was not taken."""
    try_at: Any = pw.DateTimeField(null=True)
    """Not to be tried before; None is at once."""
    claimed_by: Any = pw.TextField(default="")
    """Who is sending it, "" for nobody."""
    claimed_at: Any = pw.DateTimeField(null=True)


class OutboxState(Row):
    """Whether anything may be sent from this workspace as it is."""

    place: Any = pw.TextField(default="")
    """Where the workspace was when somebody last said that it may send: a copy of it may not."""
    problem: Any = pw.TextField(default="")
    """What the server of all mail said last, "" where it took what it was given."""
    try_at: Any = pw.DateTimeField(null=True)
    """Not to be tried before, because of that."""


def queued() -> Any:
    """Return the condition of messages that are to be sent."""
    return (Message.status == QUEUED) & Message.archived_at.is_null()
