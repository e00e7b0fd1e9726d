"""Put statements on the same item together into one observation each."""

from __future__ import annotations

from collections.abc import Iterable

from whytwitch.case._lexicon import Lexicon
from whytwitch.case._model import Doubt, Observation, Place, Status
from whytwitch.case._places import ancestors, derive
from whytwitch.case._statement import Statement
from whytwitch.case._text import Document

MAX_DETAIL = 120
_TESTED = frozenset(("test", "imaging", "emg"))
"""Kinds of which one negative part says nothing against a positive one (CASPR2 and LGI1)."""
_BY_SPELLS = frozenset(("weakness_episodic", "weakness_fatigable"))
"""Weakness with which strength is normal in between."""


def assemble(lex: Lexicon, document: Document,
             statements: Iterable[Statement]) -> tuple[list[Observation], list[Doubt]]:  # fmt: skip
    """One observation for each item; a clash of plain statements becomes "unsure" and a doubt."""
    by_id: dict[str, list[Statement]] = {}
    statements = _spread(lex, statements)
    for statement in statements:
        by_id.setdefault(statement.id, []).append(statement)
    observations: dict[str, Observation] = {}
    doubts: list[Doubt] = []
    parts = {a for s in statements for a in ancestors(lex, s.id) if s.status == "present"}
    for item, group in by_id.items():
        narrowed = item in parts or lex.catalogue.findings[item].kind in _TESTED
        observation, doubt = _one(lex, document, group, narrowed=narrowed)
        observations[item] = observation
        if doubt is not None:
            doubts.append(doubt)
    _drop_denied_parents(lex, observations)
    drop_strength(lex, observations)
    return list(observations.values()), doubts


def _spread(lex: Lexicon, statements: Iterable[Statement]) -> list[Statement]:
    """Add the findings of a site; "no weakness in the hands" denies no more than that."""
    spread: list[Statement] = []
    for statement in statements:
        derived = derive(lex, statement)
        spread += derived
        if not (statement.status == "absent" and derived):
            spread.append(statement)
    return spread


def _one(lex: Lexicon, document: Document,
         group: list[Statement], *, narrowed: bool) -> tuple[Observation, Doubt | None]:  # fmt: skip
    firm = [s for s in group if s.firm == "number"]
    voices = firm or group
    status, clash = _settle(voices)
    if clash and narrowed:
        status, clash = "present", False
    agreeing = [s for s in voices if s.status == status] or voices
    lead = agreeing[0]
    span = document.span(lead.begin, lead.end)
    places: dict[Place, None] = {}
    for statement in group:
        if statement.status != status:
            continue
        places.update(dict.fromkeys(statement.places))
    details = dict.fromkeys(s.detail for s in agreeing if s.detail)
    observation = Observation(
        id=lead.id, status=status, places=tuple(_tidy(list(places))), span=span,
        detail="; ".join(details)[:MAX_DETAIL], implied_by=lead.implied_by,
    )  # fmt: skip
    if not clash:
        return observation, None
    plain = lex.catalogue.findings[lead.id].plain
    quotes = " / ".join(dict.fromkeys(_quote(document, s) for s in voices))
    return observation, Doubt(
        text=quotes,
        span=span,
        question=f"You say both that you have {plain} and that you do not. Which is it?",
    )


def _quote(document: Document, statement: Statement) -> str:
    begin, stop = document.bounds(statement.begin)
    return document.span(max(begin, statement.begin - 4), min(stop, statement.end + 3)).text


def _settle(group: list[Statement]) -> tuple[Status, bool]:
    """The status the statements amount to, and whether they clash."""
    present = [s for s in group if s.status == "present"]
    absent = [s for s in group if s.status == "absent"]
    if present and absent:
        plain = any(not s.limited for s in absent) and any(not s.limited and not s.places for s in present)
        if plain and not any(s.places for s in absent):
            return "unsure", True
        return "present", False
    if present:
        return "present", False
    return ("absent", False) if absent else ("unsure", False)


def _tidy(places: list[Place]) -> list[Place]:
    """Drop a place without a side where the same place is there with one."""
    sided = {p.site for p in places if p.side is not None}
    return [p for p in places if p.side is not None or p.site not in sided]


def _drop_denied_parents(lex: Lexicon, observations: dict[str, Observation]) -> None:
    """``no weakness, but a foot drop``: what is seen of the part holds against the whole."""
    for item in list(observations):
        if item in observations and observations[item].status == "present":
            for above in ancestors(lex, item):
                if above in observations and observations[above].status == "absent":
                    del observations[above]


def drop_strength(lex: Lexicon, observations: dict[str, Observation]) -> None:
    """``the arms are strong, the legs are weak``: strength that is not normal everywhere is not normal."""
    held = observations.get("normal_strength")
    if held is None or held.status != "present":
        return
    weak = (
        item
        for item, o in observations.items()
        if o.status == "present" and item not in _BY_SPELLS and "weakness" in (item, *ancestors(lex, item))
    )
    if any(weak):
        del observations["normal_strength"]
