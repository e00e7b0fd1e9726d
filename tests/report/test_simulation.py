"""A simulated cause, told in the terminal, on a page and as JSON."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from functools import cache
from html.parser import HTMLParser
from io import StringIO
from typing import Any

import numpy as np
import pytest
from rich.console import Console

from whytwitch.knowledge import load, load_mechanics
from whytwitch.physiology.effects import effects, muscle_of
from whytwitch.physiology.muscle import ConcentricNeedle, Muscle
from whytwitch.physiology.scenario import apply, combine
from whytwitch.report import (
    Simulated,
    simulable_report,
    simulation_html,
    simulation_json,
    simulation_report,
)
from whytwitch.report._recording_scale import WIDTH
from whytwitch.report._simulation_traces import PX, path, plots

VOID = {"meta", "br", "hr", "img", "image", "rect", "circle", "path", "line"}
WHOLE = {"bath.ionized_calcium_mmol_l": 0.9, "terminal.persistent_sodium": 1.5, "units.fiber_fraction": 0.5}
FIRING = {"axon.persistent_sodium": 12.0, "axon.slow_potassium": 0.2, "axon.fast_potassium": 0.2}


@cache
def shown(kind: str) -> Simulated:
    if kind == "measured cause":
        return Simulated(effects(apply("organophosphate_poisoning")),
                         load_mechanics().scenario("organophosphate_poisoning"))  # fmt: skip
    if kind == "recorded":
        system = apply("cervical_myelopathy")
        found = effects(system)
        settings = muscle_of(system, Muscle(units=6), found=found, duration_s=2.0, rate_per_min=400.0)
        made = settings.simulate(ConcentricNeedle(), duration_s=2.0)
        return Simulated(
            found, load_mechanics().scenario("cervical_myelopathy"), settings, made, example=True
        )
    values = {
        "normal": {}, "whole": WHOLE, "firing": FIRING, "beyond": {"bath.potassium_mmol_l": 25.0},
        "myotonia": {"fiber.chloride_conductance_fraction": 0.15}, "drive": {"drive.burst": 0.4},
    }  # fmt: skip
    return Simulated(effects(combine(**values[kind])))


KINDS = (
    "normal", "whole", "firing", "beyond", "myotonia", "drive", "measured cause", "recorded",
)  # fmt: skip


class Page(HTMLParser):
    """Tags with attributes, text, and balance."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[tuple[str, dict[str, str]]] = []
        self.open: list[str] = []
        self.words: list[str] = []
        self.feed(html)
        self.close()
        assert not self.open

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, {k: v or "" for k, v in attrs}))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, {k: v or "" for k, v in attrs}))

    def handle_endtag(self, tag: str) -> None:
        if tag not in VOID:
            assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if "style" not in self.open:
            self.words.append(data)

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.words).split())


def page(kind: str, **more: Any) -> Page:
    return Page(simulation_html(shown(kind), load(), **more))


def screen(kind: str, width: int = 80, *, expert: bool = False, ascii_only: bool = False) -> str:
    out = StringIO()
    if ascii_only:
        out.encoding = "ascii"  # type: ignore[misc]
    console = Console(file=out, width=width, highlight=False, markup=False, emoji=False)
    console.print(simulation_report(shown(kind), load(), expert=expert))
    return out.getvalue()


@pytest.mark.parametrize("expert", [False, True])
@pytest.mark.parametrize("kind", KINDS)
def test_the_page_is_whole_and_loads_nothing(kind: str, expert: bool) -> None:
    html = simulation_html(shown(kind), load(), expert=expert)
    told = Page(html)
    assert not {tag for tag, _ in told.tags} & {"script", "link", "iframe", "object", "form", "img"}
    for tag, attributes in told.tags:
        assert not any(key.startswith("on") or key == "style" for key in attributes), (tag, attributes)
        address = attributes.get("href", "#")
        assert address.startswith(("#", "https://", "http://")), address
        assert tag == "a" or address.startswith("#")
    policy = next(a["content"] for t, a in told.tags if t == "meta" and "http-equiv" in a)
    assert "default-src 'none'" in policy
    assert "nan" not in html.lower().replace("magnan", "").replace("nanomol", "").split()
    ids = [attributes["id"] for _, attributes in told.tags if "id" in attributes]
    assert len(ids) == len(set(ids))
    pictures = [a for t, a in told.tags if t == "svg" and a.get("aria-hidden") != "true"]
    assert all("aria-label" in a or "aria-labelledby" in a for a in pictures)
    assert "does not diagnose" in told.text


def test_the_page_lights_where_the_cause_acts() -> None:
    parts = [a["class"] for t, a in page("measured cause").tags if t == "g" and "part" in a.get("class", "")]
    assert [c for c in parts if "acts" in c] == ["part acts is-fires"]
    assert not [a for t, a in page("measured cause").tags if a.get("class") == "fluid"]
    assert [a for t, a in page("whole").tags if a.get("class") == "fluid"]


