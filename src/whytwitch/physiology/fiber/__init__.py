"""A muscle fiber's membrane: action potential, tubules, myotonia, and the periodic paralyses."""

from whytwitch.physiology.fiber._conduction import conduction_velocity_m_s
from whytwitch.physiology.fiber._excite import FiberRun, Pulse, excite_fiber, pulse_train
from whytwitch.physiology.fiber._parameters import WARM, Fiber
from whytwitch.physiology.fiber._rest import RestingConductance, resting_conductance, resting_potentials_mv

__all__ = [
    "WARM",
    "Fiber",
    "FiberRun",
    "Pulse",
    "RestingConductance",
    "conduction_velocity_m_s",
    "excite_fiber",
    "pulse_train",
    "resting_conductance",
    "resting_potentials_mv",
]
