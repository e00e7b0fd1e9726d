"""Parts of a recording's report for other pages, and single potentials in pictures."""

from __future__ import annotations

import re

import numpy as np
import pytest
from tests.report.recording_builders import make_twitches

from whytwitch.recording import Potential, Signature, Twitches, measure
from whytwitch.report import SECTIONS, Section, potential_html, recording_html, recording_sections


@pytest.fixture(scope="module")
def found() -> tuple[Twitches, Signature]:
    twitches = make_twitches(n_channels=9)
    return twitches, measure(twitches)


@pytest.mark.parametrize("expert", [False, True])
def test_the_whole_page_is_its_sections(found: tuple[Twitches, Signature], expert: bool) -> None:
    page = recording_html(*found, expert=expert)
    main = page[page.index("<main>") + len("<main>") : page.index("</main>")]
    assert main.strip() == recording_sections(*found, expert=expert).strip()


@pytest.mark.parametrize("section", SECTIONS)
@pytest.mark.parametrize("expert", [False, True])
def test_each_section_stands_alone(found: tuple[Twitches, Signature], section: Section, expert: bool) -> None:
    part = recording_sections(*found, sections=(section,), expert=expert)
    assert "<section" in part
    assert not re.search(r"<script|<style|\sstyle=|\son[a-z]+=", part)
    ids = re.findall(r'\sid="([^"]+)"', part)
    assert len(ids) == len(set(ids))
    assert part.strip()[:200] in recording_html(*found, expert=expert) or section == "whole"


def potential(twitches: Twitches, n_channels: int) -> Potential:
    unit = twitches.units[0]
    wave = np.asarray(unit.template[:n_channels] * 1.2, np.float32)
    return Potential(10.0, unit.best_channel, 150.0, 9.0, 3, 2, 80.0, 0.5, wave, unit.times_ms)


def test_a_potential_is_drawn_over_the_mean_of_its_unit(found: tuple[Twitches, Signature]) -> None:
    twitches, signature = found
    html = potential_html(twitches, signature, potential(twitches, 9), twitches.units[0])
    assert html.count('class="over-line"') == 9, "one on each electrode"
    assert html.count('class="single"') == 1
    assert "the mean of Unit 1" in html


def test_a_potential_without_a_unit_is_drawn_alone(found: tuple[Twitches, Signature]) -> None:
    twitches, signature = found
    html = potential_html(twitches, signature, potential(twitches, 9), None)
    assert "over-line" not in html and 'class="single"' not in html
    assert html.count('class="mean"') == 1
    assert "no unit to compare" in html
