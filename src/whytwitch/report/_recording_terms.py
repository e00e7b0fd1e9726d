"""The same report for those who read recordings for a living: terms, and what the literature says of them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

FOUND: Final = "{count} fasciculation potentials, {rate}/min"
FOUND_ONE: Final = "1 fasciculation potential"
FOUND_SHORT: Final = "{count} fasciculation potentials in {time}"
FOUND_RUNS: Final = "No fasciculation potentials; {count} discharges in trains"
FOUND_FIBERS: Final = "No fasciculation potentials; {count} fibrillation potentials"
QUIET: Final = "No fasciculation potentials in {time} of clean signal"
TOO_SHORT: Final = "No fasciculation potentials, but under 90 s of clean signal"
USELESS: Final = "No usable signal"
QUIET_LEAD: Final = "Upper 95 % Poisson limit {high}/min."
TOO_SHORT_LEAD: Final = "{time} clean. Up to 90 s are needed to see one potential (Mills 2011, Zhou 2012)."
WITHIN: Final = "Within the published range for healthy people in this muscle."
ABOVE: Final = "Above the published range for healthy people in this muscle."
UNCERTAIN: Final = "The interval includes the published limit for healthy people in this muscle."
ROUGH: Final = "Only {time} of clean signal."
UNKNOWN: Final = "No published range for this muscle."

MAY: Final = "Reading"
MAY_NOT: Final = "Not to be read into it"
RATE: Final = "Potentials a minute"
MAY_BE: Final = "95 % interval {range}"
UNITS_NOTE: Final = "sorted by shape"

VERDICT: Final[Mapping[str, str]] = {
    "within": "The rate is within what is published for healthy people in this muscle.",
    "above": "The rate exceeds what is published for healthy people in this muscle. Rate is not specific: "
    "exercise, caffeine, thyroid, electrolytes and nerve hyperexcitability raise it as well.",
    "uncertain": "The rate cannot be told from the limit for healthy people; record longer.",
    "unknown": "The rate cannot be judged: no normative data for this muscle.",
}
LEG: Final = (
    "Calf and foot discriminate poorly: in gastrocnemius ALS exceeded benign fasciculation 5-fold "
    "(strong) and 1.5-fold (weak), in biceps 10- and 40-fold (Bashford 2020)."
)
ISOLATED: Final = (
    "Isolated discharges {share}; two or more units isolated in {windows} of 10-s windows. Thenar, "
    "10 min, motor neuron disease against controls: 35 % and 10 %; 24 % and under 1 % (Sleutjes 2016)."
)
ACTIVE: Final = "{n} active units. Thenar, 10 min: 9 in motor neuron disease, 3 in controls (Sleutjes 2016)."
PAIRS: Final = (
    "{n} intervals of 25 to 45 ms. F-response doublets occur in ALS and in benign fasciculation "
    "alike (peaks 35 and 32 ms) and do not discriminate (Kleine 2012)."
)
COMPLEX: Final = (
    "Complexity and instability must be read together with strength: in strong muscle the potentials "
    "of ALS are less complex than those of other disorders, later they are more complex and unstable "
    "(de Carvalho 1998)."
)
SYNCHRONY: Final = (
    "Time-locked potentials point to a proximal origin and lean benign: 44 % in benign "
    "fasciculation, 27 % in ALS without and 14 % with reinnervation (de Carvalho & Swash 2013)."
)
TRAINS: Final = (
    "{n} discharges in trains or fast bursts, reported apart: consider myokymia, neuromyotonia, "
    "cramp-fasciculation syndrome. Potentials of nerve hyperexcitability are smaller, simpler and "
    "faster (2021)."
)
FIBERS: Final = "{n} fibrillation potentials: ongoing denervation or muscle membrane irritability."

NOT_ALS: Final = (
    "Fasciculation potentials alone meet neither the Awaji nor the Gold Coast criteria: both also "
    "need chronic neurogenic change in the muscle, and the latter progressive weakness after normal function."
)
NOT_SAFE: Final = "Absence of a pattern here excludes nothing: one site, {time} of clean signal."
NOT_COUNT: Final = "A falling rate is no good news by itself: it falls as the muscle weakens (Bashford 2020)."
NOT_CAUSE: Final = "No pattern in this report is specific to one cause."

WHOLE_NOTE: Final = (
    "Envelope (rms, log scale) per EMG channel, potentials by kind above, voluntary activity hatched, usable "
    "epochs and mean quality below."
)
QUALITY_NOTE: Final = "Score per EMG channel and 1-s epoch, 1 (clean) in full color to 0 (useless)."
UNITS_LEAD: Final = "Classes of like potentials. A class may join units that could not be told apart."
UNITS_HEADING: Final = "Motor units"
GAPS: Final = "Intervals between discharges of one unit"
GAPS_NOTE: Final = (
    "Log axis. Dashed: 250 ms (isolated discharges, Sleutjes 2016). Shaded: 25 to 45 ms (F-response, "
    "Kleine 2012)."
)
GAPS_ALONE: Final = "250 ms"
GAPS_ECHO: Final = "F-wave"
RATE_TIME_NOTE: Final = "Rate over the clean time of each stretch, with its exact 95 % Poisson interval."
NUMBERS_NOTE: Final = "Central 95 % intervals; rates exact Poisson."
SURE: Final = "P"

KINDS: Final[Mapping[str, str]] = {
    "fasciculation": "fasciculation",
    "voluntary": "voluntary",
    "train": "train",
    "fibrillation": "fibrillation",
}
KINDS_MANY: Final[Mapping[str, str]] = {
    "fasciculation": "Fasciculation potentials",
    "voluntary": "Voluntary potentials",
    "train": "Discharges in trains",
    "fibrillation": "Fibrillation potentials",
}
LOST_TO: Final[Mapping[str, str]] = {
    "voluntary": "Voluntary activity",
    "movement": "Movement artifact",
    "saturated": "Saturation",
    "dropout": "Dropout",
    "dead": "Dead channel",
    "noise": "Noise",
}
