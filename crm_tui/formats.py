"""How numbers, amounts, days and moments are shown: the one place that knows the reader's locale.

In English nothing costs a library. Other locales use Babel, imported when the first amount or date is shown: it and
what it knows of a locale take 50 ms and 7 MB.
"""

from __future__ import annotations

import contextlib
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache

from crm_tui import clock
from crm_tui.i18n import N_, _, ngettext

_locale = "en"
_currency = "EUR"

_NO_MINOR = "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF"
_THREE_DIGITS = "BHD IQD JOD KWD LYD OMR TND"
MINOR_DIGITS = dict.fromkeys(_NO_MINOR.split(), 0) | dict.fromkeys(_THREE_DIGITS.split(), 3) | {"CLF": 4, "UYW": 4}
"""Digits after the point of the currencies that do not have two (ISO 4217)."""

_SYMBOLS = {
    "AUD": "A$", "BRL": "R$", "CAD": "CA$", "CNY": "CN¥", "EUR": "€", "GBP": "£", "HKD": "HK$", "ILS": "₪", "INR": "₹",
    "JPY": "¥", "KRW": "₩", "MXN": "MX$", "NZD": "NZ$", "PHP": "₱", "TWD": "NT$", "USD": "$", "VND": "₫", "XAF": "FCFA",
    "XCD": "EC$", "XCG": "Cg.", "XOF": "F\u202fCFA", "XPF": "CFPF",
}  # fmt: skip
"""What English writes for a currency where that is not its code (CLDR)."""

_MONTHS = (
    N_("Jan"), N_("Feb"), N_("Mar"), N_("Apr"), N_("May"), N_("Jun"),
    N_("Jul"), N_("Aug"), N_("Sep"), N_("Oct"), N_("Nov"), N_("Dec"),
)  # fmt: skip
_NEAR = {-1: N_("yesterday"), 0: N_("today"), 1: N_("tomorrow")}


def use_locale(name: str) -> None:
    """Show amounts and dates from now on as ``name`` (``pt_BR``) does; "" and unknown ones fall back to English."""
    global _locale
    _locale = "en"
    if name and not name.startswith(("C", "POSIX")):
        from babel import Locale, UnknownLocaleError

        with contextlib.suppress(UnknownLocaleError, ValueError):
            _locale = str(Locale.parse(name))
    for cached in (amount, long_day, whole):
        cached.cache_clear()


def use_currency(code: str) -> None:
    """Let amounts of no currency of their own be of this one (ISO 4217; "" is EUR): that of the workspace."""
    global _currency
    _currency = code or "EUR"
    amount.cache_clear()


def default_currency() -> str:
    """Return the currency of the workspace."""
    return _currency


@lru_cache(4096)
def amount(minor: int, currency: str) -> str:
    """Return money: ``minor`` units of ``currency`` (ISO 4217) as the reader's locale writes it, ``€1,200.00``."""
    currency = currency or _currency
    value = decimal_amount(minor, currency)
    if _locale == "en":
        return f"{'-' * (minor < 0)}{_SYMBOLS.get(currency, currency)}{abs(value):,}"
    from babel.numbers import format_currency, get_currency_precision

    # Where a currency's minor unit is out of use, Babel would round it away.
    used = get_currency_precision(currency) == minor_digits(currency)
    return format_currency(value, currency, locale=_locale, currency_digits=used, decimal_quantization=used)


def minor_digits(currency: str) -> int:
    """Return how many digits a currency (ISO 4217; "" is any usual one) has after the point."""
    return MINOR_DIGITS.get(currency, 2)


def decimal_amount(minor: int, currency: str) -> Decimal:
    """Return ``minor`` units of ``currency`` as an exact decimal number of major units."""
    return Decimal(minor).scaleb(-minor_digits(currency))


@lru_cache(4096)
def long_day(day: date) -> str:
    """Return a day as the reader's locale writes it, ``22 Nov 2026``."""
    if _locale == "en":
        return f"{day.day} {_(_MONTHS[day.month - 1])} {day.year}"
    from babel.dates import format_date

    return format_date(day, "medium", locale=_locale)


