"""How well free text is read: precision and recall of what was annotated by hand.

Usage: python benchmarks/text/measure.py [--json] [--errors] [--split all|seen|unseen]

Rules of the count are in README.md beside this file.
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
import time
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from whytwitch.case import Case, CaseError, read_text
from whytwitch.knowledge import Catalogue, load

HERE = Path(__file__).resolve().parent
CASES = HERE.parent / "cases"
FLAGS = ("low", "normal", "high")
STATUSES = ("present", "absent", "unsure")
FOLLOWS = ("drug:", "lab:")
"""Implied observations that are still something the text says."""
VITALS = frozenset(("tachycardia", "bradycardia", "hypertension_measured", "hypotension", "fever",
                    "hyperthermia", "breathing_fast", "orthostatic_drop"))  # fmt: skip
"""A measured value within limits says that these are absent; never counted as a false alarm."""


def read_lines(path: Path) -> list[dict[str, Any]]:
    """The records of a JSON Lines file."""
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]


def texts() -> dict[str, str]:
    """Text by case id."""
    cases = [*read_lines(CASES / "dev.jsonl"), *read_lines(CASES / "lay_dev.jsonl")]
    return {case["id"]: case.get("vignette") or case["text"] for case in cases}


@dataclass
class Tally:
    """Credits of a set of pairs; half-right pairs count half on each side."""

    gold: float = 0
    hit: float = 0
    found: float = 0
    right: float = 0

    def figures(self) -> dict[str, float | None]:
        """Precision, recall, F1 and the counts behind them."""
        p = self.right / self.found if self.found else None
        r = self.hit / self.gold if self.gold else None
        f = 2 * p * r / (p + r) if p and r else None
        return {"precision": p, "recall": r, "f1": f, "annotated": self.gold, "reported": self.found}


@dataclass
class Score:
    """Everything counted over a set of texts."""

    pairs: Tally = field(default_factory=Tally)
    kinds: dict[str, Tally] = field(default_factory=lambda: defaultdict(Tally))
    statuses: dict[str, Tally] = field(default_factory=lambda: defaultdict(Tally))
    confusion: Counter[tuple[str, str]] = field(default_factory=Counter)
    not_person: Counter[str] = field(default_factory=Counter)
    labs: Counter[str] = field(default_factory=Counter)
    person: Counter[str] = field(default_factory=Counter)
    ms: list[float] = field(default_factory=list)
    errors: list[dict[str, Any]] = field(default_factory=list)
    texts: int = 0


class Vocabulary:
    """Kinds and parents of the vocabulary, and which lab findings an analyte stands for."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._findings = catalogue.findings
        self.lab_of: dict[str, tuple[str, str]] = {}
        for key, analyte in catalogue.analytes.items():
            if analyte.low_finding:
                self.lab_of.setdefault(analyte.low_finding, (key, "low"))
            if analyte.high_finding:
                self.lab_of.setdefault(analyte.high_finding, (key, "high"))
        self.shares = {key: (a.low_finding, a.high_finding) for key, a in catalogue.analytes.items()}

    def kind(self, item: str) -> str:
        """Kind of a vocabulary item."""
        return self._findings[item].kind if item in self._findings else "unknown"

    def above(self, item: str) -> set[str]:
        """Everything the item is a part of."""
        found: set[str] = set()
        at = self._findings[item].parent if item in self._findings else None
        while at is not None and at not in found:
            found.add(at)
            at = self._findings[at].parent
        return found

    def near(self, a: str, b: str) -> bool:
        """Whether one of the two is a part of the other."""
        return a in self.above(b) or b in self.above(a)


def reported(case: Case, vocabulary: Vocabulary) -> tuple[dict[str, str], dict[str, str]]:
    """Status by id: what the text was taken to say, and what merely follows from it."""
    said: dict[str, str] = {}
    follows: dict[str, str] = {}
    for o in case.observations:
        if vocabulary.kind(o.id) == "lab":
            continue
        mere = o.implied_by is not None and not o.implied_by.startswith(FOLLOWS)
        (follows if mere else said)[o.id] = o.status
    return said, follows


