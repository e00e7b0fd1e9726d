"""A review is saved on Friday and gone on with on Monday: the same, or each difference named."""

from __future__ import annotations

import gc
import io
import json
import re
import shutil
import zipfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.app.pages import client
from tests.app.viewer.conftest import Opened, wait_for
from tests.app.viewer.reviews import (
    CLOSE_UP,
    DURATION_S,
    ROWS,
    STEPS,
    N,
    detection,
    played,
    potential,
    recording,
    shape,
)

from whytwitch.app.shell import Problem
from whytwitch.app.viewer import _phrases as say
from whytwitch.app.viewer._bench import Bench, Found
from whytwitch.app.viewer._data import taken_words
from whytwitch.app.viewer._edits import Add, Decide, Log, Move, Retype, review, to_new, to_unit
from whytwitch.app.viewer._review_file import MOST_BYTES, dumped, loaded
from whytwitch.app.viewer._take_over import Taken, take_over
from whytwitch.knowledge import load
from whytwitch.recording import KINDS, Twitches, measure

FORMS = {"accept": "application/json"}


def saved(log: Log, twitches: Twitches) -> bytes:
    return dumped("made.edf", recording(), twitches, log).encode()


def taken(content: bytes, twitches: Twitches) -> tuple[Log, Taken]:
    return take_over(loaded(content), "made.edf", recording(), twitches, CLOSE_UP)


# --- the same detection -----------------------------------------------------------------------------


@settings(max_examples=80)
@given(steps=STEPS)
def test_what_was_saved_comes_back_whole_at_every_step_back_and_on(steps: list[tuple]) -> None:
    log = played(steps, detection())
    back, told = taken(saved(log, detection()), detection())
    assert [(entry.at, type(entry.what)) for entry in back.entries] == [
        (entry.at, type(entry.what)) for entry in log.entries
    ]
    assert (told.same, told.total, told.left) == (True, log.undoable, ())
    assert (back.undoable, back.redoable) == (log.undoable, log.redoable)
    assert shape(review(detection(), back)) == shape(review(detection(), log))
    assert review(detection(), back).next_number == review(detection(), log).next_number
    for turn in ("undo", "redo"):
        one, two = log, back
        for _ in range(log.undoable + log.redoable):
            one, two = one.with_(turn), two.with_(turn)
            assert shape(review(detection(), two)) == shape(review(detection(), one))
    assert taken(saved(back, detection()), detection())[1] == told


def test_a_signal_added_where_one_was_moved_away_comes_back() -> None:
    """Then two are within 2 ms of one place as found, and both are the person's."""
    away = to_new(1, 3, potential(ROWS[0][0] + 0.010))
    log = Log().with_(away).with_(Add(N + 1, "fasciculation", potential(ROWS[0][0] + 0.001)))
    back, told = taken(saved(log, detection()), detection())
    assert told.left == ()
    assert shape(review(detection(), back)) == shape(review(detection(), log))


def test_potentials_at_one_moment_on_one_channel_are_told_by_number() -> None:
    twin = detection([*ROWS[:2], (ROWS[1][0], 1, "fasciculation"), *ROWS[2:]])
    for number in (2, 3):
        log = Log().with_(Decide(number, accepted=False))
        back, told = taken(saved(log, twin), twin)
        assert told.same
        assert [change.number for change in back.changes] == [number]


# --- another detection ------------------------------------------------------------------------------


@st.composite
def found_otherwise(draw: st.DrawFn) -> list[tuple[float, int, str]]:
    """The same potentials for the most part, a little earlier or later, some gone, some new."""
    rows = []
    for onset, unit, kind in ROWS:
        if draw(st.booleans()) or draw(st.booleans()):
            rows.append((onset + draw(st.floats(-0.0019, 0.0019)), unit, kind))
        if draw(st.booleans()):
            rows.append((onset + draw(st.floats(0.1, 7.0)), draw(st.integers(0, 2)), kind))
    return rows


def near(row: tuple[float, int, str], onset: float, unit: int) -> bool:
    return abs(row[0] - onset) <= 0.002 and row[1] == unit


