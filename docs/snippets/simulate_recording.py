from whytwitch.physiology.muscle import Background, Fasciculation, Muscle, SurfaceGrid, simulate
from whytwitch.recording import detect

muscle = Muscle().reinnervated(lost_units=0.5)  # half of the motor units died; the others took over
made = simulate(
    muscle,
    SurfaceGrid(rows=8, columns=4, spacing_mm=8),
    duration_s=60,
    fasciculation=Fasciculation(rate_per_min=40, units=5, doublet_share=0.1),
    background=Background(noise_uv=3, ecg_uv=10),
    seed=7,
)

truth = made.truth
discharges = truth.discharges  # arrays, one row a discharge
for k in range(3):
    unit = truth.units[discharges.unit[k]]
    print(f"{discharges.onset_s[k]:.3f} s: {discharges.kind[k]}, {unit.amplitude_uv:.0f} µV at the skin")

score = truth.score(detect(made.recording).events, least_uv=25)
print(f"{score.paired} of {score.true} true potentials found, {score.found - score.paired} false")
made.write_bids("simulated", subject="01")