def score_pairs(note: dict[str, Any], case: Case, vocabulary: Vocabulary, score: Score) -> None:
    """Compare (id, status) pairs. Laboratory findings are compared as laboratory results instead."""
    said, follows = reported(case, vocabulary)
    gold = [(entry.split("|"), status) for status in STATUSES for entry in note[status]]
    gold_ids = {item for ids, _ in gold for item in ids}
    optional = set(note["optional"]) - gold_ids
    covered = {p for i in said for p in vocabulary.above(i) if said[i] == "present"}
    used: dict[str, float] = {}
    misses: list[str] = []
    for ids, status in gold:
        exact = [i for i in ids if said.get(i, follows.get(i)) == status]
        wrong = [i for i in ids if i in said and said[i] != status]
        others = [i for i in said if said[i] == status and i not in gold_ids | covered]
        close = [i for i in others if any(vocabulary.near(i, g) for g in ids)]
        credit = 1.0 if exact else 0.5 if close and not wrong else 0.0
        tallies = (score.pairs, score.kinds[vocabulary.kind(ids[0])], score.statuses[status])
        for tally in tallies:
            tally.gold += 1
            tally.hit += credit
        if exact or wrong:
            score.confusion[status, status if exact else said[wrong[0]]] += 1
        for item in exact:
            used[item] = 1.0
        for item in wrong if not exact else ():
            used[item] = 0.0
        if credit == 0.5:
            used.update({i: max(used.get(i, 0.0), 0.5) for i in close})
        if credit < 1:
            how = f"as {said[wrong[0]]}" if wrong else f"only {', '.join(close)}" if close else "not read"
            misses.append(f"{status} {'|'.join(ids)} ({how})")
    alarms: list[str] = []
    present = {i for i in said if said[i] == "present"} | {
        i for ids, s in gold if s == "present" for i in ids
    }
    for item, status in said.items():
        credit = used.get(item)
        if credit is None:
            implied = status == "present" and any(item in vocabulary.above(p) for p in present if p != item)
            measured = status == "absent" and item in VITALS
            if item in optional or item in gold_ids or implied or measured:
                continue
            credit = 0.0
        for tally in (score.pairs, score.kinds[vocabulary.kind(item)], score.statuses[status]):
            tally.found += 1
            tally.right += credit
        if credit < 1:
            alarms.append(f"{status} {item}" + (" (half)" if credit else ""))
    for item, why in note["not_person"].items():
        score.not_person["mentions"] += 1
        score.not_person["left out"] += said.get(item) != "present"
        if said.get(item) == "present":
            alarms.append(f"(trap: {why}) {item}")
    if misses or alarms:
        score.errors.append({"id": note["id"], "misses": misses, "false_alarms": alarms})


def unit_key(unit: str | None) -> str:
    """A unit's spelling without case, spaces and micro signs."""
    return (unit or "").lower().replace(" ", "").replace("µ", "u").replace("μ", "u").replace("^", "")


def score_labs(note: dict[str, Any], case: Case, vocabulary: Vocabulary, score: Score) -> None:
    """Compare laboratory results: the analyte, and value with unit or the word for it."""
    got: dict[str, list[tuple[float | None, str | None, str | None]]] = defaultdict(list)
    for lab in case.labs:
        got[lab.analyte].append((lab.value, lab.unit, lab.flag))
    for o in case.observations:
        pair = vocabulary.lab_of.get(o.id)
        if pair and o.status == "present" and o.implied_by is None:
            known = [k for k in got if o.id in vocabulary.shares.get(k, ())]
            if not known:
                got[pair[0]].append((None, None, pair[1]))
    misses: list[str] = []
    seen: set[str] = set()
    for lab in note["labs"]:
        score.labs["annotated"] += 1
        name = lab["analyte"]
        same = [name, *_twins(name, lab, vocabulary)]
        found = [(k, entry) for k in same for entry in got.get(k, ())]
        seen.update(k for k, _ in found)
        score.labs["analyte found"] += bool(found)
        right = any(_same(lab, entry) for _, entry in found)
        score.labs["exact"] += right
        asked = not right and lab.get("unit") is None and "value" in lab and _asked(lab["value"], case)
        score.labs["asked back"] += asked
        if not right and not asked:
            said = f"{lab.get('value', '')} {lab.get('unit') or ''} {lab.get('flag', '')}"
            misses.append(f"lab {name} {said}: got {[e for _, e in found]}")
    extra = [k for k in got if k not in seen and k not in note["labs_optional"]]
    score.labs["false"] += len(extra)
    if misses or extra:
        score.errors.append(
            {"id": note["id"], "misses": misses, "false_alarms": [f"lab {k} {got[k]}" for k in extra]}
        )


