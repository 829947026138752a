"""Documents as PDF, made by fpdf2 of their HTML, with fonts of our own so that every alphabet of Europe is there."""

from __future__ import annotations

import logging
import re
from collections.abc import Sequence
from html import escape
from typing import Any

from crm_tui import formats
from crm_tui.asset_files import asset
from crm_tui.documents import html, layout, marks, sections, tables
from crm_tui.documents.html import Paper
from crm_tui.documents.sections import Section
from crm_tui.errors import CrmError
from crm_tui.i18n import _

FAMILY, MONO = "DejaVu", "DejaVu Mono"
_FONTS = ((FAMILY, "", "DejaVuSans.ttf"), (FAMILY, "B", "DejaVuSans-Bold.ttf"), (FAMILY, "I", "DejaVuSans-Oblique.ttf"),
          (FAMILY, "BI", "DejaVuSans-Bold.ttf"), (MONO, "", "DejaVuSansMono.ttf"), (MONO, "B", "DejaVuSansMono.ttf"),
          (MONO, "I", "DejaVuSansMono.ttf"), (MONO, "BI", "DejaVuSansMono.ttf"))  # fmt: skip
_INK, _GREY, _LINE = (29, 36, 48), (90, 100, 114), (205, 211, 219)
_LONGEST_CELL = 800
"""Characters of a cell of a table; tables that hold longer ones are written line by line."""
_PALE, _BAR = (232, 236, 241), (58, 110, 165)


def page(paper: Paper) -> bytes:
    """Return the file. Raises CrmError where the library that writes it is missing, or cannot write this one."""
    try:
        from fpdf import FPDF
        from fpdf.errors import FPDFException
    except ImportError as error:
        raise CrmError(_("PDF files need the library fpdf2, which is not installed.")) from error
    logging.getLogger("fontTools").setLevel(logging.ERROR)
    logging.getLogger("fpdf").setLevel(logging.ERROR)

    class _Pages(FPDF):
        def footer(self) -> None:
            self.set_y(-15)
            self.set_font(FAMILY, size=7.5)
            self.set_text_color(*_GREY)
            said = _("Page {page} of {pages}").format(page=self.page_no(), pages="{nb}")
            self.cell(0, 5, f"{paper.title[:90]}   ·   {said}", align="C")

    pdf = _Pages(format="A4")
    pdf.set_margin(20)
    pdf.set_auto_page_break(True, 22)
    for family, style, file in _FONTS:
        pdf.add_font(family, style, asset("fonts", file))
    pdf.set_title(paper.title)
    pdf.set_creator("crm-tui")
    pdf.set_lang(paper.language)
    pdf.add_page()
    try:
        _write(pdf, paper)
        return bytes(pdf.output())
    except (FPDFException, ValueError, KeyError, IndexError) as error:
        message = _("This document cannot be written as PDF ({reason}); HTML and Markdown hold all of it.")
        raise CrmError(message.format(reason=str(error)[:200] or type(error).__name__)) from error


def _write(pdf: Any, paper: Paper) -> None:
    pdf.set_text_color(*_INK)
    pdf.set_font(FAMILY, "B", 20)
    pdf.multi_cell(0, 9, paper.title, align="L", new_x="LMARGIN", new_y="NEXT")
    pdf.ln(1)
    pdf.set_font(FAMILY, "", 9)
    pdf.set_text_color(*_GREY)
    facts = "   ·   ".join(f"{name} {value}" for name, value in paper.facts if value)
    pdf.multi_cell(0, 5, facts, align="L", new_x="LMARGIN", new_y="NEXT")
    pdf.ln(3)
    for one in paper.sections:
        _section(pdf, one)
    pdf.set_text_color(*_INK)
    pdf.set_font(FAMILY, "", 9)
    for line in paper.signed:
        pdf.ln(4)
        pdf.multi_cell(0, 5, line, border="T", align="L", new_x="LMARGIN", new_y="NEXT")
    if paper.footer:
        pdf.ln(4)
        pdf.set_font(FAMILY, "", 7.5)
        pdf.set_text_color(*_GREY)
        pdf.multi_cell(0, 4, paper.footer, align="L", new_x="LMARGIN", new_y="NEXT")


def _section(pdf: Any, one: Section) -> None:
    if pdf.will_page_break(30):  # a heading alone at the foot of a page leads nowhere
        pdf.add_page()
    pdf.ln(5 if one.level else 7)
    pdf.set_text_color(*_INK)
    pdf.set_font(FAMILY, "B", (14, 12, 11, 10, 10, 10)[one.level])
    pdf.multi_cell(0, 7, one.heading, align="L", new_x="LMARGIN", new_y="NEXT")
    pdf.ln(1)
    pdf.set_font(FAMILY, "", 10)
    if not one.body.strip():
        return
    if one.kind == sections.CHECKLIST:
        _ticks(pdf, one)
    elif one.kind == sections.TABLE:
        table = tables.read(one.body)
        _table(pdf, [table.header, *table.rows], [side[0].upper() for side in table.sides])
    elif one.kind == sections.MONEY:
        _amounts(pdf, one)
    elif one.kind == sections.RANGE and sections.periods(one):
        _timeline(pdf, one)
    else:
        pdf.write_html(_simple(html.body(one)), tag_styles=_styles(), ul_bullet_char="•", li_prefix_color=_INK)


