"""The sodium channel that does not inactivate: small, open near rest, the pacemaker of a restless axon."""

from whytwitch.physiology.channels._gate import Channel, Gate, linoid

PERSISTENT_SODIUM = Channel(
    name="persistent_sodium",
    ion="sodium",
    gates=(
        Gate(
            name="persistent_sodium_activation",
            opening=lambda v: 1.741 * linoid(v + 36.5, 10.3),
            closing=lambda v: 0.0805 * linoid(-(v + 40.8), 9.16),
            reference_c=36.0,
            q10=2.2,
            power=3,
        ),
    ),
    source="Jankelowitz, Howells & Burke 2007 (PMC2170828), as quoted by Tigerholm and others 2020; "
    "temperature of reference assumed to be that of the fast gate",
)
