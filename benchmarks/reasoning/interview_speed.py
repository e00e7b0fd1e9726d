"""How long a person waits between two questions, by how much is known already.

    python benchmarks/reasoning/interview_speed.py [--people N] [--seed S]

Interviews of up to 25 questions from different openings, answered at random by people of three kinds: most
who ask have little of what is asked, some have a lot, and some are not sure of anything (the slowest: what
is unsure must all be explained). Timed is ``explain`` alone, as the page calls it after each answer, in
processor time: waiting for other work on the machine is left out. Set OPENBLAS_NUM_THREADS=1, or idle
threads are counted. Results go to ``benchmarks/results/interview_speed.json``.
"""

from __future__ import annotations

import argparse
import json
import platform
import time
from collections.abc import Sequence
from pathlib import Path
from random import Random
from typing import Final, NamedTuple

import numpy as np

from whytwitch.app import Interview, Reply
from whytwitch.case import Case, Status
from whytwitch.knowledge import load
from whytwitch.reasoning import Question, explain

RESULTS: Final = Path(__file__).parents[1] / "results" / "interview_speed.json"
QUESTIONS: Final = 25
OPENINGS: Final = (
    "My left eyelid has twitched for three days, five coffees a day, little sleep.",
    "Cramps in both hands and tingling lips since neck surgery last week. Ca 7.1 mg/dL.",
    "My calves twitch all day, and I read about ALS.",
    "For two months my right hand has been weak and the muscles in it jump.",
)
STATUSES: Final[tuple[Status, ...]] = ("present", "absent", "unsure")
PEOPLE: Final = {"few signs": (1, 8, 1), "many signs": (4, 5, 1), "unsure": (0, 3, 7)}
"""Weights of the three answers."""
BANDS: Final = ((0, 4), (5, 9), (10, 14), (15, 19), (20, QUESTIONS))


class Step(NamedTuple):
    """One call: who answered, questions answered before it, and milliseconds of processor time."""

    person: str
    answers: int
    ms: float


def reply_to(question: Question, weights: Sequence[int], draw: Random) -> Reply:
    """A reply at random; facts about the person are passed over."""
    if not question.items:
        return Reply.skip(question)
    return Reply.to(question, {item.id: draw.choices(STATUSES, weights)[0] for item in question.items})


def steps(opening: Case, person: str, draw: Random) -> list[Step]:
    """One interview."""
    interview, found = Interview(opening), list[Step]()
    for count in range(QUESTIONS + 1):
        case, skipped = interview.case, interview.skipped
        start = time.process_time()
        explain(case, catalogue=interview.catalogue, skipped=skipped)
        found.append(Step(person, count, 1e3 * (time.process_time() - start)))
        question = interview.question
        if question is None:
            break
        interview = interview.answer(reply_to(question, PEOPLE[person], draw))
    return found


def summary(times: Sequence[float]) -> dict[str, float]:
    """What is reported of some calls."""
    p50, p95, most = (round(float(t), 1) for t in np.percentile(times, [50, 95, 100]))
    return {"n": len(times), "p50_ms": p50, "p95_ms": p95, "max_ms": most}


def table(found: Sequence[Step]) -> dict[str, dict[str, dict[str, float]]]:
    """By person, then by number of answers before the call."""
    return {
        person: {
            f"{low}-{high}": summary(times)
            for low, high in BANDS
            if (times := [s.ms for s in found if s.person == person and low <= s.answers <= high])
        }
        for person in PEOPLE
    }


def main() -> None:
    """Measure, print and write."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--people", type=int, default=3, help="interviews of each kind from each opening")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    draw, catalogue = Random(options.seed), load()
    openings = [explain(text, catalogue=catalogue).case for text in OPENINGS]
    found = [
        step
        for person in PEOPLE
        for opening in openings
        for _ in range(options.people)
        for step in steps(opening, person, draw)
    ]
    bands = table(found)
    for person, rows in bands.items():
        for answers, row in rows.items():
            print(f"{person:10s} {answers:>6s} answers  " + "  ".join(f"{k} {v:g}" for k, v in row.items()))
    everything = summary([step.ms for step in found])
    print("all", everything)
    result = {
        "catalogue": f"{catalogue.version}+{catalogue.fingerprint[:8]}",
        "python": platform.python_version(),
        "numpy": np.__version__,
        "machine": platform.machine(),
        "all": everything,
        "by_person_and_answers": bands,
    }
    RESULTS.write_text(json.dumps(result, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main()
