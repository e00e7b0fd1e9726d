"""The force of a motor unit: twitch, trains, fatigue, and whether it can be seen."""

from whytwitch.physiology.force._unit import MotorUnitForce, force, twitch
from whytwitch.physiology.force._visible import Visibility, visibility

__all__ = ["MotorUnitForce", "Visibility", "force", "twitch", "visibility"]
