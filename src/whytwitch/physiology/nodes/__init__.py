"""Populations of noisy single-compartment nodes, one on each vector lane."""

from whytwitch.physiology.nodes._population import CurrentNoise, NodePopulation, NodeRun
from whytwitch.physiology.nodes._simulate import simulate_nodes

__all__ = ["CurrentNoise", "NodePopulation", "NodeRun", "simulate_nodes"]
