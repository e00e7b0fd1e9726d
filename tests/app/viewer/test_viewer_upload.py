"""Files that come in: tame names, the right main file, and nothing that takes the server down."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from starlette.testclient import TestClient
from tests.app.pages import HERE, PORT, TOKEN, client
from tests.app.viewer.conftest import Opened, wait_for

from whytwitch.app.server import create_app
from whytwitch.app.shell import Problem, Settings
from whytwitch.app.viewer._upload import LONGEST_NAME, Receiver, endings, mains, tame

DATA = Path(__file__).parents[2] / "recording/data"


@given(st.text(max_size=300).map(lambda text: text + ".edf"))
def test_tame_names_stay_in_their_folder(name: str) -> None:
    try:
        plain = tame(name)
    except Problem as problem:
        assert problem.status == 415
        return
    assert "/" not in plain and "\\" not in plain and "\0" not in plain
    assert not plain.startswith(".")
    assert plain.endswith(".edf") and len(plain) <= LONGEST_NAME
    assert (Path("/scratch") / plain).resolve().parent == Path("/scratch").resolve()


@pytest.mark.parametrize(
    ("given_name", "kept"),
    [
        ("../../etc/passwd.edf", "passwd.edf"),
        ("C:\\Users\\me\\a b.EDF", "a b.EDF"),
        ("arm (left)+2.otb+", "arm (left)+2.otb+"),
        ("Müller.csv", "Müller.csv"),
        ("a\r\nb;c.wav", "a__b_c.wav"),
    ],
)
def test_names_as_they_are_kept(given_name: str, kept: str) -> None:
    assert tame(given_name) == kept


@pytest.mark.parametrize("name", ["run.sh", "page.html", ".edf", "edf", "", "..", "a.edf.exe"])
def test_other_types_are_refused(name: str) -> None:
    with pytest.raises(Problem) as refused:
        tame(name)
    assert refused.value.status == 415


def test_every_reader_s_endings_are_taken() -> None:
    from whytwitch.recording.formats import readers

    assert {ending for reader in readers() for ending in reader.extensions} <= set(endings())


@pytest.mark.parametrize(
    ("names", "main"),
    [
        (["a.vhdr", "a.eeg", "a.vmrk"], ["a.vhdr"]),
        (["r.dat", "r.hea"], ["r.hea"]),
        (["r.dat"], ["r.dat"]),
        (["one.edf", "two.edf"], ["one.edf", "two.edf"]),
        (["sub-1_emg.edf", "sub-1_emg.json", "sub-1_channels.tsv", "sub-1_events.tsv", "participants.tsv"],
         ["sub-1_emg.edf"]),
        (["force.tsv"], ["force.tsv"]),
    ],
)  # fmt: skip
def test_which_file_is_the_recording(names: list[str], main: list[str]) -> None:
    assert mains(names) == main


def test_sidecars_alone_are_no_recording() -> None:
    with pytest.raises(Problem, match="signal"):
        mains(["sub-1_channels.tsv", "sub-1_emg.json"])


def test_a_record_of_two_files_arrives_whole_and_is_read(opened: Opened) -> None:
    files = [("files", (name, (DATA / name).read_bytes())) for name in ("emg_healthy.hea", "emg_healthy.dat")]
    answer = opened.page.post("/recordings", files=files, follow_redirects=False)
    assert answer.status_code == 303
    address = answer.headers["location"]
    state = wait_for(opened.page, address, "working", "ready", "failed")
    assert state["state"] != "failed"
    wait_for(opened.page, address, "ready")
    assert "emg_healthy.hea" in opened.page.get(address).text
    opened.page.post(f"{address}/remove")
    assert opened.page.get(address).status_code == 404


def test_sidecars_are_read_with_their_recording(opened: Opened) -> None:
    beside = sorted(p for p in opened.file.parent.iterdir() if p.is_file())
    answer = opened.page.post(
        "/recordings", files=[("files", (p.name, p.read_bytes())) for p in beside], follow_redirects=False
    )
    address = answer.headers["location"]
    wait_for(opened.page, address, "ready")
    channels = opened.page.get(f"{address}/data").json()["channels"]
    assert {channel["group"] for channel in channels} == {"grid"}
    opened.page.post(f"{address}/remove")


def test_the_reader_s_own_words_are_shown(opened: Opened) -> None:
    answer = opened.page.post("/recordings", files=[("files", ("empty.edf", b""))], follow_redirects=False)
    state = wait_for(opened.page, answer.headers["location"], "failed")
    assert state["trouble"] == "empty.edf: is empty; copy or export it again"
    assert "Empty.edf: is empty; copy or export it again" in opened.page.get(answer.headers["location"]).text
    opened.page.post(f"{answer.headers['location']}/remove")


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    ending=st.sampled_from([".edf", ".csv", ".wav", ".hea", ".npz", ".mat", ".otb+", ".vhdr", ".h5", ".rhd"]),
    head=st.sampled_from(
        [b"", b"0       ", b"RIFF", b"PK\x03\x04", b"MATLAB 5.0", b"\x93NUMPY", b"a 1 100 9\n"]
    ),
    rest=st.binary(max_size=600),
)
def test_a_fuzzed_file_never_takes_the_server_down(
    opened: Opened, ending: str, head: bytes, rest: bytes
) -> None:
    answer = opened.page.post(
        "/recordings", files=[("files", (f"fuzz{ending}", head + rest))], follow_redirects=False
    )
    assert answer.status_code == 303
    address = answer.headers["location"]
    state = wait_for(opened.page, address, "failed", "ready")
    if state["state"] == "failed":
        assert state["trouble"]
    assert opened.page.get(address).status_code == 200
    assert opened.page.post(f"{address}/remove", follow_redirects=False).status_code == 303


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(body=st.binary(max_size=400), cut=st.integers(0, 200))
def test_a_broken_form_is_a_clear_problem_and_leaves_nothing(opened: Opened, body: bytes, cut: int) -> None:
    whole = (
        b'--xx\r\ncontent-disposition: form-data; name="files"; filename="a.edf"\r\n\r\n'
        + body
        + b"\r\n--xx--\r\n"
    )
    sent = whole[: max(0, len(whole) - 1 - cut)] if cut < 150 else body
    answer = opened.page.post(
        "/recordings", content=sent, headers={"content-type": "multipart/form-data; boundary=xx"},
        follow_redirects=False,
    )  # fmt: skip
    assert answer.status_code in (303, 400, 415, 422)
    if answer.status_code == 303:
        opened.page.post(f"{answer.headers['location']}/remove")


def test_a_file_outside_is_never_written(tmp_path: Path) -> None:
    inside = tmp_path / "inside"
    inside.mkdir()
    receiver = Receiver(b"xx", inside)
    receiver.write(b'--xx\r\ncontent-disposition: form-data; name="f"; filename="../../out.edf"\r\n\r\n')
    receiver.write(b"hello\r\n--xx--\r\n")
    receiver.finish()
    assert [path.name for path in tmp_path.rglob("*.edf")] == ["out.edf"]
    assert (inside / "out.edf").read_bytes() == b"hello"


def test_the_same_name_twice_is_refused_and_the_folder_is_gone() -> None:
    app = create_app(Settings(PORT, TOKEN))
    with TestClient(app, base_url=HERE, cookies={f"whytwitch-{PORT}": TOKEN}) as page:
        answer = page.post("/recordings", files=[("files", ("a.edf", b"1")), ("files", ("A.edf", b"2"))])
        assert answer.status_code == 422
        assert "a.edf" in answer.text.lower()
        assert "On the bench" not in page.get("/recordings").text


def test_what_is_too_large_is_refused_while_it_arrives() -> None:
    with client(upload_mb=1) as page:

        def endless():
            yield b'--xx\r\ncontent-disposition: form-data; name="f"; filename="a.edf"\r\n\r\n'
            for _ in range(40):
                yield b"\0" * 50_000
            yield b"\r\n--xx--\r\n"

        answer = page.post(
            "/recordings", content=endless(), headers={"content-type": "multipart/form-data; boundary=xx"}
        )
        assert answer.status_code == 413


def test_files_given_at_the_start_stay_when_they_are_taken_off(bids_file: Path, tmp_path: Path) -> None:
    own = Path(shutil.copy(bids_file, tmp_path / "own.bdf"))
    with client(recordings=(own,)) as page:
        address = "/recordings/" + page.get("/recordings").text.split('data-key="')[1].split('"')[0]
        page.post(f"{address}/remove")
        assert page.get(address).status_code == 404
    assert own.is_file()
