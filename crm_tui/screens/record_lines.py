"""A record in words: its head, its facts and its timeline, as lines to draw."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from textwrap import wrap

from rich.cells import cell_len

from crm_tui import contacting, derived, formats
from crm_tui.fields import Amount
from crm_tui.i18n import _, ngettext
from crm_tui.queries import flags, stages
from crm_tui.queries.details import Detail
from crm_tui.queries.story import Told
from crm_tui.widgets.columns import fit
from crm_tui.widgets.record_view import Part, TextLine

BAR = 10
"""Characters of a drawn score."""

MOST_FACTS = 10
"""Facts beside a list: below them stands what happened last."""

LONGEST_FACT = 8_000
"""Characters of one fact that are shown beside the others: what is longer is read in the form."""


def head(found: Detail, dormant_key: str = "") -> list[TextLine]:
    """Return the lines at the top of a record: name, what it is, its point of contact, what comes next.

    ``dormant_key`` is what to press to make a client dormant that has gone quiet.
    """
    if found.entity.name == "client":
        return _client_head(found, dormant_key)
    if found.entity.name == "order":
        return _order_head(found)
    entity = found.entity
    facts = [
        f"{kind.label.lower()} {found.shown(name)}"
        for name, kind in entity.entered.items()
        if name != entity.title and not kind.multiline and found.shown(name)
    ]
    lines: list[TextLine] = [[Part(found.title, "title"), Part(_archived(found), "warning")]]
    if entity.name == "team":
        who = ", ".join(row.cells[0] for row in found.members)
        facts.append(_("members {logins}").format(logins=who) if who else _("! no members"))
    lines.append([*_no_contact(found), Part("  ".join(facts[:6]), "label")])
    if len(found.clients) > 1:
        there = (", ".join(part for part in row.cells[:2] if part) for row in found.clients)
        lines.append([Part(_("at {clients}").format(clients=" · ".join(there)))])
    return lines


def _order_head(found: Detail) -> list[TextLine]:
    """Number and title, for whom and how far, until when, what it comes to."""
    values = found.values
    first = [Part(found.title, "title"), Part(f"  {values['title']}" if values["title"] else "")]
    client = ", ".join(part for part in (found.titles.get("client", ""), found.titles.get("contact", "")) if part)
    about = [
        found.shown("stage"),
        found.shown("priority"),
        found.titles.get("assignee", ""),
        found.titles.get("team", ""),
    ]
    second = [Part(client, "accent"), Part("   " + " · ".join(part for part in about if part), "label")]
    days = [_("ordered {day}").format(day=found.shown("ordered_on"))]
    if values["fulfilled_on"]:
        days.append(_("fulfilled {day}").format(day=found.shown("fulfilled_on")))
    elif values["due_on"]:
        days.append(_("due {day}").format(day=formats.due_day(values["due_on"])))
    if not values["fulfilled_on"] and values["entered_at"]:
        days.append(
            _("{stage} since {when}").format(stage=found.shown("stage"), when=formats.near_moment(values["entered_at"]))
        )
    third = [Part("   ".join(days), "label")]
    if values["blocked"]:
        third.append(Part("   " + _("! blocked: {reason}").format(reason=values["blocked"]), "warning"))
    if values["tags"]:
        third.append(Part("   " + found.shown("tags"), "label"))
    return [[*first, Part(_archived(found), "warning")], second, third, _worth(found)]


def _worth(found: Detail) -> TextLine:
    if found.worth is None:
        return []
    show, worth = found.entity.fields["total"].show, found.worth
    parts = [_("net {amount}").format(amount=show(worth.net))]
    for taxed in worth.taxes:
        if taxed.rate:
            tax = Amount(taxed.tax, worth.net.currency)
            parts.append(
                _("{rate} % tax {amount}").format(rate=formats.number(Decimal(taxed.rate) / 100), amount=show(tax))
            )
    return [Part("   ".join(parts) + "   ", "label"), Part(_("total {amount}").format(amount=show(worth.total)))]


def _no_contact(found: Detail) -> list[Part]:
    """In words, that this person or client wants no contact; of a client also who."""
    if not found.do_not_contact:
        return []
    told = contacting.words() if found.entity.name == "contact" else found.do_not_contact
    return [Part(f"! {told}   ", "warning")]


def _client_head(found: Detail, dormant_key: str) -> list[TextLine]:
    first = [Part(found.title, "title"), Part(_archived(found), "warning")]
    second = [*_about(found), *_score(found, "   ")]
    person = _person(found)
    third = person if person else [Part(_("no point of contact"), "label")]
    third = [*third, *(Part(f"   {text}", "accent") for text in (found.shown("email"), found.shown("phone")) if text)]
    return [first, second, third, [*_no_contact(found), *_next_steps(found, dormant_key)]]


def _about(found: Detail) -> list[Part]:
    """What it is and who looks after it; of a client first its account manager, of a customer its team."""
    values, acquired = found.values, found.values["acquired_on"]
    since = _("since {month}").format(month=formats.month(acquired)) if acquired else ""
    owner, team = found.titles.get("owner", ""), found.titles.get("team", "")
    if values["kind"] == flags.CLIENT:
        about = [owner, since, team]
    else:
        source = _("from {source}").format(source=values["source"]) if values["source"] else ""
        about = [team or owner or _("no team"), since, source, owner if team else ""]
    said = [found.shown("kind"), found.shown("stage"), *(part for part in about if part)]
    flagged = flags.without_manager(values)
    return [Part(" · ".join(said), "label"), *([Part(f" · ! {flagged}", "warning")] if flagged else [])]


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


def _next_steps(found: Detail, dormant_key: str) -> list[Part]:
    values = found.values
    contact = [found.shown(name) for name in ("last_contact", "last_channel", "last_contact_by")]
    said = ", ".join(part for part in contact if part)
    parts = [_("last contact {when}").format(when=said) if contact[0] else _("never contacted")]
    if values["follow_up_on"]:
        parts.append(_("follow-up {when}").format(when=found.shown("due_on")))
    elif values["due_on"]:
        parts.append(_("next contact {when}").format(when=found.shown("due_on")))
    quiet = []
    if flags.gone_quiet(values):
        stage = derived.stage_that_is(derived.QUIET)
        words = _("! gone quiet: {key} makes it {stage}") if dormant_key and stage else _("! gone quiet")
        shown = found.entity.fields["stage"].show(stage)
        quiet = [Part("   " + words.format(key=dormant_key, stage=shown), "warning")]
    more = _ordered(found)
    if values["cadence_days"]:
        days = values["cadence_days"]
        more.append(ngettext("every {n} day", "every {n} days", days).format(n=days))
    if values["tags"]:
        more.append(found.shown("tags"))
    return [Part("   ".join(parts), "label"), *quiet, *(Part(f"   {text}", "label") for text in more)]


def _ordered(found: Detail) -> list[str]:
    """The open orders of a client; of a customer also what they bought so far."""
    values, (count, late) = found.values, found.open_orders
    said = []
    if count:
        text = ngettext("{n} open order", "{n} open orders", count).format(n=formats.whole(count))
        said.append(text + (_(" ({n} late)").format(n=formats.whole(late)) if late else ""))
    if values["order_count"] and values["kind"] != flags.CLIENT:
        words = ngettext("{n} order, {day}", "{n} orders, last {day}", values["order_count"])
        said.append(words.format(n=formats.whole(values["order_count"]), day=found.shown("last_order")))
        if values["lifetime_value"]:
            said.append(_("bought {amount}").format(amount=found.shown("lifetime_value")))
    return said


def score_bar(score: int) -> str:
    """Return 0 to 100 drawn as ten characters."""
    full = round(score * BAR / 100)
    return "▇" * full + "▁" * (BAR - full)


def _archived(found: Detail) -> str:
    when = found.values["archived_at"]
    return "   " + _("archived {when}").format(when=formats.near_moment(when)) if when else ""


def facts(found: Detail, width: int = 0) -> list[tuple[str, str, str]]:
    """Return every fact as (field name, label, text), what matters most of its kind first; with ``width`` long texts go
    on in lines of their own."""
    lines: list[tuple[str, str, str]] = []
    facet = found.entity.facet(found.values)
    for name in _in_order(found):
        kind, text = found.entity.fields[name], found.shown(name)
        if kind.internal or name == "version" or (name == "archived_at" and not text):
            continue
        if name == "owner" and found.entity.name == "client" and (flagged := flags.without_manager(found.values)):
            text = f"! {flagged}"
        if facet is not None and not text and name not in facet.first:
            continue  # what does not matter of this kind is not told to be missing
        if more := max(0, len(text) - LONGEST_FACT):
            text = text[:LONGEST_FACT] + "…\n" + _("{n} more characters, in the form").format(n=formats.whole(more))
        paragraphs = text.splitlines() or [""]
        shown = (
            [part for line in paragraphs for part in (wrap(line, width) or [""])] if width else [" ".join(paragraphs)]
        )
        label = kind.label if facet is None else facet.label(kind)
        lines += [(name, label if not at else "", part) for at, part in enumerate(shown)]
        if name == "score":
            lines += [(name, "", one.text()) for one in found.score_why]
    if found.stages:
        lines.append(("", _("Stages"), stages.in_words(found.entity, found.stages)))
    if found.stages and found.entity.name == "order":
        lines.append(("", _("Pace"), _pace(found)))
    return lines


def _pace(found: Detail) -> str:
    pace = stages.pace(found.values, found.stages)
    told = [ngettext("{n} day since it was ordered", "{n} days since it was ordered", pace.age).format(n=pace.age)]
    if found.values["fulfilled_on"]:
        told = [ngettext("{n} day from order to fulfilment", "{n} days from order to fulfilment", pace.age)]
        told = [told[0].format(n=pace.age)]
    if pace.cycle is not None:
        told.append(_("cycle time {n} d").format(n=formats.whole(pace.cycle)))
    return ", ".join(told)


def _in_order(found: Detail) -> list[str]:
    """The fields in the order they are told in: first those that matter most of this kind of record."""
    facet = found.entity.facet(found.values)
    first = facet.first if facet else ()
    return [*first, *(name for name in found.entity.fields if name not in first)]


def fact_lines(found: Detail, width: int) -> list[TextLine]:
    """Return the facts that are known, for the side of a wide screen."""
    return _labelled([fact for fact in facts(found, max(10, width - 21)) if fact[2]], range(16, 20))


def _labelled(known: Sequence[tuple[str, str, str]], sizes: range) -> list[TextLine]:
    """Return facts with their labels in a column as wide as the longest of them needs, of these ``sizes``."""
    size = max([sizes[0], *(min(cell_len(label), sizes[-1]) for _name, label, _text in known)])
    return [[Part(f"{fit(label, size, ellipsis=' ')} ", "label"), Part(text)] for _name, label, text in known]


def preview(found: Detail, width: int, dormant_key: str = "") -> list[TextLine]:
    """Return what stands beside the list, above the story: head, and the facts that are known."""
    skipped = {found.entity.title, *_IN_HEAD} if found.entity.name == "client" else {found.entity.title, *_KEPT}
    known = [fact for fact in facts(found, max(10, width - 17)) if fact[2] and fact[0] not in skipped]
    lines = _client_preview(found, width, dormant_key) if found.entity.name == "client" else head(found)
    lines.append([])
    return lines + _labelled(known[:MOST_FACTS], range(12, 16))


_KEPT = ("created_at", "updated_at")
_IN_HEAD = (*_KEPT, "kind", "stage", "score", "owner", "team", "acquired_on", "tags", "last_contact", "last_contact_by",
            "last_channel", "heard_at", "due_on", "quiet_on", "cadence_days", "follow_up_on")  # fmt: skip
"""What the head of a client tells, or what is told by it in other words."""


def story(told: Sequence[Told], width: int) -> list[TextLine]:
    """Return the newest of what happened with a record, for a narrow column: when and who, below it what."""
    lines: list[TextLine] = [[], [Part(_("── timeline ──"), "label")]]
    for one in told:
        lines.append([Part(f"{formats.near_moment(one.at)}, {one.who}", "label")])
        lines += [[Part(f"  {part}")] for part in wrap(one.what, max(10, width - 4), max_lines=2, placeholder=" …")]
    return lines


def _client_preview(found: Detail, width: int, dormant_key: str) -> list[TextLine]:
    """The head of a client in a narrow column: one thing a line."""
    person = _person(found)
    no_contact: list[TextLine] = [[Part(f"! {contacting.words()}", "warning")]] if found.do_not_contact else []
    return [
        [Part(found.title, "title"), Part(_archived(found), "warning")],
        *_short(_about(found), width),
        *no_contact,
        *([_score(found)] if _score(found) else []),
        *([Part(f"  {one.text()}", "label")] for one in found.score_why),
        *_short(_next_steps(found, dormant_key), width),
        *([[]] if person else []),
        *([person[:2]] if person else []),
        *([Part(part.text.strip(), part.tone)] for part in person[2:]),
    ]


def _short(parts: Sequence[Part], width: int) -> list[TextLine]:
    """Each part in lines of its own, without what joins it to the one before."""
    return [
        [Part(line.strip(" ·"), part.tone)]
        for part in parts
        for text in part.text.strip(" ·").split("   ")
        for line in wrap(text, max(10, width - 2))
    ]
