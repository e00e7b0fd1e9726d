"""The page that is kept or printed, and the words for a score."""

from __future__ import annotations

import pytest

from whytwitch.physiology.excitability import (
    UNITS,
    Curves,
    Shown,
    indices,
    norm_text,
    normal_indices,
    normal_mean_curves,
    page,
    word,
    z_text,
)


def test_the_page_has_every_index_that_is_known() -> None:
    curves = normal_mean_curves()
    found = indices(curves)
    text = page(
        [Shown("A < B", curves, found), Shown("none", Curves({}), {})], title="A <title>", notes=["x & y"]
    )
    for name in UNITS:
        assert (f"<tr><td>{name}" in text) == (name in found)
    assert "A &lt; B" in text
    assert "<p>x &amp; y</p>" in text
    assert "<title>" not in text.replace("<title>A &lt;title&gt;</title>", "")


@pytest.mark.parametrize(
    ("name", "z", "said"),
    [
        ("TEd(peak)", 1.95, "normal"),
        ("TEd(peak)", 2.0, "high"),
        ("TEd(peak)", -2.0, "low"),
        ("Superexcitability", -2.0, "more negative"),
        ("Superexcitability", 2.0, "less negative"),
    ],
)
def test_a_score_in_a_word(name: str, z: float, said: str) -> None:
    assert word(z, normal_indices()[name]) == said


def test_how_a_norm_is_told() -> None:
    norms = normal_indices()
    assert norm_text(norms["TEd(peak)"]) == "67.6 ± 4.8"
    assert norm_text(norms["Rheobase"]) == "2.8 (1.23 to 6.33)"


@pytest.mark.parametrize(("z", "text"), [(None, ""), (-0.04, "+0.0"), (1.26, "+1.3"), (-2.0, "-2.0")])
def test_a_score_in_figures(z: float | None, text: str) -> None:
    assert z_text(z) == text