def test_the_page_says_the_grade_and_the_sources() -> None:
    told = page("measured cause").text
    assert "Measured: this change" in told
    sources = load_mechanics().scenario("organophosphate_poisoning").sources
    assert sources
    for key in sources:
        assert " ".join(load().sources[key].citation.split())[:40] in told
    assert "Set by hand" in page("whole").text


def test_six_panels_only_where_there_is_a_threshold() -> None:
    def panels(kind: str) -> int:
        return sum(a.get("class") == "excitability" for t, a in page(kind).tags if t == "svg")

    assert panels("whole") == 2  # trunk and ends
    assert panels("firing") == panels("normal") == 0
    assert "by itself" in page("firing").text


def test_the_example_is_marked_and_the_recording_told() -> None:
    told = page("recorded").text
    assert "EXAMPLE" in told
    assert "a concentric needle" in told
    assert "Synthetic recording" in told
    assert "as often as was asked" in told
    assert "EXAMPLE" not in page("whole").text


@pytest.mark.parametrize("width", [36, 60, 80, 120])
@pytest.mark.parametrize("kind", KINDS)
def test_the_terminal_holds_its_width(kind: str, width: int) -> None:
    text = screen(kind, width)
    assert max(map(len, text.splitlines())) <= min(width, 100)
    assert "does not diagnose" in " ".join(text.split()) or width < 40


def test_the_expert_sees_every_index_and_the_lay_reader_the_few_that_moved() -> None:
    lay, expert = screen("whole"), screen("whole", 100, expert=True)
    assert "TEh(overshoot)" in expert
    assert "Safety factor" in expert or "safety factor" in expert
    assert len(re.findall(r"^TE", lay, re.M)) < len(re.findall(r"^TE", expert, re.M))
    assert "What the model leaves out" in expert


def test_what_is_unchanged_is_said_to_be() -> None:
    text = " ".join(screen("myotonia").split())
    assert "myotonia" in text
    assert text.count("Unchanged.") == 5
    assert "threshold" not in text.lower()


def test_causes_are_listed_with_dose_and_grade() -> None:
    out = StringIO()
    Console(file=out, width=80).print(simulable_report())
    text = " ".join(out.getvalue().split())
    for key, entry in load_mechanics().causes.items():
        assert key in text
        for scenario in entry.scenarios:
            assert f"shown {scenario.dose.typical:g}" in text


@pytest.mark.parametrize("kind", KINDS)
def test_json_is_strict_and_complete(kind: str) -> None:
    told = json.loads(simulation_json(shown(kind), load()))
    found = shown(kind).effects
    for part in ("axon", "terminal", "junction", "fiber"):
        assert (told[part] is None) == (getattr(found, part) is None)
    assert told["values"] == dict(found.system.values)
    assert set(told["beyond_the_model"]) == set(found.beyond)
    assert (told["recording"] is None) == (kind != "recorded")
    if kind == "firing":
        assert told["axon"]["indices"] == {}
        assert told["axon"]["threshold_ratio"] is None


def test_markup_in_names_is_text(monkeypatch: pytest.MonkeyPatch) -> None:
    evil = "<script>alert(1)</script>"
    of = shown("measured cause")
    assert of.scenario is not None
    scenario = of.scenario.model_copy(update={"name": evil, "plain": evil})
    html = simulation_html(replace(of, scenario=scenario), load())
    assert "<script" not in html
    assert "&lt;script" in html


def test_a_path_keeps_every_spike_and_few_points() -> None:
    times = np.linspace(0.0, 1000.0, 50_001)
    values = np.full_like(times, -80.0)
    values[[12_345, 40_000]] = 30.0
    drawn = path(times, values, (0.0, 1000.0), (-100.0, 40.0))
    steps = [tuple(map(int, pair.split())) for pair in drawn[1:].replace("l", ";").split(";")]
    heights = np.cumsum([y for _, y in steps])
    assert len(steps) <= 1001
    assert heights.min() == round(PX * 10.0 / 140.0)
    assert (heights == heights.min()).sum() == 2
    assert 0 <= np.cumsum([x for x, _ in steps]).max() <= WIDTH


def test_plots_follow_what_changed() -> None:
    assert plots(shown("normal")) == ()
    assert [plot.title for plot in plots(shown("whole"))] == [
        "Nerve fiber", "Ends of the nerve fiber", "Junction of nerve and muscle", "Muscle fiber",
    ]  # fmt: skip
    (recorded,) = plots(shown("recorded"))
    assert recorded.unit == "µV"
    assert recorded.marks
    assert all(0.0 <= at <= 100.0 for at in recorded.marks)
