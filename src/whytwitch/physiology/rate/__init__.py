"""How often a motor unit fires by itself, where that begins, and what would change it."""

from whytwitch.physiology.rate._emulator import INPUTS, Emulator, features_of, ladder, shipped_emulator
from whytwitch.physiology.rate._muscle_rate import MuscleRate, muscle_rate
from whytwitch.physiology.rate._parameters import NAMES, PARAMETERS, Parameter, rebuilt, reduced, scaled
from whytwitch.physiology.rate._predict import Prediction, Ratio, predict, ratio, shared_out
from whytwitch.physiology.rate._site_rate import METHODS, Method, SiteRate, site_rate
from whytwitch.physiology.rate._sites import SITES, Pool, site_patch, terminal_constants
from whytwitch.physiology.rate._skeleton import Skeleton, skeleton

__all__ = [
    "INPUTS",
    "METHODS",
    "NAMES",
    "PARAMETERS",
    "SITES",
    "Emulator",
    "Method",
    "MuscleRate",
    "Parameter",
    "Pool",
    "Prediction",
    "Ratio",
    "SiteRate",
    "Skeleton",
    "features_of",
    "ladder",
    "muscle_rate",
    "predict",
    "ratio",
    "rebuilt",
    "reduced",
    "scaled",
    "shared_out",
    "shipped_emulator",
    "site_patch",
    "site_rate",
    "skeleton",
    "terminal_constants",
]
