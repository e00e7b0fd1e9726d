"""The pages about recordings, from outside."""

from __future__ import annotations

import csv
import io
import json
import re
import shutil
import struct
import zipfile
from pathlib import Path

import numpy as np
import pytest
from tests.app.pages import client
from tests.app.viewer.conftest import Opened, wait_for

from whytwitch.app.viewer._save import COLUMNS, bids_stem
from whytwitch.recording import Annotation, read


def edit(opened: Opened, **fields: object) -> dict:
    answer = opened.page.post(f"{opened.address}/edits", data=fields, headers={"accept": "application/json"})
    assert answer.status_code == 200, answer.text
    return answer.json()


def undo_all(opened: Opened) -> dict:
    events = opened.page.get(f"{opened.address}/data").json()["events"]
    for _ in range(events["undoable"]):
        events = edit(opened, action="undo")["events"]
    return events


def counted(text: str) -> int:
    found = re.search(r"([\d,]+) twitch(?:es)? counted", text)
    assert found
    return int(found[1].replace(",", ""))


# --- looking ----------------------------------------------------------------------------------------


def test_the_page_says_first_what_it_means_then_shows_the_signal(opened: Opened) -> None:
    text = opened.page.get(opened.address).text
    order = [text.index(part) for part in ("What it does not mean", 'id="signal"', "What cannot be said")]
    assert order == sorted(order)
    assert "It does not show ALS" in text


@pytest.mark.parametrize("path", ["", "/report", "/events/1", "?expert=1"])
def test_no_page_holds_a_script_or_a_style(opened: Opened, path: str) -> None:
    """Both would be blocked: the policy knows neither inline scripts nor inline styles."""
    answer = opened.page.get(opened.address + path)
    assert answer.status_code == 200
    assert not re.search(r"<style|\sstyle=|\son[a-z]+=|<script(?![^>]*\ssrc=)", answer.text)
    assert "unsafe" not in answer.headers["content-security-policy"]
    ids = re.findall(r'\sid="([^"]+)"', answer.text)
    assert len(ids) == len(set(ids))


def test_a_page_with_all_its_files_is_light(opened: Opened) -> None:
    page = opened.page.get(opened.address).text
    size, seen = len(page), set()
    waiting = re.findall(r'(?:href|src)="(/static/[^"]+)"', page)
    while waiting:
        address = waiting.pop()
        if address in seen:
            continue
        seen.add(address)
        text = opened.page.get(address).text
        size += len(text.encode())
        waiting += [f"/static/viewer/{name}" for name in re.findall(r'from "\./([a-z]+\.js)"', text)]
    assert any(address.startswith("/static/viewer/draw.js") for address in seen)
    assert size <= 300_000


def test_traces_are_the_samples(opened: Opened) -> None:
    asked = {"start_s": 3.0, "stop_s": 3.1, "columns": 4000, "channels": "1,3-4"}
    packed = opened.page.get(f"{opened.address}/traces", params=asked).content
    _, rows, channels, columns, first_s, step_s = struct.unpack("<4sIIIdd", packed[:32])
    assert (rows, channels) == (1, 3)
    first = round(first_s / step_s)
    values = np.frombuffer(packed[32:], "<f4").reshape(channels, columns)
    np.testing.assert_array_equal(values, opened.samples[[1, 3, 4], first : first + columns])


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"start_s": "x"}, "start_s"), ({"start_s": "nan"}, "start_s"), ({"stop_s": "1e999"}, "stop_s"),
        ({"columns": "2.5"}, "columns"), ({"columns": "0"}, "columns"), ({"columns": "9999999"}, "columns"),
        ({"channels": "99"}, "channels"), ({"channels": "2-1"}, "channels"), ({"channels": "a"}, "channels"),
        ({"channels": "0-5,0-5"}, "channels"), ({"stop_s": "0"}, "stop_s"), ({"start_s": "-1"}, "start_s"),
    ],
)  # fmt: skip
def test_a_wrong_view_is_named(opened: Opened, change: dict, named: str) -> None:
    asked = {"start_s": "1", "stop_s": "5", "columns": "10", "channels": "0"} | change
    answer = opened.page.get(f"{opened.address}/traces", params=asked, headers={"accept": "application/json"})
    assert answer.status_code == 422
    assert named in answer.json()["detail"]


def test_unknown_recordings_and_signals_are_not_found(opened: Opened) -> None:
    for path in ("/recordings/none", "/recordings/none/traces", f"{opened.address}/events/99999"):
        assert opened.page.get(path).status_code == 404


def test_the_table_reaches_every_signal_without_a_script(opened: Opened) -> None:
    number = set(opened.page.get(f"{opened.address}/data").json()["events"]["number"])
    seen: set[int] = set()
    address = opened.address
    for _ in range(50):
        text = opened.page.get(address).text
        seen |= {int(found) for found in re.findall(r"/events/(\d+)", text)}
        later = re.search(r'href="([^"]+)#list">Later', text)
        if not later:
            break
        address = later[1].replace("&amp;", "&")
    assert seen == number


