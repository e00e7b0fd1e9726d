"""What a recording may mean, and what it does not mean, one sentence or two a point."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from whytwitch.recording import Signature
from whytwitch.report._recording_words import Words, length, share

LEG: Final = (
    "calf",
    "gastrocnem",
    "soleus",
    "foot",
    "hallucis",
    "digitorum brevis",
    "plantar",
    "interosseus pedis",
)
"""A judgment: parts of names of muscles in which healthy people twitch most (van der Heijden 1994)."""


def meaning(signature: Signature, say: Words) -> tuple[str, ...]:
    """What it may mean: the rate first, then whatever stands out."""
    return tuple(_expert(signature, say) if say.expert else _lay(signature, say))


def no_meaning(signature: Signature, say: Words) -> tuple[str, ...]:
    """What must not be read into it."""
    time = length(60 * signature.clean_minutes)
    safe = say.NOT_SAFE.format(time=time) if signature.clean_minutes > 0 else say.NOT_SAFE_NONE
    always = (say.NOT_ALS, say.NOT_CAUSE, safe, say.NOT_COUNT)
    return always if say.expert else (*always, say.NOT_STRENGTH)


def _lay(signature: Signature, say: Words) -> Iterator[str]:
    if signature.clean_minutes <= 0:
        yield say.MEANS_USELESS
    elif signature.fasciculations:
        yield {
            "within": say.MEANS_WITHIN,
            "above": say.MEANS_ABOVE,
            "uncertain": say.MEANS_UNCERTAIN,
            "unknown": say.MEANS_UNKNOWN,
        }[_verdict(signature)]
        if _is_leg(signature):
            yield say.MEANS_LEG
    elif not signature.trains and not signature.fibrillations:
        yield say.MEANS_QUIET if signature.enough_time else say.MEANS_TOO_SHORT
    if signature.trains or signature.bursts.trains:
        yield say.MEANS_TRAINS
    if signature.fibrillations:
        yield say.MEANS_FIBERS
    if signature.doublets.f_wave or signature.doublets.short:
        yield say.MEANS_PAIRS


def _expert(signature: Signature, say: Words) -> Iterator[str]:
    if signature.fasciculations:
        yield say.VERDICT[_verdict(signature)]
        if _is_leg(signature):
            yield say.LEG
        if signature.active_units.value is not None:
            yield say.ACTIVE.format(n=f"{signature.active_units.value:.0f}")
        isolation = signature.isolation
        if isolation.share.value is not None:
            yield say.ISOLATED.format(
                share=share(isolation.share.value, expert=True),
                windows=share(isolation.windows.value, expert=True),
            )
        if signature.doublets.f_wave:
            yield say.PAIRS.format(n=signature.doublets.f_wave)
        yield say.COMPLEX
        if signature.synchrony.value is not None:
            yield say.SYNCHRONY
    else:
        yield from _lay_quiet(signature, say)
    if signature.trains:
        yield say.TRAINS.format(n=f"{signature.trains:,}")
    if signature.fibrillations:
        yield say.FIBERS.format(n=f"{signature.fibrillations:,}")


def _lay_quiet(signature: Signature, say: Words) -> Iterator[str]:
    if signature.clean_minutes <= 0:
        yield say.MEANS_USELESS
    elif not signature.trains and not signature.fibrillations:
        yield say.MEANS_QUIET if signature.enough_time else say.MEANS_TOO_SHORT


def _verdict(signature: Signature) -> str:
    return signature.norm.verdict if signature.norm else "unknown"


def _is_leg(signature: Signature) -> bool:
    return any(part in signature.muscle.lower() for part in LEG)


__all__ = ["meaning", "no_meaning"]
