"""The myelinated motor axon as a double cable: conduction, block, branches, temperature."""

from whytwitch.physiology.nerve._conduct import Conduction, conduct, conduct_all, conduction_velocity
from whytwitch.physiology.nerve._model import Branch, Demyelination, Nerve, Pulse, train

__all__ = [
    "Branch",
    "Conduction",
    "Demyelination",
    "Nerve",
    "Pulse",
    "conduct",
    "conduct_all",
    "conduction_velocity",
    "train",
]
