"""What the form says about the field that is being filled in: what belongs there, and how it is written."""

from __future__ import annotations

from crm_tui import formats
from crm_tui.fields import Choices, Kind, Number, Recurs, Reference, Tags
from crm_tui.i18n import _
from crm_tui.widgets.form.fields import FormField, words_of

_UNBOUNDED = 2**31 - 1


def help_of(entry: FormField, all_shown: bool = True) -> str:
    """Return one line about a field; ``all_shown`` tells whether every value of a choice is in view."""
    kind = entry.kind
    if isinstance(kind, Recurs) and (words := _in_words(entry.text)):
        return words
    said = [kind.help] if kind.help else []
    if kind.family == "choice":
        words = ", ".join(word.shown for word in words_of(entry))
        said = said if said and all_shown else [words, *said]
    elif how := _how(entry, kind):
        said.append(how)
    said += [_("required")] if kind.required and entry.blank else []
    return f"{entry.label}: {'; '.join(said)}" if said else entry.label


def _how(entry: FormField, kind: Kind) -> str:
    if kind.family == "flag":
        return _("space changes it")
    if kind.family == "day":
        return _("a day: 2026-11-22, tomorrow, friday, +3d")
    if kind.family == "moment":
        return _("a moment: 2026-11-22 14:30, yesterday 15:30, now")
    if isinstance(kind, Choices):
        return _("with commas between them: {words}").format(words=", ".join(one.value for one in kind.options))
    if isinstance(kind, Tags):
        return _("tags, with commas between them")
    if isinstance(kind, Reference):
        return _("a name, or #id; those that begin with what you type are shown")
    if isinstance(kind, Number) and kind.most < _UNBOUNDED:
        return _("{least} to {most}").format(least=formats.whole(kind.least), most=formats.whole(kind.most))
    if not entry.multiline:
        return ""
    if entry.edited_here:
        return _("several lines, in Markdown")
    return _("{n} characters are too many to edit here; $EDITOR takes them").format(n=formats.whole(len(entry.text)))


def _in_words(text: str) -> str:
    """What is typed of when something recurs, as it was understood, or why it was not; "" where nothing is typed."""
    if not text.strip():
        return ""
    from crm_tui import recurrence  # dateutil is not for every session

    try:
        return recurrence.said(recurrence.read(text))
    except (ValueError, OverflowError) as error:
        return str(error)
