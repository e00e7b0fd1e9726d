from whytwitch.physiology.nodes import CurrentNoise, NodePopulation, simulate_nodes

noise = CurrentNoise(mean_ua_cm2=4.0, sd_ua_cm2=5.0, correlation_ms=2.0)
run = simulate_nodes(NodePopulation(count=100), 1000.0, noise=noise, seed=1)
print(run.rates_hz.mean())
