"""What a form says of all that is filled in: an automation as a sentence, when a recurring rule comes due next."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, time, timedelta
from itertools import islice
from types import SimpleNamespace
from typing import Any

from crm_tui import clock, formats, recurring
from crm_tui.errors import BadInput
from crm_tui.i18n import _, ngettext
from crm_tui.models.automations import ON_DAY
from crm_tui.models.base import entities, find_entity

_SHOWN = 5


def told(entity: str, texts: Mapping[str, str]) -> str:
    """Return what is said of a record whose fields hold these texts, as they are typed; "" where there is nothing."""
    say = _SAYINGS.get(entity)
    return say(texts) if say else ""


def automation(texts: Mapping[str, str]) -> str:
    """Return an automation as a sentence."""
    fields = entities["automation"].fields
    try:
        about = find_entity(texts.get("entity", ""))
        event = fields["event"].parse(texts.get("event") or "") or fields["event"].initial
        days = int(fields["days"].parse(texts.get("days") or "") or 0)
    except (BadInput, ValueError):
        return ""
    plural = _(about.label_plural)
    if event == ON_DAY:
        kind = about.fields.get(texts.get("day_field", "").strip())
        label = kind.label.lower() if kind is not None else "…"
        when = _on_day(days).format(plural=plural, day=label)
    else:
        when = _("When one of the {plural} {event}").format(plural=plural, event=fields["event"].show(event))
    condition = texts.get("condition", "").strip()
    which = _(" and it is {query}").format(query=condition) if condition else ""
    steps = [line.strip().removeprefix("-").strip() for line in texts.get("actions", "").splitlines() if line.strip()]
    then = _(", then ").join(steps) if steps else "…"
    return _("{when}{which}: {then}.").format(when=when, which=which, then=then)


def _on_day(days: int) -> str:
    if not days:
        return _("When one of the {plural} comes to its day ({day})")
    count = formats.whole(abs(days))
    text = (
        ngettext("{n} day after the day ({day}) of one of the {plural}",
                 "{n} days after the day ({day}) of one of the {plural}", days)
        if days > 0 else
        ngettext("{n} day before the day ({day}) of one of the {plural}",
                 "{n} days before the day ({day}) of one of the {plural}", -days)
    )  # fmt: skip
    return text.replace("{n}", count)


def recurring_rule(texts: Mapping[str, str]) -> str:
    """Return when a rule comes due next, by its start, its zone and the days and hours on which people work."""
    from crm_tui import recurrence  # dateutil is not for every session

    fields = entities["recurring_rule"].fields
    try:
        rule = recurrence.read(texts.get("schedule", ""))
        starts = fields["starts_on"].parse(texts.get("starts_on") or "") or clock.today()
        first, today = (clock.to_utc(datetime.combine(day, time())) for day in (starts, clock.today()))
        after = max(first - timedelta(days=1), today) - timedelta(milliseconds=1)
        typed = SimpleNamespace(schedule=str(rule), starts_on=starts, zone=texts.get("zone", ""))
        found = [clock.local(moment) for moment in islice(recurring.moments_of(typed, after), _SHOWN)]
    except (ValueError, OverflowError):
        return ""  # the field itself says what is wrong
    if rule.after:
        return ""
    shown = [
        f"{formats.weekday(day.weekday())} {day.date().isoformat()}" + (f" {day:%H:%M}" if rule.timed else "")
        for day in found
    ]
    return _("Next: {days}").format(days=", ".join(shown)) if shown else _("It does not come due any more.")


_SAYINGS: dict[str, Callable[[Mapping[str, Any]], str]] = {
    "automation": automation, "recurring_rule": recurring_rule,
}  # fmt: skip
SAID_OF = frozenset(_SAYINGS)
"""The entities of whose records something is said."""
