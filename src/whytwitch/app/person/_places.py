"""The body map that can be clicked on."""

from __future__ import annotations

from dataclasses import replace

from whytwitch.app._interview import Interview
from whytwitch.case import Case, CaseError, Observation, Place, merge, read_text
from whytwitch.knowledge import Catalogue
from whytwitch.report import BodyMap, body_map, body_zones

SAID = {"twitch": "{place} twitches.", "weak": "{place} is weak."}
"""A click says a sentence, so that words and clicks are understood in one way."""


def body(interview: Interview) -> BodyMap | None:
    """The places said so far."""
    return body_map(interview.glance, interview.catalogue)


def sites(catalogue: Catalogue) -> tuple[tuple[str, str], ...]:
    """Places that can be chosen: id and name, in the order of the alphabet."""
    known = {zone.site for zones in body_zones().values() for zone in zones}
    extra = {"head", "scalp", "nose", "lip", "jaw", "tongue", "ear", "finger", "thumb", "trunk", "whole_body"}
    names = [(site, catalogue.sites[site].plain.removeprefix("the ")) for site in known | extra]
    return tuple(sorted(names, key=lambda pair: pair[1]))


def marked(interview: Interview, site: str, side: str, sort: str) -> Interview:
    """The interview with a place marked, or with its marks taken away.

    Args:
        interview: the case.
        site: id of the place.
        side: ``left``, ``right``, ``both`` or empty.
        sort: ``twitch``, ``weak``, or ``none`` to take marks away.

    Raises:
        CaseError: there is no such place, side or sort.
    """
    catalogue = interview.catalogue
    if site not in catalogue.sites:
        raise CaseError("choose a place on the body")
    if side not in ("left", "right", "both", "") or sort not in (*SAID, "none"):
        raise CaseError("choose a side and what is there from the lists")
    if sort == "none":
        return _cleared(interview, site, side)
    plain = catalogue.sites[site].plain.removeprefix("the ")
    place = f"Both {plain}" if side == "both" else f"My {side} {plain}".replace("  ", " ")
    more = read_text(SAID[sort].format(place=place), catalogue)
    # The mark is no word of the person's: nothing of it is quoted, or counted as read.
    bare = tuple(o.model_copy(update={"span": None}) for o in more.observations)
    return interview.add(Case(observations=_exactly(bare, site, side), setting=interview.opening.setting))


def _exactly(observations: tuple[Observation, ...], site: str, side: str) -> tuple[Observation, ...]:
    """The observations at the very place clicked, whatever the sentence made of "both shin"."""
    place = Place(site=site, side=side or None)  # pyright: ignore[reportArgumentType]
    return tuple(o.model_copy(update={"places": (place,)}) if o.places else o for o in observations)


def _cleared(interview: Interview, site: str, side: str) -> Interview:
    """Take a place out of everything; what was there and nowhere else is taken back."""
    opening = interview.opening
    left = {o.id: tuple(filter(None, (_less(p, site, side) for p in o.places))) for o in opening.observations}
    withdrawn = {o.id: None for o in opening.observations if o.places and not left[o.id]}
    observations = tuple(o.model_copy(update={"places": left[o.id]}) for o in opening.observations)
    after = merge(opening.model_copy(update={"observations": observations}), withdrawn, interview.catalogue)
    return replace(interview, opening=after)


def _less(place: Place, site: str, side: str) -> Place | None:
    """What is left of a place: all of it, the other side of a pair, or nothing."""
    if place.site != site:
        return place
    if side in ("left", "right") and place.side == "both":
        return Place(site=site, side="right" if side == "left" else "left")
    return None if side in ("", "both") or place.side in (side, None) else place


__all__ = ["body", "marked", "sites"]
