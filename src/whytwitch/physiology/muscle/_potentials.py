"""What one motor unit looks like at the electrodes: its parts, and how each discharge puts them together."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.signal import sosfilt

from whytwitch.physiology.muscle._electrodes import Layout
from whytwitch.physiology.muscle._muscle import Tissue
from whytwitch.physiology.muscle._needle import needle_potentials
from whytwitch.physiology.muscle._skin import SkinTable, patch_of, skin_potential
from whytwitch.physiology.muscle._units import UnitPlan

Floats = NDArray[np.float64]
Singles = NDArray[np.float32]

FINER: Final = 2
"""Potentials are computed at this multiple of the sampling rate …"""
PHASES: Final = 8
"""… and kept at this one, so that impulses begin between samples."""
OWN_SHARE: Final = 0.01
"""A fiber whose potential at a needle is at least this share of the unit's jitters by itself."""


@dataclass(frozen=True)
class Parts:
    """Waveforms that add up to a unit's potential.

    Attributes:
        waves: (n_parts, n_channels, PHASES, n_times), µV: the part sampled at each phase between samples.
        path_ms: (n_parts,) when each begins after the impulse enters the branches.
        jitter_ms, block: (n_parts,) SD of the time, and chance to be missing, in every discharge.
        branch: (n_parts,) terminal branch of each.
    """

    waves: Singles
    path_ms: Floats
    jitter_ms: Floats
    block: Floats
    branch: NDArray[np.int64]


class Eye:
    """One electrode over one tissue: turns motor units into parts.

    Args:
        table: of the tissue under a skin electrode; None for a needle.
        rate_hz: of the recording.
        n_times: length of potentials in samples of the recording.
    """

    def __init__(
        self, tissue: Tissue, layout: Layout, table: SkinTable | None, rate_hz: float, n_times: int
    ) -> None:
        self._tissue, self._layout, self._table = tissue, layout, table
        self.rate_hz, self.n_times = rate_hz, n_times

    def parts(self, unit: UnitPlan, *, apart: bool) -> Parts:
        """The parts of a unit; ``apart`` keeps its branches apart, for impulses that begin in one of them."""
        if self._table is None:
            return self._at_needle(unit)
        return self._on_skin(unit, self._table, apart=apart or bool(unit.block.any()))

    def _on_skin(self, unit: UnitPlan, table: SkinTable, *, apart: bool) -> Parts:
        """On the skin junctions jitter by far less than a sample; whole sprouts still fail."""
        fibers, patch = unit.fibers, patch_of(table, self._layout, unit.fibers)
        branches = np.unique(fibers.branch) if apart else np.array([0])
        waves = np.stack([
            self._layout.mix @ skin_potential(
                table, patch, fibers,
                fibers.branch == b if apart else np.ones(len(fibers), bool),
                fibers.twig_ms if apart else fibers.twig_ms + unit.path_ms[fibers.branch],
                self.n_times * FINER, self.rate_hz * FINER,
            )
            for b in branches
        ])  # fmt: skip
        none = np.zeros(len(branches))
        return Parts(
            _phased(waves.astype(np.float32)), unit.path_ms[branches] if apart else none, none,
            unit.block[branches] if apart else none, branches,
        )  # fmt: skip

    def _at_needle(self, unit: UnitPlan) -> Parts:
        """Near fibers alone, all others of a branch together."""
        fibers = unit.fibers
        single = needle_potentials(
            self._tissue, self._layout, fibers, self.n_times * FINER, self.rate_hz * FINER
        )
        size = np.ptp(single, axis=1)
        own = size >= OWN_SHARE * np.ptp(single.sum(axis=0))
        rest = [b for b in range(len(unit.path_ms)) if np.any(~own & (fibers.branch == b))]
        waves = [*single[own], *(single[~own & (fibers.branch == b)].sum(axis=0) for b in rest)]
        branch = np.concatenate([fibers.branch[own], np.array(rest, dtype=int)]).astype(int)
        return Parts(
            _phased(np.asarray(waves)[:, None]), unit.path_ms[branch],
            np.concatenate([fibers.jitter_ms[own], np.zeros(len(rest))]), unit.block[branch], branch,
        )  # fmt: skip


def starts_ms(parts: Parts, unit: UnitPlan, *, distal: bool) -> Floats:
    """When each part begins after the impulse does, (n_parts,).

    An impulse of distal origin begins at the end of one branch, whose fibers fire at once; it runs back to
    where the branches part, and then out to the others.
    """
    if not distal:
        return parts.path_ms
    home = parts.branch == unit.origin_branch
    return np.where(home, 0.0, unit.path_ms[unit.origin_branch] + parts.path_ms)


def whole(parts: Parts, begins_ms: Floats, rate_hz: float) -> Singles:
    """The unit's potential at each phase, all parts present and in time: (n_channels, PHASES, n_times)."""
    n_parts, n_channels, _, n_times = parts.waves.shape
    fine = parts.waves.transpose(0, 1, 3, 2).reshape(n_parts, n_channels, n_times * PHASES)
    steps = np.rint(begins_ms * 1e-3 * rate_hz * PHASES).astype(int)
    out = np.zeros((n_channels, n_times * PHASES), np.float32)
    for wave, step in zip(fine, steps, strict=True):
        out[:, step:] += wave[:, : out.shape[1] - step]
    return np.ascontiguousarray(out.reshape(n_channels, n_times, PHASES).transpose(0, 2, 1))


def as_recorded(wave: Singles, sections: Floats) -> Singles:
    """A potential (n_channels, n_times) as the amplifier passes it on."""
    return np.asarray(sosfilt(sections, wave, axis=1), dtype=np.float32)


def _phased(fine: Singles) -> Singles:
    """From FINER to PHASES times the sampling rate, without what lies above half of that rate.

    In: (n_parts, n_channels, FINER * n_times). Out: (n_parts, n_channels, PHASES, n_times).
    """
    n_parts, n_channels, n_fine = fine.shape
    n_times = n_fine // FINER
    spectrum = np.fft.rfft(fine, axis=2)
    share = np.arange(spectrum.shape[2]) / (n_times / 2)
    spectrum *= np.clip((1.0 - share) / 0.1, 0.0, 1.0)
    out = np.fft.irfft(spectrum, n=n_times * PHASES, axis=2) * (PHASES / FINER)
    out = out.reshape(n_parts, n_channels, n_times, PHASES).transpose(0, 1, 3, 2)
    return np.ascontiguousarray(out, dtype=np.float32)


__all__ = ["PHASES", "Eye", "Parts", "as_recorded", "starts_ms", "whole"]
