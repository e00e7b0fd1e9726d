"""The neuromuscular junction: release, receptors, acetylcholinesterase, and what fails or fires too often."""

from whytwitch.physiology.junction._junction import Junction, relative_release
from whytwitch.physiology.junction._transmit import CompoundResponse, Transmission, compound, transmit

__all__ = ["CompoundResponse", "Junction", "Transmission", "compound", "relative_release", "transmit"]