def _asked(value: float, case: Case) -> bool:
    """Whether the person is asked what a number without a unit means."""
    return any(f"{value:g}" in d.text or f"{value:g}" in d.question for d in case.doubts)


def _twins(name: str, lab: dict[str, Any], vocabulary: Vocabulary) -> list[str]:
    """Analytes that stand for the same finding; accepted where the text gives only a word."""
    if "value" in lab:
        return []
    own = {f for f in vocabulary.shares.get(name, ()) if f}
    return [k for k, f in vocabulary.shares.items() if k != name and own & set(f)]


def _same(lab: dict[str, Any], entry: tuple[float | None, str | None, str | None]) -> bool:
    value, unit, flag = entry
    if "flag" in lab and flag == lab["flag"]:
        return True
    if "value" not in lab or value is None:
        return False
    close = any(abs(value - v) <= 1e-6 * max(1.0, abs(v)) for v in (lab["value"], *lab.get("value_also", ())))
    return close and (lab["unit"] is None or unit_key(unit) == unit_key(lab["unit"]))


def score_person(note: dict[str, Any], case: Case, score: Score) -> None:
    """Age, sex and duration; leaving out what is not said counts as right."""
    checks = {
        "age": (_in(note["age"], case.age_years, 0.02), note["age"], case.age_years),
        "sex": (note["sex"] == case.sex, note["sex"], case.sex),
        "duration": (_duration(note, case.duration_days), note["duration_days"], case.duration_days),
    }
    wrong: list[str] = []
    for what, (right, gold, got) in checks.items():
        said = gold is not None
        score.person[f"{what} {'said' if said else 'unsaid'}"] += 1
        score.person[f"{what} {'said' if said else 'unsaid'} right"] += right
        if not right:
            wrong.append(f"{what} {gold}: got {got}")
    if wrong:
        score.errors.append({"id": note["id"], "misses": wrong, "false_alarms": []})


def _in(gold: Any, got: float | None, slack: float) -> bool:
    if gold is None or got is None:
        return gold is None and got is None
    low, high = gold if isinstance(gold, list) else (gold, gold)
    return low * (1 - slack) - 0.01 <= got <= high * (1 + slack) + 0.01


def _duration(note: dict[str, Any], got: float | None) -> bool:
    gold = note["duration_days"]
    return _in(gold, got, 0.15) or (got is not None and any(_in(v, got, 0.15) for v in note["duration_also"]))


def measure(notes: list[dict[str, Any]], bodies: dict[str, str], catalogue: Catalogue) -> Score:
    """Read every annotated text and count."""
    vocabulary, score = Vocabulary(catalogue), Score()
    for note in notes:
        begun = time.process_time()
        try:
            case = read_text(bodies[note["id"]], catalogue)
        except CaseError as error:
            score.errors.append({"id": note["id"], "misses": [f"refused: {error}"], "false_alarms": []})
            case = Case()
        score.ms.append((time.process_time() - begun) * 1000)
        score.texts += 1
        score_pairs(note, case, vocabulary, score)
        score_labs(note, case, vocabulary, score)
        score_person(note, case, score)
    return score


