"""Slow potassium channels (Kv7, the M current): they make the axon accommodate, and subexcitable after."""

import numpy as np

from whytwitch.physiology.channels._gate import Channel, Gate

SLOW_POTASSIUM = Channel(
    name="slow_potassium",
    ion="potassium",
    gates=(
        Gate(
            name="slow_potassium_activation",
            opening=lambda v: 0.00556 * np.exp((v + 60.0) / 22.0),
            closing=lambda v: 0.00556 * np.exp(-(v + 60.0) / 22.0),
            reference_c=37.0,
            q10=3.0,
            pivot_mv=-60.0,
        ),
    ),
    source="Stephanova & Dimitrov 2013, Computational Neuroscience, chapter 10 (ISBN 9781466578326): printed "
    "rate, half-activation and slope; that both rates are exponentials of opposite sign is inferred",
)
