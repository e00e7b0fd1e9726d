from whytwitch.physiology.scenario import apply

system = apply("hypocalcemia", dose=0.7)
print(system.bath.ionized_calcium_mmol_l, system.grade)
for line in system.provenance:
    print(line)
