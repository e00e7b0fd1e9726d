from whytwitch import Axon, excite
from whytwitch.physiology import Bath

normal = excite()
low_potassium = excite(Axon(bath=Bath(potassium_mmol_l=3.0)))

for name in ("Superexcitability", "Strength-duration time constant", "TEd(90-100ms)"):
    print(f"{name}: {normal.indices[name]:.2f} normal, {low_potassium.indices[name]:.2f} with low potassium")
