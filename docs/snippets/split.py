from whytwitch.physiology import ChangedSystem
from whytwitch.physiology.noise import MarkovNode
from whytwitch.physiology.rate import site_patch
from whytwitch.physiology.splitting import split

# A nerve ending with a quarter of its channels, and so much noise: it fires some times a second.
ending = MarkovNode(site_patch(ChangedSystem(), "terminal", shift_mv=-4.0, channel_factor=0.25))
found = split(ending, relative_error=0.3, seed=1)
print(f"{found.rate_hz:.2g} a second ({found.low_hz:.2g} to {found.high_hz:.2g}), by {found.method}")
print(found.node_steps, "steps;", found.checks.warnings or "no doubts")
