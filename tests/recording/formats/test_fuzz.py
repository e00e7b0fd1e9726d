"""Damaged files: a recording that can be read, or one clear error; nothing else, and never for long."""

from __future__ import annotations

import tempfile
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.recording.formats.builders import MAKERS

from whytwitch import RecordingError, read

# The HDF5 library is not ours, and damaged files can end its process; see docs/formats.md.
OURS = sorted(set(MAKERS) - {"mat_73", "opensignals_h5"})

Change = tuple[str, float, bytes]
CHANGES = st.lists(
    st.tuples(
        st.sampled_from(["flip", "cut", "put", "digit"]),
        st.floats(0, 1, exclude_max=True),
        st.binary(min_size=1, max_size=8),
    ),
    min_size=1, max_size=6,
)  # fmt: skip


@cache
def originals(name: str) -> tuple[str, dict[str, bytes], dict[str, object]]:
    with tempfile.TemporaryDirectory() as folder:
        made = MAKERS[name](Path(folder))
        files = {path.name: path.read_bytes() for path in Path(folder).iterdir() if path.is_file()}
        return made.path.name, files, made.how


def damaged(data: bytes, changes: list[Change]) -> bytes:
    """Apply changes; half of them to the first kilobyte, where headers are."""
    out = bytearray(data)
    for number, (kind, place, raw) in enumerate(changes):
        reach = min(len(out), 1024) if number % 2 else len(out)
        at = int(place * reach)
        if kind == "flip":
            out[at : at + len(raw)] = raw
        elif kind == "cut":
            del out[at : at + 1 + raw[0] * (len(out) // 400 + 1)]
        elif kind == "put":
            out[at:at] = raw * 3
        else:
            digits = [i for i in range(at, min(at + 200, len(out))) if 48 <= out[i] < 58]
            for i in digits[: 1 + raw[0] % 4]:
                out[i] = 48 + raw[-1] % 10
    return bytes(out)


def survives(folder: Path, name: str, how: dict[str, object]) -> None:
    """Read what can be read of a file."""
    try:
        recording = read(folder / name, **how)  # type: ignore[arg-type]
        n = recording.n_samples
        recording.read(0, min(n, 300))
        recording.read(max(0, n - 50), n)
        recording.read(n // 2, min(n, n // 2 + 10), recording.emg)
    except RecordingError as error:
        assert "\n" not in str(error)
        assert len(str(error)) > 20


@pytest.mark.parametrize("name", OURS)
@settings(max_examples=40)
@given(changes=CHANGES, which=st.integers(0, 10))
def test_damage_is_survived(name: str, changes: list[Change], which: int) -> None:
    main, files, how = originals(name)
    broken = sorted(files)[which % len(files)]
    with tempfile.TemporaryDirectory() as folder:
        for file, data in files.items():
            (Path(folder) / file).write_bytes(damaged(data, changes) if file == broken else data)
        survives(Path(folder), main, how)


@given(
    data=st.binary(max_size=3000),
    ending=st.sampled_from([".edf", ".wav", ".hea", ".csv", ".mat", ".otb+", ".npz", ".x"]),
)
@settings(max_examples=150)
def test_garbage_is_survived(data: bytes, ending: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / f"a{ending}").write_bytes(data)
        survives(Path(folder), f"a{ending}", {"sampling_rate_hz": 1000.0})
