from __future__ import annotations

from collections.abc import Callable

import pytest

from whytwitch.cohort import Evaluation, Outcome
from whytwitch.cohort._evaluate import Bin
from whytwitch.report import evaluation_report

Show = Callable[..., str]
LEVELS = ("reassurance", "routine", "soon", "urgent", "emergency")


def outcome(key: str, rank: int | None, error: str = "") -> Outcome:
    return Outcome(
        id=key, right=("als",), top=("als", "hypocalcemia"), rank=rank, probability=0.3,
        first_probability=0.6, urgency=None if error else "soon", urgency_min="soon",
        urgency_max="urgent", seconds=0.01, error=error,
    )  # fmt: skip


@pytest.fixture
def evaluation() -> Evaluation:
    confusion = {level: dict.fromkeys(LEVELS, 0) for level in LEVELS}
    confusion["emergency"]["routine"] = 1
    confusion["soon"]["soon"] = 7
    return Evaluation(
        setting="neurology", source="text", labs_hidden=True, n=9, top1=0.667, top3=0.81, top5=0.9,
        macro_top1=0.61, macro_top3=0.79, urgency_in_band=0.889, under_triaged=1, over_triaged=0,
        emergencies_called_safe=1, urgency_confusion=confusion, brier=0.1834,
        reliability=(
            Bin(low=0.0, high=0.5, n=4, said=0.25, seen=0.5),
            Bin(low=0.5, high=1.0, n=5, said=1.0, seen=1.0),
        ),
        seconds_median=0.012, slowest="case-7", seconds_slowest=0.34, errors=1,
        outcomes=(outcome("case-1", 1), outcome("case-7", 23), outcome("case-9", None, "not English")),
    )  # fmt: skip


@pytest.mark.parametrize("width", [60, 80, 120])
def test_it_fits_and_says_everything(evaluation: Evaluation, show: Show, width: int) -> None:
    text = show(evaluation_report(evaluation), width)
    assert max(len(line.rstrip()) for line in text.splitlines()) <= width
    read = " ".join(text.split())
    for part in (
        "9 cases, setting neurology, from text, laboratory values hidden", "67 %", "81 %", "90 %", "61 %",
        "Called too late: 1", "routine or reassurance: 1 (must be 0)", "0.183", "case-7 with 340 ms",
        "1 could not be read",
    ):  # fmt: skip
        assert part in read
    assert "case-9" in text
    assert "case-1 " not in text


def test_the_plot_shows_bins(evaluation: Evaluation, show: Show) -> None:
    text = show(evaluation_report(evaluation), 80)
    row = next(line for line in text.splitlines() if line.strip().startswith("25 %"))
    assert row.count("█") == 19  # half of forty, one of them under the mark
    assert "┃" in row
