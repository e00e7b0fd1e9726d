"""The picture: well formed, true to the numbers, and readable without colors or eyes."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from whytwitch.physiology import PhysiologyError
from whytwitch.physiology.excitability import Curves, Shown, indices, normal_mean_curves, picture

SVG = "{http://www.w3.org/2000/svg}"


def shown(name: str = "Measured", *, only: tuple[str, ...] = (), scale: float = 1.0) -> Shown:
    traces = normal_mean_curves().traces
    curves = Curves({key: (x, scale * y) for key, (x, y) in traces.items() if not only or key in only})
    return Shown(name, curves, indices(curves))


def drawn(*tests: Shown, title: str = "Nerve excitability") -> ET.Element:
    return ET.fromstring(picture(tests, title=title))


def words(root: ET.Element) -> list[str]:
    return ["".join(text.itertext()) for text in root.iter(f"{SVG}text")]


def places(path: str) -> list[tuple[float, float]]:
    return [(float(x), float(y)) for x, y in re.findall(r"[ML](-?[\d.]+) (-?[\d.]+)", path)]


def paths(root: ET.Element, look: str) -> list[str]:
    return [
        path.get("d", "")
        for path in root.iter(f"{SVG}path")
        if (path.get("class") or "").split()[:1] == [look]
    ]


def test_six_panels_with_titles_and_units() -> None:
    root = drawn(shown())
    assert root.get("role") == "img"
    assert {"Stimulus–response", "Charge–duration", "Threshold electrotonus"} <= set(words(root))
    assert {"Current–threshold (I/V)", "Recovery cycle", "Indices"} <= set(words(root))
    assert sum("(m" in text or "(%" in text for text in words(root)) >= 10
    assert len(paths(root, "band")) == 1 + 1 + 4 + 1 + 1 + 1


def test_it_is_told_in_words() -> None:
    root = drawn(shown("Nerve A"), shown("Nerve B", scale=1.6), title="A & B <1>")
    ids = root.get("aria-labelledby", "").split()
    told = ["".join(element.itertext()) for element in root if element.get("id") in ids]
    assert told[0] == "A & B <1>"
    assert "Nerve A: all indices are normal." in told[1]
    assert re.search(r"Nerve B: outside the normal range: .*TEd\(10-20ms\) 108 % \(z \+8\.1\)", told[1])


def test_the_second_test_differs_by_more_than_color() -> None:
    root = drawn(shown("one"), shown("two"))
    style = "".join(root.find(f"{SVG}style").itertext())  # pyright: ignore[reportOptionalMemberAccess]
    assert "stroke-dasharray" in style.split(".line-1")[1].split("}")[0]
    assert "prefers-color-scheme: dark" in style
    assert not re.search(r"#[0-9a-f]{3,6}", re.sub(r"--\w+: #\w+", "", style)), "colors are variables"
    first, second = paths(root, "mark-0")[-1], paths(root, "mark-1")[-1]
    assert "a3.2" in first
    assert "a" not in second


def test_points_lie_where_the_axes_say() -> None:
    root = drawn(
        Shown("one", Curves({"RC": (np.array([2.0, 20.0, 200.0]), np.array([0.0, 50.0, 100.0]))}), {})
    )
    (line,) = paths(root, "line-0")[-1:]
    (x0, y0), (x1, y1), (x2, y2) = places(line)
    assert x1 - x0 == pytest.approx(x2 - x1, abs=0.2), "time is logarithmic"
    assert y0 - y1 == pytest.approx(y1 - y2, abs=0.2)
    (zero, fifty) = (
        float(text.get("y", 0)) - 4
        for wanted in ("0", "50")
        for text in root.iter(f"{SVG}text")
        if text.text == wanted and 420 < float(text.get("x", 0)) < 480 and float(text.get("y", 0)) > 430
    )
    assert (y0, y1) == pytest.approx((zero, fifty), abs=0.2)


def test_a_weiss_line_meets_zero_at_minus_the_time_constant() -> None:
    root = drawn(shown(only=("CD",)))
    line = next(p.get("d", "") for p in root.iter(f"{SVG}path") if p.get("class") == "line-0 weiss")
    labels = {
        text.text: float(text.get("x", 0)) for text in root.iter(f"{SVG}text")
        if text.text in ("0.5", "\N{MINUS SIGN}0.5") and 380 < float(text.get("x", 0)) < 820
    }  # fmt: skip
    per_ms = labels["0.5"] - labels["\N{MINUS SIGN}0.5"]
    middle = (labels["0.5"] + labels["\N{MINUS SIGN}0.5"]) / 2
    constant = indices(normal_mean_curves())["Strength-duration time constant"]
    assert places(line)[0][0] == pytest.approx(middle - constant * per_ms, abs=0.2)


def test_what_was_not_measured_is_said() -> None:
    assert words(drawn(shown(only=("TEd40", "TEh40")))).count("not measured") == 4
    assert words(drawn(shown(only=("RC",)), shown(only=("TEd20",)))).count("not measured") == 3


def test_several_pictures_share_a_page() -> None:
    ids = [set(re.findall(r'id="([^"]+)"', picture([shown()], key=key))) for key in ("a", "b")]
    assert len(ids[0]) == 8
    assert not ids[0] & ids[1]


def test_further_currents_are_drawn() -> None:
    x, y = normal_mean_curves()["TEh40"]
    curves = Curves(
        {"TEh70": (x, 1.6 * y), "TEh70/300": (np.array([0.0, 10.0, 400.0]), np.array([0.0, -70.0, 9.0]))}
    )
    root = drawn(Shown("long", curves, {}))
    assert "\N{MINUS SIGN}70, \N{MINUS SIGN}70/300" in words(root)
    assert len(paths(root, "line-0")) == 2 + 1, "and the legend"


@pytest.mark.parametrize("number", [0, 3])
def test_one_or_two(number: int) -> None:
    with pytest.raises(PhysiologyError, match=f"{number} tests are to be drawn"):
        picture([shown()] * number)


@given(
    st.dictionaries(st.sampled_from(["TEd40", "TEh20", "RC", "IV", "CD", "SR"]), st.floats(-200, 150)),
    st.text(),
)
def test_any_values_give_finite_places(values: dict[str, float], name: str) -> None:
    curves = Curves({key: (np.array([1.0, 40.0]), np.array([0.0, value])) for key, value in values.items()})
    extreme = {"TEd(peak)": 1e5, "Peak CMAP response": -1.0}
    text = picture([Shown("one", curves, extreme)], title=re.sub(r"[^ -~]", "", name))
    ET.fromstring(text)
    assert not re.search(r"nan|inf\b", text.split("</style>")[1])
