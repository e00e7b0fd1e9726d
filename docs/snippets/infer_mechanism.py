from whytwitch.physiology.mechanism import MECHANISMS, causes_of, infer_mechanism

found = infer_mechanism(
    {
        "Strength-duration time constant": 0.29,
        "TEd(90-100ms)": 55,
        "TEh(90-100ms)": -150,
        "Resting I/V slope": 0.42,
        "Relative refractory period": 2.4,
    }
)
print(found.verdict, found.credible)
for name in found.credible:
    print(f"{name}: {found.probabilities[name]:.0%}")
    if name in MECHANISMS:
        print(
            "  such as", [one.cause for one in causes_of(name)][:3], "amount", dict(found.doses[name].values)
        )
