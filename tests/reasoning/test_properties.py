"""What must hold for every case, on the real catalogue."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from whytwitch.case import Case, LabResult
from whytwitch.cohort import patients
from whytwitch.knowledge import load
from whytwitch.reasoning import LEVELS, explain, network, rank
from whytwitch.reasoning._evidence import evidence_of
from whytwitch.reasoning._explain import Belief, solve_exactly
from whytwitch.reasoning._labs import weigh

CATALOGUE = load()
NET = network(CATALOGUE, "neurology")
ITEMS = sorted(CATALOGUE.findings)
statuses = st.sampled_from(["present", "absent", "unsure"])
answers = st.lists(st.tuples(st.sampled_from(ITEMS), statuses), max_size=12, unique_by=lambda a: a[0])


def case_of(rows: Sequence[tuple[str, str]], **facts: object) -> Case:
    return Case.model_validate(
        {"observations": [{"id": key, "status": status} for key, status in rows], **facts}
    )


@given(answers, st.randoms())
def test_order_of_answers_is_irrelevant(rows: list[tuple[str, str]], random) -> None:
    shuffled = list(rows)
    random.shuffle(shuffled)
    one, other = rank(case_of(rows)), rank(case_of(shuffled))
    assert one.urgency.level == other.urgency.level
    for key, probability in one.probabilities.items():
        assert other.probabilities[key] == pytest.approx(probability, abs=1e-9)


@given(answers)
def test_probabilities_are_probabilities(rows: list[tuple[str, str]]) -> None:
    answer = explain(case_of(rows))
    for ranked in answer.ranking:
        assert 0.0 <= ranked.low <= ranked.probability + 1e-9
        assert ranked.probability - 1e-9 <= ranked.high <= 1.0
    assert 0.0 <= answer.none_of_these <= 1.0
    chances = [r.probability for r in answer.ranking]
    assert chances == sorted(chances, reverse=True)


def test_nothing_known_gives_the_prior() -> None:
    chances = rank(Case(), setting="neurology").probabilities
    prior = NET.marginals(np.exp(NET.log_prior))
    for column, key in enumerate(NET.causes):
        assert chances[key] == pytest.approx(prior[column], abs=1e-12)


def test_present_absent_unsure_and_not_asked_all_differ() -> None:
    def als(rows: list[tuple[str, str]]) -> float:
        return rank(case_of(rows), setting="neurology").probabilities["als"]

    present, absent = als([("muscle_wasting", "present")]), als([("muscle_wasting", "absent")])
    unsure, silent = als([("muscle_wasting", "unsure")]), als([])
    assert absent < silent < unsure < present


def facts_for(key: str) -> dict[str, float | None]:
    """An age and a duration within a rule's limits."""
    rule = CATALOGUE.red_flags[key]
    age = rule.min_age_years if rule.min_age_years is not None else rule.max_age_years
    days = rule.min_duration_days if rule.min_duration_days is not None else rule.max_duration_days
    return {"age_years": age, "duration_days": days}


@given(answers, st.sampled_from(sorted(CATALOGUE.red_flags)))
def test_adding_a_red_flag_never_lowers_urgency(rows: list[tuple[str, str]], key: str) -> None:
    rule, facts = CATALOGUE.red_flags[key], facts_for(key)
    flags = [*rule.all_of, *rule.any_of]
    others = [row for row in rows if row[0] not in flags]
    before = rank(case_of(others, **facts)).urgency
    after = rank(case_of([*others, *((k, "present") for k in flags)], **facts)).urgency
    assert LEVELS.index(after.from_rules) >= LEVELS.index(before.from_rules)
    assert LEVELS.index(after.level) >= LEVELS.index(rule.level)


@pytest.mark.parametrize("key", sorted(CATALOGUE.red_flags))
def test_each_rule_fires_alone(key: str) -> None:
    """On the smallest set of answers that satisfies it, and with nothing else known."""
    rule = CATALOGUE.red_flags[key]
    wanted = [*rule.all_of, *rule.any_of[: rule.at_least]]
    verdict = rank(case_of([(k, "present") for k in wanted], **facts_for(key))).urgency
    assert key in [flag.id for flag in verdict.flags]
    assert LEVELS.index(verdict.level) >= LEVELS.index(rule.level)


