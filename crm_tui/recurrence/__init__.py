"""When something recurs: RFC 5545 rules, in words and as dates.

A recurrence is kept as the text of an RRULE, with its time of day in BYHOUR and BYMINUTE and two parts of our own:
``X-HOLIDAY`` says what becomes of a date on which nobody works (BEFORE, AFTER, SKIP), and ``X-AFTER=3D`` recurs so long
after the last one was completed instead of on a schedule.
"""

from crm_tui.recurrence.rule import Recurrence, after_completion, occurrences, parse
from crm_tui.recurrence.said import said
from crm_tui.recurrence.words import read

__all__ = ["Recurrence", "after_completion", "occurrences", "parse", "read", "said"]
