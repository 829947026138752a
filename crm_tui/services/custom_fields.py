"""What is asked of a custom field before it is written: a name of its own, and that no value is lost by a change."""

from __future__ import annotations

from typing import Any

from crm_tui.errors import InvalidRecord
from crm_tui.i18n import _
from crm_tui.journal import Values, Writer
from crm_tui.models import custom
from crm_tui.models.base import BOOKKEEPING, Entity, entities
from crm_tui.models.custom import CustomField
from crm_tui.query import names
from crm_tui.services.rules import rule
from crm_tui.text import fold, quoted

RESERVED = frozenset(
    {"and", "or", "not", "was", "archived", "count", "me", "today", "tag", "tags", "key", *BOOKKEEPING}
)
"""Words that mean something else wherever a field may be named."""

MOST_OPTIONS, LONGEST_OPTION = 200, 60

_WITH_OPTIONS = ("choice", "choices")


@rule("custom_field", "entity", "name", "label", "kind", "options", "target", "currency")
def fits(writer: Writer, record: int | None, values: Values) -> None:
    """A custom field has a name of its own, says what its kind needs, and changes only as its values allow."""
    values["label"] = values["label"] or values["name"].replace("_", " ").capitalize()
    problems: dict[str, str] = {}
    if reason := _name_taken(entities[values["entity"]], values["name"], record):
        problems["name"] = reason
    former: Any = None if record is None else CustomField.get_or_none(CustomField.id == record)
    if former is not None:
        _drop_what_the_kind_has_not(values)
    for name, check in (("options", _check_options), ("target", _check_target), ("currency", _check_currency)):
        if reason := check(values):
            problems[name] = reason
    if former is not None and not problems:
        problems = custom.in_the_way(former.__data__, values)
    if problems:
        raise InvalidRecord(problems)


def _name_taken(owner: Entity, name: str, record: int | None) -> str:
    """Return why a field of an entity cannot have a name, "" if it can."""
    same: Any = CustomField.get_or_none(
        (CustomField.entity == owner.name) & (CustomField.name == name) & (CustomField.id != (record or 0))
    )
    if same is not None and same.archived_at is not None:
        words = _("there is an archived custom field {name} of {plural}; bring that one back (#{id})")
        return words.format(name=quoted(name), plural=_(owner.label_plural), id=same.id)
    if same is not None:
        words = _("there is already a custom field {name} of {plural}")
        return words.format(name=quoted(name), plural=_(owner.label_plural))
    taken = {names.spelled(word) for word in names.known(owner)} - set(owner.custom) | RESERVED
    if name in taken:
        words = _("{name} means something else of {plural} already; choose another name")
        return words.format(name=quoted(name), plural=_(owner.label_plural))
    return ""


def _drop_what_the_kind_has_not(values: Values) -> None:
    if values["kind"] not in _WITH_OPTIONS:
        values["options"] = ""
    if values["kind"] != "reference":
        values["target"] = ""
    if values["kind"] != "money":
        values["currency"] = ""


def _check_options(values: Values) -> str:
    """Write the options as they are kept, and return what is wrong with them."""
    options = custom.split_options(values["options"])
    if values["kind"] not in _WITH_OPTIONS:
        return _("only a choice has options; say kind=choice") if options else ""
    if not options:
        return _("a choice needs options, with commas between them, like web, print, film")
    if len(options) > MOST_OPTIONS:
        return _("{n} options are too many; {most} fit").format(n=len(options), most=MOST_OPTIONS)
    seen: dict[str, str] = {}
    for option in options:
        if len(option) > LONGEST_OPTION:
            words = _("the option {option} is longer than {n} characters")
            return words.format(option=quoted(option, 20), n=LONGEST_OPTION)
        key = " ".join(fold(option).replace("-", " ").replace("_", " ").split())
        if not key or "|" in option or option[0] in "+-":
            return _("{option} cannot be an option: it begins with + or -, holds |, or no letter").format(
                option=quoted(option)
            )
        if key in seen:
            return _("{one} and {other} are the same option").format(one=quoted(seen[key]), other=quoted(option))
        seen[key] = option
    values["options"] = ", ".join(options)
    return ""


def _check_target(values: Values) -> str:
    if values["kind"] == "reference":
        return "" if values["target"] else _("a reference needs to know where it leads, like target=client")
    return _("only a reference leads to other records; say kind=reference") if values["target"] else ""


def _check_currency(values: Values) -> str:
    if values["kind"] == "money":
        values["currency"] = values["currency"] or "EUR"
        return ""
    return _("only money has a currency; say kind=money") if values["currency"] else ""
