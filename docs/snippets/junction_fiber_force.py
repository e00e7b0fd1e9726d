from whytwitch.physiology.fiber import Fiber, excite_fiber, pulse_train
from whytwitch.physiology.force import MotorUnitForce, force
from whytwitch.physiology.junction import Junction, compound

poisoned = Junction(acetylcholinesterase_fraction=0.05)
print(compound(poisoned, [5.0, 38.3, 71.7, 105.0]).amplitude)  # falls, then recovers

myotonic = Fiber(chloride_conductance_fraction=0.25)
run = excite_fiber(myotonic, pulse_train(20, 50.0), duration_ms=1500.0)
print(len(run.spikes_ms), "action potentials after 20 pulses")

print(force(MotorUnitForce(), [0.0, 0.1, 0.2]).max(), "mN")
