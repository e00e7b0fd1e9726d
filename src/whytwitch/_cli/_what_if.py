"""``whytwitch what-if``."""

from __future__ import annotations

import re
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from whytwitch._cli._explain import note
from whytwitch._cli._files import check_target, write_whole
from whytwitch._cli._guard import fail
from whytwitch._cli._source import gather
from whytwitch.knowledge import Setting, load
from whytwitch.reasoning import Changes, what_if

EXAMPLE: Final = (
    "My calves twitch. I take hydrochlorothiazide. Magnesium 0.55 mmol/L, ionized calcium 1.0 mmol/L."
)
_RATE: Final = re.compile(
    r"\s*(\d+(?:[.,]\d+)?)\s*(?:(?:/|a|an|per)\s*)?(m|min|minute|h|hour|s|sec|second)?\s*", re.I
)


@dataclass(frozen=True)
class Wish:
    """What shall be different, as it was typed."""

    values: Sequence[str] = ()
    stop: Sequence[str] = ()
    caffeine: float | None = None
    per_minute: str | None = None

    def changes(self) -> Changes:
        """The same, read.

        Raises:
            CaseError: cups of coffee out of range.
            Exit: a value without a name or a number.
        """
        pairs = dict(_assigned(text) for text in self.values)
        return Changes(pairs, tuple(self.stop), self.caffeine)

    def rate(self) -> float | None:
        """The counted rate, in twitches a minute.

        Raises:
            Exit: it is no rate.
        """
        if self.per_minute is None:
            return None
        found = _RATE.fullmatch(self.per_minute)
        if found is None:
            fail(f"--per-minute {self.per_minute}: give a number, as in --per-minute 20")
            raise AssertionError
        size = {"h": 1 / 60, "s": 60.0}.get((found[2] or "m")[0].lower(), 1.0)
        return float(found[1].replace(",", ".")) * size


@dataclass(frozen=True)
class Delivery:
    """How the answer is to be given."""

    json: bool = False
    expert: bool = False
    html: Path | None = None
    recordings: Sequence[Path] = field(default_factory=tuple)
    muscles: Sequence[str] = field(default_factory=tuple)


def run(
    words: Sequence[str], corrections: Sequence[str], setting: Setting | None, wish: Wish, delivery: Delivery
) -> None:
    """Read a case, change it, predict both, deliver the answer."""
    if delivery.html is not None:
        check_target(delivery.html)
    catalogue = load()
    changes, rate = wish.changes(), wish.rate()
    source = gather(words, corrections, setting, catalogue)
    case = source.case
    if source.is_example:
        case = gather([EXAMPLE], corrections, setting, catalogue).case
        note(f"EXAMPLE, not about you. No words were given, so this was taken: “{EXAMPLE}”")
    if delivery.recordings or delivery.muscles:
        from whytwitch._cli._recordings import add_recordings

        case = add_recordings(case, delivery.recordings, delivery.muscles, catalogue)
    found = what_if(case, changes, per_min=rate, catalogue=catalogue)
    if delivery.html is not None:
        from whytwitch.report import what_if_html

        write_whole(delivery.html, what_if_html(found, expert=delivery.expert))
        note(f"Page written to {delivery.html}")
    if delivery.json:
        from whytwitch.report import what_if_json

        sys.stdout.write(what_if_json(found) + "\n")
        return
    from whytwitch._cli._console import out
    from whytwitch.report import what_if_report

    out().print(what_if_report(found, expert=delivery.expert))


def _assigned(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not equals or not name.strip() or not value.strip():
        fail(f'--set {text}: give a name and a value, as in --set potassium=4.0 or --set "calcium=9 mg/dL"')
    return name.strip(), value.strip()


__all__ = ["Delivery", "Wish", "run"]
