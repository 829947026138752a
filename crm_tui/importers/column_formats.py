"""How each column writes its days and numbers, decided from all of its cells together, with what stays in doubt."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from crm_tui import formats
from crm_tui.fields import DECIMALS
from crm_tui.i18n import _
from crm_tui.values import (
    LAST_SERIAL,
    NUMERIC_DAY,
    DayOrder,
    NumberStyle,
    is_empty,
    number_mark,
    parse_day,
    parse_number,
    year_of,
)

DAY_KINDS = frozenset({"day", "moment"})
NUMBER_KINDS = frozenset({"number", "money", "percent"}) | DECIMALS
_FIRST_SERIAL = 15_000  # January 1941: smaller numbers in a column of days are more likely something else


@dataclass(frozen=True, slots=True)
class ColumnFormat:
    """How one column is read."""

    days: DayOrder = DayOrder.DMY
    numbers: NumberStyle = NumberStyle.POINT
    fractions: bool = False
    """Whether percentages are written as fractions: 0.15 for 15 %."""
    warnings: tuple[str, ...] = ()
    """What could be read in two ways, and in which it was, one sentence each."""


@dataclass(slots=True)
class DayEvidence:
    """What the cells of one column say on the order of its days; fed one by one, so that a whole file can be."""

    day_first: int = 0
    month_first: int = 0
    year_first: int = 0
    serials: int = 0
    others: int = 0
    dotted: int = 0
    unsure: str = ""
    """A cell that can be two days."""
    short_year: str = ""
    """A cell with a year of two digits."""

    def add(self, text: str) -> None:
        """Take one cell into account."""
        text = text.strip()
        if is_empty(text):
            return
        match = NUMERIC_DAY.fullmatch(text)
        if match is None:
            whole = text.partition(".")[0]
            if whole.isdigit() and _FIRST_SERIAL <= int(whole[:9]) <= LAST_SERIAL:
                self.serials += 1
            else:
                self.others += 1
            return
        self.others += 1
        first, second, third = match[1], int(match[3]), match[4]
        if len(first) > 2:
            return
        self.dotted += match[2] == "."
        if len(third) < 3:
            self.short_year = self.short_year or text
        if int(first) > 31 and len(third) < 3:
            self.year_first += 1
        elif int(first) > 12:
            self.day_first += 1
        elif second > 12:
            self.month_first += 1
        elif int(first) != second:
            self.unsure = self.unsure or text

    @property
    def sure(self) -> DayOrder | None:
        """The order that the cells prove, the more frequent where they contradict each other; None in doubt."""
        if self.serials and not self.others:
            return DayOrder.SERIAL
        if self.year_first and self.year_first >= max(self.day_first, self.month_first):
            return DayOrder.YMD
        if self.day_first or self.month_first:
            return DayOrder.MDY if self.month_first > self.day_first else DayOrder.DMY
        return DayOrder.DMY if self.dotted else None


@dataclass(slots=True)
class NumberEvidence:
    """What the cells of one column say on its decimal mark; fed one by one."""

    point: str = ""
    comma: str = ""
    unsure: str = ""
    """Cells that tell: one with a decimal point, one with a decimal comma, one that can be either."""

    def add(self, text: str) -> None:
        """Take one cell into account."""
        if text.isdigit() or self.point and self.comma:
            return
        mark = number_mark(text)
        if mark == ".":
            self.point = self.point or text.strip()
        elif mark == ",":
            self.comma = self.comma or text.strip()
        elif mark == "?":
            self.unsure = self.unsure or text.strip()
        elif mark == "" and ("." in text or "," in text):  # 1,234,567 groups by commas: its decimals follow a point
            if "," in text:
                self.point = self.point or text.strip()
            else:
                self.comma = self.comma or text.strip()

    def decide(self) -> NumberStyle:
        """Return the style: what is proven, else the one in which the doubtful cells are thousands."""
        if self.point or self.comma:
            return NumberStyle.POINT if self.point else NumberStyle.COMMA
        return NumberStyle.COMMA if "." in self.unsure else NumberStyle.POINT


@dataclass(slots=True)
class RateEvidence(NumberEvidence):
    """What the cells of a column of percentages say on whether they are fractions, besides."""

    fraction: str = ""
    """A cell below one."""
    percent: bool = False
    """Whether a cell is above one, or has a percent sign."""

    def add(self, text: str) -> None:
        """Take one cell into account."""
        NumberEvidence.add(self, text)
        bare = text.strip()
        if self.percent or is_empty(bare):
            return
        try:
            number = abs(parse_number(bare))
        except ValueError:
            return
        if bare.endswith("%") or number > 1:
            self.percent = True
        elif 0 < number < 1:
            self.fraction = self.fraction or bare


def evidence_for(family: str) -> DayEvidence | NumberEvidence:
    """Return what gathers evidence on a column of a family of fields whose format matters."""
    if family in DAY_KINDS:
        return DayEvidence()
    return RateEvidence() if family == "rate" else NumberEvidence()


@dataclass(slots=True)
class ColumnFormats:
    """The formats of a file's columns, by their names."""

    columns: dict[str, ColumnFormat] = field(default_factory=dict)

    def __getitem__(self, column: str) -> ColumnFormat:
        """Return how a column is read; one without days or numbers has the usual format."""
        return self.columns.get(column, _USUAL)

    @property
    def warnings(self) -> tuple[str, ...]:
        """What stays in doubt in all columns."""
        return tuple(warning for each in self.columns.values() for warning in each.warnings)

    @classmethod
    def detect(
        cls,
        samples: Mapping[str, Iterable[str]],
        kinds: Mapping[str, str],
        *,
        days: DayOrder | None = None,
        numbers: NumberStyle | None = None,
    ) -> ColumnFormats:
        """Decide from the cells of each column; ``kinds`` has the family of the field that a column goes to.

        ``days`` and ``numbers`` are what the person said; then nothing is in doubt.
        """
        evidence: dict[str, DayEvidence | NumberEvidence] = {}
        for column, cells in samples.items():
            kind = kinds.get(column, "").lower()
            if kind not in DAY_KINDS | NUMBER_KINDS:
                continue
            found = evidence[column] = evidence_for(kind)
            for cell in cells:
                found.add(cell)
        return cls.of(evidence, days=days, numbers=numbers)

    @classmethod
    def of(
        cls,
        evidence: Mapping[str, DayEvidence | NumberEvidence],
        *,
        days: DayOrder | None = None,
        numbers: NumberStyle | None = None,
    ) -> ColumnFormats:
        """Decide from evidence gathered while the file was read.

        A column of days that are all in doubt is read as a column of the same file that is not.
        """
        proven = {found.sure for found in evidence.values() if isinstance(found, DayEvidence)}
        proven &= {DayOrder.DMY, DayOrder.MDY}
        neighbour = next(iter(proven)) if len(proven) == 1 else None
        decided = {}
        for column, found in evidence.items():
            if isinstance(found, DayEvidence):
                decided[column] = _days(column, found, days, neighbour)
            else:
                decided[column] = _numbers(column, found, numbers)
        return cls(decided)