@settings(max_examples=80)
@given(steps=STEPS, rows=found_otherwise())
def test_decisions_go_to_the_same_moment_or_nowhere(
    steps: list[tuple], rows: list[tuple[float, int, str]]
) -> None:
    then, now = detection(), detection(rows)
    log = played(steps, then)
    back, told = taken(saved(log, then), now)
    # The partner of each, searched for one by one.
    partner = {
        i + 1: next((j for j, row in enumerate(rows, 1) if near(row, onset, unit)), None)
        for i, (onset, unit, _) in enumerate(ROWS)
    }  # fmt: skip
    old, new = review(then, log), review(now, back)
    state_then = dict(zip(old.number.tolist(), old.status.tolist(), strict=True))
    state_now = dict(zip(new.number.tolist(), new.status.tolist(), strict=True))
    for number, other in partner.items():
        if other is not None:
            assert state_now[other] == state_then[number]
    strangers = set(range(1, len(rows) + 1)) - set(partner.values())
    assert all(state_now[number] == "found" for number in strangers)
    gone = {number for number, other in partner.items() if other is None}
    missing = [c for c in log.changes if c.number in gone]
    assert sum(left.why == "missing" for left in told.left) == len(missing)
    assert told.total - len(told.left) == back.undoable
    # What is left can be undone to the last, and is itself a review that comes back whole.
    undone = back
    for _ in range(back.undoable):
        undone = undone.with_("undo")
    assert shape(review(now, undone)) == shape(review(now, Log()))
    again, whole = taken(saved(back, now), now)
    assert whole.left == ()
    assert (again.undoable, again.redoable) == (back.undoable, back.redoable)
    assert shape(review(now, again)) == shape(new)


def test_a_decision_is_not_given_to_a_neighbor_or_to_another_channel() -> None:
    """Number 2 was rejected; now another has that number, and one on the other channel its place."""
    then = detection()
    rows = [(1.0, 1, "fasciculation"), (2.0, 1, "fasciculation"), (ROWS[1][0], 2, "fasciculation")]
    back, told = taken(saved(Log().with_(Decide(2, accepted=False)), then), detection(rows))
    assert back == Log()
    assert [(left.onset_s, left.why) for left in told.left] == [(ROWS[1][0], "missing")]
    words, reasons, tied = taken_words(told)
    assert re.search(r"\(12 by version [\d.]+, 3 now\)", tied)
    changed_settings = json.loads(saved(Log(), then))
    changed_settings["detection"]["settings"] = {"low_hz": 10.0}
    _, told = taken(json.dumps(changed_settings).encode(), detection(rows))
    assert "with other settings, 3 now" in taken_words(told)[2]
    assert "0 of 1 decisions" in words
    assert reasons == [f"{say.LEFT_OUT['missing']} (1): 0:13.000"]


def test_of_two_near_ones_the_nearest_is_meant() -> None:
    rows = [(ROWS[1][0] - 0.0015, 1, "fasciculation"), (ROWS[1][0] + 0.0005, 1, "fasciculation")]
    back, _ = taken(saved(Log().with_(Decide(2, accepted=False)), detection()), detection(rows))
    assert [change.number for change in back.changes] == [2]
    rows[1] = (ROWS[1][0] + 0.0021, 1, "fasciculation")
    back, _ = taken(saved(Log().with_(Decide(2, accepted=False)), detection()), detection(rows))
    assert [change.number for change in back.changes] == [1]


def test_a_unit_is_followed_by_its_potentials_not_by_its_number() -> None:
    other = {0: 0, 1: 2, 2: 1}
    now = detection()
    swapped = detection([(onset, other[unit], kind) for onset, unit, kind in ROWS])
    # Units swap numbers, each stays on its channel.
    object.__setattr__(swapped.events, "channel", now.events.channel)
    unit = now.units[0]
    back, told = taken(saved(Log().with_(to_unit(3, unit, potential(ROWS[2][0]))), now), swapped)
    assert (told.same, told.left) == (False, ())
    (change,) = back.changes
    assert isinstance(change, Move)
    assert change.unit == 2


def test_what_stands_on_something_left_out_is_left_out_too() -> None:
    """An added signal that the program now finds itself, and all that was said about it."""
    then = detection()
    added = Add(N + 1, "fasciculation", potential(50.5))
    log = Log().with_(Decide(1, accepted=False)).with_("undo").with_(added)
    log = log.with_(Retype(N + 1, "train")).with_(Decide(3, accepted=True)).with_("undo")
    now = detection(sorted([*ROWS, (50.501, 1, "fasciculation")]))
    back, told = taken(saved(log, then), now)
    assert [left.why for left in told.left] == ["found", "added"]
    assert (back.undoable, back.redoable) == (0, 1), "only what the last step back had undone"
    again = back.with_("redo")
    assert [change.number for change in again.changes] == [3]


