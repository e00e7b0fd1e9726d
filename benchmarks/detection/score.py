"""How well a list of potentials agrees with the truth.

Detection: rows reported as fasciculations against true fasciculations, one to one, within 10 ms. For equal
tolerances, pairing in order of time gives the largest possible number of pairs. Every reported
fasciculation without a partner is false, whatever it was.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from generators.case import Case
from numpy.typing import NDArray
from scipy.optimize import linear_sum_assignment

TOLERANCE_S = 0.010
GOOD = 0.5


@dataclass(frozen=True)
class Found:
    """What a detector reports; unit 0 is unsorted."""

    time_s: NDArray[np.float64]
    unit: NDArray[np.int64]
    kind: NDArray[np.str_]

    @staticmethod
    def plain(times: NDArray, unit: NDArray | None = None) -> Found:
        """Of a detector that knows fasciculations only."""
        order = np.argsort(times)
        unit = np.zeros(len(times), int) if unit is None else np.asarray(unit)
        return Found(np.asarray(times, float)[order], unit[order], np.full(len(times), "fasciculation"))


def pair(true: NDArray, found: NDArray, tolerance: float = TOLERANCE_S) -> tuple[NDArray, NDArray]:
    """Indices of partners in two sorted lists."""
    i = j = 0
    a, b = [], []
    while i < len(true) and j < len(found):
        gap = found[j] - true[i]
        if abs(gap) <= tolerance:
            a.append(i)
            b.append(j)
            i, j = i + 1, j + 1
        elif gap < 0:
            j += 1
        else:
            i += 1
    return np.array(a, int), np.array(b, int)


def inside(t: NDArray, spans: NDArray, margin: float = 0.0) -> NDArray[np.bool_]:
    out = np.zeros(len(t), bool)
    for start, stop in spans:
        out |= (t >= start - margin) & (t <= stop + margin)
    return out


def near(t: NDArray, others: NDArray, reach: float) -> NDArray[np.bool_]:
    if len(others) == 0:
        return np.zeros(len(t), bool)
    others = np.sort(others)
    k = np.clip(np.searchsorted(others, t), 1, len(others) - 1) if len(others) > 1 else np.zeros(len(t), int)
    gap = np.abs(others[k] - t)
    return (np.minimum(gap, np.abs(others[k - 1] - t)) if len(others) > 1 else gap) <= reach


def _share(part: float, whole: float) -> float | None:
    return round(float(part) / float(whole), 3) if whole else None


def score(case: Case, found: Found) -> dict[str, object]:
    """All figures of one recording."""
    is_true = case.kind == "fasciculation"
    t, u, second = case.time_s[is_true], case.unit[is_true], case.doublet[is_true]
    order = np.argsort(found.time_s, kind="stable")
    time, unit, kind = found.time_s[order], found.unit[order], found.kind[order]
    said = kind == "fasciculation"
    d, du = time[said], unit[said]
    a, b = pair(t, d)
    hit = np.zeros(len(t), bool)
    hit[a] = True
    good = np.zeros(len(d), bool)
    good[b] = True
    precision, sensitivity = _share(len(b), len(d)), _share(len(a), len(t))
    f1 = _share(2 * len(a), len(t) + len(d))
    calm = ~inside(t, np.concatenate([case.voluntary_s, case.train_s, case.artifact_s]), 0.05)
    # What the false ones were, the first that applies.
    wrong = d[~good]
    left = np.ones(len(wrong), bool)
    false = {}
    other = {k: case.time_s[case.kind == k] for k in ("voluntary", "train", "fibrillation")}
    reasons = [
        ("voluntary", near(wrong, other["voluntary"], 0.03) | inside(wrong, case.voluntary_s, 0.1)),
        ("train", near(wrong, other["train"], 0.03)),
        ("fibrillation", near(wrong, other["fibrillation"], 0.02)),
        ("second_mark", near(wrong, t, 0.06)),
        ("artifact", inside(wrong, case.artifact_s, 0.1)),
    ]
    for name, applies in reasons:
        false[name] = int((left & applies).sum())
        left &= ~applies
    false["other"] = int(left.sum())
    # What became of the missed ones.
    missed = t[~hit]
    ratio = np.array([case.ptp_uv.get(int(k), 0) for k in u]) / max(case.noise_uv, 1e-9)
    by_size = {
        name: _share(hit[m & calm].sum(), (m & calm).sum())
        for name, m in (
            ("below_8", ratio < 8),
            ("8_to_16", (ratio >= 8) & (ratio < 16)),
            ("above_16", ratio >= 16),
        )
    }
    lag = (d[b] - t[a]) * 1000
    minutes = case.seconds / 60
    return {
        "n_true": len(t),
        "n_found": len(d),
        "sensitivity": sensitivity,
        "precision": precision,
        "f1": f1,
        "false_per_min": round((len(d) - len(b)) / minutes, 2),
        "sensitivity_at_rest": _share(hit[calm].sum(), calm.sum()),
        "sensitivity_by_size": by_size,
        "doublet_recall": _share(hit[second].sum(), second.sum()),
        "false": false,
        "missed_as_other_kind": int(near(missed, time[~said], TOLERANCE_S).sum()),
        "kinds_right": _kinds(case, time, kind),
        "lag_ms": None if len(lag) == 0 else round(float(np.median(lag)), 2),
        "abs_lag_ms_95": None if len(lag) == 0 else round(float(np.percentile(np.abs(lag), 95)), 2),
        **sorting(t, u, d, du),
    }


def _kinds(case: Case, time: NDArray, kind: NDArray) -> dict[str, float]:
    """For each true kind other than fasciculation: the share of reported rows near it so called."""
    out = {}
    for k in ("voluntary", "train", "fibrillation"):
        here = case.time_s[case.kind == k]
        if len(here):
            rows = near(time, here, 0.01)
            out[k] = _share((kind[rows] == k).sum(), rows.sum()) if rows.any() else None
    return out


def sorting(t: NDArray, u: NDArray, d: NDArray, du: NDArray, least: int = 3) -> dict[str, object]:
    """Units paired by agreement TP / (a + b - TP); only units that fire ``least`` times can be sorted."""
    true_units = [k for k in np.unique(u) if (u == k).sum() >= least]
    found_units = [k for k in np.unique(du) if k > 0]
    agree, hits = np.zeros((len(true_units), len(found_units))), np.zeros((len(true_units), len(found_units)))
    for i, k in enumerate(true_units):
        for j, m in enumerate(found_units):
            x, y = t[u == k], d[du == m]
            hits[i, j] = len(pair(x, y)[0])
            agree[i, j] = hits[i, j] / (len(x) + len(y) - hits[i, j])
    rows, columns = linear_sum_assignment(-agree) if agree.size else (np.zeros(0, int), np.zeros(0, int))
    best = agree[rows, columns]
    sortable = np.isin(u, true_units).sum()
    return {
        "units_true": len(true_units),
        "units_found": len(found_units),
        "units_good": int((best >= GOOD).sum()),
        "agreement": _share(float(best.sum()), len(true_units)),
        "sorted_sensitivity": _share(float(hits[rows, columns].sum()), float(sortable)),
        "sorted_precision": _share(float(hits[rows, columns].sum()), float((du > 0).sum())),
    }
