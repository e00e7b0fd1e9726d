"""Nerve excitability as the clinic measures it: curves, their indices and what is normal."""

from whytwitch.physiology.excitability._curves import STANDARD_DELAYS, Curves

__all__ = ["STANDARD_DELAYS", "Curves"]
