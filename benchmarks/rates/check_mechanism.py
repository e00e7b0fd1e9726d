"""Whether the posterior over mechanisms holds: fresh simulated people, the measured people, published groups.

    python benchmarks/rates/check_mechanism.py

It writes ``benchmarks/results/mechanism.json`` and the tables of ``docs/mechanism-from-measurement.md``.
About 500 simulated tests (two minutes on one core), none of which had a part in the build; ``--sample FILE``
also writes a few of them for the tests. Simulation-based calibration: Talts, Betancourt, Simpson, Vehtari
and Gelman 2018 (arXiv 1804.06788): where person and test are drawn from what the posterior assumes, the true
dose has a uniform rank, and what is given 30 % is true in 30 %.
"""

from __future__ import annotations

import argparse
import json
import os
import re
from collections import defaultdict
from pathlib import Path
from typing import Any

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import numpy as np
from build_mechanism import PEOPLE, read_people
from build_mechanism import tested as tested_by
from numpy.typing import NDArray
from scipy.stats import chisquare

from whytwitch.knowledge import load_mechanics
from whytwitch.physiology.excitability import PRIORS, normal_indices
from whytwitch.physiology.mechanism import (
    INDICES,
    LEAST_DOSE,
    MECHANISMS,
    NORMAL,
    PRIOR_NORMAL,
    MechanismPosterior,
    infer_dose,
    infer_mechanism,
    mechanisms_of,
    table,
    values_at,
)
from whytwitch.physiology.scenario import apply, combine

Floats = NDArray[np.float64]

ROOT = Path(__file__).resolve().parents[2]
RESULT = ROOT / "benchmarks/results/mechanism.json"
PAGE = ROOT / "docs/mechanism-from-measurement.md"

FOLLOWED_Z = 1.5
"""A published direction without a size stands for so many standard deviations (judgment)."""


def main() -> None:
    """Draw, infer, count, write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--each", type=int, default=20, help="fresh people under each mechanism")
    parser.add_argument("--normal", type=int, default=80, help="fresh people under none")
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--sample", type=Path)
    options = parser.parse_args()
    rng = np.random.default_rng(options.seed)
    counts = {NORMAL: options.normal, **dict.fromkeys(MECHANISMS, options.each)}
    people = [fresh(name, rng) for name, n in counts.items() for _ in range(n)]
    if options.sample:
        write_sample(options.sample, people)
    report = {
        "seed": options.seed,
        "simulated": simulated(people),
        "measured_healthy": measured(read_people(PEOPLE)),
        "published": published(),
    }
    RESULT.write_text(json.dumps(report, indent=1, ensure_ascii=False) + "\n", "utf-8")
    if PAGE.exists():
        PAGE.write_text(filled(PAGE.read_text("utf-8"), report), "utf-8")
    print(json.dumps({k: v for k, v in report["simulated"].items() if k != "confusion"}, indent=1))
    print(json.dumps(report["measured_healthy"], indent=1))


# --- fresh people ---------------------------------------------------------------------------------


def fresh(name: str, rng: np.random.Generator) -> dict[str, Any]:
    """Somebody with a mechanism, drawn as the posterior assumes; drawn again where no test could be done."""
    known = table()
    size = len(INDICES)
    while True:
        dose = float(rng.uniform(LEAST_DOSE, 1.0)) if name != NORMAL else 0.0
        # Some people, or tests, are farther from the mean in everything: what makes the tails heavy.
        wide = float(np.sqrt((known.student - 2) / rng.chisquare(known.student)))
        unknowns = wide * rng.standard_normal(len(PRIORS))
        own = wide * np.linalg.cholesky(known.residual + 1e-9 * np.eye(size)) @ rng.standard_normal(size)
        mine = np.flatnonzero(known.mechanism == known.names.index(name))
        at = mine[int(np.argmin(np.abs(known.dose[mine] - dose)))]
        wrong = wide * known.discrepancy[at] * rng.standard_normal(size)
        changed = tested_by(name, known.scale, unknowns, dose)
        if np.isfinite(changed).any():
            point = known.mean[0] + changed - nobody() + own
            return {
                "mechanism": name,
                "dose": dose,
                "point": point + wrong,
                "answer": infer_mechanism(values_at(point + wrong)),
                "trusted": infer_mechanism(values_at(point)),
            }


def nobody() -> Floats:
    """The mean of the model's people without any mechanism (their spread is small, so the middle one)."""
    if not _NOBODY:
        _NOBODY.append(tested_by(NORMAL, table().scale, np.zeros(len(PRIORS)), 0.0))
    return _NOBODY[0]


_NOBODY: list[Floats] = []


