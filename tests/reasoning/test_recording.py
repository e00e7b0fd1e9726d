"""A recording as evidence: it nudges, never decides, and never calms."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats
from tests.recording.builders import make_twitches

from whytwitch import measure
from whytwitch.case import Case, CaseError, Observation, RecordingSummary, read_data
from whytwitch.knowledge import load
from whytwitch.knowledge._load import dangling
from whytwitch.reasoning import LEVELS, explain, network, rank, summarize
from whytwitch.reasoning._evidence import evidence_of, read_items
from whytwitch.reasoning._recording import (
    ALREADY_TOLD,
    CAP,
    FLOOR,
    joint_log_ratio,
    log_ratio,
    trust,
)
from whytwitch.reasoning._recording_reading import in_short, meaning, soft_findings

CATALOGUE = load()
NET = network(CATALOGUE, "neurology")
MUSCLES = sorted(CATALOGUE.muscles)
TELLING = sorted({m for e in CATALOGUE.recording.evidence.values() for m in e.muscles})


def recording(**changes: Any) -> RecordingSummary:
    """Ten clean minutes of a quiet biceps under a grid."""
    usual: dict[str, Any] = {
        "name": "one.edf", "muscle": "biceps_brachii", "n_channels": 64, "duration_s": 600.0,
        "clean_s": 600.0, "quality": 0.9, "fasciculations": 0,
    }  # fmt: skip
    return RecordingSummary(**{**usual, **changes})


def fast(**changes: Any) -> RecordingSummary:
    return recording(**{"fasciculations": 800, **changes})


def case_of(*recordings: RecordingSummary, present: tuple[str, ...] = (), **facts: Any) -> Case:
    return Case.model_validate(
        {"observations": [{"id": key} for key in present], "recordings": recordings, **facts}
    )


def ratio(one: RecordingSummary) -> float:
    return math.exp(log_ratio(one, CATALOGUE))


def chance(case: Case, cause: str = "als") -> float:
    return rank(case, setting="neurology").probabilities[cause]


@st.composite
def recordings(draw: st.DrawFn, muscles: list[str] = MUSCLES) -> RecordingSummary:
    duration = draw(st.floats(1.0, 4000.0))
    clean = draw(st.floats(0.0, 1.0)) * duration
    windows = int(clean // 10)
    return RecordingSummary(
        name=draw(st.sampled_from(["a", "b", "c", "d"])),
        muscle=draw(st.sampled_from(["", *muscles])),
        electrode=draw(st.sampled_from(["surface", "needle"])),
        n_channels=draw(st.sampled_from([1, 4, 16, 64])),
        duration_s=duration,
        clean_s=clean,
        voluntary_s=draw(st.floats(0.0, 1.0)) * (duration - clean),
        quality=draw(st.floats(0.0, 1.0)),
        fasciculations=draw(st.integers(0, 20000)),
        units=draw(st.integers(0, 60)),
        windows=windows,
        busy_windows=draw(st.integers(0, windows)),
        trains=draw(st.sampled_from([0, 0, 1, 8])),
        train_rate_hz=draw(st.sampled_from([None, 20.0, 180.0])),
        fibrillations=draw(st.sampled_from([0, 0, 3, 50])),
    )


# --- the likelihood ratio -------------------------------------------------------------------------


def test_the_rates_follow_the_published_quartiles() -> None:
    known = CATALOGUE.recording.evidence["biceps_rate"].disease
    gamma = stats.gamma(known.shape, scale=known.median / stats.gamma.ppf(0.5, known.shape))
    assert gamma.ppf(0.5) == pytest.approx(40.5)
    # Published: 10.6 and 79.4. A gamma distribution cannot meet both; it is off by a quarter at most.
    assert gamma.ppf(0.25) == pytest.approx(10.6, rel=0.25)
    assert gamma.ppf(0.75) == pytest.approx(79.4, rel=0.27)


@pytest.mark.parametrize(("count", "minutes"), [(0, 2.0), (5, 2.0), (200, 5.0), (3000, 30.0)])
def test_the_ratio_is_that_of_two_mixtures_of_negative_binomials(count: int, minutes: float) -> None:
    """Against scipy, with the mixtures written out."""
    known = CATALOGUE.recording.evidence["biceps_rate"]

    def chance_of(median: float, shape: float) -> float:
        mean = median / stats.gamma.ppf(0.5, shape) * minutes
        return float(stats.nbinom.pmf(count, shape, 1.0 / (1.0 + mean)))

    disease = chance_of(known.disease.median, known.disease.shape)
    benign = chance_of(known.benign.median, known.benign.shape)
    seen = (1 - known.unlike) * benign + known.unlike * disease
    expected = (known.affected * disease + (1 - known.affected) * seen) / seen
    one = recording(fasciculations=count, clean_s=minutes * 60, duration_s=minutes * 60)
    weight = trust(one, CATALOGUE)
    assert ratio(one) == pytest.approx(1 + weight * (expected - 1), rel=1e-6)


def test_sizes() -> None:
    """What it amounts to: to be read by a person, and by whoever changes a number."""
    assert ratio(recording()) == pytest.approx(0.56, abs=0.01)
    assert ratio(recording(fasciculations=100)) == 1.0  # 10 a minute
    assert ratio(recording(fasciculations=200)) == pytest.approx(1.05, abs=0.02)
    assert ratio(recording(fasciculations=400)) == pytest.approx(2.4, abs=0.1)
    assert ratio(recording(fasciculations=5000)) == pytest.approx(4.5, abs=0.1)
    assert 0.85 <= ratio(recording(muscle="gastrocnemius")) <= 1.0
    assert ratio(recording(muscle="gastrocnemius", fasciculations=1500)) <= 1.25


@given(recordings())
def test_one_recording_stays_within_bounds(one: RecordingSummary) -> None:
    assert FLOOR <= ratio(one) <= CAP
    assert 0.0 <= trust(one, CATALOGUE) <= 0.8


@given(recordings(TELLING), st.integers(1, 500))
def test_more_twitches_never_speak_less_for_disease(one: RecordingSummary, more: int) -> None:
    busier = one.model_copy(update={"fasciculations": one.fasciculations + more})
    assert log_ratio(busier, CATALOGUE) >= log_ratio(one, CATALOGUE) - 1e-9


@given(recordings(TELLING), st.floats(0.0, 1.0))
def test_worse_signals_pull_to_one(one: RecordingSummary, factor: float) -> None:
    worse = one.model_copy(update={"quality": one.quality * factor})
    assert abs(log_ratio(worse, CATALOGUE)) <= abs(log_ratio(one, CATALOGUE)) + 1e-9


@pytest.mark.parametrize(
    "changes",
    [
        {"quality": 0.0},
        {"quality": 0.3},
        {"clean_s": 0.0},
        {"voluntary_s": 600.0},
        {"muscle": ""},
        {"muscle": "abductor_hallucis"},
        {"muscle": "deltoid"},
        {"muscle": "tibialis_anterior"},
    ],
)
def test_what_says_nothing_changes_nothing(changes: dict[str, Any]) -> None:
    for one in (recording(**changes), fast(**changes)):
        assert log_ratio(one, CATALOGUE) == 0.0


def test_the_ratio_goes_to_one_with_the_clean_time() -> None:
    logs = [
        log_ratio(fast(clean_s=s, duration_s=s, fasciculations=round(s * 1.5)), CATALOGUE)
        for s in (90, 30, 10, 3, 1)
    ]
    assert logs == sorted(logs, reverse=True)
    assert logs[-1] < 0.05


@given(st.floats(0.0, 89.9), st.integers(0, 3))
def test_a_short_quiet_recording_reassures_nobody(seconds: float, count: int) -> None:
    assert log_ratio(recording(clean_s=seconds, fasciculations=count), CATALOGUE) >= 0.0


def test_windows_and_units_need_a_grid() -> None:
    thumb = {"muscle": "abductor_pollicis_brevis", "windows": 60, "busy_windows": 30, "units": 15}
    assert ratio(recording(**thumb)) > 1.3
    assert ratio(recording(**{**thumb, "n_channels": 2})) == 1.0


# --- on the causes --------------------------------------------------------------------------------


def test_groups_without_data_lie_between() -> None:
    evidence = evidence_of(case_of(fast()), NET)
    assert evidence.factor_items == ("recording",)
    log = evidence.factors[0]
    state = {key: log[NET.member[:, NET.cause_index[key]] == 1].max() for key in NET.causes}
    assert state["als"] > state["multifocal_motor_neuropathy"] > 0.0
    assert state["benign_fasciculation_syndrome"] == state["caffeine_excess"] == 0.0
    assert np.all(log[NET.starts] == 0.0)


def test_a_fast_biceps_speaks_for_als_and_a_quiet_one_weakly_against() -> None:
    said = ("twitching", "twitch_arm")
    quiet, none, busy = (chance(case_of(*r, present=said)) for r in ((recording(),), (), (fast(),)))
    assert quiet < none < busy
    odds = [p / (1 - p) for p in (quiet, none, busy)]
    assert odds[0] / odds[1] > 0.5
    assert odds[2] / odds[1] < CAP


@pytest.mark.parametrize("present", ["weakness", "hand_weakness", "muscle_wasting", "foot_drop"])
def test_a_quiet_muscle_speaks_against_nothing_where_strength_is_lost(present: str) -> None:
    assert joint_log_ratio(case_of(recording()), {present: math.inf}, CATALOGUE) == 0.0
    assert joint_log_ratio(case_of(fast(), recording(name="b")), {present: math.inf}, CATALOGUE) > 0.0


@given(st.lists(recordings(TELLING), max_size=4), st.randoms())
def test_order_does_not_matter_and_the_whole_is_capped(found: list[RecordingSummary], random: Any) -> None:
    found = list({(one.name, one.muscle): one for one in found}.values())
    shuffled = list(found)
    random.shuffle(shuffled)
    one, other = (joint_log_ratio(case_of(*r), {}, CATALOGUE) for r in (found, shuffled))
    assert one == pytest.approx(other, abs=1e-12)
    assert math.log(FLOOR) - 1e-12 <= one <= math.log(CAP) + 1e-12


def test_the_same_recording_twice_counts_once() -> None:
    twice = case_of(fast(sha256="a" * 64), fast(sha256="a" * 64, name="copy.edf"))
    assert joint_log_ratio(twice, {}, CATALOGUE) == log_ratio(fast(), CATALOGUE)


def test_further_recordings_count_less() -> None:
    one, two = case_of(fast()), case_of(fast(), fast(name="other.edf"))
    assert joint_log_ratio(two, {}, CATALOGUE) < 1.31 * joint_log_ratio(one, {}, CATALOGUE)


def test_a_report_of_fasciculations_is_not_counted_twice() -> None:
    told = joint_log_ratio(case_of(fast()), {"emg_fasciculation": math.inf}, CATALOGUE)
    assert told == pytest.approx(ALREADY_TOLD * log_ratio(fast(), CATALOGUE))


# --- urgency --------------------------------------------------------------------------------------

answers = st.lists(
    st.tuples(st.sampled_from(sorted(CATALOGUE.findings)), st.sampled_from(["present", "absent", "unsure"])),
    max_size=8, unique_by=lambda a: a[0],
)  # fmt: skip


@given(answers, st.lists(recordings(), min_size=1, max_size=3), st.sampled_from(["public", "neurology"]))
@settings(max_examples=60)
def test_a_recording_never_lowers_the_urgency(
    rows: list[tuple[str, str]], found: list[RecordingSummary], setting: Any
) -> None:
    bare = Case.model_validate({"observations": [{"id": key, "status": status} for key, status in rows]})
    before = rank(bare, setting=setting).urgency
    after = rank(bare.model_copy(update={"recordings": tuple(found)}), setting=setting).urgency
    assert LEVELS.index(after.level) >= LEVELS.index(before.level)
    assert LEVELS.index(after.from_rules) >= LEVELS.index(before.from_rules)
    assert {flag.id for flag in before.flags} <= {flag.id for flag in after.flags}


def test_recordings_alone_reach_no_emergency() -> None:
    wild = fast(fasciculations=20000, trains=50, train_rate_hz=200, fibrillations=99, electrode="needle")
    assert explain(case_of(wild), setting="public").urgency.level in ("reassurance", "routine", "soon")


# --- findings -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changes", "finding"),
    [
        ({"trains": 2, "train_rate_hz": 150.0}, "emg_neuromyotonic"),
        ({"trains": 8, "train_rate_hz": 30.0}, "emg_myokymic"),
        ({"trains": 1, "train_rate_hz": 30.0}, "emg_hyperexcitability"),
        ({"fibrillations": 30, "electrode": "needle"}, "emg_denervation_active"),
        ({"muscle": "deltoid", "fasciculations": 40}, "emg_fasciculation"),
        ({"muscle": "tibialis_anterior", "fasciculations": 90, "norm": "above"}, "emg_fasciculation"),
    ],
)
def test_what_a_program_saw_is_soft(changes: dict[str, Any], finding: str) -> None:
    found = soft_findings(case_of(recording(**changes)), CATALOGUE)
    assert set(found) == {finding}
    assert 1.0 < found[finding] <= 3.0
    assert finding in CATALOGUE.findings
    assert soft_findings(case_of(recording(**{**changes, "quality": 0.2})), CATALOGUE) == {}


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"fibrillations": 30},
        {"fibrillations": 3, "electrode": "needle"},
        {"fasciculations": 900},
        {"muscle": "abductor_hallucis", "fasciculations": 900},
        {"muscle": "gastrocnemius", "fasciculations": 900},
        {"muscle": "", "fasciculations": 900},
    ],
)
def test_what_is_usual_or_cannot_be_seen_is_no_finding(changes: dict[str, Any]) -> None:
    assert soft_findings(case_of(recording(**changes)), CATALOGUE) == {}


def test_a_report_outranks_the_program() -> None:
    case = case_of(recording(trains=8, train_rate_hz=30.0))
    assert 1.0 < read_items(case, CATALOGUE)["emg_myokymic"].ratio <= 3.0
    reported = Observation(id="emg_myokymic", status="absent")
    reported = case.model_copy(update={"observations": (reported,)})
    assert read_items(reported, CATALOGUE)["emg_myokymic"].ratio == 0.0


def test_trains_speak_softly_for_overexcitable_nerves() -> None:
    said = ("twitching", "stiffness")
    without, with_trains = (
        chance(case_of(*r, present=said), "neuromyotonia")
        for r in ((), (recording(trains=8, train_rate_hz=200),))
    )
    assert without < with_trains < 0.5


# --- words and files ------------------------------------------------------------------------------


def test_the_answer_shows_what_the_recording_added() -> None:
    answer = explain(case_of(fast(), present=("twitching", "twitch_arm"), age_years=60), setting="neurology")
    als = next(r for r in answer.ranking if r.id == "als")
    item = next(c for c in als.evidence if c.item == "recording")
    assert item.log_odds > 1.0
    assert (item.plain, item.status) == ("the muscle recording", "value")
    lines = [u for u in answer.understood if u.kind == "recording"]
    assert "80 twitches a minute" in lines[0].plain
    assert "no proof" in lines[0].detail
    assert "trained person" in lines[-1].plain


def test_als_is_explained_however_unlikely_it_is() -> None:
    answer = explain(case_of(recording(), present=("twitch_eyelid",)), setting="public")
    als = next(r for r in answer.ranking if r.id == "als")
    assert [c for c in als.evidence if c.item == "recording" and c.log_odds < 0.0]


def test_the_range_is_wider_for_what_a_recording_says() -> None:
    def width(*found: RecordingSummary) -> float:
        als = next(r for r in explain(case_of(*found), setting="neurology").ranking if r.id == "als")
        return math.log(als.high / (1 - als.high)) - math.log(als.low / (1 - als.low))

    assert width(fast()) > width()


@pytest.mark.parametrize(
    ("changes", "word"),
    [
        ({}, "does not rule it out"),
        ({"muscle": ""}, "the muscle is not known"),
        ({"muscle": "deltoid"}, "nothing is published"),
        ({"clean_s": 30.0}, "too little of it was clean"),
        ({"clean_s": 80.0}, "too little of it was clean"),
        ({"clean_s": 80.0, "fasciculations": 20}, "next to nothing"),
        ({"quality": 0.35}, "poor"),
        ({"muscle": "gastrocnemius"}, "next to nothing"),
    ],
)
def test_what_a_recording_means_in_words(changes: dict[str, Any], word: str) -> None:
    assert word in meaning(recording(**changes), CATALOGUE)


def test_nothing_clean_has_no_rate() -> None:
    assert "no clean stretch" in in_short(recording(clean_s=0.0), CATALOGUE)


def test_a_saved_case_is_read_again() -> None:
    for case in (case_of(fast(), present=("twitching",)), case_of(fast())):
        saved = case.model_dump(mode="json", exclude_defaults=True)
        assert read_data(saved, CATALOGUE) == case


def test_a_saved_case_with_an_unknown_muscle_is_refused() -> None:
    saved = case_of(recording(muscle="bicep_brachii")).model_dump(mode="json")
    with pytest.raises(CaseError, match="did you mean 'biceps_brachii'"):
        read_data(saved, CATALOGUE)


@pytest.mark.parametrize(
    "changes", [{"clean_s": 900.0}, {"busy_windows": 3}, {"quality": 1.2}, {"clean_s": math.nan}]
)
def test_impossible_summaries_are_refused(changes: dict[str, Any]) -> None:
    with pytest.raises(ValueError):
        recording(**changes)


def test_a_signature_becomes_a_summary() -> None:
    rows = [(t, u, "fasciculation") for u in (1, 2) for t in np.arange(1.0 + u, 119.0, 4.0)]
    one = summarize(measure(make_twitches(rows, duration_s=120.0, muscle="biceps")), CATALOGUE)
    assert (one.muscle, one.clean_s, one.fasciculations, one.units) == ("biceps_brachii", 120.0, 59, 2)
    assert (one.windows, one.busy_windows) == (12, 12)
    assert summarize(measure(make_twitches(muscle="left something")), CATALOGUE).muscle == ""


# --- the table ------------------------------------------------------------------------------------


def test_every_number_that_moves_an_answer_has_sources() -> None:
    for entry in CATALOGUE.recording.evidence.values():
        assert entry.sources
        assert entry.basis != "expert estimate"
        assert entry.note


@pytest.mark.parametrize(
    ("part", "entry"),
    [
        ("healthy", {"soleux": {"id": "soleux", "text": "x"}}),
        ("groups", {"x": {"id": "x", "causes": ["alz"], "alike": 0.5}}),
        ("silent", {"x": {"id": "x", "text": "x", "sources": ["nobody1900"]}}),
    ],
)
def test_dangling_references_are_found(part: str, entry: dict[str, Any]) -> None:
    table = CATALOGUE.recording.model_dump()
    table[part] = {**table[part], **entry}
    broken = CATALOGUE.model_copy(update={"recording": type(CATALOGUE.recording).model_validate(table)})
    assert [line for line in dangling(broken) if line.startswith("recording:")]


def test_the_catalogue_knows_muscles_by_name() -> None:
    for name in ("biceps_brachii", "Biceps brachii", "biceps brachii"):
        found = CATALOGUE.muscle(name)
        assert found is not None
        assert found.id == "biceps_brachii"
    assert CATALOGUE.muscle("") is CATALOGUE.muscle("elbow") is None


def test_over_harmless_twitching_the_ratio_is_one_on_average() -> None:
    """A likelihood ratio has mean 1 over those it is compared with; not counting a lively muscle as good
    news lifts that a little, and never lowers it."""
    known = CATALOGUE.recording.evidence["biceps_rate"]
    counts, minutes = np.arange(0, 20000), 1.5

    def chances(median: float, shape: float) -> np.ndarray:
        mean = median / stats.gamma.ppf(0.5, shape) * minutes
        return stats.nbinom.pmf(counts, shape, 1.0 / (1.0 + mean))

    benign, disease = (chances(s.median, s.shape) for s in (known.benign, known.disease))
    seen = (1 - known.unlike) * benign + known.unlike * disease
    sample = [recording(fasciculations=int(n), clean_s=90.0, duration_s=90.0) for n in counts[:800]]
    mean = float(seen[:800] @ np.array([ratio(one) for one in sample])) + float(seen[800:].sum()) * 4.5
    assert 1.0 <= mean <= 1.15
