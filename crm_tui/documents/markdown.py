"""Documents as Markdown files with front matter: templates, what leaves and comes in, what ``$EDITOR`` is given.

::

    ---
    title: Website relaunch
    kind: business requirements
    ---

    ## Project scope
    <!-- section: text, required. What is in, and what is not -->

    Relaunch of the public site ...

Each heading of the second level or deeper begins a section; the line below it says what the section holds. Where a
file has no such line at all, every heading begins a section, and its kind is what its text looks like.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from crm_tui.documents import sections as kinds
from crm_tui.documents.sections import Section
from crm_tui.i18n import _
from crm_tui.text import clean, clean_line, quoted

LARGEST = 10_000_000
"""Characters of a file that is read."""

_FENCE = "---"
_MARK = re.compile(
    r"^<!--\s*section(?P<id>\s+#\d+)?:\s*(?P<kind>[\w ]+?)(?P<required>,\s*required)?(?:\.\s+(?P<hint>.*?))?\s*-->$"
)
_ESCAPED = re.compile(r"^(\s*\\+)(<!--\s*section)")
_LOOKS_LIKE_MARK = re.compile(r"^\s*\\*<!--\s*section")
_HEADING = re.compile(r"^(?P<marks>#{1,6})\s+(?P<text>.*?)(?:\s+#+)?\s*$")
_CODE = re.compile(r"^ {0,3}(?P<fence>`{3,}|~{3,})")
_FIELD = re.compile(r"^(?P<name>[\w-]+)\s*:(?P<value>.*)$")


@dataclass(frozen=True, slots=True)
class Written:
    """What a file says."""

    facts: dict[str, str] = field(default_factory=dict)
    """Those of the front matter, by their names in lower case: ``title``, ``kind``, ``status`` ..."""
    sections: list[Section] = field(default_factory=list)


def write(facts: Mapping[str, str], sections: Sequence[Section], *, ids: bool = False) -> str:
    """Return a document as a file; with ``ids`` each section says whose record it is, so that it may be renamed."""
    lines = []
    if facts:
        lines += [_FENCE, *(f"{name}: {_quoted(value)}" for name, value in facts.items() if value), _FENCE, ""]
    for section in sections:
        lines += [f"{'#' * (section.level + 2)} {section.heading}", _mark(section, ids), ""]
        if section.body:
            lines += [*(_escaped(line) for line in section.body.split("\n")), ""]
    return "\n".join(lines)


def _mark(section: Section, ids: bool) -> str:
    said = f"section #{section.id}" if ids and section.id is not None else "section"
    required = ", required" if section.required else ""
    hint = f". {section.hint.replace('--', '–')}" if section.hint else ""
    return f"<!-- {said}: {section.kind}{required}{hint} -->"


def _escaped(line: str) -> str:
    return re.sub(r"<!--", r"\\<!--", line, count=1) if _LOOKS_LIKE_MARK.match(line) else line


def _plain(line: str) -> str:
    return re.sub(r"\\<!--", "<!--", line, count=1) if _ESCAPED.match(line) else line


def _quoted(value: str) -> str:
    """A value of the front matter, in quotes where YAML would take it for something else than this text."""
    plain = clean_line(value)
    safe = re.match(r"^[\w][\w .,()/+&'–—-]*$", plain) and not plain.endswith(" ")
    return plain if safe else '"' + plain.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _unquoted(value: str) -> str:
    text = value.strip()
    if len(text) > 1 and text[0] == text[-1] == '"':
        return re.sub(r"\\(.)", r"\1", text[1:-1])
    if len(text) > 1 and text[0] == text[-1] == "'":
        return text[1:-1].replace("''", "'")
    return text


def read(text: str) -> Written:
    """Return what a file says. Raises ValueError with a plain reason for a front matter that cannot be read."""
    if len(text) > LARGEST:
        message = _("{n} characters are too many for one document, {most} fit")
        raise ValueError(message.format(n=f"{len(text):,}", most=f"{LARGEST:,}"))
    lines = clean(text.lstrip("\ufeff")).split("\n")
    facts, rest = _front_matter(lines)
    marked = any(_MARK.match(line) for line in rest)
    return Written(facts, _marked(rest) if marked else _unmarked(rest, facts))


def _front_matter(lines: Sequence[str]) -> tuple[dict[str, str], Sequence[str]]:
    if not lines or lines[0].strip() != _FENCE:
        return {}, lines
    end = next((at for at, line in enumerate(lines[1:], 1) if line.strip() in (_FENCE, "...")), None)
    if end is None:
        raise ValueError(_("the front matter begins with --- and never ends: write --- below it"))
    facts: dict[str, str] = {}
    for number, line in enumerate(lines[1:end], 2):
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        found = _FIELD.match(line)
        if found is None:
            message = _("line {n} of the front matter is {text}; write it like kind: business requirements")
            raise ValueError(message.format(n=number, text=quoted(line, 40)))
        name = found["name"].lower()
        if name in facts:
            raise ValueError(_("line {n} of the front matter says {name} once more").format(n=number, name=name))
        facts[name] = _unquoted(found["value"])
    return facts, lines[end + 1 :]


@dataclass(slots=True)
class _Open:
    """A section that is being read."""

    section: Section
    lines: list[str]

    def closed(self) -> Section:
        return replace(self.section, body="\n".join(self.lines).strip("\n"))


def _marked(lines: Sequence[str]) -> list[Section]:
    """Sections as this program writes them: a heading and what it is."""
    found: list[_Open] = []
    before: list[str] = []
    at = 0
    while at < len(lines):
        heading = _HEADING.match(lines[at])
        mark = _MARK.match(lines[at + 1]) if heading and at + 1 < len(lines) else None
        if heading and mark:
            found.append(_Open(_section(heading, mark), []))
            at += 2
            continue
        (found[-1].lines if found else before).append(_plain(lines[at]))
        at += 1
    return _with_first(before, [one.closed() for one in found])


def _section(heading: re.Match[str], mark: re.Match[str]) -> Section:
    kind = mark["kind"].strip().lower()
    if kind not in kinds.KINDS:
        known = ", ".join(kinds.KINDS)
        message = _("the section {heading} is of the kind {kind}; there are {known}")
        raise ValueError(message.format(heading=quoted(heading["text"], 40), kind=quoted(kind, 40), known=known))
    record = int(mark["id"].strip().lstrip("#")) if mark["id"] else None
    return Section(
        heading["text"].strip(), kind, "", _level(heading), bool(mark["required"]), (mark["hint"] or "").strip(), record
    )


def _level(heading: re.Match[str]) -> int:
    return max(0, min(kinds.DEEPEST - 1, len(heading["marks"]) - 2))


def _unmarked(lines: Sequence[str], facts: dict[str, str]) -> list[Section]:
    """Sections of a file that some other program wrote: every heading outside of code begins one. A first heading of
    the first level that stands alone is the title."""
    found: list[_Open] = []
    before: list[str] = []
    fence = ""
    for line in lines:
        code = _CODE.match(line)
        if code and (not fence or (code["fence"].startswith(fence) and not line.strip(" `~"))):
            fence = "" if fence else code["fence"]
        heading = _HEADING.match(line) if not fence and not code else None
        if heading and heading["text"].strip():
            found.append(_Open(Section(heading["text"].strip(), level=len(heading["marks"])), []))
        else:
            (found[-1].lines if found else before).append(line)
    if found and found[0].section.level == 1 and sum(one.section.level == 1 for one in found) == 1:
        facts.setdefault("title", found[0].section.heading)
        before += found.pop(0).lines
    top = min((one.section.level for one in found), default=1)
    closed = []
    for one in found:
        body = one.closed().body
        level = min(kinds.DEEPEST - 1, one.section.level - top)
        closed.append(replace(one.section, body=body, kind=looks_like(body), level=level))
    return _with_first(before, closed)


def _with_first(before: Sequence[str], found: list[Section]) -> list[Section]:
    """What stands before the first heading is a section of its own."""
    body = "\n".join(before).strip("\n")
    return [Section(_("Introduction"), looks_like(body), body), *found] if body.strip() else found


def looks_like(body: str) -> str:
    """Return the kind of section that a text is, by how it is written."""
    lines = [line.strip() for line in body.split("\n") if line.strip()]
    if not lines:
        return kinds.TEXT
    if all(re.match(r"^[-*+] \[[ xX]\] ", line) for line in lines):
        return kinds.CHECKLIST
    if all(re.match(r"^[-*+] ", line) for line in lines):
        return kinds.LIST
    if len(lines) > 1 and all(line.startswith("|") for line in lines) and re.match(r"^\|[\s:|-]+\|$", lines[1]):
        return kinds.TABLE
    return kinds.TEXT
