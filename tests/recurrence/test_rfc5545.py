"""Every example of recurrence in RFC 5545, section 3.8.5.3, gives the dates that it lists."""

from __future__ import annotations

from datetime import datetime
from itertools import islice

import pytest

from crm_tui import clock, recurrence

ZONE = clock.zone_named("America/New_York")
START = datetime(1997, 9, 2, 9)

MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]

DAYS_UNTIL_CHRISTMAS = "1997 Sep 2-30 Oct 1-31 Nov 1-30 Dec 1-23"
THREE_JANUARIES = "1998 Jan 1-31 1999 Jan 1-31 2000 Jan 1-31"

EXAMPLES = [
    # Daily
    ("FREQ=DAILY;COUNT=10", START, "1997 Sep 2-11", True),
    ("FREQ=DAILY;UNTIL=19971224T000000Z", START, DAYS_UNTIL_CHRISTMAS, True),
    ("FREQ=DAILY;INTERVAL=2", START, "1997 Sep 2,4,6,8,10,12,14,16,18,20,22,24,26,28,30 Oct 2,4,6", False),
    ("FREQ=DAILY;INTERVAL=10;COUNT=5", START, "1997 Sep 2,12,22 Oct 2,12", True),
    ("FREQ=YEARLY;UNTIL=20000131T140000Z;BYMONTH=1;BYDAY=SU,MO,TU,WE,TH,FR,SA", datetime(1998, 1, 1, 9),
     THREE_JANUARIES, True),
    ("FREQ=DAILY;UNTIL=20000131T140000Z;BYMONTH=1", datetime(1998, 1, 1, 9), THREE_JANUARIES, True),
    # Weekly
    ("FREQ=WEEKLY;COUNT=10", START, "1997 Sep 2,9,16,23,30 Oct 7,14,21,28 Nov 4", True),
    ("FREQ=WEEKLY;UNTIL=19971224T000000Z", START,
     "1997 Sep 2,9,16,23,30 Oct 7,14,21,28 Nov 4,11,18,25 Dec 2,9,16,23", True),
    ("FREQ=WEEKLY;INTERVAL=2;WKST=SU", START,
     "1997 Sep 2,16,30 Oct 14,28 Nov 11,25 Dec 9,23 1998 Jan 6,20 Feb 3,17", False),
    ("FREQ=WEEKLY;UNTIL=19971007T000000Z;WKST=SU;BYDAY=TU,TH", START,
     "1997 Sep 2,4,9,11,16,18,23,25,30 Oct 2", True),
    ("FREQ=WEEKLY;COUNT=10;WKST=SU;BYDAY=TU,TH", START, "1997 Sep 2,4,9,11,16,18,23,25,30 Oct 2", True),
    ("FREQ=WEEKLY;INTERVAL=2;UNTIL=19971224T000000Z;WKST=SU;BYDAY=MO,WE,FR", datetime(1997, 9, 1, 9),
     "1997 Sep 1,3,5,15,17,19,29 Oct 1,3,13,15,17,27,29,31 Nov 10,12,14,24,26,28 Dec 8,10,12,22", True),
    ("FREQ=WEEKLY;INTERVAL=2;COUNT=8;WKST=SU;BYDAY=TU,TH", START, "1997 Sep 2,4,16,18,30 Oct 2,14,16", True),
    # Monthly
    ("FREQ=MONTHLY;COUNT=10;BYDAY=1FR", datetime(1997, 9, 5, 9),
     "1997 Sep 5 Oct 3 Nov 7 Dec 5 1998 Jan 2 Feb 6 Mar 6 Apr 3 May 1 Jun 5", True),
    ("FREQ=MONTHLY;UNTIL=19971224T000000Z;BYDAY=1FR", datetime(1997, 9, 5, 9), "1997 Sep 5 Oct 3 Nov 7 Dec 5", True),
    ("FREQ=MONTHLY;INTERVAL=2;COUNT=10;BYDAY=1SU,-1SU", datetime(1997, 9, 7, 9),
     "1997 Sep 7,28 Nov 2,30 1998 Jan 4,25 Mar 1,29 May 3,31", True),
    ("FREQ=MONTHLY;COUNT=6;BYDAY=-2MO", datetime(1997, 9, 22, 9),
     "1997 Sep 22 Oct 20 Nov 17 Dec 22 1998 Jan 19 Feb 16", True),
    ("FREQ=MONTHLY;BYMONTHDAY=-3", datetime(1997, 9, 28, 9),
     "1997 Sep 28 Oct 29 Nov 28 Dec 29 1998 Jan 29 Feb 26", False),
    ("FREQ=MONTHLY;COUNT=10;BYMONTHDAY=2,15", START,
     "1997 Sep 2,15 Oct 2,15 Nov 2,15 Dec 2,15 1998 Jan 2,15", True),
    ("FREQ=MONTHLY;COUNT=10;BYMONTHDAY=1,-1", datetime(1997, 9, 30, 9),
     "1997 Sep 30 Oct 1,31 Nov 1,30 Dec 1,31 1998 Jan 1,31 Feb 1", True),
    ("FREQ=MONTHLY;INTERVAL=18;COUNT=10;BYMONTHDAY=10,11,12,13,14,15", datetime(1997, 9, 10, 9),
     "1997 Sep 10-15 1999 Mar 10-13", True),
    ("FREQ=MONTHLY;INTERVAL=2;BYDAY=TU", START,
     "1997 Sep 2,9,16,23,30 Nov 4,11,18,25 1998 Jan 6,13,20,27 Mar 3,10,17,24,31", False),
    # Yearly
    ("FREQ=YEARLY;COUNT=10;BYMONTH=6,7", datetime(1997, 6, 10, 9),
     "1997 Jun 10 Jul 10 1998 Jun 10 Jul 10 1999 Jun 10 Jul 10 2000 Jun 10 Jul 10 2001 Jun 10 Jul 10", True),
    ("FREQ=YEARLY;INTERVAL=2;COUNT=10;BYMONTH=1,2,3", datetime(1997, 3, 10, 9),
     "1997 Mar 10 1999 Jan 10 Feb 10 Mar 10 2001 Jan 10 Feb 10 Mar 10 2003 Jan 10 Feb 10 Mar 10", True),
    ("FREQ=YEARLY;INTERVAL=3;COUNT=10;BYYEARDAY=1,100,200", datetime(1997, 1, 1, 9),
     "1997 Jan 1 Apr 10 Jul 19 2000 Jan 1 Apr 9 Jul 18 2003 Jan 1 Apr 10 Jul 19 2006 Jan 1", True),
    ("FREQ=YEARLY;BYDAY=20MO", datetime(1997, 5, 19, 9), "1997 May 19 1998 May 18 1999 May 17", False),
    ("FREQ=YEARLY;BYWEEKNO=20;BYDAY=MO", datetime(1997, 5, 12, 9), "1997 May 12 1998 May 11 1999 May 17", False),
    ("FREQ=YEARLY;BYMONTH=3;BYDAY=TH", datetime(1997, 3, 13, 9),
     "1997 Mar 13,20,27 1998 Mar 5,12,19,26 1999 Mar 4,11,18,25", False),
    ("FREQ=YEARLY;BYDAY=TH;BYMONTH=6,7,8", datetime(1997, 6, 5, 9),
     "1997 Jun 5,12,19,26 Jul 3,10,17,24,31 Aug 7,14,21,28 1998 Jun 4,11,18,25 Jul 2,9,16,23,30 Aug 6,13,20,27 "
     "1999 Jun 3,10,17,24 Jul 1,8,15,22,29 Aug 5,12,19,26", False),
    # The start, Tuesday 2 September 1997, is left out by an EXDATE of the example; it is no Friday the 13th.
    ("FREQ=MONTHLY;BYDAY=FR;BYMONTHDAY=13", START, "1998 Feb 13 Mar 13 Nov 13 1999 Aug 13 2000 Oct 13", False),
    ("FREQ=MONTHLY;BYDAY=SA;BYMONTHDAY=7,8,9,10,11,12,13", datetime(1997, 9, 13, 9),
     "1997 Sep 13 Oct 11 Nov 8 Dec 13 1998 Jan 10 Feb 7 Mar 7 Apr 11 May 9 Jun 13", False),
    ("FREQ=YEARLY;INTERVAL=4;BYMONTH=11;BYDAY=TU;BYMONTHDAY=2,3,4,5,6,7,8", datetime(1996, 11, 5, 9),
     "1996 Nov 5 2000 Nov 7 2004 Nov 2", False),
    ("FREQ=MONTHLY;COUNT=3;BYDAY=TU,WE,TH;BYSETPOS=3", datetime(1997, 9, 4, 9), "1997 Sep 4 Oct 7 Nov 6", True),
    ("FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-2", datetime(1997, 9, 29, 9),
     "1997 Sep 29 Oct 30 Nov 27 Dec 30 1998 Jan 29 Feb 26 Mar 30", False),
    # The week's first day
    ("FREQ=WEEKLY;INTERVAL=2;COUNT=4;BYDAY=TU,SU;WKST=MO", datetime(1997, 8, 5, 9), "1997 Aug 5,10,19,24", True),
    ("FREQ=WEEKLY;INTERVAL=2;COUNT=4;BYDAY=TU,SU;WKST=SU", datetime(1997, 8, 5, 9), "1997 Aug 5,17,19,31", True),
    # A day that is not there
    ("FREQ=MONTHLY;BYMONTHDAY=15,30;COUNT=5", datetime(2007, 1, 15, 9), "2007 Jan 15,30 Feb 15 Mar 15,30", True),
]  # fmt: skip

