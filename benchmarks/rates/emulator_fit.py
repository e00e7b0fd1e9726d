"""Fit the emulator: a trend in the distance from firing, and a Gaussian process for what it leaves.

Its inputs are what a terminal does without chance (distance from firing, noise, rest, resistance) and the
nineteen quantities. Errors of the simulated rates enter as known noise.
"""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import numpy as np
from scipy.linalg import solve_triangular
from sklearn.gaussian_process import GaussianProcessRegressor
from sklearn.gaussian_process.kernels import ConstantKernel, Matern, WhiteKernel
from sklearn.model_selection import KFold

from whytwitch.physiology.rate import INPUTS, NAMES, Emulator, features_of, ladder, rebuilt, skeleton

HELD_OUT = 0.15
FOLDS = 8
UNEXPLAINED = 0.25
"""What the trend leaves, about: so much it is not worth to follow single rates more exactly."""
SHORTEST = 2.0
"""Of the process's lengths: shorter ones follow noise where samples are some hundred in 23 dimensions."""


def rough_decade(row: dict[str, Any]) -> float | None:
    """A rough log10 rate of a skeleton, only to spread the samples; None where there is none."""
    if row["state"] == "blocked":
        return None
    if row["state"] == "fires":
        return math.log10(max(row["firing_hz"], 10.0))
    if not 0 < row["sd_mv"] < math.inf:
        return 1.5
    return 1.5 - 7.4e-4 * (row["threshold_pa"] / row["sd_mv"]) ** 2


def usable(rates: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Rates that chance made: not of terminals that fire or stay blocked without it, or that go on firing."""
    return [
        row
        for row in rates
        if "problem" not in row and row["rate_hz"] > 0 and row["method"] in {"splitting", "counting"}
        and math.isfinite(row["relative_error"]) and math.isfinite(row["burst_size"] or math.nan)
    ]  # fmt: skip


def fit_all(rates: list[dict[str, Any]], seed: int) -> tuple[dict[str, Any], dict[str, Any]]:
    """The arrays that are shipped, and how well they do: on folds, and on samples that were held out."""
    rows = usable(rates)
    features, truth, noise = table_of(rows)
    used = np.random.default_rng([seed, 2]).random(len(rows)) >= HELD_OUT
    mean, sd = np.empty(len(rows)), np.empty(len(rows))
    for train, test in KFold(FOLDS, shuffle=True, random_state=seed).split(rows):
        arrays = fit(features[train], truth[train], noise[train], seed)
        mean[test], sd[test] = Emulator(arrays).log10_hz(features[test])
    arrays = fit(features[used], truth[used], noise[used], seed)
    shipped = arrays | {
        "held_out": np.array([row["k"] for row, use in zip(rows, used, strict=True) if not use], np.int64),
        "names": np.array(NAMES),
    }
    order = np.argsort(arrays["lengths"])
    return shipped, {
        "rates": len(rates),
        "not_of_chance": len(rates) - len(rows),
        "used": int(used.sum()),
        "lengths": {
            INPUTS[k]: round(float(arrays["lengths"][k]), 1) for k in order if arrays["lengths"][k] < 20
        },
        "unexplained_log10": round(math.sqrt(float(arrays["extra"])), 3),
        "trend": [round(float(weight), 3) for weight in arrays["trend"]],
        "cross_validated": scored(mean, sd, truth, noise),
    }


def table_of(rows: list[dict[str, Any]]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Features, log10 rates, and their standard errors."""
    numbers = np.array([row["numbers"] for row in rows])
    features = features_of(numbers, [skeleton(rebuilt(row)) for row in numbers])
    truth = np.array([math.log10(row["rate_hz"]) for row in rows])
    return features, truth, np.array([row["relative_error"] / math.log(10) for row in rows])


def fit(features: np.ndarray, rates: np.ndarray, noise: np.ndarray, seed: int) -> dict[str, Any]:
    """Trend by weighted least squares, then the process by its marginal likelihood."""
    weight = 1.0 / np.hypot(noise, UNEXPLAINED)
    columns = ladder(features)
    trend = np.linalg.lstsq(columns * weight[:, None], rates * weight, rcond=None)[0]
    rest = rates - columns @ trend
    first: Any = np.full(features.shape[1], 4.0)
    errors: Any = noise**2
    kernel: Any = ConstantKernel(0.1, (1e-3, 10.0)) * Matern(first, (SHORTEST, 50.0), nu=2.5)
    kernel = kernel + WhiteKernel(0.02, (1e-4, 1.0))
    model = GaussianProcessRegressor(kernel, alpha=errors, random_state=seed).fit(features, rest)
    fitted: Any = model.kernel_
    return {
        "trend": trend,
        "size": fitted.k1.k1.constant_value,
        "lengths": fitted.k1.k2.length_scale,
        "extra": fitted.k2.noise_level,
        "known": features,
        "weights": np.ravel(model.alpha_),
        "inverse": solve_triangular(model.L_, np.eye(len(rest)), lower=True),
    }


def scored(mean: np.ndarray, sd: np.ndarray, truth: np.ndarray, noise: np.ndarray) -> dict[str, Any]:
    """Errors in decades, and how often the 90 % interval holds a rate that has an error of its own."""
    error, reach = np.abs(mean - truth), 1.645 * np.hypot(sd, noise)
    by_decade = {}
    for low in range(-8, 3, 2):
        inside = (truth >= low) & (truth < low + 2)
        if inside.sum() >= 5:
            by_decade[f"{low} to {low + 2}"] = round(float(np.median(error[inside])), 3)
    return {
        "samples": len(truth),
        "median_error_log10": round(float(np.median(error)), 3),
        "90_percent_error_log10": round(float(np.quantile(error, 0.9)), 3),
        "coverage_of_90_percent": round(float(np.mean(error <= reach)), 3),
        "median_error_by_decade": by_decade,
        "median_sampling_error_of_the_truth": round(float(np.median(noise)), 3),
    }


def report_on(shipped: Path, rates: list[dict[str, Any]]) -> dict[str, Any]:
    """Errors on the rates that were held out, from the file as it is shipped."""
    emulator = Emulator.load(shipped)
    held = set(emulator.held_out)
    rows = [row for row in usable(rates) if row["k"] in held]
    features, truth, noise = table_of(rows)
    mean, sd = emulator.log10_hz(features)
    return {"held_out": scored(mean, sd, truth, noise)}