def simulated(people: list[dict[str, Any]]) -> dict[str, Any]:
    """Calibration and accuracy, everybody weighted as in the prior."""
    weight = np.array([weight_of(one["mechanism"], people) for one in people])
    answers: list[MechanismPosterior] = [one["answer"] for one in people]
    truth = [one["mechanism"] for one in people]
    covered = np.array([t in a.credible for t, a in zip(truth, answers, strict=True)], float)
    top = np.array([next(iter(a.probabilities)) == t for t, a in zip(truth, answers, strict=True)], float)
    ranks = [rank(one) for one in people if one["mechanism"] != NORMAL]
    histogram = np.histogram(ranks, np.linspace(0, 1, 11))[0]
    trusted = [one["trusted"] for one in people]
    return {
        "people": len(people),
        "coverage_of_90_percent_sets": mean(covered, weight),
        "coverage_without_discrepancy": mean(
            np.array([t in a.credible for t, a in zip(truth, trusted, strict=True)], float), weight
        ),
        "most_probable_is_right": mean(top, weight),
        "most_probable_is_right_if_abnormal": mean(
            np.array(
                [best_abnormal(a) == t for t, a in zip(truth, answers, strict=True) if t != NORMAL], float
            )
        ),
        "expected_calibration_error": calibration_error(truth, answers, weight),
        "calibration_error_by_chance": by_chance(answers, weight),
        "median_set_size": float(np.median([len(a.credible) for a in answers])),
        "verdicts": verdicts(answers, weight),
        "told_none_fits_of_true": mean(np.array([a.verdict == "none_fits" for a in answers], float), weight),
        "dose_ranks": histogram.tolist(),
        "dose_ranks_p": round(float(chisquare(histogram).pvalue), 3),
        "fit_quantiles_5_25_50_75_95": [
            round(float(q), 3) for q in np.quantile([a.fit for a in answers], [0.05, 0.25, 0.5, 0.75, 0.95])
        ],
        "reliability": reliability(truth, answers, weight),
        "confusion": confusion(people),
    }


def weight_of(name: str, people: list[dict[str, Any]]) -> float:
    """Of one person, so that mechanisms count as in the prior."""
    prior = PRIOR_NORMAL if name == NORMAL else (1 - PRIOR_NORMAL) / len(MECHANISMS)
    return prior / sum(one["mechanism"] == name for one in people)


def mean(values: Floats, weight: Floats | None = None) -> float:
    """Rounded, weighted."""
    return round(float(np.average(values, weights=weight)), 3)


def best_abnormal(answer: MechanismPosterior) -> str:
    """The most probable mechanism that is not normal."""
    return next(name for name in answer.probabilities if name != NORMAL)


def rank(one: dict[str, Any]) -> float:
    """Where the true dose lies in the posterior of its dose, given the true mechanism."""
    doses, chance = infer_dose(values_at(one["point"]), one["mechanism"])
    return float(np.interp(one["dose"], doses, np.cumsum(chance) - 0.5 * chance, left=0.0, right=1.0))


def pairs(
    truth: list[str], answers: list[MechanismPosterior], weight: Floats
) -> tuple[Floats, Floats, Floats]:
    """Every probability that was given, whether it came true, and its weight."""
    rows = [
        (p, float(name == t), w)
        for t, a, w in zip(truth, answers, weight, strict=True)
        for name, p in a.probabilities.items()
    ]
    said, true, heavy = np.array(rows).T
    return said, true, heavy


EDGES = np.array([0.0, 0.02, 0.05, 0.1, 0.2, 0.35, 0.5, 0.65, 0.8, 0.9, 1.0])


def reliability(
    truth: list[str], answers: list[MechanismPosterior], weight: Floats
) -> list[dict[str, float]]:
    """Said and found, by bins of what was said."""
    said, true, heavy = pairs(truth, answers, weight)
    bins = np.clip(np.digitize(said, EDGES) - 1, 0, len(EDGES) - 2)
    return [
        {
            "from": float(EDGES[k]),
            "to": float(EDGES[k + 1]),
            "n": int((bins == k).sum()),
            "said": mean(said[bins == k], heavy[bins == k]),
            "found": mean(true[bins == k], heavy[bins == k]),
        }
        for k in range(len(EDGES) - 1)
        if (bins == k).any()
    ]


def calibration_error(truth: list[str], answers: list[MechanismPosterior], weight: Floats) -> float:
    """Mean distance between said and found of the most probable mechanism, in ten bins."""
    top = [next(iter(a.probabilities.items())) for a in answers]
    said = np.array([p for _, p in top])
    true = np.array([name == t for (name, _), t in zip(top, truth, strict=True)], float)
    bins = np.minimum((said * 10).astype(int), 9)
    gaps = [
        weight[bins == k].sum()
        * abs(np.average(said[bins == k] - true[bins == k], weights=weight[bins == k]))
        for k in np.unique(bins)
    ]
    return round(float(sum(gaps) / weight.sum()), 3)


