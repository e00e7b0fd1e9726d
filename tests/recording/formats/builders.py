"""One small valid file of each format, made by somebody else's writer where there is one."""

from __future__ import annotations

import io
import json
import struct
import tarfile
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

RATE = 2000.0
N = 700
Array = NDArray[np.float64]


@dataclass(frozen=True)
class Made:
    """A file, and what a reader must find in it."""

    path: Path
    samples: Array
    """(n_channels, n_samples), in µV or, where not calibrated, as in the file."""
    calibrated: bool = True
    within: float = 1e-3
    how: dict[str, Any] = field(default_factory=dict)
    rate: float = RATE


def noise(n_channels: int = 3, n_samples: int = N) -> Array:
    """Whole numbers, so that most formats hold them exactly."""
    return np.round(np.random.default_rng(7).normal(size=(n_channels, n_samples)) * 90).clip(-500, 500)


def edf(folder: Path) -> Made:
    import edfio

    x = noise()
    signals = [
        edfio.EdfSignal(row / 1000, RATE, label=f"EMG {i}", physical_dimension="mV", physical_range=(-1, 1),
                        transducer_type="AgAgCl surface electrode")
        for i, row in enumerate(x)
    ]  # fmt: skip
    edfio.Edf(signals, data_record_duration=0.05).write(folder / "a.edf")
    return Made(folder / "a.edf", x, within=0.02)


def edf_plus(folder: Path) -> Made:
    import edfio

    x = noise()
    marks = [edfio.EdfAnnotation(0.1, None, "start"), edfio.EdfAnnotation(0.2, 0.05, "müde")]
    reach: dict[str, Any] = {"physical_dimension": "uV", "physical_range": (-600, 600)}
    signals = [edfio.EdfSignal(row, RATE, label=f"EMG {i}", **reach)
               for i, row in enumerate(x)]  # fmt: skip
    edfio.Edf(signals, annotations=marks, data_record_duration=0.05).write(folder / "a.edf")
    return Made(folder / "a.edf", x, within=0.02)


def bdf(folder: Path) -> Made:
    import edfio

    x = noise()
    reach: dict[str, Any] = {"physical_dimension": "uV", "physical_range": (-600, 600)}
    signals = [edfio.BdfSignal(row, RATE, label=f"EMG {i}", **reach)
               for i, row in enumerate(x)]  # fmt: skip
    edfio.Bdf(signals, data_record_duration=0.05).write(folder / "a.bdf")
    return Made(folder / "a.bdf", x)


def npy(folder: Path) -> Made:
    np.save(folder / "a.npy", noise().T)
    return Made(folder / "a.npy", noise(), calibrated=False, how={"sampling_rate_hz": RATE})


def npz(folder: Path) -> Made:
    np.savez_compressed(folder / "a.npz", emg=noise(), fs=RATE, unit="uV", other=np.arange(3))
    return Made(folder / "a.npz", noise())


def wav(folder: Path) -> Made:
    from scipy.io import wavfile

    wavfile.write(folder / "a.wav", int(RATE), noise().T.astype(np.int16))
    return Made(folder / "a.wav", noise() * 0.5, how={"gain": 0.5})


def wav_float(folder: Path) -> Made:
    from scipy.io import wavfile

    wavfile.write(folder / "a.wav", int(RATE), (noise().T / 1000).astype(np.float32))
    return Made(folder / "a.wav", noise() / 1000, calibrated=False)


def csv_plain(folder: Path) -> Made:
    x = noise()
    lines = ["time (s),EMG 1 (mV),EMG 2 (mV),EMG 3 (mV)"]
    lines += [",".join([f"{i / RATE:.5f}", *(f"{v / 1000:.3f}" for v in x[:, i])]) for i in range(N)]
    (folder / "a.csv").write_text("\n".join(lines) + "\n")
    return Made(folder / "a.csv", x)


def csv_comma(folder: Path) -> Made:
    x = noise()
    lines = ["Muskel 1 [µV];Muskel 2 [µV];Muskel 3 [µV]"]
    lines += [";".join(f"{v:.1f}".replace(".", ",") for v in x[:, i]) for i in range(N)]
    (folder / "a.csv").write_bytes("\r\n".join(lines).encode("latin-1"))
    return Made(folder / "a.csv", x, how={"sampling_rate_hz": RATE})


def text_bare(folder: Path) -> Made:
    np.savetxt(folder / "a.txt", noise().T, fmt="%d")
    return Made(folder / "a.txt", noise(), calibrated=False, how={"sampling_rate_hz": RATE})


