"""Answers made by hand, so that what is shown can be checked against what was put in."""

from __future__ import annotations

import sys
from collections.abc import Callable
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from whytwitch.case import Case, LabResult, Observation, Place, Span
from whytwitch.knowledge import Catalogue, load
from whytwitch.reasoning import (
    Assessment,
    Contribution,
    Flag,
    Question,
    QuestionItem,
    Ranked,
    Understood,
    UrgencyVerdict,
    WouldChange,
)

sys.path.insert(0, str(Path(__file__).parent))  # for recording_builders

Build = Callable[..., Assessment]


@pytest.fixture(scope="session")
def catalogue() -> Catalogue:
    return load()


LEVELS = {
    "eyelid_myokymia": "reassurance",
    "hypocalcemia": "urgent",
    "als": "soon",
    "cervical_myelopathy": "urgent",
}
"""Fixed here, so that these tests do not follow the catalogue's judgement."""


def ranked(catalogue: Catalogue, key: str, p: float, low: float, high: float, **more: Any) -> Ranked:
    cause = catalogue.causes[key]
    return Ranked(
        id=key, name=cause.name, plain_name=cause.plain_name, kind=cause.kind,
        verdict=cause.verdict.answer, probability=p, low=low, high=high, prior=p / 3,
        urgency=LEVELS.get(key, "routine"), **more,
    )  # fmt: skip


def said(item: str, log_odds: float, catalogue: Catalogue, status: str = "present") -> Contribution:
    plain = catalogue.findings[item].plain if item in catalogue.findings else item
    return Contribution(item=item, plain=plain, status=status, log_odds=log_odds)  # type: ignore[arg-type]


def row(item: str, catalogue: Catalogue, status: str = "present", **more: Any) -> Understood:
    finding = catalogue.findings[item]
    return Understood(id=item, plain=finding.plain, status=status, kind=finding.kind, **more)  # type: ignore[arg-type]


def verdict(level: str, **more: Any) -> UrgencyVerdict:
    defaults = {
        "from_rules": level, "from_ranking": "reassurance", "flags": (), "not_ruled_out": (), "actions": (),
    }  # fmt: skip
    return UrgencyVerdict(level=level, **{**defaults, **more})  # type: ignore[arg-type]


QUESTION = Question(
    id="screen:seizures",
    kind="checklist",
    text="First, some signs that should not wait. Do any of these fit?",
    items=(
        QuestionItem(id="seizures", text="Was there a seizure?"),
        QuestionItem(id="syncope", text="A faint?"),
    ),
    why="Each of these alone would change how soon somebody should look at it.",
    red_flags=True,
)


@pytest.fixture(scope="session")
def build(catalogue: Catalogue) -> Build:
    """Make an answer; what is not given is empty."""

    def make(**parts: Any) -> Assessment:
        defaults: dict[str, Any] = {
            "catalogue_version": catalogue.version, "setting": "public", "method": "exact", "ranking": (),
            "none_of_these": 0.02, "urgency": verdict("reassurance"), "understood": (), "not_understood": (),
            "doubts": (), "next_question": None, "case": Case(),
        }  # fmt: skip
        return Assessment(**{**defaults, **parts})

    return make


@pytest.fixture(scope="session")
def eyelid(build: Build, catalogue: Catalogue) -> Assessment:
    """A harmless twitch, with ALS far down the list."""
    left = Place(site="eyelid", side="left")
    case = Case(
        age_years=34,
        duration_days=3,
        observations=(
            Observation(id="twitching", places=(left,)),
            Observation(id="twitch_eyelid", places=(left,)),
            Observation(id="caffeine_high", detail="5 cups"),
            Observation(id="weakness", status="absent"),
        ),
    )
    return build(
        case=case,
        urgency=verdict(
            "reassurance", not_ruled_out=("weakness_rapid", "seizures", "muscle_wasting", "hand_wasting")
        ),
        ranking=(
            ranked(
                catalogue, "eyelid_myokymia", 0.6419, 0.3597, 0.8512,
                evidence=(
                    said("twitch_eyelid", 1.291, catalogue),
                    said("weakness", 0.31, catalogue, "absent"),
                    said("caffeine_high", -0.4, catalogue),
                    said("duration", 0.439, catalogue, "value"),
                    said("sleep_loss", 0.01, catalogue, "unsure"),
                ),
                would_change=(
                    WouldChange(item="stress", plain="stress", if_present=0.705, if_absent=0.212),
                    WouldChange(
                        item="mri_brain_normal", plain="a normal brain scan", if_present=0.79, if_absent=0.058
                    ),
                ),
            ),
            ranked(
                catalogue, "caffeine_excess", 0.4799, 0.233, 0.7369,
                evidence=(said("caffeine_high", 2.42, catalogue),),
            ),
            ranked(catalogue, "benign_fasciculation", 0.3245, 0.1318, 0.6031),
            ranked(catalogue, "hypocalcemia", 0.0123, 0.004, 0.031),
            ranked(catalogue, "als", 0.0004, 0.0001, 0.0016),
        ),
        understood=(
            Understood(id="age", plain="age 34", status="value", kind="person"),
            Understood(id="duration", plain="for 3 days", status="value", kind="person"),
            row("twitching", catalogue, detail="left the eyelid"),
            row("twitch_eyelid", catalogue, detail="left the eyelid"),
            row("caffeine_high", catalogue, detail="5 cups"),
            row("weakness", catalogue, "absent"),
        ),
        not_understood=("since my aunt's party",),
        doubts=("Is the potassium of 3.3 in mmol/L?",),
        next_question=QUESTION,
    )  # fmt: skip


