"""The human motor axon of Bostock and Howells: a node and its internode, in a bath."""

from whytwitch.physiology.axon._axon import FACTORS, Axon
from whytwitch.physiology.axon._constants import NORMAL_BATH, Constants, constants_from, normal_constants
from whytwitch.physiology.axon._kernel import (
    FIRST_GATE,
    GRID,
    GRID_MV,
    LOWEST_MV,
    Floats,
    Ints,
    Tables,
    settle,
)
from whytwitch.physiology.axon._run import TEST_MS, Rest, Run, respond, rest_of
from whytwitch.physiology.axon._still import jacobian
from whytwitch.physiology.axon._tables import LONG_MS, SHORT_MS, Balance, balance, polarized, tables_of
from whytwitch.physiology.axon._threshold import ABOVE_ALL, BELOW_ALL, SPIKE_MV, fires, threshold
from whytwitch.physiology.axon._walk import LONG, SHORT, advance, record

__all__ = [
    "ABOVE_ALL",
    "BELOW_ALL",
    "FACTORS",
    "FIRST_GATE",
    "GRID",
    "GRID_MV",
    "LOWEST_MV",
    "LONG",
    "LONG_MS",
    "NORMAL_BATH",
    "SHORT",
    "SHORT_MS",
    "SPIKE_MV",
    "TEST_MS",
    "Axon",
    "Balance",
    "Constants",
    "Floats",
    "Ints",
    "Rest",
    "Run",
    "Tables",
    "advance",
    "balance",
    "constants_from",
    "fires",
    "jacobian",
    "normal_constants",
    "polarized",
    "record",
    "respond",
    "rest_of",
    "settle",
    "tables_of",
    "threshold",
]