# --- files that are none ----------------------------------------------------------------------------


def zipped(**files: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as pack:
        for name, content in files.items():
            pack.writestr(name.replace("__", "."), content)
    return out.getvalue()


def a_review() -> bytes:
    log = Log().with_(Decide(2, accepted=False)).with_(Retype(3, "train")).with_("undo")
    log = log.with_(to_new(4, 3, potential(29.0))).with_(to_unit(5, detection().units[1], potential(37.0)))
    return saved(log.with_(Add(N + 1, "fasciculation", potential(50.5))), detection())


def other(content: bytes, **changes: Any) -> bytes:
    return json.dumps(json.loads(content) | changes).encode()


WRONG: dict[str, tuple[bytes, str]] = {
    "nothing": (b"", say.REVIEW_OTHER_FILE),
    "a picture": (b"\x89PNG\r\n", say.REVIEW_OTHER_FILE),
    "the table": (b"onset\tduration\n1\t2\n", say.REVIEW_A_TABLE),
    "half a zip": (zipped(x_decisions__json=a_review())[:200], say.REVIEW_BROKEN_ZIP),
    "a zip of other things": (zipped(readme__txt=b"hello"), say.REVIEW_NOT_IN_ZIP),
    "two reviews": (zipped(a_decisions__json=b"{}", b_decisions__json=b"{}"), say.REVIEW_NOT_IN_ZIP),
    "half a JSON": (a_review()[:-30], say.REVIEW_BROKEN_JSON),
    "no text": (b'{"a": "\xff"}', say.REVIEW_BROKEN_JSON),
    "deep": (b"[" * 200_000, say.REVIEW_BROKEN_JSON),
    "a list": (b"[]", say.REVIEW_OTHER_JSON),
    "another JSON": (b'{"format": "whytwitch interview"}', say.REVIEW_OTHER_JSON),
    "a later one": (other(a_review(), version=2), say.REVIEW_OTHER_VERSION),
    "more in it": (other(a_review(), more=1), "(more)"),
    "a bomb": (zipped(x_decisions__json=b" " * (MOST_BYTES + 1)), "No saved review is"),
    "too large": (b"{" * (MOST_BYTES + 1), "No saved review is"),
}


@pytest.mark.parametrize("name", WRONG)
def test_what_is_no_review_is_told_by_name(name: str) -> None:
    content, words = WRONG[name]
    with pytest.raises(Problem) as error:
        taken(content, detection())
    assert error.value.status in (413, 422)
    assert words in error.value.text


def test_a_review_of_another_recording_is_refused() -> None:
    with pytest.raises(Problem, match="another recording") as error:
        take_over(loaded(a_review()), "other.edf", recording(seed=2), detection(), CLOSE_UP)
    assert "made.edf" in error.value.text
    assert "other.edf" in error.value.text


def changed(path: str, value: Any) -> bytes:
    """A review with one value set otherwise."""
    data: Any = json.loads(a_review())
    *way, last = [int(step) if step.isdecimal() else step for step in path.split(".")]
    place = data
    for step in way:
        place = place[step]
    place[last] = value
    return json.dumps(data).encode()


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("decisions.0.number", N + 7), ("decisions.0.number", 0), ("decisions.0.number", 3),
        ("decisions.0.onset_s", 77.0), ("decisions.0.accepted", "yes"), ("decisions.0.at", "yesterday"),
        ("decisions.0.action", "undo"), ("decisions.2.action", "redo"), ("decisions.3.unit", 2),
        ("decisions.4.unit", 9), ("decisions.3.channel", 2), ("decisions.3.onset_s", DURATION_S + 1.0),
        ("decisions.5.number", 3), ("decisions.5.kind", "tremor"), ("detection.unit.0", 9),
        ("detection.channel.0", 2), ("detection.onset_s", [1.0]), ("detection.onset_s.0", float("nan")),
        ("recording.samples", 0), ("recording.sampling_rate_hz", float("inf")),
    ],
)  # fmt: skip
def test_a_review_that_says_what_cannot_be_is_refused_whole(path: str, value: Any) -> None:
    with pytest.raises(Problem) as error:
        taken(changed(path, value), detection())
    assert error.value.status == 422
    assert "changed or is damaged" in error.value.text


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**20), 10**20) | st.floats() | st.text(max_size=5)
    | st.sampled_from(["undo", "redo", "add", "move", *KINDS]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=4,
)  # fmt: skip


