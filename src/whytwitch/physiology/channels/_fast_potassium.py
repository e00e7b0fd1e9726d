"""Fast potassium channels (Kv1): few at the node, many under the myelin beside it."""

from whytwitch.physiology.channels._gate import Channel, Gate, linoid

FAST_POTASSIUM = Channel(
    name="fast_potassium",
    ion="potassium",
    gates=(
        Gate(
            name="fast_potassium_activation",
            opening=lambda v: 0.0462 * linoid(v + 83.2, 1.1),
            closing=lambda v: 0.0824 * linoid(-(v + 66.0), 10.5),
            reference_c=36.0,
            q10=3.0,
            power=4,
        ),
    ),
    source="Schwarz, Reid & Bostock 1995 (doi 10.1007/BF00374660), in the form of Gaines and others 2018 "
    "(ModelDB 243841)",
)
