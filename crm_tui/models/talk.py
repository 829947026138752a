"""What the people of the agency say to each other: comments on records, and what each is told of."""

from __future__ import annotations

from typing import Any

from crm_tui.fields import Choice, Markdown, Moment, Number, Option, Reference, Text
from crm_tui.i18n import N_
from crm_tui.models.base import Record, entity
from crm_tui.models.people import Operator

LONGEST_COMMENT = 20_000

REASONS = (
    Option("mention", N_("mention")),
    Option("failure", N_("failure")),
    Option("automation", N_("automation")),
    Option("assignment", N_("assignment")),
    Option("reminder", N_("reminder")),
)
"""Why somebody is told."""


@entity(
    "comment",
    "comments",
    label=N_("comment"),
    label_plural=N_("comments"),
    title="text",
    columns=("created_at", "author", "about", "record", "text"),
    discussed=False,
    bound=True,
    order="-created_at",
)
class Comment(Record):
    """What an operator wrote about a record; only operators see it."""

    about: Any = Text(N_("About"), required=True, longest=40, width=9, in_form=False, help=N_("client, contact ..."))
    record: Any = Number(
        N_("Record"), required=True, least=1, most=2**62, width=7, in_form=False, help=N_("The id of what it is about")
    )
    author: Any = Reference(Operator, N_("Author"), width=10, in_form=False)
    text: Any = Markdown(
        N_("Text"), required=True, longest=LONGEST_COMMENT, width=60, help=N_("@login tells an operator")
    )

    class Meta:
        indexes = ((("about", "record"), False),)


@entity(
    "notification",
    "notifications",
    label=N_("notification"),
    label_plural=N_("notifications"),
    title="text",
    columns=("created_at", "author", "text", "read_at"),
    indexed=("operator",),
    aliases=("news",),
    discussed=False,
    by_hand=False,
    order="-created_at",
)
class Notification(Record):
    """What one operator is told of, and nobody else sees."""

    operator: Any = Reference(Operator, N_("For"), width=10)
    reason: Any = Choice(N_("Reason"), options=REASONS, width=9)
    about: Any = Text(N_("About"), longest=40, width=9)
    record: Any = Number(N_("Record"), least=1, most=2**62, width=7)
    comment: Any = Reference(Comment, N_("Comment"), width=30)
    author: Any = Reference(Operator, N_("From"), width=10)
    text: Any = Text(N_("What"), longest=400, width=60)
    read_at: Any = Moment(N_("Read"), width=13, aliases=("read",))