def opensignals(folder: Path) -> Made:
    x = noise(1) + 2048
    device = {"sensor": ["EMG"], "device name": "x", "column": ["nSeq", "DI", "CH1"], "sync interval": 2,
              "time": "10:11:12.0", "date": "2024-3-2", "channels": [1], "label": ["CH1"], "resolution": [12],
              "sampling rate": RATE, "device": "biosignalsplux"}  # fmt: skip
    lines = ["# OpenSignals Text File Format", "# " + json.dumps({"00:07": device}), "# EndOfHeader"]
    lines += [f"{i % 16}\t0\t{int(x[0, i])}" for i in range(N)]
    (folder / "a.txt").write_text("\n".join(lines) + "\n")
    return Made(folder / "a.txt", np.concatenate([np.zeros((1, N)), (x / 4096 - 0.5) * 3e6 / 1000]))


def opensignals_h5(folder: Path) -> Made:
    h5py = pytest.importorskip("h5py")
    with h5py.File(folder / "a.h5", "w") as file:
        group = file.create_group("00:07")
        group.attrs.update({"sampling rate": RATE, "resolution": [16], "date": "2024-3-2", "time": "1:2:3.4"})
        channel = group.create_dataset("raw/channel_3", data=noise(1).T.astype(np.uint16))
        channel.attrs["sensor"] = "EMG"
    return Made(folder / "a.h5", noise(1).astype(np.uint16).astype(float), calibrated=False)


def mat(folder: Path, *, packed: bool = False) -> Made:
    from scipy.io import savemat

    inside = {"EMG": noise(), "fs": RATE, "info": {"a": [1, 2], "b": "text"}, "unit": "uV",
              "labels": np.array(["one", "two", "three"], dtype=object)}  # fmt: skip
    savemat(folder / "a.mat", inside, do_compression=packed)
    return Made(folder / "a.mat", noise())


def mat_packed(folder: Path) -> Made:
    return mat(folder, packed=True)


def mat_73(folder: Path) -> Made:
    h5py = pytest.importorskip("h5py")
    with h5py.File(folder / "a.mat", "w", userblock_size=512) as file:
        file["emg"] = noise().T
        file["fs"] = np.array([[RATE]])
        unit = file.create_dataset("unit", data=np.array([[ord(c)] for c in "mV"], dtype=np.uint16))
        unit.attrs["MATLAB_class"] = np.bytes_("char")
    return Made(folder / "a.mat", noise() * 1000)


def wfdb(folder: Path, form: int = 16) -> Made:
    x = noise()
    (folder / "a.dat").write_bytes(packed(x.T.astype(int).reshape(-1), form))
    sums = [int(row.sum()) % 65536 for row in x.astype(int)]
    lines = [f"a 3 {RATE:g} {N} 10:11:12 02/03/2024"]
    lines += [f"a.dat {form} 2(10)/uV 12 0 {int(x[i, 0])} {sums[i]} 0 EMG {i}" for i in range(3)]
    (folder / "a.hea").write_bytes("\r".join([*lines, "# concentric needle"]).encode())
    return Made(folder / "a.hea", (x - 10) / 2)


def packed(x: NDArray[np.int_], form: int) -> bytes:
    """Numbers as WFDB packs them, straight from the words of its manual."""
    plain = {16: "<i2", 61: ">i2", 32: "<i4"}
    if form in plain:
        return x.astype(plain[form]).tobytes()
    if form == 24:
        return b"".join(int(v).to_bytes(3, "little", signed=True) for v in x)
    if form in (80, 160):
        return (x + (128 if form == 80 else 32768)).astype("u1" if form == 80 else "<u2").tobytes()
    size = {212: 2, 310: 3, 311: 3}[form]
    x = np.concatenate([x, np.zeros(-len(x) % size, dtype=x.dtype)])
    out = b""
    for group in x.reshape(-1, size).tolist():
        if form == 212:
            a, b = (v & 0xFFF for v in group)
            out += bytes([a & 0xFF, a >> 8 | (b >> 8) << 4, b & 0xFF])
        elif form == 310:
            a, b, c = (v & 0x3FF for v in group)
            out += struct.pack("<HH", a << 1 | (c & 0x1F) << 11, b << 1 | (c >> 5) << 11)
        else:
            a, b, c = (v & 0x3FF for v in group)
            out += struct.pack("<I", a | b << 10 | c << 20)
    return out


def wfdb_212(folder: Path) -> Made:
    return wfdb(folder, 212)


def _tar(path: Path, members: dict[str, bytes]) -> None:
    with tarfile.open(path, "w", format=tarfile.USTAR_FORMAT) as archive:
        for name, data in members.items():
            entry = tarfile.TarInfo(name)
            entry.size = len(data)
            archive.addfile(entry, io.BytesIO(data))


