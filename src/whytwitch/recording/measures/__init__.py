"""From potentials to numbers: each measure with its interval, and what cannot be said."""

from whytwitch.recording.measures._measure import measure

__all__ = ["measure"]