def by_chance(answers: list[MechanismPosterior], weight: Floats) -> float:
    """The mean error that so many perfectly calibrated answers would show."""
    rng = np.random.default_rng(0)
    drawn = [[str(rng.choice(list(a.probabilities), p=normalized(a))) for a in answers] for _ in range(100)]
    return mean(np.array([calibration_error(truth, answers, weight) for truth in drawn]))


def normalized(answer: MechanismPosterior) -> Floats:
    """Probabilities that add up to 1 to the last bit."""
    chance = np.array(list(answer.probabilities.values()))
    return chance / chance.sum()


def verdicts(answers: list[MechanismPosterior], weight: Floats) -> dict[str, float]:
    """How often each is given."""
    return {
        name: mean(np.array([a.verdict == name for a in answers], float), weight)
        for name in ("one", "any_of", "cannot_tell", "none_fits")
    }


def confusion(people: list[dict[str, Any]]) -> dict[str, dict[str, float]]:
    """Mean probability of every mechanism (columns) by the true one (rows)."""
    found: dict[str, dict[str, float]] = {}
    for name in (NORMAL, *MECHANISMS):
        mine = [one["answer"].probabilities for one in people if one["mechanism"] == name]
        found[name] = {other: mean(np.array([p[other] for p in mine])) for other in (NORMAL, *MECHANISMS)}
    return found


def write_sample(path: Path, people: list[dict[str, Any]]) -> None:
    """Three people of each mechanism, for the tests."""
    seen: dict[str, int] = defaultdict(int)
    rows = []
    for one in people:
        seen[one["mechanism"]] += 1
        if seen[one["mechanism"]] <= 3:
            values = {k: float(f"{v:.4g}") for k, v in values_at(one["point"]).items()}
            rows.append({"mechanism": one["mechanism"], "dose": round(one["dose"], 3), "indices": values})
    path.parent.mkdir(exist_ok=True, parents=True)
    path.write_text("[\n" + ",\n".join(json.dumps(row) for row in rows) + "\n]\n", "utf-8")


# --- measured people ------------------------------------------------------------------------------


def measured(rows: list[dict[str, float]]) -> dict[str, Any]:
    """Healthy people, the same whose spread was learnt."""
    answers = [infer_mechanism(row) for row in rows]
    return {
        "people": len(rows),
        "normal_in_set": mean(np.array([a.may_be_normal for a in answers], float)),
        "mean_probability_of_normal": mean(np.array([a.probabilities[NORMAL] for a in answers])),
        "verdicts": verdicts(answers, np.ones(len(answers))),
    }


# --- published groups -----------------------------------------------------------------------------


def published() -> list[dict[str, Any]]:
    """Every group whose change a mechanism stands for, as if its mean were a person.

    A scenario that leaves the trunk's axon as it is stands for ``normal``; one that changes it in a way that
    is no mechanism of ours (more slow potassium) is left out.
    """
    groups: dict[str, dict[str, float]] = defaultdict(dict)
    expected: dict[str, set[str]] = defaultdict(set)
    for change in load_mechanics().excitability_changes:
        if change.direction == "unclear" or not (change.cause or change.overrides):
            continue
        system = (
            apply(change.cause, change.scenario, change.dose) if change.cause else combine(**change.overrides)
        )
        bath = {n.partition(".")[2]: v for n, v in system.values.items() if n.startswith("bath.")}
        changed = {**bath, **system.axon}
        stands = set(mechanisms_of(changed)) if changed else {NORMAL}
        for name in change.indices:
            if name in INDICES and stands:
                groups[change.group][name] = direction_z(name, change.direction)
                expected[change.group] |= stands
    return [row(group, zs, expected[group]) for group, zs in groups.items()]


def direction_z(name: str, direction: str) -> float:
    """A direction speaks of size: what is negative increases when it becomes more so."""
    sign = -1.0 if normal_indices()[name].center < 0 else 1.0
    return sign * {"increase": FOLLOWED_Z, "decrease": -FOLLOWED_Z, "no change": 0.0}[direction]


def row(group: str, zs: dict[str, float], expected: set[str]) -> dict[str, Any]:
    """What the posterior says of a group."""
    values = {}
    for name, z in zs.items():
        normal = normal_indices()[name]
        far = normal.spread * z
        values[name] = normal.center * np.exp(far) if normal.scale == "log" else normal.center + far
    answer = infer_mechanism(values)
    order = [name for name in answer.probabilities if name != NORMAL]
    return {
        "group": group,
        "indices": len(zs),
        "expected": sorted(expected),
        "set_size": len(answer.credible),
        "in_set": bool(expected & set(answer.credible)),
        "rank_if_abnormal": min((order.index(n) + 1 for n in expected if n != NORMAL), default=None),
        "most_probable_if_abnormal": order[0],
        "probability_of_normal": round(answer.probabilities[NORMAL], 3),
        "verdict": answer.verdict,
    }


