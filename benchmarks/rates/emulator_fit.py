"""Fit the emulator: a network for what terminals do without chance, a Gaussian process for their rates.

The network sees many cheap skeletons and answers three numbers (log of the distance from firing, resting
potential, log of noise) and the chances of each state. The process sees few dear rates; its inputs are what
the network answers and the quantities themselves. Errors of the rates enter as known noise.
"""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import numpy as np
from scipy.linalg import solve_triangular
from sklearn.gaussian_process import GaussianProcessRegressor
from sklearn.gaussian_process.kernels import ConstantKernel, Matern, WhiteKernel
from sklearn.neural_network import MLPClassifier, MLPRegressor

from whytwitch.physiology.rate import NAMES, Emulator, scaled

STATES = ("rests", "fires", "blocked")
HIDDEN = (96, 96)
HELD_OUT = 0.2
LEVEL = 0.9
LEAST_LOG10_HZ = -12.0


def rough_decade(row: dict[str, Any]) -> float | None:
    """A rough log10 rate of a skeleton, only to spread the samples; None where there is none."""
    if row["state"] == "blocked":
        return None
    if row["state"] == "fires":
        return math.log10(max(row["firing_hz"], 10.0))
    if not has_noise(row):
        return 1.5
    return 1.5 - 7.4e-4 * (row["threshold_pa"] / row["sd_mv"]) ** 2


def has_noise(row: dict[str, Any]) -> bool:
    """Whether it rests, and not at the very edge of firing, where the linear noise has no bound."""
    return row["state"] == "rests" and 0 < row["sd_mv"] < math.inf


def log_distance(row: dict[str, Any]) -> float:
    """Log of threshold over noise, both as changes of the potential."""
    return math.log(row["threshold_pa"] * row["resistance_gohm"] / row["sd_mv"])


def fit_all(
    skeletons: list[dict[str, Any]], rates: list[dict[str, Any]], seed: int
) -> tuple[dict[str, Any], dict[str, Any]]:
    """The arrays that are shipped, and how well the parts fit."""
    inputs = scaled(np.array([row["numbers"] for row in skeletons]))
    network, network_report = fit_network(inputs, skeletons, seed)
    usable = [row for row in rates if "problem" not in row and row["rate_hz"] > 0]
    chosen = np.random.default_rng([seed, 2]).random(len(usable)) >= HELD_OUT
    train = [row for row, use in zip(usable, chosen, strict=True) if use]
    process, process_report = fit_process(network, train, seed)
    held = np.array([row["k"] for row, use in zip(usable, chosen, strict=True) if not use])
    shipped = network | process | {"held_out": held, "names": np.array(NAMES)}
    return shipped, network_report | process_report | {"problems": len(rates) - len(usable)}


def fit_network(
    inputs: np.ndarray, skeletons: list[dict[str, Any]], seed: int
) -> tuple[dict[str, Any], dict[str, Any]]:
    """Weights of the two networks, with their scales."""
    states = np.array([STATES.index(row["state"]) for row in skeletons])
    rests = np.array([has_noise(row) and row["resistance_gohm"] > 0 for row in skeletons])
    targets = np.array(
        [
            (log_distance(row), row["rest_mv"], math.log(row["sd_mv"]))
            for row, use in zip(skeletons, rests, strict=True)
            if use
        ]
    )
    center, spread = targets.mean(axis=0), targets.std(axis=0)
    settings: dict[str, Any] = {
        "hidden_layer_sizes": HIDDEN, "activation": "tanh", "solver": "adam", "batch_size": 256,
        "learning_rate_init": 2e-3, "max_iter": 250, "early_stopping": True, "n_iter_no_change": 25,
        "random_state": seed,
    }  # fmt: skip
    numbers = MLPRegressor(alpha=1e-6, **settings).fit(inputs[rests], (targets - center) / spread)
    state = MLPClassifier(alpha=1e-4, **settings).fit(inputs, states)
    guess = numbers.predict(inputs[rests]) * spread + center
    report = {
        "skeletons": len(skeletons),
        "states": {name: int((states == k).sum()) for k, name in enumerate(STATES)},
        "network_error_of_log_distance": round(float(np.median(np.abs(guess - targets)[:, 0])), 4),
        "state_right": round(float(state.score(inputs, states)), 4),
    }
    weights = {"center": center, "spread": spread}
    for name, model in (("numbers", numbers), ("state", state)):
        for k, (matrix, bias) in enumerate(zip(model.coefs_, model.intercepts_, strict=True)):
            weights[f"{name}_w{k}"], weights[f"{name}_b{k}"] = matrix.astype("f4"), bias.astype("f4")
    return weights, report


def fit_process(
    network: dict[str, Any], train: list[dict[str, Any]], seed: int
) -> tuple[dict[str, Any], dict[str, Any]]:
    """A Gaussian process with one length for each input, by its marginal likelihood."""
    half = Emulator(network)
    inputs = half.features(np.array([row["numbers"] for row in train]))
    rates = np.array([math.log10(row["rate_hz"]) for row in train])
    noise = np.array([row["relative_error"] / math.log(10) for row in train])
    trend = half.trend_of(inputs, rates)
    rest = rates - half.trend(inputs, trend)
    lengths_at_first: Any = np.ones(inputs.shape[1]) * 3
    errors: Any = noise**2
    kernel: Any = ConstantKernel(1.0) * Matern(lengths_at_first, (0.3, 100.0), nu=2.5) + WhiteKernel(0.01)
    model = GaussianProcessRegressor(kernel, alpha=errors, n_restarts_optimizer=1, random_state=seed).fit(
        inputs, rest
    )
    fitted: Any = model.kernel_
    size, lengths, extra = fitted.k1.k1.constant_value, fitted.k1.k2.length_scale, fitted.k2.noise_level
    inverse = solve_triangular(model.L_, np.eye(len(train)), lower=True)
    process = {
        "trend": trend, "size": size, "lengths": lengths, "extra": extra, "known": inputs.astype("f4"),
        "weights": model.alpha_.ravel(), "inverse": inverse.astype("f4"),
    }  # fmt: skip
    order = np.argsort(lengths)
    names = ("distance", "rest", "noise", *NAMES)
    return process, {
        "rates_used": len(train),
        "lengths": {names[k]: round(float(lengths[k]), 2) for k in order},
        "process_noise_log10": round(math.sqrt(extra), 3),
    }


def report_on(shipped: Path, rates: list[dict[str, Any]]) -> dict[str, Any]:
    """Errors on the rates that were held out, from the file as it is shipped."""
    emulator = Emulator.load(shipped)
    held = set(emulator.held_out)
    rows = [row for row in rates if row["k"] in held]
    truth = np.array([math.log10(row["rate_hz"]) for row in rows])
    noise = np.array([row["relative_error"] / math.log(10) for row in rows])
    mean, sd = emulator.log10_hz(np.array([row["numbers"] for row in rows]))
    error, reach = np.abs(mean - truth), 1.645 * np.hypot(sd, noise)
    by_decade = {}
    for low in range(-12, 3, 2):
        inside = (truth >= low) & (truth < low + 2)
        if inside.sum() >= 5:
            by_decade[f"{low} to {low + 2}"] = round(float(np.median(error[inside])), 3)
    return {
        "held_out": len(rows),
        "median_error_log10": round(float(np.median(error)), 3),
        "90_percent_error_log10": round(float(np.quantile(error, 0.9)), 3),
        "coverage_of_90_percent": round(float(np.mean(error <= reach)), 3),
        "median_error_by_decade": by_decade,
        "median_sampling_error_of_the_truth": round(float(np.median(noise)), 3),
    }
