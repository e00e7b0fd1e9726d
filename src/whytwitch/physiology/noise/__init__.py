"""A node of Ranvier whose channels open and close one by one: the exact noise of a motor axon."""

from whytwitch.physiology.noise._direct import DirectRate, direct
from whytwitch.physiology.noise._node import Bursts, MarkovNode, NoReturnError
from whytwitch.physiology.noise._patch import ONE_CHANNEL, Patch, rest_state

__all__ = [
    "ONE_CHANNEL",
    "Bursts",
    "DirectRate",
    "MarkovNode",
    "NoReturnError",
    "Patch",
    "direct",
    "rest_state",
]