def month(day: date) -> str:
    """Return a day's month and year, ``Nov 2026``."""
    if _locale == "en":
        return f"{_(_MONTHS[day.month - 1])} {day.year}"
    from babel.dates import format_date

    return format_date(day, "MMM y", locale=_locale)


_WEEKDAYS = (N_("Mon"), N_("Tue"), N_("Wed"), N_("Thu"), N_("Fri"), N_("Sat"), N_("Sun"))


def weekday(number: int) -> str:
    """Return the short name of a day of the week, 0 being Monday: ``Mon``."""
    if _locale == "en":
        return _(_WEEKDAYS[number])
    from babel.dates import get_day_names

    return str(get_day_names("abbreviated", locale=_locale)[number])


@lru_cache(64)
def whole(number: int) -> str:
    """Return a whole number with the locale's thousands separator, ``99,812``."""
    if _locale == "en":
        return f"{number:,}"
    from babel.numbers import format_decimal

    return format_decimal(number, locale=_locale)


def plain_number(value: Decimal) -> str:
    """Return a number with the decimals it has and nothing else: ``1234.5``, ``2``."""
    return f"{value.normalize():f}"


def near_day(day: date, today: date | None = None) -> str:
    """Return a day in words while it is near (``today``, ``3 days ago``, ``in 2 days``), its date further off."""
    distance = (day - (today or clock.today())).days
    if distance in _NEAR:
        return _(_NEAR[distance])
    if -60 <= distance < 0:
        return ngettext("{n} day ago", "{n} days ago", -distance).format(n=-distance)
    if 0 < distance <= 14:
        return ngettext("in {n} day", "in {n} days", distance).format(n=distance)
    return long_day(day)


def due_day(day: date, today: date | None = None) -> str:
    """Return a day that something is due on in words: ``3 days late``, ``today``, ``in 2 days``."""
    late = ((today or clock.today()) - day).days
    if -90 < late < -1:
        return ngettext("in {n} day", "in {n} days", -late).format(n=-late)
    if late <= 0:
        return near_day(day, today)
    if late < 90:
        return ngettext("{n} day late", "{n} days late", late).format(n=late)
    months = late // 30
    if months < 24:
        return ngettext("{n} month late", "{n} months late", months).format(n=months)
    return ngettext("{n} year late", "{n} years late", months // 12).format(n=months // 12)


def duration(minutes: int) -> str:
    """Return how long something takes: ``45m``, ``1h30``, ``2h``."""
    hours, rest = divmod(minutes, 60)
    if not hours:
        return f"{rest}m"
    return f"{whole(hours)}h{rest:02}" if rest else f"{whole(hours)}h"


def near_moment(moment: datetime) -> str:
    """Return a naive UTC moment in words near now (``12 min ago``, ``today 11:20``), its day further off."""
    present = clock.now()
    minutes = int((present - moment).total_seconds() // 60)
    if 0 <= minutes < 1:
        return _("just now")
    if 0 < minutes < 60:
        return ngettext("{n} min ago", "{n} min ago", minutes).format(n=minutes)
    local, today = clock.local(moment), clock.local(present).date()
    day = near_day(local.date(), today)
    return f"{day} {local:%H:%M}" if abs((local.date() - today).days) <= 1 else day


def full_moment(moment: datetime) -> str:
    """Return a naive UTC moment with its day and time in the business's zone."""
    local = clock.local(moment)
    return f"{long_day(local.date())} {local:%H:%M}"


def iso_moment(moment: datetime) -> str:
    """Return a naive UTC moment as ISO 8601 with ``Z``: the form of ``--json``, exports and the journal."""
    return moment.isoformat(timespec="milliseconds" if moment.microsecond else "seconds") + "Z"


def number(value: int | Decimal) -> str:
    """Return a number as the reader's locale writes it, without needless zeros."""
    if isinstance(value, int):
        return whole(value)
    if _locale == "en":
        return f"{Decimal(plain_number(value)):,}"
    from babel.numbers import format_decimal

    return format_decimal(value, locale=_locale, decimal_quantization=False)