# --- deciding ---------------------------------------------------------------------------------------


def test_numbers_follow_a_decision_and_come_back(opened: Opened) -> None:
    before = undo_all(opened)
    first = next(n for n, k in zip(before["number"], before["kind"], strict=True) if k == 0)
    after = edit(opened, action="reject", number=first)
    assert counted(after["events"]["said"]) == counted(before["said"]) - 1
    assert f"{counted(before['said']) - 1} twitches were seen" in after["answer"]
    assert edit(opened, action="undo")["events"]["said"] == before["said"]
    assert counted(edit(opened, action="redo")["events"]["said"]) == counted(before["said"]) - 1
    undo_all(opened)


def test_a_form_without_a_script_does_the_same(opened: Opened) -> None:
    undo_all(opened)
    answer = opened.page.post(f"{opened.address}/edits", data={"action": "reject", "number": "2"})
    assert answer.status_code == 200
    assert answer.url.path == f"{opened.address}/events/2"
    assert "state-rejected" in answer.text
    undo_all(opened)


def test_moving_measures_anew_and_a_new_unit_can_be_founded(opened: Opened) -> None:
    before = undo_all(opened)
    number, unit = before["number"][0], before["unit"][0]
    other = next(u["id"] for u in before["units"] if u["id"] != unit)
    moved = edit(opened, action="move", number=number, unit=other)["events"]
    assert (moved["unit"][0], moved["status"][0]) == (other, "changed")
    assert "changed by you" in opened.page.get(f"{opened.address}/events/{number}").text
    assert moved["channel"][0] == next(u["channel"] for u in before["units"] if u["id"] == other)
    back = edit(opened, action="move", number=number, unit=unit)["events"]
    assert back["amplitude"][0] == pytest.approx(before["amplitude"][0], abs=0.11)
    made = edit(opened, action="move", number=number, unit="new")["events"]
    assert made["unit"][0] == max(u["id"] for u in before["units"]) + 1
    assert f"Unit {made['unit'][0]}" in opened.page.get(f"{opened.address}/report").text
    undo_all(opened)


def test_a_missed_twitch_can_be_added_where_it_is(opened: Opened) -> None:
    """It goes to the largest deflection near by; what is there already is not added again."""
    before = undo_all(opened)
    onset_s = before["onset_s"][1] + 0.1
    added = edit(opened, action="add", at_s=onset_s)["events"]
    at = added["number"].index(max(added["number"]))
    assert abs(added["onset_s"][at] - onset_s) <= 0.0151
    assert added["status"][at] == "added"
    again = opened.page.post(
        f"{opened.address}/edits", data={"action": "add", "at_s": before["onset_s"][1]},
        headers={"accept": "application/json"},
    )  # fmt: skip
    assert again.status_code == 422
    assert "already there" in again.json()["detail"]
    undo_all(opened)


@pytest.mark.parametrize(
    "fields",
    [
        {}, {"action": "explode"}, {"action": "accept"}, {"action": "accept", "number": "0"},
        {"action": "accept", "number": "1e3"}, {"action": "move", "number": "1", "unit": "77"},
        {"action": "kind", "number": "1", "kind": "tremor"}, {"action": "add", "at_s": "-1"},
        {"action": "add", "at_s": "inf"}, {"action": "add"}, {"action": "accept", "number": "9" * 30},
    ],
)  # fmt: skip
def test_a_wrong_decision_changes_nothing(opened: Opened, fields: dict) -> None:
    before = undo_all(opened)
    answer = opened.page.post(f"{opened.address}/edits", data=fields, headers={"accept": "application/json"})
    assert answer.status_code == 422
    assert opened.page.get(f"{opened.address}/data").json()["events"] == before


# --- keeping ----------------------------------------------------------------------------------------


