"""A plain detector to compare with: filter, threshold, one mark a peak. No sorting to speak of."""

from __future__ import annotations

import numpy as np
from generators.case import Case
from scipy.signal import butter, iirnotch, sosfiltfilt, tf2sos
from score import Found


def detect(case: Case, *, k: float = 7.0, dead_s: float = 0.03) -> Found:
    """Peaks of the median-referenced, filtered signal beyond ``k`` robust standard deviations.

    Peaks of all channels within ``dead_s`` are one potential; units are the loudest channels.
    """
    x, fs = case.samples, case.fs
    high = min(400.0, 0.42 * fs) if case.electrode == "surface" else min(3000.0, 0.42 * fs)
    low = 20.0 if case.electrode == "surface" else 100.0
    sos = [butter(2, [low, high], "bandpass", fs=fs, output="sos")]
    sos += [tf2sos(*iirnotch(f, 30, fs)) for f in (50, 60, 150) if f < high]
    y = sosfiltfilt(np.vstack(sos), x, axis=1).astype(np.float32)
    if len(y) >= 16:
        y -= np.median(y, axis=0)
    scale = np.median(np.abs(y), axis=1, keepdims=True) / 0.6745
    live = scale[:, 0] > 1e-3
    z = np.abs(y[live]) / scale[live]
    top = z.max(axis=0)
    at = np.flatnonzero(top > k)
    if len(at) == 0:
        return Found.plain(np.zeros(0))
    groups = np.split(at, np.flatnonzero(np.diff(at) > dead_s * fs) + 1)
    peaks = np.array([g[top[g].argmax()] for g in groups])
    return Found.plain(peaks / fs, z[:, peaks].argmax(axis=0) + 1)