def paths(value: Any, here: str = "") -> list[str]:
    keys = value.keys() if isinstance(value, dict) else range(len(value)) if isinstance(value, list) else ()
    below = [path for key in keys for path in paths(value[key], f"{here}.{key}")]
    return [*([here[1:]] if here else []), *below]


@settings(max_examples=150)
@given(path=st.sampled_from(paths(json.loads(a_review()))), value=ANYTHING)
def test_any_value_anywhere_is_taken_or_refused(path: str, value: Any) -> None:
    try:
        log, _ = taken(changed(path, value), detection())
    except Problem as problem:
        assert problem.status == 422
    else:
        review(detection(), log)


@settings(max_examples=150)
@given(
    packed=st.booleans(), cut=st.none() | st.integers(0, 4000),
    flips=st.lists(st.tuples(st.integers(0, 5000), st.integers(0, 7)), max_size=4),
)  # fmt: skip
def test_flipped_and_missing_bytes_are_taken_or_refused(
    packed: bool, cut: int | None, flips: list[tuple[int, int]]
) -> None:
    content = bytearray(zipped(x_decisions__json=a_review()) if packed else a_review())
    for place, bit in flips:
        content[place % len(content)] ^= 1 << bit
    try:
        log, _ = taken(bytes(content[:cut]), detection())
    except Problem as problem:
        assert problem.status in (413, 422)
    else:
        review(detection(), log)


# --- from outside -----------------------------------------------------------------------------------


def edit(opened: Opened, **fields: object) -> dict:
    answer = opened.page.post(f"{opened.address}/edits", data=fields, headers=FORMS)
    assert answer.status_code == 200, answer.text
    return answer.json()["events"]


def send(opened: Opened, content: bytes, **fields: str) -> Any:
    return opened.page.post(
        f"{opened.address}/review", files={"review": ("x.zip", content)}, data=fields, headers=FORMS,
        follow_redirects=False,
    )  # fmt: skip


def events(opened: Opened) -> dict:
    return opened.page.get(f"{opened.address}/data").json()["events"]


def clean(opened: Opened) -> None:
    """As it was found, and nothing left to save."""
    for _ in range(events(opened)["undoable"]):
        edit(opened, action="undo")
    opened.page.get(f"{opened.address}/events.zip")


@pytest.fixture
def decided(opened: Opened) -> Any:
    """Some of everything was decided."""
    clean(opened)
    before = events(opened)
    numbers = before["number"]
    edit(opened, action="reject", number=numbers[0])
    edit(opened, action="accept", number=numbers[1])
    edit(opened, action="move", number=numbers[2], unit="new")
    edit(opened, action="kind", number=numbers[3], kind="train")
    added = edit(opened, action="add", at_s=before["onset_s"][2] + 0.1)["number"]
    edit(opened, action="move", number=max(added), unit=before["units"][0]["id"])
    edit(opened, action="move", number=numbers[4], unit="0")
    edit(opened, action="undo")
    yield opened
    clean(opened)


def test_friday_and_monday(decided: Opened, bids_file: Path, tmp_path: Path) -> None:
    """Another start of the program, the file under another name, in another folder."""
    friday = events(decided)
    assert friday["unsaved"] == say.UNSAVED_MANY.format(n=6)
    packed = decided.page.get(f"{decided.address}/events.zip").content
    assert events(decided)["unsaved"] == ""
    copied = shutil.copytree(bids_file.parent, tmp_path / "copy") / bids_file.name
    with client(recordings=(copied,)) as page:
        address = "/recordings/" + re.findall(r'data-key="([^"]+)"', page.get("/recordings").text)[0]
        monday = Opened(page, address, copied, decided.samples)
        early = send(monday, packed)
        assert early.status_code in (303, 409), "not ready yet, or just so"
        wait_for(page, address, "ready")
        answer = send(monday, packed)
        assert answer.status_code == 303
        assert answer.headers["location"] == f"{address}#keep"
        assert events(monday) == {**friday, "unsaved": ""}
        assert "All 6 decisions are here again" in page.get(address).text
        assert edit(monday, action="redo")["undoable"] == 7
        clean(monday)
        clean(decided)
        same = ("number", "onset_s", "unit", "kind", "status", "amplitude")
        assert {name: events(monday)[name] for name in same} == {name: events(decided)[name] for name in same}