def test_saved_events_are_read_back_by_our_own_reader(opened: Opened, tmp_path: Path) -> None:
    before = undo_all(opened)
    edit(opened, action="reject", number=before["number"][0])
    edit(opened, action="accept", number=before["number"][1])
    after = edit(opened, action="add", at_s=before["onset_s"][2] + 0.1)["events"]
    packed = opened.page.get(f"{opened.address}/events.zip")
    assert 'filename="sub-07_task-rest_events.zip"' in packed.headers["content-disposition"]
    for file in opened.file.parent.iterdir():
        shutil.copy(file, tmp_path)
    with zipfile.ZipFile(io.BytesIO(packed.content)) as pack:
        pack.extractall(tmp_path)
    table = (tmp_path / "sub-07_task-rest_events.tsv").read_text().splitlines()
    rows = list(csv.DictReader(table, delimiter="\t"))
    assert tuple(rows[0]) == COLUMNS
    assert [(row["status"], row["decided_by"]) for row in rows[:2]] == [
        ("rejected", "reviewer"), ("accepted", "reviewer"),
    ]  # fmt: skip
    assert [row["decided_by"] for row in rows].count("reviewer") == 3
    marks = read(tmp_path / opened.file.name).annotations
    kinds = ["fasciculation", "voluntary", "train", "fibrillation"]
    expected = [
        Annotation(pytest.approx(onset, abs=1e-5), pytest.approx(long / 1000, abs=1e-4),  # type: ignore[arg-type]
                   ("rejected_" if status == "rejected" else "") + kinds[kind])
        for onset, long, status, kind in zip(
            after["onset_s"], after["duration_ms"], after["status"], after["kind"], strict=True)
    ]  # fmt: skip
    assert list(marks) == expected
    described = json.loads((tmp_path / "sub-07_task-rest_events.json").read_text())
    assert set(described) == set(COLUMNS) - {"onset", "duration"}
    assert {row["trial_type"] for row in rows} <= set(described["trial_type"]["Levels"])
    log = json.loads((tmp_path / "sub-07_task-rest_decisions.json").read_text())
    assert [line["action"] for line in log["decisions"][-3:]] == ["decide", "decide", "add"]
    undo_all(opened)


def test_the_table_holds_what_counts(opened: Opened) -> None:
    before = undo_all(opened)
    edit(opened, action="reject", number=before["number"][0])
    text = opened.page.get(f"{opened.address}/events.csv").text
    assert len(text.splitlines()) == len(before["number"])
    undo_all(opened)


@pytest.mark.parametrize(
    ("name", "stem"),
    [
        ("sub-07_ses-2_task-rest_run-1_emg.bdf", "sub-07_ses-2_task-rest_run-1"),
        ("x.edf", "sub-01_task-rest"),
        ('sub-"_emg.edf', "sub-01_task-rest"),
        ("../_emg.edf", "sub-01_task-rest"),
    ],
)  # fmt: skip
def test_names_of_saved_files(name: str, stem: str) -> None:
    assert bids_stem(name) == stem


# --- using ------------------------------------------------------------------------------------------


def test_it_goes_into_an_answer_once_as_it_was_last_reviewed(opened: Opened) -> None:
    before = undo_all(opened)
    answer = opened.page.post(
        f"{opened.address}/use", data={"muscle": "biceps_brachii", "case": ""}, follow_redirects=False
    )
    key = answer.headers["location"].removeprefix("/cases/")
    edit(opened, action="reject", number=before["number"][0])
    again = opened.page.post(
        f"{opened.address}/use", data={"muscle": "biceps_brachii", "case": key}, follow_redirects=False
    )
    assert again.headers["location"] == f"/cases/{key}"
    (used,) = opened.page.get(f"/cases/{key}/case.json").json()["opening"]["recordings"]
    assert used["muscle"] == "biceps_brachii"
    assert used["fasciculations"] == counted(before["said"]) - 1
    undo_all(opened)


def test_a_muscle_must_be_chosen_and_the_case_must_be_open(opened: Opened) -> None:
    wrong = opened.page.post(f"{opened.address}/use", data={"muscle": "", "case": ""})
    assert wrong.status_code == 422
    gone = opened.page.post(f"{opened.address}/use", data={"muscle": "biceps_brachii", "case": "nobody"})
    assert gone.status_code == 404


# --- waiting ----------------------------------------------------------------------------------------


def test_work_can_be_stopped_and_begun_again(bids_file: Path) -> None:
    """Two recordings: one is worked on while the other waits in line, and says so."""
    with client(recordings=(bids_file, bids_file)) as page:
        first, second = re.findall(r'data-key="([^"]+)"', page.get("/recordings").text)
        waiting = page.get(f"/recordings/{second}/state").json()
        assert waiting["state"] in ("waiting", "working", "ready")
        page.post(f"/recordings/{second}/stop")
        page.post(f"/recordings/{first}/stop")
        for key in (first, second):
            state = wait_for(page, f"/recordings/{key}", "stopped", "ready")
            if state["state"] == "stopped":
                text = page.get(f"/recordings/{key}").text
                assert "Begin again" in text
            page.post(f"/recordings/{key}/again")
            wait_for(page, f"/recordings/{key}", "ready")


def test_the_example_says_that_it_is_one(opened: Opened) -> None:
    answer = opened.page.post("/recordings/example", data={"case": "abc"}, follow_redirects=False)
    assert answer.headers["location"].endswith("?case=abc")
    address = answer.headers["location"].partition("?")[0]
    wait_for(opened.page, address, "ready")
    assert "nobody" in opened.page.get(address).text
    opened.page.post(f"{address}/remove")
