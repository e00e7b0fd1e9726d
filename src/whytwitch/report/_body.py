"""The body map: which places to mark on the figure, and the same in words.

Shapes are given for the person's left side in the front view, where left is at the viewer's right
(x > 0); they are mirrored for the right side and for the view from behind.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Final, Literal

from whytwitch.case import Observation, Place
from whytwitch.knowledge import Catalogue
from whytwitch.reasoning import Assessment, ancestors
from whytwitch.report._build import contained, where
from whytwitch.report._clean import capital

View = Literal["front", "back", "face"]
Sort = Literal["twitch", "weak", "other"]


@dataclass(frozen=True)
class Shape:
    """An ellipse on one view of the figure."""

    view: View
    x: float
    y: float
    rx: float
    ry: float
    turn: float = 0.0


@dataclass(frozen=True)
class Mark:
    """A shape to color: of what sort, and whether its side was said."""

    shape: Shape
    sort: Sort
    side_known: bool


@dataclass(frozen=True)
class BodyMap:
    """The marks of each view, and the places in words."""

    views: Mapping[View, tuple[Mark, ...]]
    rows: tuple[str, ...]
    sorts: tuple[Sort, ...]
    sides_open: bool


_UPPER_ARM = Shape("front", 42, 110, 10, 30, -6)
_FOREARM = Shape("front", 52, 166, 10, 31, -8)
_HAND = Shape("front", 58.5, 209, 10, 16, -4)
_THIGH = Shape("front", 19, 248, 19, 40)
_SHIN = Shape("front", 18, 338, 14, 38)
_CALF = Shape("back", 19, 328, 14, 32)
_FOOT = Shape("front", 19, 391, 14, 10)

SHAPES: Final[Mapping[str, tuple[Shape, ...]]] = {
    "head": (Shape("front", 0, 29, 20, 25),),
    "scalp": (Shape("front", 0, 13, 19, 11), Shape("back", 0, 20, 19, 18)),
    "face": (Shape("face", 27, 0, 27, 84),),
    "forehead": (Shape("face", 20, -31, 19, 12),),
    "eyelid": (Shape("face", 18, -9, 13, 9),),
    "cheek": (Shape("face", 26, 14, 13, 14),),
    "nose": (Shape("face", 0, 5, 9, 15),),
    "mouth": (Shape("face", 0, 29, 18, 9),),
    "lip": (Shape("face", 0, 29, 17, 8),),
    "chin": (Shape("face", 0, 47, 14, 9),),
    "jaw": (Shape("face", 30, 34, 11, 16, 32),),
    "tongue": (Shape("face", 0, 31, 10, 6),),
    "ear": (Shape("face", 46, 2, 8, 13),),
    "throat": (Shape("front", 0, 57, 9, 8),),
    "neck": (Shape("front", 0, 56, 9, 9), Shape("back", 0, 56, 9, 9)),
    "shoulder": (Shape("front", 37, 77, 13, 12), Shape("back", 37, 77, 13, 12)),
    "arm": (_UPPER_ARM, _FOREARM),
    "upper_arm": (_UPPER_ARM,),
    "elbow": (Shape("back", 47, 140, 10, 10),),
    "forearm": (_FOREARM,),
    "wrist": (Shape("front", 56, 192, 9, 7),),
    "hand": (_HAND,),
    "thumb": (Shape("front", 52, 207, 6, 12),),
    "finger": (Shape("front", 60, 218, 9, 9),),
    "trunk": (Shape("front", 0, 130, 34, 68), Shape("back", 0, 130, 34, 68)),
    "chest": (Shape("front", 15, 92, 17, 20),),
    "back": (Shape("back", 0, 122, 33, 56),),
    "abdomen": (Shape("front", 0, 154, 30, 30),),
    "groin": (Shape("front", 12, 206, 11, 11),),
    "buttock": (Shape("back", 16, 204, 18, 19),),
    "hip": (Shape("front", 30, 196, 11, 18),),
    "leg": (_THIGH, _SHIN, _CALF),
    "thigh": (_THIGH,),
    "knee": (Shape("front", 18.5, 293, 14, 13),),
    "lower_leg": (_SHIN, _CALF),
    "shin": (_SHIN,),
    "calf": (_CALF,),
    "ankle": (Shape("front", 16, 378, 10, 8),),
    "foot": (_FOOT,),
    "sole": (Shape("back", 19, 394, 14, 8),),
    "toe": (Shape("front", 23, 397, 9, 6),),
    "limb": (_UPPER_ARM, _FOREARM, _HAND, _THIGH, _SHIN, _FOOT, _CALF),
    "whole_body": (Shape("front", 0, 200, 80, 210), Shape("back", 0, 200, 80, 210)),
}
"""Where each site of the catalogue lies; a site without a shape falls back to its parent's."""