def otb_plus(folder: Path) -> Made:
    x = noise()
    description = f"""<?xml version="1.0" encoding="utf-8"?>
<Device Name="QUATTROCENTO" ad_bits="16" SampleFrequency="{RATE:g}" DeviceTotalChannels="3"><Channels>
<Adapter ID="AD1x64SE" Gain="150" ChannelStartIndex="0">
{"".join(f'<Channel Index="{i}" ID="HD10MM0808" Muscle="Biceps" Gain="1"/>' for i in range(3))}
</Adapter></Channels></Device>"""
    marks = "<A><Marker><Milliseconds>100</Milliseconds><Description>go</Description></Marker></A>"
    _tar(folder / "a.otb+", {
        "2024.sig": x.T.astype("<i2").tobytes(), "2024.xml": description.encode(),
        "markers_0.xml": marks.encode(),
        "patient.xml": b"<p><family_name>Nobody</family_name><time>2024-03-02T10:11:12</time></p>",
    })  # fmt: skip
    return Made(folder / "a.otb+", x * 5e6 / 2**16 / 150)


_TRACK = """<TrackInfo><Title>{title}</Title><SubTitle>MUOVI</SubTitle><Device>M</Device><Gain>192</Gain>
<NumberOfChannels>{count}</NumberOfChannels><AcquisitionChannel>{first}</AcquisitionChannel>
<TotalChannelsInFile>4</TotalChannelsInFile><SamplingFrequency>2000</SamplingFrequency><SampleSize>2</SampleSize>
<ADC_Nbits>16</ADC_Nbits><ADC_Range>4.8</ADC_Range><UnitOfMeasurement>mV</UnitOfMeasurement>
<UnitOfMeasurementFactor>1000</UnitOfMeasurementFactor><SignalStreamPath>s0.sig</SignalStreamPath>
<IsControl>{control}</IsControl></TrackInfo>"""


def otb4(folder: Path, *, zipped: bool = False) -> Made:
    x = np.concatenate([noise(), np.arange(N)[None, :]])
    tracks = _TRACK.format(title="grid", count=3, first=0, control="false")
    tracks += _TRACK.format(title="Ramp", count=1, first=3, control="true")
    members = {"Tracks_000.xml": f"<ArrayOfTrackInfo>{tracks}</ArrayOfTrackInfo>".encode(),
               "s0.sig": x.T.astype("<i2").tobytes()}  # fmt: skip
    if zipped:
        with zipfile.ZipFile(folder / "a.otb4", "w", zipfile.ZIP_DEFLATED) as archive:
            for name, data in members.items():
                archive.writestr(name, data)
    else:
        _tar(folder / "a.otb4", members)
    return Made(folder / "a.otb4", x * 4.8e6 / 2**16 / 192)


def otb4_zipped(folder: Path) -> Made:
    return otb4(folder, zipped=True)


def bids(folder: Path) -> Made:
    made = edf(folder)
    path = folder / "sub-01_task-rest_emg.edf"
    made.path.rename(path)
    (folder / "dataset_description.json").write_text('{"Name": "x", "BIDSVersion": "1.11.1"}')
    (folder / "task-rest_emg.json").write_text(
        '{"TaskName": "rest", "PowerLineFrequency": 50, "EMGReference": "R"}'
    )
    rows = [f"EMG {i}\tEMG\tmV\tG1\tbiceps\tE{i}" for i in range(3)]
    (folder / "sub-01_task-rest_channels.tsv").write_text(
        "\n".join(["name\ttype\tunits\tgroup\ttarget_muscle\tsignal_electrode", *rows]) + "\n"
    )
    (folder / "sub-01_electrodes.tsv").write_text("name\tx\ty\nE0\t0\t0\nE1\t0\t0.8\nE2\tn/a\t1.6\n")
    (folder / "sub-01_coordsystem.json").write_text('{"EMGCoordinateUnits": "cm"}')
    (folder / "sub-01_task-rest_events.tsv").write_text("onset\tduration\ttrial_type\n0.1\tn/a\tgo\n")
    return Made(path, made.samples, within=made.within)


MAKERS: dict[str, Callable[[Path], Made]] = {
    maker.__name__: maker
    for maker in (
        edf, edf_plus, bdf, npy, npz, wav, wav_float, csv_plain, csv_comma, text_bare, opensignals,
        opensignals_h5, mat, mat_packed, mat_73, wfdb, wfdb_212, otb_plus, otb4, otb4_zipped, bids,
    )
}  # fmt: skip
