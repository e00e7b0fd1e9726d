"""How soon, and what to do now, line by line: for forms and cards that show only text."""

from __future__ import annotations

from whytwitch.report import _phrases as say
from whytwitch.report._view import Banner


def urgency_lines(banner: Banner) -> tuple[str, ...]:
    """The headline, what to do, the open warning signs under which it does not hold, and what this is not."""
    rows = [f"{banner.text.headline}.", banner.lead, *banner.steps]
    if banner.holds:
        rows.append(say.HOLDS if banner.level in ("reassurance", "routine") else say.SOONER)
        rows += [f"{hold.heading} {'; '.join(hold.items)}." for hold in banner.holds]
    return (*rows, say.DISCLAIMER)


__all__ = ["urgency_lines"]