@dataclass(frozen=True)
class Zone:
    """A part of the figure that somebody can point at."""

    site: str
    side: Literal["left", "right"] | None
    shape: Shape


_POINTED: Final[Mapping[View, tuple[str, ...]]] = {
    "front": (
        "head", "neck", "shoulder", "chest", "abdomen", "hip", "upper_arm", "forearm", "hand", "groin",
        "thigh", "knee", "shin", "foot",
    ),
    "back": ("scalp", "neck", "shoulder", "back", "elbow", "buttock", "calf", "sole"),
    "face": ("forehead", "eyelid", "cheek", "nose", "mouth", "jaw", "chin", "ear"),
}  # fmt: skip
"""What can be pointed at in each view; later ones lie on top."""


@cache
def body_zones() -> Mapping[View, tuple[Zone, ...]]:
    """The parts of the figure that can be pointed at, by view; pairs once for each side."""
    zones: dict[View, tuple[Zone, ...]] = {}
    for view, names in _POINTED.items():
        found: list[Zone] = []
        for site in names:
            shape = next(shape for shape in SHAPES[site] if shape.view == view)
            if shape.x == 0:
                found.append(Zone(site, None, shape))
            else:
                found += [Zone(site, side, _on(shape, left=side == "left")) for side in ("left", "right")]
        zones[view] = tuple(found)
    return zones


def body_map(assessment: Assessment, catalogue: Catalogue) -> BodyMap | None:
    """What to mark, or None where no place was said."""
    marks: dict[tuple[Shape, Sort], Mark] = {}
    rows: list[str] = []
    covered = contained(assessment.case.observations, catalogue)
    for observation in assessment.case.observations:
        finding = catalogue.findings[observation.id]
        if (
            observation.status == "absent"
            or observation.id in covered
            or finding.kind not in ("symptom", "sign")
        ):
            continue
        placed = _placed(observation, catalogue)
        if not placed.places:
            continue
        sort = _sort(observation.id, catalogue)
        rows.append(f"{capital(where(placed, catalogue))}: {finding.plain}")
        for mark in _marks(placed.places, sort, catalogue):
            marks.setdefault((mark.shape, sort), mark)
    if not rows:
        return None
    views: dict[View, tuple[Mark, ...]] = {}
    for view in ("front", "back", "face"):
        views[view] = tuple(m for m in marks.values() if m.shape.view == view)
    return BodyMap(
        views=views,
        rows=tuple(dict.fromkeys(rows)),
        sorts=tuple(dict.fromkeys(m.sort for m in marks.values())),
        sides_open=any(not m.side_known for m in marks.values()),
    )


def _placed(observation: Observation, catalogue: Catalogue) -> Observation:
    """The observation with its places; a finding that names its place has it by itself."""
    if observation.places:
        return observation
    sites = [rule.site for rule in catalogue.site_findings if rule.gives == observation.id]
    return observation.model_copy(update={"places": tuple(Place(site=site) for site in sites[:1])})


def _sort(key: str, catalogue: Catalogue) -> Sort:
    family = {key, *ancestors(catalogue, key)}
    if "twitching" in family:
        return "twitch"
    return "weak" if family & {"weakness", "muscle_wasting"} else "other"


def _marks(places: Iterable[Place], sort: Sort, catalogue: Catalogue) -> Iterable[Mark]:
    for place in places:
        site: str | None = place.site
        while site is not None and site not in SHAPES:
            site = catalogue.sites[site].parent
        for shape in SHAPES.get(site, ()) if site else ():
            if shape.x == 0:
                yield Mark(shape, sort, side_known=True)
                continue
            for side in ("left", "right") if place.side in (None, "both") else (place.side,):
                yield Mark(_on(shape, left=side == "left"), sort, side_known=place.side is not None)


def _on(shape: Shape, *, left: bool) -> Shape:
    """The shape on the asked side; seen from behind, left is at the viewer's left."""
    if left != (shape.view == "back"):
        return shape
    return Shape(shape.view, -shape.x, shape.y, shape.rx, shape.ry, -shape.turn)
