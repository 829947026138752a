"""A record in words: its head, its facts and its timeline, as lines to draw."""

from __future__ import annotations

from collections.abc import Sequence
from textwrap import wrap

from crm_tui import formats
from crm_tui.i18n import _, ngettext
from crm_tui.queries.details import Detail
from crm_tui.queries.timeline import Entry
from crm_tui.widgets.record_view import Part, TextLine

BAR = 10
"""Characters of a drawn score."""


def head(found: Detail) -> list[TextLine]:
    """Return the lines at the top of a record: name, what it is, its point of contact, what comes next."""
    if found.entity.name == "client":
        return _client_head(found)
    entity = found.entity
    facts = [
        f"{kind.label.lower()} {found.shown(name)}"
        for name, kind in entity.entered.items()
        if name != entity.title and not kind.multiline and not kind.is_empty(found.values[name])
    ]
    return [[Part(found.title, "title"), Part(_archived(found), "warning")], [Part("  ".join(facts[:6]), "label")]]


def _client_head(found: Detail) -> list[TextLine]:
    values = found.values
    about = [found.shown("kind"), found.shown("stage")]
    if values["acquired_on"]:
        about.append(_("since {month}").format(month=f"{values['acquired_on']:%b %Y}"))
    about.append(found.titles.get("owner") or _("no owner"))
    first: list[Part] = [Part(found.title, "title"), Part("   "), Part(" · ".join(about), "label")]
    if values["score"] is not None:
        first += [Part("   "), Part(_("score {n}").format(n=values["score"]), "text"), Part(f"  {score_bar(values['score'])}", "accent")]
    first.append(Part(_archived(found), "warning"))
    person = found.contacts[0].cells if found.contacts else None
    second: list[Part] = []
    if person:
        role = person[1] or person[2]
        second = [Part(person[0]), Part(f", {role}" if role else "", "label")]
        second += [Part(f"   {text}", "accent") for text in (person[3], person[4]) if text]
    else:
        second = [Part(_("no point of contact"), "label")]
    second += [Part(f"   {text}", "accent") for text in (found.shown("email"), found.shown("phone")) if text]
    return [first, second, [Part(_next_steps(found), "label")]]


def _next_steps(found: Detail) -> str:
    values = found.values
    contact = found.shown("last_contact")
    parts = [_("last contact {when}").format(when=contact) if contact else _("never contacted")]
    if values["follow_up_on"]:
        parts.append(_("follow-up {when}").format(when=found.shown("follow_up_on")))
    if values["cadence_days"]:
        days = values["cadence_days"]
        parts.append(ngettext("every {n} day", "every {n} days", days).format(n=days))
    if values["tags"]:
        parts.append(found.shown("tags"))
    return "   ".join(parts)


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
        paragraphs = text.splitlines() or [""]
        shown = [part for line in paragraphs for part in (wrap(line, width) or [""])] if width else [" ".join(paragraphs)]
        lines += [(name, kind.label if not at else "", part) for at, part in enumerate(shown)]
    return lines


def fact_lines(found: Detail, width: int) -> list[TextLine]:
    """Return the facts that are known, for the side of a wide screen."""
    known = [fact for fact in facts(found, max(10, width - 16)) if fact[2]]
    return [[Part(f"{label:<14.14} ", "label"), Part(text)] for _name, label, text in known]


def preview(found: Detail, entries: Sequence[Entry], width: int) -> list[TextLine]:
    """Return what stands beside the list: head, some facts, the newest of the timeline."""
    skipped = {found.entity.title, "kind", "stage", "score", "owner", "created_at", "updated_at"}
    known = [fact for fact in facts(found, max(10, width - 14)) if fact[2] and fact[0] not in skipped]
    lines: list[TextLine] = [[part] for part in _stacked(head(found))]
    lines.append([])
    lines += [[Part(f"{label:<12.12} ", "label"), Part(text)] for _name, label, text in known[:14]]
    lines += [[], [Part(_("── timeline ──"), "label")]]
    lines += [[Part(f"{formats.near_moment(entry.at):<14.14} ", "label"), Part(entry.text())] for entry in entries]
    return lines


def _stacked(lines: Sequence[TextLine]) -> list[Part]:
    """Return the parts of wide lines one under the other, without the empty ones."""
    return [Part(part.text.strip(), part.tone) for line in lines for part in line if part.text.strip(" ,")]
