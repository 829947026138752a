"""Kinds of field that are text: plain, Markdown, and text of a certain form."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Any, ClassVar

import peewee as pw

from crm_tui import contact_data, formats
from crm_tui.fields.choices import vocabulary
from crm_tui.fields.kind import Kind, written
from crm_tui.i18n import _
from crm_tui.text import LONGEST_TEXT, clean, clean_line, quoted

if TYPE_CHECKING:
    _TextField = pw.TextField[Any]
else:
    _TextField = pw.TextField


class Text(Kind, _TextField):
    """One line of text."""

    empty = ""

    def __init__(self, label: str = "", *, longest: int = 500, words: str = "", **options: Any) -> None:
        """``longest`` is the most characters taken; ``words`` names the vocabulary that is offered while one types."""
        self.longest, self.words = longest, words
        options.setdefault("default", "")
        super().__init__(label, **options)

    @property
    def keyed(self) -> bool:
        return True

    @property
    def suggested(self) -> tuple[str, ...]:
        """Words of the workspace that are offered for it; any other text does too."""
        return tuple(option.label for option in vocabulary.get(self.words, ()))

    def alike(self, value: Any) -> str:
        """Return what likely equal values have in common (``models.base.AlikeField``); "" is like none."""
        return contact_data.name_block(value)

    def check(self, value: Any) -> Any:
        text = clean(written(value)).strip() if self.multiline else clean_line(written(value))
        if len(text) > self.longest:
            raise ValueError(
                _("{n} characters are too many; {most} fit").format(
                    n=formats.whole(len(text)), most=formats.whole(self.longest)
                )
            )
        return text


class Markdown(Text):
    """Text of several lines, in Markdown."""

    multiline = True

    def __init__(self, label: str = "", **options: Any) -> None:
        options.setdefault("longest", LONGEST_TEXT)
        super().__init__(label, **options)


class Language(Text):
    """A language as messages are written in it: ``de``, ``pt-BR`` (BCP 47: a language, and a country where that
    matters)."""

    _WRITTEN: ClassVar[re.Pattern[str]] = re.compile(r"([A-Z]{2,3})(?:[-_]([A-Z]{2}))?", re.I | re.ASCII)

    def __init__(self, label: str = "", **options: Any) -> None:
        super().__init__(label, longest=40, **options)

    def check(self, value: Any) -> Any:
        text: str = super().check(value)
        if not text:
            return ""
        found = self._WRITTEN.fullmatch(text)
        if found is None:
            raise ValueError(_("{text} is no language; write it like de or pt-BR").format(text=quoted(text)))
        return found[1].lower() + (f"-{found[2].upper()}" if found[2] else "")


class Email(Text):
    """One e-mail address."""

    _PLAIN: ClassVar[re.Pattern[str]] = re.compile(
        r"[A-Z0-9_%+-]{1,64}(\.[A-Z0-9_%+-]{1,64})*@([A-Z0-9]([A-Z0-9-]{0,61}[A-Z0-9])?\.)+[A-Z]{2,63}", re.I | re.ASCII
    )

    def check(self, value: Any) -> Any:
        text: str = super().check(value)
        local = text.partition("@")[0]
        if not text or (len(text) <= 254 and len(local) <= 64 and self._PLAIN.fullmatch(text)):
            return text
        # Everything unusual: letters of other scripts, quoted names.
        from email_validator import EmailNotValidError, validate_email

        refused = ValueError(
            _("{text} is not an e-mail address; write one, like ana@example.com").format(text=quoted(text))
        )
        try:
            found = validate_email(text, check_deliverability=False, globally_deliverable=False)
        except EmailNotValidError as error:
            raise refused from error
        if "." not in found.domain or len(found.local_part) > 64:
            raise refused
        return found.normalized

    def alike(self, value: Any) -> str:
        return contact_data.domain_of(value)


class Phone(Text):
    """A telephone number as people write it; compared by its digits."""

    _SHAPE: ClassVar[re.Pattern[str]] = re.compile(
        r"[+\d\s().,/x#*;=–-]+(?:(?:ext|extension|int|interno|ramal|poste|wew|dw)\.?\s*\d{1,8})?", re.I
    )

    def check(self, value: Any) -> Any:
        text: str = super().check(value)
        if text and not (3 <= len(self.key(text)) <= 24 and self._SHAPE.fullmatch(text)):
            raise ValueError(_("{text} is not a phone number; write it like +49 30 1234567").format(text=quoted(text)))
        if not contact_data.calling_code_is_known(text):
            raise ValueError(
                _("{text} is a phone number of no country; write it like +49 30 1234567, or without the +").format(
                    text=quoted(text)
                )
            )
        return text

    def key(self, value: Any) -> str:
        return contact_data.digits_of(str(value or ""))

    def alike(self, value: Any) -> str:
        return contact_data.phone_tail(value)


class Link(Text):
    """A web address, with or without its scheme."""

    _SHAPE: ClassVar[re.Pattern[str]] = re.compile(
        r"(?:https?://)?(?:[^\s/?#@:.]+\.)+[^\s/?#@:.]{2,}(?::\d{1,5})?(?:[/?#]\S*)?", re.I
    )

    def check(self, value: Any) -> Any:
        text: str = super().check(value)
        if text and not self._SHAPE.fullmatch(text):
            raise ValueError(_("{text} is not a web address; write it like example.com").format(text=quoted(text)))
        return text

    def alike(self, value: Any) -> str:
        return contact_data.domain_of(value)


class Currency(Text):
    """An ISO 4217 currency code."""

    def check(self, value: Any) -> Any:
        text: str = super().check(value).upper()
        if text and not _is_currency(text):
            raise ValueError(
                _("{text} is not a currency; write its code, like EUR, USD or BRL").format(text=quoted(text))
            )
        return text


@lru_cache(256)
def _is_currency(code: str) -> bool:
    from babel.numbers import is_currency

    return len(code) == 3 and is_currency(code)