_USUAL = ColumnFormat()


def _days(column: str, found: DayEvidence, chosen: DayOrder | None, neighbour: DayOrder | None) -> ColumnFormat:
    order = chosen or found.sure or neighbour or DayOrder.DMY
    warnings = []
    if found.unsure and not (chosen or found.sure or neighbour):
        warnings.append(
            _(
                "{column}: {example} can be {one} or {other}; read as day first. --dates mdy reads month first, "
                "so does D on the screen."
            ).format(
                column=column,
                example=found.unsure,
                one=_shown(found.unsure, DayOrder.DMY),
                other=_shown(found.unsure, DayOrder.MDY),
            )
        )
    if not chosen and found.day_first and found.month_first:
        warnings.append(
            _(
                "{column}: some days are written day first, others month first; read as {order}, others are refused."
            ).format(column=column, order=_("month first") if order is DayOrder.MDY else _("day first"))
        )
    if found.short_year:
        warnings.append(
            _("{column}: {example} has a year of two digits; it is read as {year}.").format(
                column=column, example=found.short_year, year=_year_shown(found.short_year, order)
            )
        )
    return ColumnFormat(days=order, warnings=tuple(warnings))


def _shown(text: str, order: DayOrder) -> str:
    try:
        return formats.long_day(parse_day(text, order))
    except ValueError as error:
        return str(error)


def _year_shown(text: str, order: DayOrder) -> int:
    match = NUMERIC_DAY.fullmatch(text)
    return 0 if match is None else year_of(match[1] if order is DayOrder.YMD else match[4])


def _numbers(column: str, found: NumberEvidence, chosen: NumberStyle | None) -> ColumnFormat:
    style = chosen or found.decide()
    warnings = []
    if not chosen and found.point and found.comma:
        warnings.append(
            _("{column}: {one} has a decimal point and {other} a decimal comma; each is read as it is written.").format(
                column=column, one=found.point, other=found.comma
            )
        )
    elif not chosen and found.unsure and not (found.point or found.comma):
        warnings.append(
            _("{column}: {example} can be a thousand and more or a decimal; read as thousands.").format(
                column=column, example=found.unsure
            )
        )
    fractions = isinstance(found, RateEvidence) and bool(found.fraction) and not found.percent
    if isinstance(found, RateEvidence) and fractions:
        shown = formats.number(parse_number(found.fraction, style) * 100)
        warnings.append(
            _("{column}: nothing is above 1, so {example} is read as {percent} %.").format(
                column=column, example=found.fraction, percent=shown
            )
        )
    return ColumnFormat(numbers=style, fractions=fractions, warnings=tuple(warnings))