@pytest.fixture(scope="session")
def als(build: Build, catalogue: Catalogue) -> Assessment:
    """Weak and thin hand, seen in a neurology clinic."""
    right = Place(site="hand", side="right")
    case = Case(
        age_years=61,
        sex="male",
        duration_days=210,
        setting="neurology",
        observations=(
            Observation(id="hand_wasting", places=(right,)),
            Observation(id="twitch_arm", places=(Place(site="arm", side="both"),)),
            Observation(id="twitch_calf", places=(Place(site="calf", side="left"),)),
            Observation(id="dysarthria", status="unsure"),
        ),
    )
    rule = catalogue.red_flags["twitching_with_wasting"]
    return build(
        case=case,
        setting="neurology",
        method="approximate",
        urgency=verdict(
            "urgent",
            from_rules="soon",
            from_ranking="urgent",
            flags=(flag(rule.id, catalogue, ("twitching", "hand_wasting")),),
            not_ruled_out=("weakness_rapid", "dysphagia"),
        ),
        ranking=(
            ranked(
                catalogue, "als", 0.872, 0.61, 0.962,
                evidence=(said("hand_wasting", 1.9, catalogue), said("sex", 0.2, catalogue, "value")),
            ),
            ranked(catalogue, "cervical_myelopathy", 0.061, 0.02, 0.18),
            ranked(catalogue, "hirayama_disease", 0.004, 0.001, 0.02),
        ),
        understood=(
            row("hand_wasting", catalogue), row("twitch_arm", catalogue), row("twitch_calf", catalogue),
            row("dysarthria", catalogue, "unsure"),
        ),
        next_question=QUESTION,
    )  # fmt: skip


@pytest.fixture(scope="session")
def emergency(build: Build, catalogue: Catalogue) -> Assessment:
    """Very low calcium with a throat spasm."""
    case = Case(
        observations=(
            Observation(id="laryngospasm"),
            Observation(id="carpopedal_spasm", places=(Place(site="hand"),)),
        ),
        labs=(
            LabResult(analyte="calcium_total", value=6.4, unit="mg/dL", value_si=1.6, span=span("Ca 6.4")),
        ),
        setting="emergency",
    )
    flags = (
        flag("throat_spasm", catalogue, ("laryngospasm",)),
        flag("hand_foot_spasm", catalogue, ("carpopedal_spasm",)),
    )
    return build(
        case=case,
        setting="emergency",
        urgency=verdict(
            "emergency", flags=flags, actions=(flags[0].action,), not_ruled_out=("weakness_rapid",)
        ),
        ranking=(
            ranked(
                catalogue, "hypocalcemia", 0.995, 0.97, 0.999,
                evidence=(said("low_calcium", 3.1, catalogue, "value"),),
            ),
            ranked(catalogue, "hyperventilation", 0.11, 0.04, 0.3),
        ),
        understood=(
            row("laryngospasm", catalogue),
            row("carpopedal_spasm", catalogue, detail="the hand"),
            Understood(
                id="calcium_total", plain="calcium: 6.4 mg/dL", status="value", kind="lab", text="Ca 6.4"
            ),
        ),
        next_question=QUESTION,
    )  # fmt: skip


def flag(key: str, catalogue: Catalogue, items: tuple[str, ...]) -> Flag:
    rule = catalogue.red_flags[key]
    return Flag(
        id=rule.id, level=rule.level, title=rule.title, plain=rule.plain, action=rule.action,
        precise=rule.precise, items=items, sources=rule.sources, basis=rule.basis,
    )  # fmt: skip


def span(text: str) -> Span:
    return Span(start=0, end=len(text), text=text)


@pytest.fixture(scope="session")
def empty(build: Build, catalogue: Catalogue) -> Assessment:
    """Nothing could be read."""
    return build(ranking=(ranked(catalogue, "benign_fasciculation", 0.3, 0.1, 0.5),), next_question=QUESTION)


@pytest.fixture(params=["eyelid", "als", "emergency", "empty"])
def answer(request: pytest.FixtureRequest) -> Assessment:
    """Each of the answers in turn."""
    return request.getfixturevalue(request.param)


@pytest.fixture
def show() -> Callable[..., str]:
    """Text that a renderable becomes at a width, as when it is piped into a file."""

    def render(thing: Any, width: int = 80, **options: Any) -> str:
        out = StringIO()
        Console(file=out, width=width, **options).print(thing)
        return out.getvalue()

    return render


@pytest.fixture
def hostile(build: Build, catalogue: Catalogue) -> Assessment:
    """Words that try to become markup, in every place where a person's words are shown."""
    evil = "<script>alert(1)</script><img src=x onerror=alert(1)> [bold red]\x1b[31m'\"&\u202e"
    return build(
        case=Case(observations=(Observation(id="twitch_eyelid", detail=evil),)),
        ranking=(ranked(catalogue, "eyelid_myokymia", 0.5, 0.3, 0.7),),
        understood=(row("twitch_eyelid", catalogue, detail=evil, text=evil),),
        not_understood=(evil,),
        doubts=(evil,),
    )
