from __future__ import annotations

import csv
import json
import sys
from dataclasses import replace
from io import StringIO
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from recording_builders import make_signature, make_twitches

from whytwitch.recording import Problem, Signature, Twitches
from whytwitch.report import events_csv, events_parquet, signature_json

HEAD = "onset_s,unit,kind,confidence,amplitude_uv,channel,duration_ms,phases,turns,area_uv_ms,spread,likeness"


def rows(twitches: Twitches) -> list[dict[str, str]]:
    return list(csv.DictReader(StringIO(events_csv(twitches))))


def strict(text: str) -> Any:
    def refuse(constant: str) -> None:
        raise AssertionError(f"{constant} is no JSON")

    return json.loads(text, parse_constant=refuse)


def test_csv_gives_back_what_was_put_in() -> None:
    twitches = make_twitches()
    events, found = twitches.events, rows(twitches)
    assert events_csv(twitches).splitlines()[0] == HEAD
    assert len(found) == len(events) > 50
    for name, values, step in (
        ("onset_s", events.onset_s, 5e-7),
        ("amplitude_uv", events.amplitude, 5e-3),
        ("area_uv_ms", events.area, 5e-3),
        ("likeness", events.likeness, 5e-4),
        ("unit", events.unit, 0),
        ("turns", events.turns, 0),
    ):
        assert np.abs([float(row[name]) for row in found] - values).max() <= step
    assert {row["kind"] for row in found} == {"fasciculation"}
    names = [c.name for c in twitches.source.channels]
    assert [row["channel"] for row in found] == [names[i] for i in events.channel]


def test_csv_onsets_have_microseconds() -> None:
    assert all(len(row["onset_s"].partition(".")[2]) == 6 for row in rows(make_twitches()))


def test_csv_leaves_sizes_out_without_calibration() -> None:
    assert {(row["amplitude_uv"], row["area_uv_ms"]) for row in rows(make_twitches(calibrated=False))} == {
        ("", "")
    }


def test_csv_leaves_likeness_of_the_unsorted_out() -> None:
    twitches = make_twitches()
    likeness = twitches.events.likeness.copy()
    likeness[0] = np.nan
    unit = twitches.events.unit.copy()
    unit[0] = 0
    found = rows(replace(twitches, events=replace(twitches.events, likeness=likeness, unit=unit)))
    assert (found[0]["unit"], found[0]["likeness"]) == ("0", "")


def test_csv_of_nothing_is_its_head() -> None:
    assert events_csv(make_twitches(n_units=0)) == HEAD + "\n"


def test_csv_names_are_no_formulas_and_break_no_lines() -> None:
    twitches = make_twitches(n_channels=4, names=('=cmd("x")', "a,b\nc", "+1", "@x"))
    found = {row["channel"] for row in rows(twitches)}
    assert found <= {'\'=cmd("x")', "a,b c", "'+1", "'@x"}
    assert len(events_csv(twitches).splitlines()) == len(twitches.events) + 1


def test_parquet_says_what_is_missing(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(ModuleNotFoundError, match=r"whytwitch\[parquet\]"):
        events_parquet(make_twitches(), tmp_path / "events.parquet")


def test_parquet_holds_the_same_columns(tmp_path: Path) -> None:
    parquet = pytest.importorskip("pyarrow.parquet")
    twitches = make_twitches(calibrated=False)
    path = tmp_path / "events.parquet"
    events_parquet(twitches, path)
    table = parquet.read_table(path)
    assert table.column_names == HEAD.split(",")
    assert table["onset_s"].to_pylist() == twitches.events.onset_s.tolist()
    assert table["amplitude_uv"].null_count == len(twitches.events)
    assert str(table["unit"].type) == "int32"


def test_json_is_the_signature_and_more() -> None:
    problem = Problem("The rate is odd.", "Check it.", "header")
    twitches = make_twitches(problems=(problem,))
    signature = make_signature(twitches)
    found = strict(signature_json(signature, twitches))
    assert set(Signature.model_fields) <= set(found)
    assert set(found) - set(Signature.model_fields) == {"voluntary", "problems", "settings", "version"}
    assert found["rate_per_min"]["value"] == pytest.approx(signature.rate_per_min.value, rel=1e-5)
    assert found["units"][0]["n"] == twitches.units[0].n_events
    assert found["quality"] == {
        "score": pytest.approx(signature.quality, rel=1e-5),
        "clean_minutes": pytest.approx(signature.clean_minutes, rel=1e-5),
        "lost_s": twitches.quality.lost,
        "mains": {"hz": 50.0, "amplitude_uv": 12.0},
        "heart_rate": 68.0,
    }
    assert found["voluntary"] == [[60.0, 70.0]]
    assert found["problems"] == [{"what": "The rate is odd.", "remedy": "Check it.", "where": "header"}]
    assert found["settings"] == twitches.settings


def test_json_never_says_nan() -> None:
    twitches = make_twitches()
    quality = replace(twitches.quality, mains_amplitude=float("nan"), lost={"noise": float("inf")})
    found = strict(signature_json(make_signature(twitches), replace(twitches, quality=quality)))
    assert found["quality"]["mains"]["amplitude_uv"] is None
    assert found["quality"]["lost_s"] == {"noise": None}


def test_json_without_calibration_has_no_sizes() -> None:
    twitches = make_twitches(calibrated=False)
    found = strict(signature_json(make_signature(twitches), twitches))
    assert found["quality"]["mains"]["amplitude_uv"] is None
    assert found["shape"]["amplitude_uv"]["value"] is None
    assert {unit["amplitude_uv"] for unit in found["units"]} == {None}


@pytest.mark.parametrize("parts", [{"n_units": 0}, {"duration_s": 2.5, "n_units": 1, "voluntary_s": ()}])
def test_json_of_little(parts: dict[str, Any]) -> None:
    twitches = make_twitches(**parts)
    assert strict(signature_json(make_signature(twitches), twitches))["schema_version"] == "1"
