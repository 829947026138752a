"""When recurring rules come due."""

from __future__ import annotations

from datetime import datetime
from itertools import islice
from typing import Any

from crm_tui import recurring
from crm_tui.errors import NotFound
from crm_tui.i18n import _
from crm_tui.models.recurring import RecurringRule


def coming(record: int, count: int = 5) -> list[datetime]:
    """Return the moments (naive UTC) at which a rule comes due next. Raises NotFound."""
    rule: Any = RecurringRule.get_or_none(RecurringRule.id == record)
    if rule is None:
        raise NotFound(_("There is no recurring rule with the id {id}.").format(id=record))
    if rule.next_at is None:
        return []
    if "X-AFTER" in rule.schedule:
        return [rule.next_at]
    later = islice(recurring.moments_of(rule, rule.next_at), count - 1)
    return [rule.next_at, *later]