# --- the page -------------------------------------------------------------------------------------


def filled(text: str, report: dict[str, Any]) -> str:
    """The page with fresh tables."""
    for name, body in {
        "calibration": calibration_table(report),
        "published": published_table(report),
    }.items():
        block = re.compile(rf"(<!-- {name}: [^\n]*-->\n).*?(<!-- end of {name} -->)", re.S)
        text = block.sub(lambda found, body=body: f"{found[1]}\n{body}\n\n{found[2]}", text)
    return text


def calibration_table(report: dict[str, Any]) -> str:
    """The main figures."""
    found, people = report["simulated"], report["measured_healthy"]
    rows = [
        ("fresh simulated people", found["people"]),
        ("90 % sets that hold the true mechanism", f"{found['coverage_of_90_percent_sets']:.1%}"),
        ("the same, were the model without error", f"{found['coverage_without_discrepancy']:.1%}"),
        ("most probable is right", f"{found['most_probable_is_right']:.1%}"),
        ("of those with a mechanism: the most probable but normal is right",
         f"{found['most_probable_is_right_if_abnormal']:.1%}"),
        ("expected calibration error of the most probable",
         f"{found['expected_calibration_error']:.3f} (by chance {found['calibration_error_by_chance']:.3f})"),
        ("ranks of the true dose, ten bins", f"{found['dose_ranks']} (uniform: p = {found['dose_ranks_p']})"),
        ("answers", said(found["verdicts"])),
        ("280 healthy people: normal in the set", f"{people['normal_in_set']:.1%}"),
        ("280 healthy people: mean probability of normal", f"{people['mean_probability_of_normal']:.1%}"),
        ("280 healthy people: answers", said(people["verdicts"])),
    ]  # fmt: skip
    recovered = [(name, found["confusion"][name]) for name in MECHANISMS]
    lines = ["| what | found |", "|---|---|", *(f"| {a} | {b} |" for a, b in rows), ""]
    lines += [
        "| true mechanism | its mean probability | normal | most often taken for |",
        "|---|---|---|---|",
    ]
    for name, probabilities in recovered:
        others = {k: v for k, v in probabilities.items() if k not in (name, NORMAL)}
        worst = sorted(others, key=lambda k: -others[k])[:2]
        taken = ", ".join(f"{MECHANISMS[k].name} ({others[k]:.0%})" for k in worst)
        lines.append(
            f"| {MECHANISMS[name].name} | {probabilities[name]:.0%} | {probabilities[NORMAL]:.0%} | {taken} |"
        )
    return "\n".join(lines)


def said(shares: dict[str, float]) -> str:
    """Verdicts in words."""
    words = {"one": "one", "any_of": "any of several", "cannot_tell": "cannot tell", "none_fits": "none fits"}
    return ", ".join(f"{words[name]} {share:.1%}" for name, share in shares.items())


def published_table(report: dict[str, Any]) -> str:
    """One row a group."""
    lines = [
        "| group | indices | mechanism that stands for it | in the 90 % set (its size) | rank without normal "
        "| first without normal | answer |",
        "|---|---|---|---|---|---|---|",
    ]
    words = {"one": "one", "any_of": "any of several", "cannot_tell": "cannot tell", "none_fits": "none fits"}
    for one in report["published"]:
        names = ", ".join(one["expected"])
        lines.append(
            f"| {one['group']} | {one['indices']} | {names} | {'yes' if one['in_set'] else '**no**'} "
            f"({one['set_size']}) | {one['rank_if_abnormal'] or '–'} | {one['most_probable_if_abnormal']} "
            f"| {words[one['verdict']]} |"
        )
    odd = [one for one in report["published"] if one["rank_if_abnormal"]]
    chance = sum((one["set_size"] - 1) / len(MECHANISMS) for one in odd)
    held = sum(one["in_set"] for one in odd)
    ranks = np.median([one["rank_if_abnormal"] for one in odd])
    lines += [
        "",
        f"Of the {len(odd)} groups with a mechanism, it is in the set in {held}; "
        f"sets of these sizes drawn at random, with normal in each, would hold it in {chance:.0f}. "
        f"Its median rank is {ranks:.0f} of {len(MECHANISMS)}.",
    ]
    return "\n".join(lines)


if __name__ == "__main__":
    main()
