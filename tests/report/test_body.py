from __future__ import annotations

from collections.abc import Callable

import pytest

from whytwitch.case import Case, Observation, Place
from whytwitch.knowledge import Catalogue
from whytwitch.reasoning import Assessment
from whytwitch.report import to_html
from whytwitch.report._body import SHAPES, BodyMap, body_map

Build = Callable[..., Assessment]


@pytest.fixture
def drawn(build: Build, catalogue: Catalogue) -> Callable[..., BodyMap]:
    def draw(finding: str, site: str, side: str | None) -> BodyMap:
        place = Place(site=site, side=side)  # type: ignore[arg-type]
        found = body_map(
            build(case=Case(observations=(Observation(id=finding, places=(place,)),))), catalogue
        )
        assert found is not None
        return found

    return draw


def test_left_is_at_the_viewer_s_right_in_front(drawn: Callable[..., BodyMap]) -> None:
    assert all(m.shape.x > 0 for m in drawn("twitch_thigh", "thigh", "left").views["front"])
    assert all(m.shape.x < 0 for m in drawn("twitch_thigh", "thigh", "right").views["front"])
    assert all(m.shape.x > 0 for m in drawn("twitch_eyelid", "eyelid", "left").views["face"])


def test_from_behind_left_is_left(drawn: Callable[..., BodyMap]) -> None:
    assert all(m.shape.x < 0 for m in drawn("twitch_calf", "calf", "left").views["back"])
    assert all(m.shape.x > 0 for m in drawn("twitch_calf", "calf", "right").views["back"])


def test_an_unsaid_side_marks_both_and_says_so(drawn: Callable[..., BodyMap]) -> None:
    body = drawn("twitch_calf", "calf", None)
    assert {m.shape.x > 0 for m in body.views["back"]} == {True, False}
    assert body.sides_open
    assert not drawn("twitch_calf", "calf", "both").sides_open


def test_sorts_are_told_apart(als: Assessment, catalogue: Catalogue) -> None:
    body = body_map(als, catalogue)
    assert body is not None
    assert set(body.sorts) == {"weak", "twitch"}
    assert any(row.startswith("The right hand") for row in body.rows)


def test_a_finding_that_names_its_place_needs_no_place(build: Build, catalogue: Catalogue) -> None:
    body = body_map(build(case=Case(observations=(Observation(id="twitch_calf"),))), catalogue)
    assert body is not None
    assert body.views["back"] or body.views["front"]


def test_nothing_absent_is_drawn(build: Build, catalogue: Catalogue) -> None:
    place = Place(site="calf", side="left")
    case = Case(observations=(Observation(id="twitch_calf", status="absent", places=(place,)),))
    assert body_map(build(case=case), catalogue) is None


def test_every_site_of_the_catalogue_can_be_drawn(catalogue: Catalogue) -> None:
    for site in catalogue.sites.values():
        key: str | None = site.id
        while key is not None and key not in SHAPES:
            key = catalogue.sites[key].parent
        assert key is not None, site.id


def test_the_side_reaches_the_page(eyelid: Assessment, catalogue: Catalogue) -> None:
    html = to_html(eyelid, catalogue)
    assert '<ellipse class="spot twitch" cx="18"' in html
    assert "The left eyelid: a twitching eyelid" in html
