"""The kinds of field: the single source of truth about every value the program holds.

A kind is a Peewee field that also knows its label, how to parse what a person types, how to show it, how it is kept
in JSON and which comparisons make sense. List columns, form editors, filter terms, import mappings, export columns
and command-line arguments are all read from these declarations; nothing states them twice.

Three forms of a value: the Python *value* (``date``, ``int``, ``str``, ``tuple`` of tags, ``None`` or ``""`` when
empty), the *stored* form (JSON of the journal and snapshots: ISO text, numbers, lists, ids), and the *text* a person
reads (``show``) or types (``edit``, read back by ``parse``).
"""

from __future__ import annotations

from crm_tui.fields.choices import Choice, Choices, Flag, Option, Tags, spelled, vocabulary
from crm_tui.fields.kind import Inherited, Kind, Stored
from crm_tui.fields.numbers import DECIMALS, Amount, Decimals, Money, Number, Percent, Quantity, Rate, read_number
from crm_tui.fields.recurring import Recurs
from crm_tui.fields.references import Reference
from crm_tui.fields.texts import Currency, Email, Language, Link, Markdown, Phone, Text
from crm_tui.fields.times import DATED, Day, Due, Minutes, Moment, TimeOfDay
from crm_tui.fields.uniting import both_of, common

__all__ = [
    "DATED",
    "DECIMALS",
    "Amount",
    "Choice",
    "Choices",
    "Currency",
    "Day",
    "Decimals",
    "Due",
    "Email",
    "Flag",
    "Inherited",
    "Kind",
    "Language",
    "Link",
    "Markdown",
    "Minutes",
    "Moment",
    "Money",
    "Number",
    "Option",
    "Percent",
    "Phone",
    "Quantity",
    "Rate",
    "Recurs",
    "Reference",
    "Stored",
    "Tags",
    "Text",
    "TimeOfDay",
    "both_of",
    "common",
    "read_number",
    "spelled",
    "vocabulary",
]
