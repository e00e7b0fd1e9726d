"""Ion channels of the human motor axon. One channel, one file: to add one, write it and list it here."""

from whytwitch.physiology.channels._fast_potassium import FAST_POTASSIUM
from whytwitch.physiology.channels._gate import Channel, Gate, linoid
from whytwitch.physiology.channels._hcn import HCN
from whytwitch.physiology.channels._persistent_sodium import PERSISTENT_SODIUM
from whytwitch.physiology.channels._slow_potassium import SLOW_POTASSIUM
from whytwitch.physiology.channels._transient_sodium import TRANSIENT_SODIUM

NODE = (TRANSIENT_SODIUM, PERSISTENT_SODIUM, FAST_POTASSIUM, SLOW_POTASSIUM)
"""The channels of the node of Ranvier."""

INTERNODE = (FAST_POTASSIUM, SLOW_POTASSIUM, HCN)
"""The channels of the membrane under the myelin."""

__all__ = [
    "FAST_POTASSIUM",
    "HCN",
    "INTERNODE",
    "NODE",
    "PERSISTENT_SODIUM",
    "SLOW_POTASSIUM",
    "TRANSIENT_SODIUM",
    "Channel",
    "Gate",
    "linoid",
]
