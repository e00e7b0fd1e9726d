"""What is truly in a simulated recording, and how well a detector found it."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import dataclass, field
from typing import Any, Final, Protocol

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Singles = NDArray[np.float32]

SPONTANEOUS: Final = ("fasciculation", "doublet", "f_wave")
"""Kinds that a detector is to report as fasciculations."""

TOLERANCE_S: Final = 0.010


@dataclass(frozen=True)
class MotorUnit:
    """One motor unit.

    Attributes:
        x_mm, depth_mm: middle of its territory, across the fibers and below the surface of the muscle.
        zone_mm: mean place of its end-plates along the fibers. ``territory_mm``: diameter.
        fibers: how many it has now. ``adopted_fibers``: of these, taken over from units that died.
        reinnervated: whether it took any over.
        size_rank: 0 the smallest, first recruited, to 1.
        velocity_m_per_s: mean of its fibers.
        template: its mean potential as the amplifier passes it on, µV, (n_channels, n_times).
        times_ms: of the template's columns; 0 when an impulse enters its terminal branches.
        amplitude_uv: peak to peak on its best channel.
        best_channel: row of the recording where it is largest.
        peak_ms: of the largest deflection there. ``end_ms``: when less than a tenth of it is left anywhere.
        stable: whether its discharges look alike at these electrodes.
    """

    x_mm: float
    depth_mm: float
    zone_mm: float
    territory_mm: float
    fibers: int
    adopted_fibers: int
    size_rank: float
    velocity_m_per_s: float
    template: Singles = field(repr=False)
    times_ms: Floats = field(repr=False)
    amplitude_uv: float
    best_channel: int
    peak_ms: float
    end_ms: float
    stable: bool

    @property
    def reinnervated(self) -> bool:
        """Whether it took fibers over."""
        return self.adopted_fibers > 0


@dataclass(frozen=True)
class Discharges:
    """All discharges in order of onset; arrays are (n_discharges,).

    Attributes:
        unit: row of ``Truth.units``.
        onset_s: when the impulse enters the terminal branches, or begins in one of them.
        peak_s: when the potential is largest on the unit's best channel: what a detector reports.
        origin: where the impulse began: ``axon``, ``terminal``, ``junction`` or ``soma``.
        kind: ``fasciculation``, ``doublet`` (a second one at once), ``f_wave``, ``voluntary``, or a train's.
    """

    unit: NDArray[np.int64]
    onset_s: Floats
    peak_s: Floats
    origin: NDArray[np.str_]
    kind: NDArray[np.str_]

    def __len__(self) -> int:
        """Number of discharges."""
        return len(self.unit)


@dataclass(frozen=True)
class Artifact:
    """A stretch in which something other than muscle was added."""

    onset_s: float
    duration_s: float
    kind: str


@dataclass(frozen=True)
class Score:
    """How well reported fasciculations agree with the true ones, one to one.

    A report is right anywhere from the start to the end of a potential, or within 10 ms of its peak: on a
    grid a potential lasts some 20 ms from the end-plate to the tendons, and which part is largest depends on
    filters.

    Attributes:
        sensitivity: share of the true ones that were found; None without any.
        precision: share of the reported ones that are true; None without any.
        lag_ms: median of found less true time; None without any pair.
    """

    true: int
    found: int
    paired: int
    sensitivity: float | None
    precision: float | None
    lag_ms: float | None


class Found(Protocol):
    """What is needed of a detector's answer: times, and what each is (as ``whytwitch.recording.Events``)."""

    @property
    def onset_s(self) -> Floats: ...
    @property
    def kind(self) -> NDArray[np.str_]: ...