def test_decisions_not_saved_are_not_replaced_unasked(decided: Opened) -> None:
    packed = decided.page.get(f"{decided.address}/events.zip").content
    assert "not saved yet" not in decided.page.get(decided.address).text
    edit(decided, action="undo")
    assert "One decision, not saved yet" in decided.page.get(decided.address).text
    refused = send(decided, packed)
    assert refused.status_code == 409
    assert "One decision, not saved yet" in refused.json()["detail"]
    assert send(decided, packed, replace="1").status_code == 303
    assert events(decided)["undoable"] == 6


@pytest.mark.parametrize("content", [b"", b"x", WRONG["half a zip"][0], a_review()])
def test_a_file_that_is_no_review_of_this_changes_nothing(decided: Opened, content: bytes) -> None:
    decided.page.get(f"{decided.address}/events.zip")
    before = events(decided)
    answer = send(decided, content)
    assert answer.status_code == 422
    assert answer.json()["title"] in (say.NO_REVIEW, say.OTHER_RECORDING)
    assert events(decided) == before


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("multipart/form-data", b"x"), ("multipart/form-data; boundary=x", b"--x\r\nbroken"),
        ("multipart/form-data; boundary=", b"x"), ("application/zip", b"PK"), ("text/plain", b"\xff"),
    ],
)  # fmt: skip
def test_a_broken_form_is_refused(opened: Opened, kind: str, body: bytes) -> None:
    answer = opened.page.post(
        f"{opened.address}/review", content=body, headers={**FORMS, "content-type": kind}
    )
    assert answer.status_code in (400, 422), answer.text


def test_without_a_file_it_says_so(opened: Opened) -> None:
    answer = opened.page.post(f"{opened.address}/review", data={"review": "text"}, headers=FORMS)
    assert answer.status_code == 422
    assert answer.json()["detail"] == say.REVIEW_NO_FILE


@settings(
    max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None
)  # fmt: skip
@given(flips=st.lists(st.tuples(st.integers(0, 10**6), st.integers(0, 7)), min_size=1, max_size=5))
def test_a_damaged_file_is_never_a_fault_of_the_program(opened: Opened, flips: list) -> None:
    content = bytearray(opened.page.get(f"{opened.address}/events.zip").content)
    for place, bit in flips:
        content[place % len(content)] ^= 1 << bit
    assert send(opened, bytes(content), replace="1").status_code in (303, 413, 422)


def test_a_recording_with_decisions_not_saved_is_not_taken_off_unasked(bids_file: Path) -> None:
    with client(recordings=(bids_file,)) as page:
        address = "/recordings/" + re.findall(r'data-key="([^"]+)"', page.get("/recordings").text)[0]
        wait_for(page, address, "ready")
        page.post(f"{address}/edits", data={"action": "reject", "number": "1"}, headers=FORMS)
        assert "One decision, not saved yet" in page.get("/recordings").text
        assert page.post(f"{address}/remove", headers=FORMS).status_code == 409
        assert page.get(address).status_code == 200
        page.post(f"{address}/remove", data={"anyway": "1"})
        assert page.get(address).status_code == 404


def test_the_end_of_the_program_names_what_is_lost(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    bench = Bench(tmp_path)
    for name, decisions in (("one.edf", 2), ("two.edf", 0), ("three.edf", 1)):
        item = bench.lay(tmp_path / name)
        log = Log()
        for number in range(1, decisions + 1):
            log = log.with_(Decide(number, accepted=True))
        twitches = detection()
        signature = measure(twitches, catalogue=load())
        item.found = Found(twitches, CLOSE_UP, log, review(twitches, log), signature)
    del bench, item
    gc.collect()
    said = [record.message for record in caplog.records if "one.edf" in record.message]
    assert said == ["Decisions that were not saved are gone: one.edf (2), three.edf (1)."]


def test_another_window_finds_everything_as_it_was(decided: Opened) -> None:
    """The browser closed, the server went on."""
    left = events(decided)
    cookies = dict(decided.page.cookies)
    decided.page.cookies.clear()
    assert decided.page.get(decided.address).status_code == 403
    for name, value in cookies.items():
        decided.page.cookies.set(name, value)
    assert events(decided) == left
