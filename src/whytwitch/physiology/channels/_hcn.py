"""Channels opened by hyperpolarization (HCN, Ih) in the internodal membrane: they limit hyperpolarization."""

import numpy as np

from whytwitch.physiology.channels._gate import Channel, Gate

HCN = Channel(
    name="ih",
    ion="cation",
    gates=(
        Gate(
            name="ih_activation",
            opening=lambda v: 0.00522 * np.exp(-(v + 107.3) / 12.2),
            closing=lambda v: 0.00522 * np.exp((v + 107.3) / 12.2),
            reference_c=36.0,
            q10=3.0,
        ),
    ),
    # Reverses at -54.9 mV with the concentrations of the sources, which fixes the share of sodium.
    sodium_permeability=0.097,
    source="Howells and others 2012, motor axons, as used by Gaines and others 2018 (ModelDB 243841)",
)
