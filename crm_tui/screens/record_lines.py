"""A record in words: its head, its facts and its timeline, as lines to draw."""

from __future__ import annotations

from collections.abc import Sequence
from textwrap import wrap

from crm_tui import clock, contacting, formats
from crm_tui.i18n import _, ngettext
from crm_tui.journal import Values
from crm_tui.queries import stages
from crm_tui.queries.details import Detail
from crm_tui.queries.timeline import Entry
from crm_tui.widgets.record_view import Part, TextLine

BAR = 10
"""Characters of a drawn score."""

LONGEST_FACT = 8_000
"""Characters of one fact that are shown beside the others: what is longer is read in the form."""


def head(found: Detail) -> list[TextLine]:
    """Return the lines at the top of a record: name, what it is, its point of contact, what comes next."""
    if found.entity.name == "client":
        return _client_head(found)
    entity = found.entity
    facts = [
        f"{kind.label.lower()} {found.shown(name)}"
        for name, kind in entity.entered.items()
        if name != entity.title and not kind.multiline and found.shown(name)
    ]
    return [
        [Part(found.title, "title"), Part(_archived(found), "warning")],
        [*_no_contact(found), Part("  ".join(facts[:6]), "label")],
    ]


def _no_contact(found: Detail) -> list[Part]:
    """In words, that this person or client wants no contact; of a client also who."""
    if not found.do_not_contact:
        return []
    told = contacting.words() if found.entity.name == "contact" else found.do_not_contact
    return [Part(f"! {told}   ", "warning")]


def _client_head(found: Detail) -> list[TextLine]:
    first = [Part(found.title, "title"), Part(_archived(found), "warning")]
    second = [Part(" · ".join(_about(found)), "label"), *_score(found, "   ")]
    person = _person(found)
    third = person if person else [Part(_("no point of contact"), "label")]
    third = [*third, *(Part(f"   {text}", "accent") for text in (found.shown("email"), found.shown("phone")) if text)]
    return [first, second, third, [*_no_contact(found), Part(_next_steps(found), "label")]]


def _about(found: Detail) -> list[str]:
    about = [found.shown("kind"), found.shown("stage")]
    acquired = found.values["acquired_on"]
    if acquired:
        about.append(_("since {month}").format(month=formats.month(acquired)))
    if found.titles.get("owner"):
        return [*about, found.titles["owner"]]
    return [*about, _("! no account manager") if found.values["kind"] == "client" else _("no owner")]


def _score(found: Detail, before: str = "") -> list[Part]:
    score = found.values["score"]
    if score is None:
        return []
    return [Part(before + _("score {n}").format(n=score)), Part(f"  {score_bar(score)}", "accent")]


def _person(found: Detail) -> list[Part]:
    """The point of contact: name and role, then how to reach them."""
    if not found.contacts:
        return []
    name, role, title, email, phone, _primary = found.contacts[0].cells
    about = role or title
    reached = [Part(f"   {text}", "accent") for text in (email, phone) if text]
    return [Part(name), Part(f", {about}" if about else "", "label"), *reached]


def _next_steps(found: Detail) -> str:
    values = found.values
    contact = [found.shown(name) for name in ("last_contact", "last_channel", "last_contact_by")]
    said = ", ".join(part for part in contact if part)
    parts = [_("last contact {when}").format(when=said) if contact[0] else _("never contacted")]
    if values["follow_up_on"]:
        parts.append(_("follow-up {when}").format(when=found.shown("due_on")))
    elif values["due_on"]:
        parts.append(_("next contact {when}").format(when=found.shown("due_on")))
    if _gone_quiet(values):
        parts.append(_("! gone quiet: dormant?"))
    if values["cadence_days"]:
        days = values["cadence_days"]
        parts.append(ngettext("every {n} day", "every {n} days", days).format(n=days))
    if values["tags"]:
        parts.append(found.shown("tags"))
    return "   ".join(parts)


def _gone_quiet(values: Values) -> bool:
    """Whether an active client has been silent for more than twice what its cadence asks for."""
    cadence, due = values["cadence_days"], values["due_on"]
    return values["stage"] == "active" and bool(cadence and due) and (clock.today() - due).days > cadence


def score_bar(score: int) -> str:
    """Return 0 to 100 drawn as ten characters."""
    full = round(score * BAR / 100)
    return "▇" * full + "▁" * (BAR - full)


def _archived(found: Detail) -> str:
    when = found.values["archived_at"]
    return "   " + _("archived {when}").format(when=formats.near_moment(when)) if when else ""


def facts(found: Detail, width: int = 0) -> list[tuple[str, str, str]]:
    """Return every fact as (field name, label, text); with ``width`` long texts go on in lines of their own."""
    lines: list[tuple[str, str, str]] = []
    for name, kind in found.entity.fields.items():
        text = found.shown(name)
        if name == "version" or (name == "archived_at" and not text):
            continue
        if more := max(0, len(text) - LONGEST_FACT):
            text = text[:LONGEST_FACT] + "…\n" + _("{n} more characters, in the form").format(n=formats.whole(more))
        paragraphs = text.splitlines() or [""]
        shown = (
            [part for line in paragraphs for part in (wrap(line, width) or [""])] if width else [" ".join(paragraphs)]
        )
        lines += [(name, kind.label if not at else "", part) for at, part in enumerate(shown)]
        if name == "score":
            lines += [(name, "", one.text()) for one in found.score_why]
    if found.stages:
        lines.append(("", _("Stages"), stages.in_words(found.stages)))
    return lines


def fact_lines(found: Detail, width: int) -> list[TextLine]:
    """Return the facts that are known, for the side of a wide screen."""
    known = [fact for fact in facts(found, max(10, width - 16)) if fact[2]]
    return [[Part(f"{label:<14.14} ", "label"), Part(text)] for _name, label, text in known]


def preview(found: Detail, entries: Sequence[Entry], width: int) -> list[TextLine]:
    """Return what stands beside the list: head, some facts, the newest of the timeline."""
    skipped = {found.entity.title, "kind", "stage", "score", "owner", "created_at", "updated_at"}
    known = [fact for fact in facts(found, max(10, width - 15)) if fact[2] and fact[0] not in skipped]
    lines = _client_preview(found) if found.entity.name == "client" else head(found)
    lines.append([])
    lines += [[Part(f"{label:<12.12} ", "label"), Part(text)] for _name, label, text in known[:16]]
    lines += [[], [Part(_("── timeline ──"), "label")]]
    lines += [[Part(f"{formats.near_moment(entry.at):<14.14} ", "label"), Part(entry.text())] for entry in entries]
    return lines


def _client_preview(found: Detail) -> list[TextLine]:
    """The head of a client in a narrow column: one thing a line."""
    no_contact: list[TextLine] = [[Part(f"! {contacting.words()}", "warning")]] if found.do_not_contact else []
    lines: list[TextLine] = [
        [Part(found.title, "title"), Part(_archived(found), "warning")],
        [Part(" · ".join(_about(found)), "label")],
        *no_contact,
        _score(found),
        *([Part(f"  {one.text()}", "label")] for one in found.score_why),
        [],
    ]
    person = _person(found)
    lines += [person[:2], *([Part(part.text.strip(), part.tone)] for part in person[2:])]
    blank = 3 + len(no_contact) + len(found.score_why)
    return [line for at, line in enumerate(lines) if line or at == blank]