@dataclass(frozen=True)
class Truth:
    """Everything that was put into a simulated recording.

    Attributes:
        units: every unit of the muscle, whether it discharged or not.
        voluntary_s: stretches of effort, (n, 2).
        settings: what it was simulated with, as plain values; they and the version give the same samples.
    """

    units: tuple[MotorUnit, ...]
    discharges: Discharges
    artifacts: tuple[Artifact, ...]
    voluntary_s: Floats
    settings: dict[str, Any] = field(repr=False)

    def score(self, found: Found, *, least_uv: float = 0.0) -> Score:
        """Compare a detector's potentials with the truth.

        Args:
            found: its potentials; only those of kind ``fasciculation`` count.
            least_uv: true potentials of smaller units are neither missed nor found; a report on one of them
                does not count against the detector either.
        """
        mine = self.discharges
        spontaneous = np.isin(mine.kind, SPONTANEOUS)
        size = np.array([unit.amplitude_uv for unit in self.units])[mine.unit]
        end = mine.onset_s + 1e-3 * np.array([unit.end_ms for unit in self.units])[mine.unit]
        spans = np.stack([np.minimum(mine.onset_s, mine.peak_s - TOLERANCE_S),
                          np.maximum(end, mine.peak_s + TOLERANCE_S), mine.peak_s], axis=1)  # fmt: skip
        wanted = spans[spontaneous & (size >= least_uv)]
        reported = np.sort(np.asarray(found.onset_s)[np.asarray(found.kind) == "fasciculation"])
        a, b = _pair(wanted, reported)
        spared = len(_pair(spans[spontaneous & (size < least_uv)], np.delete(reported, b))[0])
        n_found = len(reported) - spared
        return Score(
            true=len(wanted), found=n_found, paired=len(a),
            sensitivity=len(a) / len(wanted) if len(wanted) else None,
            precision=len(a) / n_found if n_found else None,
            lag_ms=float(1000 * np.median(reported[b] - wanted[a, 2])) if len(a) else None,
        )  # fmt: skip

    def events_tsv(self, channel_names: tuple[str, ...]) -> str:
        """The discharges as a table of BIDS events."""
        out = io.StringIO()
        writer = csv.writer(out, delimiter="\t", lineterminator="\n")
        writer.writerow(["onset", "duration", "trial_type", "unit", "origin", "impulse", "channel"])
        d = self.discharges
        order = np.argsort(d.peak_s, kind="stable")
        for k in order:
            unit = self.units[d.unit[k]]
            writer.writerow([f"{d.peak_s[k]:.6f}", "0", d.kind[k], d.unit[k] + 1, d.origin[k],
                             f"{d.onset_s[k]:.6f}", channel_names[unit.best_channel]])  # fmt: skip
        return out.getvalue()

    def events_json(self, channel_names: tuple[str, ...]) -> str:
        """What the columns mean, the units, artifacts and settings: the sidecar of the table."""
        said: dict[str, Any] = {
            "onset": {"Description": "Largest deflection on the unit's best channel.", "Units": "s"},
            "trial_type": {"Description": "What it is; known exactly, because the recording is simulated."},
            "unit": {"Description": "Number of the motor unit in MotorUnits, from 1."},
            "origin": {"Description": "Where the impulse began: axon, terminal, junction or soma."},
            "impulse": {"Description": "When it entered the terminal branches.", "Units": "s"},
            "channel": {"Description": "The channel where the unit is largest."},
            "Simulated": True,
            "MotorUnits": [_row(k, unit, channel_names) for k, unit in enumerate(self.units)],
            "Artifacts": [[a.onset_s, a.duration_s, a.kind] for a in self.artifacts],
            "VoluntaryStretches": self.voluntary_s.tolist(),
            "Settings": self.settings,
        }
        return json.dumps(said, indent=1, ensure_ascii=False) + "\n"


def _row(k: int, unit: MotorUnit, channel_names: tuple[str, ...]) -> dict[str, Any]:
    plain = ("x_mm", "depth_mm", "zone_mm", "territory_mm", "size_rank", "velocity_m_per_s", "amplitude_uv")
    return {
        "unit": k + 1, **{name: round(float(getattr(unit, name)), 4) for name in plain},
        "fibers": unit.fibers, "adopted_fibers": unit.adopted_fibers, "stable": unit.stable,
        "best_channel": channel_names[unit.best_channel],
    }  # fmt: skip


def _pair(spans: Floats, found: Floats) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Rows of partners: spans (n, 3) of first, last and peak time, and times; both in order of time."""
    i = j = 0
    a: list[int] = []
    b: list[int] = []
    while i < len(spans) and j < len(found):
        if found[j] < spans[i, 0]:
            j += 1
        elif found[j] > spans[i, 1]:
            i += 1
        else:
            a.append(i)
            b.append(j)
            i, j = i + 1, j + 1
    return np.array(a, dtype=np.int64), np.array(b, dtype=np.int64)
