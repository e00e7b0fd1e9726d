"""Motor units, the tissue around them and electrodes: a recording whose truth is known."""

from __future__ import annotations

from typing import TYPE_CHECKING

from whytwitch._lazy import lazily

if TYPE_CHECKING:
    from whytwitch.physiology.muscle._background import Amplifier, Background
    from whytwitch.physiology.muscle._electrodes import (
        ConcentricNeedle,
        Electrode,
        MonopolarNeedle,
        SurfaceBipolar,
        SurfaceGrid,
    )
    from whytwitch.physiology.muscle._firing import Fasciculation, Firing, Train
    from whytwitch.physiology.muscle._muscle import Muscle, Tissue
    from whytwitch.physiology.muscle._recovery import RecoveryCycle
    from whytwitch.physiology.muscle._simulate import Simulation, simulate
    from whytwitch.physiology.muscle._truth import Artifact, Discharges, MotorUnit, Score, Truth
    from whytwitch.physiology.muscle._voluntary import Voluntary

_HOMES = {
    "Amplifier": "_background",
    "Artifact": "_truth",
    "Background": "_background",
    "ConcentricNeedle": "_electrodes",
    "Discharges": "_truth",
    "Electrode": "_electrodes",
    "Fasciculation": "_firing",
    "Firing": "_firing",
    "MonopolarNeedle": "_electrodes",
    "MotorUnit": "_truth",
    "Muscle": "_muscle",
    "RecoveryCycle": "_recovery",
    "Score": "_truth",
    "Simulation": "_simulate",
    "SurfaceBipolar": "_electrodes",
    "SurfaceGrid": "_electrodes",
    "Tissue": "_muscle",
    "Train": "_firing",
    "Truth": "_truth",
    "Voluntary": "_voluntary",
    "simulate": "_simulate",
}

__all__ = [
    "Amplifier",
    "Artifact",
    "Background",
    "ConcentricNeedle",
    "Discharges",
    "Electrode",
    "Fasciculation",
    "Firing",
    "MonopolarNeedle",
    "MotorUnit",
    "Muscle",
    "RecoveryCycle",
    "Score",
    "Simulation",
    "SurfaceBipolar",
    "SurfaceGrid",
    "Tissue",
    "Train",
    "Truth",
    "Voluntary",
    "simulate",
]

__getattr__, __dir__ = lazily(__name__, _HOMES)
