"""A record in words: its head, its facts and its timeline, as lines to draw."""

from __future__ import annotations

from collections.abc import Sequence
from textwrap import wrap
from typing import Any

from crm_tui import clock, formats
from crm_tui.i18n import _, ngettext
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
    return [[Part(found.title, "title"), Part(_archived(found), "warning")], [Part("  ".join(facts[:6]), "label")]]


def _client_head(found: Detail) -> list[TextLine]:
    first = [Part(found.title, "title"), Part(_archived(found), "warning")]
    second = [Part(" · ".join(_about(found)), "label"), *_score(found, "   ")]
    person = _person(found)
    third = person if person else [Part(_("no point of contact"), "label")]
    third = [*third, *(Part(f"   {text}", "accent") for text in (found.shown("email"), found.shown("phone")) if text)]
    return [first, second, third, [Part(_next_steps(found), "label")]]


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
    if _gone_quiet(found) and (quiet := _quiet_stage(found)):
        parts.append(_("! gone quiet: {stage}?").format(stage=quiet))
    if values["cadence_days"]:
        days = values["cadence_days"]
        parts.append(ngettext("every {n} day", "every {n} days", days).format(n=days))
    if values["tags"]:
        parts.append(found.shown("tags"))
    return "   ".join(parts)


def _gone_quiet(found: Detail) -> bool:
    """Whether an active client has been silent for more than twice what its cadence asks for."""
    cadence, due = found.values["cadence_days"], found.values["due_on"]
    stage: Any = found.entity.fields["stage"]
    won = stage.meaning(found.values["stage"]) == "won"
    return won and bool(cadence and due) and (clock.today() - due).days > cadence


def _quiet_stage(found: Detail) -> str:
    """The stage of clients that are silent, as it is called here; "" where there is none."""
    kind: Any = found.entity.fields["stage"]
    return next((kind.show(value) for value in kind.meant("quiet")), "")


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
    lines: list[TextLine] = [
        [Part(found.title, "title"), Part(_archived(found), "warning")],
        [Part(" · ".join(_about(found)), "label")],
        _score(found),
        *([Part(f"  {one.text()}", "label")] for one in found.score_why),
        [],
    ]
    person = _person(found)
    lines += [person[:2], *([Part(part.text.strip(), part.tone)] for part in person[2:])]
    blank = 3 + len(found.score_why)
    return [line for at, line in enumerate(lines) if line or at == blank]