OF_A_DAY = [
    # The RFC writes UNTIL=19970902T170000Z and lists 9:00, 12:00 and 15:00 of New York: an erratum (3883) makes it
    # 210000Z, 17:00 there.
    ("FREQ=HOURLY;INTERVAL=3;UNTIL=19970902T210000Z", "9:00 12:00 15:00", True),
    ("FREQ=MINUTELY;INTERVAL=15;COUNT=6", "9:00 9:15 9:30 9:45 10:00 10:15", True),
    ("FREQ=MINUTELY;INTERVAL=90;COUNT=4", "9:00 10:30 12:00 13:30", True),
]

EVERY_TWENTY_MINUTES = [
    "FREQ=DAILY;BYHOUR=9,10,11,12,13,14,15,16;BYMINUTE=0,20,40",
    "FREQ=MINUTELY;INTERVAL=20;BYHOUR=9,10,11,12,13,14,15,16",
]


def local(rule: str, start: datetime, n: int, after: datetime | None = None) -> list[datetime]:
    """Return the first dates of a rule, as New York's clocks show them."""
    found = recurrence.occurrences(recurrence.parse(rule), start, ZONE, after=after)
    return [recurrence.rule._to_local(moment, ZONE) for moment in islice(found, n)]


def listed(text: str) -> list[datetime]:
    """Return the dates that a line like ``1997 Sep 2,4 Oct 5-7`` lists, at nine."""
    found, year, month = [], 0, 0
    for word in text.split():
        if word in MONTHS:
            month = MONTHS.index(word) + 1
        elif len(word) == 4 and word.isdecimal():
            year = int(word)
        else:
            for part in word.split(","):
                first, _dash, last = part.partition("-")
                found += [datetime(year, month, day, 9) for day in range(int(first), int(last or first) + 1)]
    return found


