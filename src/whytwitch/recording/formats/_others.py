"""The last resort: whatever MNE or neo read, where they are installed."""

from __future__ import annotations

import io
import warnings
from contextlib import redirect_stderr, redirect_stdout
from importlib import import_module
from importlib.util import find_spec
from inspect import signature
from pathlib import Path
from typing import Any, Final, final

import numpy as np
from numpy.typing import NDArray

from whytwitch.recording._model import Annotation, ChannelKind, RecordingError
from whytwitch.recording.formats._reader import Found, Given, Reader, Track, broken
from whytwitch.recording.formats._stores import Numbers, Store

_MNE: Final = (
    ".vhdr", ".set", ".cnt", ".mff", ".fif", ".fif.gz", ".gdf", ".nxe", ".eeg", ".trc", ".lay", ".data",
)  # fmt: skip
_NEO: Final = (
    ".rhd", ".rhs", ".smr", ".smrx", ".trc", ".ns1", ".ns2", ".ns3", ".ns4", ".ns5", ".ns6", ".nev", ".plx",
    ".pl2", ".abf", ".nwb", ".rec", ".tdt", ".axgd", ".axgx", ".ncs", ".continuous", ".oebin", ".bcf",
)  # fmt: skip
_MNE_KINDS: Final[dict[str, ChannelKind]] = {"emg": "emg", "ecg": "ecg", "stim": "trigger"}


class OtherReader(Reader):
    """Formats of MNE and neo, which go by the name alone."""

    name = "what MNE and neo read"
    order = 95
    extensions = tuple(sorted({*_MNE, *_NEO}))

    def open(self, given: Given) -> Found:
        """Ask MNE, then neo."""
        path, name = given.path, given.path.name.lower()
        missing: list[str] = []
        last: Exception | None = None
        for library, endings, ask in (("mne", _MNE, _from_mne), ("neo", _NEO, _from_neo)):
            if not name.endswith(endings):
                continue
            if find_spec(library) is None:
                missing.append(library)
                continue
            try:
                with (
                    warnings.catch_warnings(),
                    redirect_stdout(io.StringIO()),
                    redirect_stderr(io.StringIO()),
                ):
                    warnings.simplefilter("ignore")
                    return ask(path)
            except RecordingError:
                raise
            except Exception as error:  # noqa: BLE001  other people's code on other people's files
                last = error
        if missing:
            raise RecordingError(
                f"{path.name}: reading this format needs {' or '.join(missing)}; "
                'install them with: pip install "whytwitch[formats]"'
            )
        raise broken(path, f"cannot be read ({type(last).__name__})", "export it as EDF") from last


def _from_mne(path: Path) -> Found:
    mne = import_module("mne")
    raw = mne.io.read_raw(path, preload=False, verbose="ERROR")
    tracks = [
        Track(label, "V" if kind in ("emg", "ecg", "eeg", "eog", "misc") else "", kind=_MNE_KINDS.get(kind))
        for label, kind in zip(raw.ch_names, raw.get_channel_types(), strict=True)
    ]
    marks = [
        Annotation(float(a["onset"]), float(a["duration"]), str(a["description"])) for a in raw.annotations
    ]
    start = raw.info["meas_date"].strftime("%Y-%m-%dT%H:%M:%S") if raw.info["meas_date"] else ""
    return Found(
        _named(path, "MNE"),
        MneStore(raw),
        tracks,
        float(raw.info["sfreq"]),
        _hashed(path),
        start=start,
        annotations=marks,
    )


def _named(path: Path, library: str) -> str:
    return f"{path.suffix.lstrip('.').upper() or 'format'} (read by {library})"


def _hashed(path: Path) -> tuple[Path, ...]:
    return (path,) if path.is_file() else ()


@final
class MneStore(Store):
    """A recording of MNE, in V."""

    floating = True

    def __init__(self, raw: Any) -> None:
        self._raw = raw
        self.n_samples = int(raw.n_times)

    def numbers(self, start: int, stop: int, channels: NDArray[np.intp]) -> Numbers:
        """See :meth:`Store.numbers`."""
        if start == stop:
            return np.empty((len(channels), 0))
        picked, places = np.unique(channels, return_inverse=True)
        return np.asarray(self._raw.get_data(picks=picked, start=start, stop=stop, verbose="ERROR"))[places]


def _from_neo(path: Path) -> Found:
    reader = import_module("neo.rawio").get_rawio(str(path))
    if "filename" in signature(reader.__init__).parameters:
        rawio = reader(filename=str(path))
    else:
        rawio = reader(dirname=str(path.parent))
    rawio.parse_header()
    streams = rawio.header["signal_streams"]
    if len(streams) == 0:
        raise broken(path, "holds no continuous signal", "give the file that has the samples")
    counts = [rawio.signal_channels_count(i) for i in range(len(streams))]
    stream = int(np.argmax(counts))
    ids = streams[stream]["id"]
    channels = [c for c in rawio.header["signal_channels"] if c["stream_id"] == ids]
    tracks = [Track(str(c["name"]), str(c["units"]), float(c["gain"]), float(c["offset"])) for c in channels]
    rate = float(rawio.get_signal_sampling_rate(stream_index=stream))
    return Found(_named(path, "neo"), NeoStore(rawio, stream), tracks, rate, _hashed(path))


@final
class NeoStore(Store):
    """A stream of neo, segments of the first block after one another."""

    def __init__(self, rawio: Any, stream: int) -> None:
        self._rawio = rawio
        self._stream = stream
        segments = rawio.segment_count(0)
        sizes = [rawio.get_signal_size(0, segment, stream_index=stream) for segment in range(segments)]
        self._ends = np.cumsum([0, *sizes])
        self.n_samples = int(self._ends[-1])

    def numbers(self, start: int, stop: int, channels: NDArray[np.intp]) -> Numbers:
        """See :meth:`Store.numbers`."""
        parts: list[Numbers] = []
        for segment, (begin, end) in enumerate(zip(self._ends[:-1], self._ends[1:], strict=True)):
            low, high = max(start, int(begin)), min(stop, int(end))
            if low < high:
                chunk = self._rawio.get_analogsignal_chunk(
                    block_index=0, seg_index=segment, i_start=low - int(begin), i_stop=high - int(begin),
                    stream_index=self._stream, channel_indexes=[int(c) for c in channels],
                )  # fmt: skip
                parts.append(np.asarray(chunk).T)
        return np.concatenate(parts, axis=1) if parts else np.empty((len(channels), 0), np.int16)


__all__ = ["OtherReader"]
