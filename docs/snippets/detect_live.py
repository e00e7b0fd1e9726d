from pathlib import Path

import whytwitch
from whytwitch.recording import LiveDetector

example = Path(whytwitch.__file__).parent / "recording/data/example.edf"  # synthetic
recording = whytwitch.read(example)

known = {}
live = LiveDetector(recording.channels, recording.sampling_rate_hz, electrode="surface")
for start in range(0, 40_000, 100):  # a tenth of a second at a time, as an amplifier would hand it over
    for event in live.push(recording.read(start, start + 100)):
        known[event.number] = event  # the same number again: now it is known better
for event in live.finish():
    known[event.number] = event

print(f"{sum(event.confidence > 0.5 for event in known.values())} potentials")
print(f"reported at most {live.latency_s:.1f} s late, {live.rate_per_min.value:.0f} twitches a minute")