@pytest.mark.parametrize(("rule", "start", "expected", "whole"), EXAMPLES, ids=[example[0] for example in EXAMPLES])
def test_days(rule: str, start: datetime, expected: str, whole: bool) -> None:
    dates = listed(expected)
    assert local(rule, start, len(dates) + (1 if whole else 0)) == dates


@pytest.mark.parametrize(("rule", "start", "expected", "whole"), EXAMPLES, ids=[example[0] for example in EXAMPLES])
def test_from_the_middle(rule: str, start: datetime, expected: str, whole: bool) -> None:
    """What is asked from a later moment on is the rest of it, however far its start lies back."""
    dates = listed(expected)
    for at in {1, len(dates) // 2, len(dates) - 1}:
        after = clock.to_utc(dates[at - 1].replace(tzinfo=ZONE))
        assert local(rule, start, len(dates) - at, after) == dates[at:]


@pytest.mark.parametrize(("rule", "expected", "whole"), OF_A_DAY)
def test_times_of_a_day(rule: str, expected: str, whole: bool) -> None:
    times = [tuple(map(int, text.split(":"))) for text in expected.split()]
    assert [(moment.hour, moment.minute) for moment in local(rule, START, len(times) + 1)] == times


@pytest.mark.parametrize("rule", EVERY_TWENTY_MINUTES)
def test_every_twenty_minutes_of_every_day(rule: str) -> None:
    of_a_day = [(hour, minute) for hour in range(9, 17) for minute in (0, 20, 40)]
    found = local(rule, START, 2 * len(of_a_day))
    assert [(moment.hour, moment.minute) for moment in found] == of_a_day * 2
    assert {moment.day for moment in found} == {2, 3}
