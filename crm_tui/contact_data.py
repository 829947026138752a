"""Contact data in the one form by which it is compared: e-mails, telephone numbers, web domains and names.

What is shown stays as it was typed. Nothing here asks a network: the list of public suffixes comes with its library.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from functools import cache, lru_cache
from typing import TYPE_CHECKING, NamedTuple

from crm_tui.asset_files import asset
from crm_tui.text import fold, tokens

if TYPE_CHECKING:
    from publicsuffixlist import PublicSuffixList

TAIL = 7
"""Last digits of a telephone number by which likely equal ones are found, however their country was written."""

SIMILAR = 0.85
"""From this likeness of two names on, 0 to 1, they are said to be similar."""

_LONGEST_KEY = 60
_NO_DIGITS = bytes(code for code in range(128) if not chr(code).isdigit())
_PLAIN = re.compile(r"[+0-9 ()/.-]*")
_EXTENSION = re.compile(r"[x#;]|\b(?:ext|extension|int|interno|ramal|poste|wew|dw)\b", re.I)
_HOST = re.compile(r"^(?:[a-z][a-z0-9+.-]*://)?(?:[^/?#@]*@)?([^/?#:@]+)", re.I)
_INITIALS = re.compile(r"\b\w(?:\.\s?\w)+\b")
"""Single letters between points, as in S.A. or z o.o."""

# Telephone numbers


def digits_of(text: str) -> str:
    """Return the digits of a telephone number, those of other scripts as ours."""
    if text.isascii():
        return text.encode("ascii").translate(None, _NO_DIGITS).decode("ascii")  # half of what a pattern takes
    return "".join(str(unicodedata.decimal(char)) for char in text if char.isdecimal())


def phone_tail(text: str) -> str:
    """Return the last digits of a telephone number; "" for one too short to tell two owners apart."""
    digits = digits_of(_without_extension(text))
    return digits[-TAIL:] if len(digits) >= TAIL - 1 else ""


def _without_extension(text: str) -> str:
    return text if _PLAIN.fullmatch(text) else _EXTENSION.split(text, maxsplit=1)[0]


@lru_cache(10_000)
def e164(text: str, country: str = "") -> str:
    """Return a telephone number as ``+49301234567``, or "" where it is none that can be dialled from everywhere.

    ``country`` is where it is dialled, as people write it, for a number that does not begin with ``+`` or ``00``.
    """
    import phonenumbers

    text = _without_extension(text).strip()
    if text.startswith("00"):
        text = f"+{text[2:]}"
    region = "" if text.startswith("+") else region_of(country)
    if not (region or text.startswith("+")) or not phone_tail(text):
        return ""
    try:
        number = phonenumbers.parse(text, region or None)
    except phonenumbers.NumberParseException:
        return ""
    if not phonenumbers.is_possible_number(number):
        return ""
    return str(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164))


def calling_code_is_known(text: str) -> bool:
    """Whether a telephone number that begins with ``+`` begins with the code of a country, or of a service."""
    return not text.lstrip().startswith("+") or _is_calling_code(digits_of(text)[:3])


@lru_cache(1000)
def _is_calling_code(digits: str) -> bool:
    from phonenumbers import COUNTRY_CODE_TO_REGION_CODE as KNOWN

    return any(int(digits[:length]) in KNOWN for length in (1, 2, 3) if digits)


class Line(NamedTuple):
    """A telephone number as it is compared."""

    full: str
    """``e164``, "" where it is not known."""
    digits: str
    """The digits that it ends with anyway."""

    @classmethod
    def of(cls, text: str, country: str = "") -> Line:
        """Return what is compared of a number dialled in a country."""
        full = e164(text, country)
        return cls(full, digits_of(full or _without_extension(text)).lstrip("0"))

    def same_as(self, other: Line) -> bool:
        """Whether both reach the same line, as far as can be told: where the country of one is not known, the digits
        that both have decide."""
        if self.full and other.full:
            return self.full == other.full
        short, long = sorted((self.digits, other.digits), key=len)
        return len(short) >= TAIL - 1 and (long.endswith(short) if self.full or other.full else long == short)


@lru_cache(1000)
def region_of(country: str) -> str:
    """Return the ISO code of a country written in one of the languages an import understands; "" for none."""
    return _regions().get(fold(country).strip(), "")


@cache
def _regions() -> dict[str, str]:
    from babel import Locale

    found = {"uk": "GB", "england": "GB", "scotland": "GB", "wales": "GB", "usa": "US", "u.s.a.": "US", "u.s.": "US"}
    for language in ("en", "de", "es", "fr", "pt", "pl"):
        for code, name in Locale(language).territories.items():
            if len(code) == 2 and code.isalpha():
                found.setdefault(fold(name), code)
                found.setdefault(code.lower(), code)
    return found


# E-mails and domains


def email_of(text: str) -> str:
    """Return an e-mail address as it is compared, whatever its case; text that is no address as it is."""
    text = text.strip()
    local, _at, domain = text.rpartition("@")
    if local and domain and not text.isascii():
        from email_validator import EmailNotValidError, validate_email

        try:
            found = validate_email(text, check_deliverability=False, globally_deliverable=False)
        except EmailNotValidError:
            return text.casefold()
        return found.normalized.casefold()
    return text.casefold()


def domain_of(text: str) -> str:
    """Return the domain that somebody registered, of an e-mail or web address: ``shop.acme.co.uk`` is ``acme.co.uk``.

    "" for none, and for those at which anybody has an address.
    """
    host = text.rpartition("@")[2] if "@" in text and "//" not in text else text
    found = _HOST.match(host.strip())
    return _domain_of_host(found[1].lower()) if found else ""


@lru_cache(20_000)  # of a company there is its site, its mailbox and a person or two
def _domain_of_host(host: str) -> str:
    labels = [label for label in host.split(".") if label]
    if labels[:1] == ["www"]:
        del labels[0]
    if len(labels) < 2 or all(label.isdecimal() for label in labels):
        return ""
    # Of two parts the second is the suffix, whatever it is: the list is read for the others only.
    domain = ".".join(labels) if len(labels) == 2 else _registered(".".join(labels))
    return "" if domain in _free_mail() else domain[:_LONGEST_KEY]


def _registered(host: str) -> str:
    return str(_suffixes().privatesuffix(host) or "")


@cache
def _suffixes() -> PublicSuffixList:
    from publicsuffixlist import PublicSuffixList

    return PublicSuffixList()


@cache
def _free_mail() -> frozenset[str]:
    return _listed("free_mail.txt")


def _listed(name: str) -> frozenset[str]:
    lines = asset("contact_data", name).read_text(encoding="utf-8").splitlines()
    return frozenset(line.strip() for line in lines if line.strip() and not line.startswith("#"))


# Names


def name_words(name: str) -> list[str]:
    """Return the words that tell a company or person apart, folded and sorted: no legal form, no single letters.

    A name of nothing else keeps all its words.
    """
    if "." in name:
        name = _INITIALS.sub(lambda found: re.sub(r"\W", "", found[0]), name)
    words = tokens(name.replace("'", "").replace("’", ""))
    forms = _legal_forms()
    kept = [word for word in words if len(word) > 1 and word not in forms]
    return sorted(kept or words)


@cache
def _legal_forms() -> frozenset[str]:
    return _listed("legal_forms.txt")


def name_block(name: str) -> str:
    """Return the key under which similar names stand together: how its words begin."""
    words = name_words(name)
    size = 4 if len(words) > 1 else 5
    return " ".join([word[:size] for word in words])[:_LONGEST_KEY]  # cut, they are still in their order


def likeness(ours: Sequence[str], theirs: Sequence[str]) -> float:
    """Return how alike two names are by their ``name_words``, 0 to 1; 1 is the same but for case, accents, order and
    legal form."""
    if ours == theirs:
        return 1.0 if ours else 0.0
    from difflib import SequenceMatcher  # start-up is budgeted

    compared = SequenceMatcher(None, " ".join(ours), " ".join(theirs), autojunk=False)
    if compared.real_quick_ratio() < SIMILAR or compared.quick_ratio() < SIMILAR:
        return 0.0
    return min(compared.ratio(), 0.999)