def summary(score: Score) -> dict[str, Any]:
    """The counts as plain numbers."""
    agree = sum(n for (a, b), n in score.confusion.items() if a == b)
    total = sum(score.confusion.values())
    return {
        "texts": score.texts,
        "pairs": score.pairs.figures(),
        "kinds": {k: t.figures() for k, t in sorted(score.kinds.items())},
        "statuses": {k: t.figures() for k, t in score.statuses.items()},
        "status_accuracy": agree / total if total else None,
        "status_confusion": {f"{a} read as {b}": n for (a, b), n in sorted(score.confusion.items())},
        "not_person": dict(score.not_person),
        "labs": dict(score.labs),
        "person": dict(score.person),
        "ms_per_text": {
            "mean": statistics.fmean(score.ms),
            "median": statistics.median(score.ms),
            "max": max(score.ms),
        },
    }


def show(name: str, s: dict[str, Any]) -> None:
    """Print one split."""

    def row(label: str, f: dict[str, Any]) -> str:
        cells = ["   -  " if f[k] is None else f"{f[k]:6.3f}" for k in ("precision", "recall", "f1")]
        return (
            f"  {label:<12}{'  '.join(cells)}   annotated {f['annotated']:.0f}, reported {f['reported']:.0f}"
        )

    print(f"\n{name}: {s['texts']} texts\n  {'':<12}precis  recall  F1")
    print(row("all pairs", s["pairs"]))
    for key in STATUSES:
        if key in s["statuses"]:
            print(row(key, s["statuses"][key]))
    for key, figures in s["kinds"].items():
        print(row(key, figures))
    accuracy = s["status_accuracy"]
    print(
        f"  status right, given the id: {accuracy:.3f}  {s['status_confusion']}"
        if accuracy is not None
        else ""
    )
    traps = Counter(s["not_person"])
    print(f"  not of the person: {traps['left out']} of {traps['mentions']} left out")
    labs = Counter(s["labs"])
    print(f"  labs: {labs['exact']} exact, {labs['asked back']} asked back (no unit), "
          f"{labs['analyte found']} found of {labs['annotated']}, {labs['false']} false")  # fmt: skip
    for what in ("age", "sex", "duration"):
        p = s["person"]
        print(f"  {what}: {p.get(what + ' said right', 0)}/{p.get(what + ' said', 0)} where said, "
              f"{p.get(what + ' unsaid right', 0)}/{p.get(what + ' unsaid', 0)} left out else")  # fmt: skip
    ms = s["ms_per_text"]
    print(f"  processor ms a text: mean {ms['mean']:.1f}, median {ms['median']:.1f}, slowest {ms['max']:.1f}")


def main() -> int:
    """Run the measurement."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.add_argument(
        "--errors",
        action="store_true",
        help="list misses and false alarms (of the seen split unless --split says more)",
    )
    parser.add_argument("--split", choices=("all", "seen", "unseen"), help="only this split")
    args = parser.parse_args()
    catalogue, bodies = load(), texts()
    notes = read_lines(HERE / "annotations.jsonl")
    read_text("Warm up: my left calf twitches.", catalogue)
    scores: dict[str, Score] = {}
    for split in (args.split,) if args.split else ("all", "seen", "unseen"):
        chosen = [n for n in notes if split == "all" or n["split"] == split]
        scores[split] = measure(chosen, bodies, catalogue)
    result = {split: summary(score) for split, score in scores.items()}
    if args.errors:
        result[args.split or "seen"]["errors"] = scores[args.split or "seen"].errors
    if args.json:
        print(json.dumps(result, indent=2))
        return 0
    for split, s in result.items():
        show(split, s)
    if args.errors:
        listed = scores[args.split or "seen"]
        for error in sorted(listed.errors, key=lambda e: e["id"]):
            print(f"\n{error['id']}")
            for miss in error["misses"]:
                print(f"  - {miss}")
            for alarm in error["false_alarms"]:
                print(f"  + {alarm}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
