"""What a client wants, written down: documents in sections, every version of them, and who approved which."""

from __future__ import annotations

from typing import Any

from crm_tui.documents.kinds import KINDS, LONGEST, LONGEST_HEADING, LONGEST_HINT, TEXT
from crm_tui.fields import Choice, Day, Flag, Markdown, Moment, Number, Option, Reference, Tags, Text
from crm_tui.i18n import N_
from crm_tui.models.base import Record, entity
from crm_tui.models.orders import Order, Rank
from crm_tui.models.people import Client, Contact, Operator

DRAFT, IN_REVIEW, APPROVED, SUPERSEDED = "draft", "in review", "approved", "superseded"
STATUSES = (
    Option(DRAFT, N_("draft")),
    Option(IN_REVIEW, N_("in review"), also=("review", "in_review", "in-review")),
    Option(APPROVED, N_("approved"), also=("signed",)),
    Option(SUPERSEDED, N_("superseded"), also=("replaced",)),
)

ASKED, WANTED = "asked", "changes wanted"
DECISIONS = (
    Option(ASKED, N_("asked")),
    Option(APPROVED, N_("approved"), also=("yes",)),
    Option(WANTED, N_("changes wanted"), also=("changes", "no")),
)


@entity(
    "document",
    "documents",
    label=N_("document"),
    label_plural=N_("documents"),
    title="title",
    order="-updated_at",
    columns=("title", "kind", "client", "status", "revision", "word_count", "missing", "owner", "updated_at"),
    search=("title",),
    unique=("title",),
    indexed=("title", "client", "order", "status", "kind"),
    aliases=("requirements", "requirement", "docs", "doc"),
    told_with=("client", "order"),
    impersonal=("kind",),
)
class Document(Record):
    """Something written with or for a client: requirements, notes, a brief, minutes."""

    title: Any = Text(N_("Title"), required=True, longest=200, width=36, aliases=("name",))
    client: Any = Reference(Client, N_("Client"), index=False, width=22, help=N_("Empty: that of the order"))
    order: Any = Reference(Order, N_("Order"), index=False, width=10)
    kind: Any = Text(
        N_("Kind"), longest=60, width=22, help=N_("Like business requirements, discovery notes, creative brief")
    )
    status: Any = Choice(N_("Status"), options=STATUSES, default=DRAFT, required=True, width=10, aliases=("state",))
    owner: Any = Reference(Operator, N_("Owner"), index=False, width=9, help=N_("Empty: you"))
    held_on: Any = Day(N_("Of"), width=12, aliases=("day", "date"), help=N_("The day of the talk or meeting it is of"))
    tags: Any = Tags(N_("Tags"), width=16, aliases=("tag",))
    word_count: Any = Number(N_("Words"), readonly=True, least=0, width=7, aliases=("words",))
    missing: Any = Number(
        N_("Missing"), readonly=True, least=0, width=8, help=N_("Required sections where nothing is written yet")
    )
    revision: Any = Number(
        N_("Revision"), ruled=True, least=0, width=8, aliases=("rev",), help=N_("That which was kept last")
    )


@entity(
    "section",
    "sections",
    label=N_("section"),
    label_plural=N_("sections"),
    title="heading",
    order="rank",
    columns=("heading", "kind", "document", "required"),
    indexed=("document", "heading"),
    aliases=("chapter",),
    told_with=("document",),
    part_of="document",
    discussed=False,
    impersonal=("rank", "kind", "level", "required"),
)
class Section(Record):
    """A section of a document: what it is called, what it holds, and what is written there."""

    heading: Any = Text(N_("Heading"), required=True, longest=LONGEST_HEADING, width=30, aliases=("name", "title"))
    kind: Any = Choice(
        N_("Holds"), options=tuple(Option(kind, label) for kind, label in KINDS.items()), default=TEXT, required=True,
        width=12,
    )  # fmt: skip
    required: Any = Flag(N_("Required"), width=8, help=N_("Whether something has to be written there"))
    hint: Any = Text(N_("Hint"), longest=LONGEST_HINT, width=30, help=N_("What is to be written there"))
    document: Any = Reference(Document, N_("Document"), index=False, required=True, width=30)
    level: Any = Number(N_("Indented"), least=0, most=4, default=0, width=8, help=N_("0 is not at all, 4 is most"))
    body: Any = Markdown(N_("Text"), longest=LONGEST, width=40, aliases=("text",))
    rank: Any = Rank(N_("Place"))


@entity(
    "revision",
    "revisions",
    label=N_("revision"),
    label_plural=N_("revisions"),
    title="id",
    order="-id",
    columns=("number", "document", "status", "note", "author", "created_at"),
    indexed=("document",),
    aliases=("version",),
    told_with=("document",),
    part_of="document",
    discussed=False,
    by_hand=False,
    impersonal=("content_hash", "status"),
)
class Revision(Record):
    """A document as it was: kept for ever and never changed."""

    document: Any = Reference(Document, N_("Document"), index=False, required=True, width=30)
    number: Any = Number(N_("Revision"), least=1, required=True, width=8, aliases=("rev",))
    status: Any = Choice(N_("Status"), options=STATUSES, default=DRAFT, required=True, width=10)
    note: Any = Text(N_("Note"), longest=300, width=36)
    author: Any = Reference(Operator, N_("By"), index=False, width=9)
    content: Any = Markdown(N_("Content"), in_form=False, longest=LONGEST * 10, width=40)
    content_hash: Any = Text(N_("SHA-256"), longest=64, width=14, help=N_("Of its title and sections"))


@entity(
    "approval",
    "approvals",
    label=N_("approval"),
    label_plural=N_("approvals"),
    title="id",
    order="-id",
    columns=("document", "number", "contact", "decision", "comment", "decided_at", "operator"),
    indexed=("document", "contact"),
    told_with=("document",),
    discussed=False,
)
class Approval(Record):
    """That somebody is asked to approve a revision, and what they said."""

    document: Any = Reference(Document, N_("Document"), index=False, required=True, width=30)
    number: Any = Number(N_("Revision"), ruled=True, least=1, width=8, help=N_("Empty: the one kept last"))
    contact: Any = Reference(Contact, N_("Person"), index=False, required=True, width=22)
    decision: Any = Choice(N_("Decision"), options=DECISIONS, default=ASKED, required=True, width=14)
    comment: Any = Markdown(N_("Comment"), width=36, help=N_("In their words"))
    decided_at: Any = Moment(N_("Decided"), ruled=True, width=13)
    operator: Any = Reference(Operator, N_("Noted by"), ruled=True, index=False, width=9)


@entity(
    "document_template",
    "document_templates",
    label=N_("document template"),
    label_plural=N_("document templates"),
    columns=("name", "text"),
    search=("name", "text"),
    unique=("name",),
    indexed=("name",),
    managed=True,
)
class DocumentTemplate(Record):
    """What a document begins with."""

    name: Any = Text(N_("Name"), required=True, longest=100, width=30)
    text: Any = Markdown(
        N_("Text"), required=True, width=50, help=N_("Markdown: a heading begins a section, below it what it holds")
    )
