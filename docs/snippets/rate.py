from whytwitch.physiology import ChangedSystem, apply, combine
from whytwitch.physiology.rate import predict, ratio

normal = ChangedSystem()
for name, system in {
    "ionized calcium 0.9": combine(**{"bath.ionized_calcium_mmol_l": 0.9}),
    "Kv1 lost at the endings": apply("neuromyotonia"),
}.items():
    times, found = ratio(system, normal), predict(system)
    print(f"{name}: {10**times.log10:.2g} times normal ({10**times.low:.2g} to {10**times.high:.2g})")
    print(f"  log10 of the muscle's rate, Hz: {found.log10_hz:.1f}; without chance it {found.state}")