@pytest.mark.parametrize("key", sorted(CATALOGUE.lab_limits))
def test_each_laboratory_limit_fires(key: str) -> None:
    limit = CATALOGUE.lab_limits[key]
    value = limit.below * 0.98 if limit.below is not None else limit.above * 1.02  # type: ignore[operator]
    lab = LabResult(analyte=limit.analyte, value=value, value_si=value)
    verdict = rank(Case(labs=(lab,))).urgency
    assert LEVELS.index(verdict.level) >= LEVELS.index(limit.level)


@pytest.mark.parametrize("key", [k for k, c in CATALOGUE.causes.items() if c.kind != "category"])
def test_each_cause_can_win(key: str) -> None:
    """With what is typical of it present, a cause leads its family (an umbrella entry never should)."""
    cause = CATALOGUE.causes[key]
    links = sorted((*cause.findings, *cause.context), key=lambda link: -CATALOGUE.probability(link.p))
    rows = [(link.id, "present") for link in links[:9]]
    chances = rank(case_of(rows), setting="neurology").probabilities
    family = [other for other in chances if CATALOGUE.causes[other].family == cause.family]
    assert key in family[:2]


def test_simulated_patients_are_calibrated() -> None:
    """A cause given 30 % is at work in 30 % of simulated people."""
    said, seen = [], []
    for patient in patients(600, seed=4, setting="neurology", asked=24):
        chances = rank(patient.case).probabilities
        said += list(chances.values())
        seen += [key in patient.causes for key in chances]
    chance, truth = np.array(said), np.array(seen, dtype=float)
    for low, high in ((0.0, 0.02), (0.02, 0.1), (0.1, 0.3), (0.3, 0.6), (0.6, 1.0)):
        inside = (chance >= low) & (chance < high)
        error = 3.0 * np.sqrt(chance[inside].mean() * (1 - chance[inside].mean()) / inside.sum())
        assert abs(chance[inside].mean() - truth[inside].mean()) < max(error, 0.03)


def test_loopy_agrees_with_exact_on_patients() -> None:
    gaps = []
    for patient in patients(100, seed=5, asked=30):
        evidence = evidence_of(patient.case, NET)
        gaps.append(np.abs(Belief(evidence, NET).loopy - solve_exactly(evidence, NET)).max())
    assert np.median(gaps) < 0.02
    assert np.quantile(gaps, 0.9) < 0.15


def test_context_bundle_counts_less_than_its_product() -> None:
    def odds(rows: list[tuple[str, str]]) -> float:
        p = rank(case_of(rows), setting="primary-care").probabilities["hypokalemia"]
        return p / (1 - p)

    base = odds([])
    thiazide, loop = odds([("drug_thiazide", "present")]), odds([("drug_loop_diuretic", "present")])
    both = odds([("drug_thiazide", "present"), ("drug_loop_diuretic", "present")])
    assert max(thiazide, loop) < both < thiazide * loop / base


def test_laboratory_values_are_continuous() -> None:
    """Lower calcium is more evidence, without a jump at the limit of the interval."""

    def chance(value: float) -> float:
        lab = LabResult(analyte="calcium_total", value=value, value_si=value)
        return rank(Case(labs=(lab,)), setting="emergency").probabilities["hypocalcemia"]

    values = np.linspace(2.4, 1.5, 46)
    chances = np.array([chance(float(v)) for v in values])
    assert (np.diff(chances) > -1e-6).all()
    assert np.diff(chances).max() < 0.25
    assert chances[0] < 0.02 and chances[-1] > 0.3


@pytest.mark.parametrize("key", [k for k, a in CATALOGUE.analytes.items() if a.high_finding and a.high])
def test_extreme_values_are_not_read_as_normal(key: str) -> None:
    analyte = CATALOGUE.analytes[key]
    assert analyte.high is not None
    value = analyte.high + 0.9 * (analyte.plausible[1] - analyte.high)
    (high,) = (e for e in weigh(LabResult(analyte=key, value=value, value_si=value), CATALOGUE)
               if e.finding == analyte.high_finding)  # fmt: skip
    assert high.ratio > 20.0


@pytest.mark.parametrize(
    "words", ["My calf twitches. K 3.1 mmol/L.", "One side of my body suddenly became weak."]
)
def test_a_brief_answer_differs_only_in_what_it_leaves_out(words: str) -> None:
    whole, brief = explain(words), explain(words, brief=True)
    assert brief.urgency == whole.urgency
    assert brief.next_question == whole.next_question
    assert [(r.id, r.probability) for r in brief.ranking] == [(r.id, r.probability) for r in whole.ranking]
    assert all(r.low == r.high == r.probability and not r.evidence for r in brief.ranking)