def _ticks(pdf: Any, one: Section) -> None:
    left = pdf.l_margin
    for item in sections.items(one):
        text = one.body.split("\n")[item.line]
        pdf.set_x(left + 3 * (len(text) - len(text.lstrip(" "))))
        pdf.cell(6, 5.5, "☑" if item.done else "☐")
        pdf.multi_cell(0, 5.5, _plain(marks.without(item.text)), align="L", new_x="LMARGIN", new_y="NEXT")


def _plain(text: str) -> str:
    """What a line of Markdown says, without what makes it bold."""
    return layout.text_of(tuple(span for line in layout.markdown(text, 100_000, False) for span in line)) or text


def _table(
    pdf: Any, rows: Sequence[Sequence[str]], sides: Sequence[str], widths: Sequence[int] = (), *, total: bool = False
) -> None:
    if any(len(cell) > _LONGEST_CELL for row in rows for cell in row):  # no row may be higher than a page
        for row in rows:
            pdf.multi_cell(0, 5.5, " · ".join(_plain(cell) for cell in row if cell), new_x="LMARGIN", new_y="NEXT")
        return
    from fpdf.enums import TableBordersLayout
    from fpdf.fonts import FontFace

    pdf.set_draw_color(*_LINE)
    pdf.set_fill_color(255)  # else that of the bars above
    with pdf.table(
        borders_layout=TableBordersLayout.HORIZONTAL_LINES, text_align=tuple(sides), line_height=5.5,
        padding=(1, 1, 1, 0), headings_style=FontFace(emphasis="B"), first_row_as_headings=True,
        col_widths=tuple(widths) or None,
    ) as drawn:  # fmt: skip
        for number, cells in enumerate(rows):
            row = drawn.row()
            for cell in cells:
                last = total and number == len(rows) - 1
                row.cell(_plain(cell), style=FontFace(emphasis="B") if last else None)


def _amounts(pdf: Any, one: Section) -> None:
    rows = [[_("What"), "", _("Amount")]]
    for amount in sections.amounts(one):
        many = "" if amount.many is None else f"{formats.number(amount.many)} × {layout.money(amount.price)}"
        rows.append([amount.what, many, "" if amount.price is None else layout.money(amount.total)])
    rows.append([_("Total"), "", layout.money(sum(amount.total for amount in sections.amounts(one)))])
    _table(pdf, rows, ["L", "R", "R"], (50, 28, 22), total=True)


def _timeline(pdf: Any, one: Section) -> None:
    """Spans of days, each a bar."""
    found = sections.periods(one)
    first, last = min(period.first for period in found), max(period.last for period in found)
    days = (last - first).days + 1
    name, when = pdf.epw * 0.3, pdf.epw * 0.3
    room = pdf.epw - name - when - 4
    for period in found:
        if pdf.will_page_break(8):
            pdf.add_page()
        top = pdf.get_y()
        pdf.set_fill_color(*_PALE)
        pdf.rect(pdf.l_margin + name, top + 1.5, room, 3.5, style="F")
        start = (period.first - first).days * room / days
        wide = max(0.8, ((period.last - period.first).days + 1) * room / days)
        pdf.set_fill_color(*_BAR)
        pdf.rect(pdf.l_margin + name + start, top + 1.5, min(wide, room - start), 3.5, style="F")
        pdf.set_xy(pdf.l_margin + name + room + 4, top)
        pdf.cell(when, 6.5, layout.period_said(period))
        pdf.set_xy(pdf.l_margin, top)
        pdf.multi_cell(name - 3, 6.5, period.what, align="L", new_x="LMARGIN", new_y="NEXT")


def _styles() -> dict[str, Any]:
    from fpdf.fonts import FontFace, TextStyle

    def heading(size: float) -> Any:
        return TextStyle(FAMILY, "B", size, color=_INK, t_margin=4, b_margin=1)

    return {
        **{f"h{level}": heading(size) for level, size in enumerate((12, 11, 10, 10, 10, 10), 1)},
        "code": FontFace(family=MONO, size_pt=9),
        "pre": TextStyle(MONO, "", 9, color=_INK, t_margin=2, b_margin=2),
        "blockquote": TextStyle(FAMILY, "I", 10, color=_GREY, l_margin=8, t_margin=1, b_margin=1),
        "a": FontFace(color=_INK),
        "p": TextStyle(FAMILY, "", 10, color=_INK, t_margin=0, b_margin=1.5),
        "li": TextStyle(FAMILY, "", 10, color=_INK, l_margin=5, t_margin=0.5),
    }


def _simple(text: str) -> str:
    """HTML with the elements that fpdf2 knows. Pictures are left out: nothing is fetched from anywhere."""
    text = re.sub(r'<img\b[^>]*?alt="([^"]*)"[^>]*>', lambda found: escape(found[1], quote=False), text)
    text = re.sub(r"<img\b[^>]*>", "", text)
    text = re.sub(r"(<pre>)<code[^>]*>(.*?)</code>(</pre>)", r"\1\2\3", text, flags=re.S)
    text = re.sub(r"<(/?)(?:strong)>", r"<\1b>", text)
    text = re.sub(r"<(/?)(?:em)>", r"<\1i>", text)
    text = re.sub(r"<(p|ul|ol)>", r'<\1 line-height="1.35">', text)
    text = text.replace("<table>", '<table width="100%">')
    return text.replace("<tbody></tbody>", "")
