"""How often is a danger called calm, and calm called urgent? On texts that nothing was made to fit.

    python benchmarks/text/dangers.py [FILE] [--show]

The default file, ``unseen_dangers.tsv``, was written after the rules, without sight of them, and served
neither wording nor learning. Results go to ``benchmarks/results/dangers.json``.
"""

from __future__ import annotations

import json
import sys
from collections import Counter
from pathlib import Path

from whytwitch.case import read_text
from whytwitch.knowledge import load
from whytwitch.reasoning import LEVELS, rank

HERE = Path(__file__).parent
RESULTS = HERE.parent / "results" / "dangers.json"
NAMES = (
    "dangers",
    "called calm by the rules alone",
    "called calm",
    "below the level they need",
    "emergencies",
    "emergencies called calm",
    "calm texts",
    "calm called urgent by the rules alone",
    "calm called urgent",
    "calm called soon",
)


def main() -> None:
    """Read every text, count, print and write."""
    paths = [Path(arg) for arg in sys.argv[1:] if not arg.startswith("--")] or [HERE / "unseen_dangers.tsv"]
    catalogue = load()
    count: Counter[str] = Counter()
    soon, urgent = LEVELS.index("soon"), LEVELS.index("urgent")
    for line in paths[0].read_text("utf-8").splitlines()[1:]:
        wanted, text = line.split("\t", 1)
        verdict = rank(read_text(text, catalogue)).urgency
        level = LEVELS.index(verdict.level)
        known = max(LEVELS.index(verdict.from_rules), LEVELS.index(verdict.from_ranking))
        if wanted == "calm":
            count["calm texts"] += 1
            count["calm called urgent by the rules alone"] += known >= urgent
            count["calm called urgent"] += level >= urgent
            count["calm called soon"] += level == soon
            wrong = level >= urgent
        else:
            count["dangers"] += 1
            count["called calm by the rules alone"] += known < soon
            count["called calm"] += level < soon
            count["below the level they need"] += level < LEVELS.index(wanted)
            count["emergencies"] += wanted == "emergency"
            count["emergencies called calm"] += wanted == "emergency" and level < soon
            wrong = level < LEVELS.index(wanted)
        if wrong and "--show" in sys.argv:
            print(f"{wanted} -> {verdict.level}: {text}")
    for name in NAMES:
        print(f"{name}: {count[name]}")
    if len(paths) == 1 and paths[0] == HERE / "unseen_dangers.tsv":
        RESULTS.write_text(json.dumps({name: count[name] for name in NAMES}, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main()
