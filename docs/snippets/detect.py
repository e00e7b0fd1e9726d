from pathlib import Path

import whytwitch

example = Path(whytwitch.__file__).parent / "recording/data/example.edf"  # synthetic
recording = whytwitch.read(example)
twitches = whytwitch.detect(recording, muscle="biceps_brachii")

events = twitches.events  # arrays, one row a potential
for i in range(3):
    print(f"{events.onset_s[i]:.3f} s, unit {events.unit[i]}, {events.kind[i]}, {events.amplitude[i]:.0f} µV")

for unit in twitches.units:  # (n_channels, n_times) in µV
    print(unit.id, unit.n_events, unit.template.shape, twitches.source.channels[unit.best_channel].name)

signature = whytwitch.measure(twitches)
rate = signature.rate_per_min
print(f"{rate.value:.0f} twitches a minute ({rate.low:.0f} to {rate.high:.0f})")
