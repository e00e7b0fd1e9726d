"""The sodium channel of the node that makes the action potential."""

import numpy as np

from whytwitch.physiology.channels._gate import Channel, Gate, linoid

TRANSIENT_SODIUM = Channel(
    name="transient_sodium",
    ion="sodium",
    gates=(
        Gate(
            name="transient_sodium_activation",
            opening=lambda v: 6.57 * linoid(v + 20.4, 10.3),
            closing=lambda v: 0.304 * linoid(-(v + 25.7), 9.16),
            reference_c=36.0,
            q10=2.2,
            power=3,
        ),
        Gate(
            name="transient_sodium_inactivation",
            opening=lambda v: 0.34 * linoid(-(v + 114.0), 11.0),
            closing=lambda v: 12.6 / (1 + np.exp(-(v + 31.8) / 13.4)),
            reference_c=36.0,
            q10=2.9,
        ),
    ),
    source="Schwarz, Reid & Bostock 1995 (doi 10.1007/BF00374660), in the form of McIntyre, Richardson & "
    "Grill 2002 (doi 10.1152/jn.00353.2001)",
)
