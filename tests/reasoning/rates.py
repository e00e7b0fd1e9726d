"""A stand-in for the emulator: rates that follow from a few numbers, with known intervals."""

from __future__ import annotations

import math
from dataclasses import dataclass

from whytwitch.physiology.scenario import ChangedSystem

NORMAL_LOG10_HZ = -3.0
ERROR = 0.2


@dataclass(frozen=True, slots=True)
class Predicted:
    log10_hz: float
    low_log10_hz: float
    high_log10_hz: float
    state: str = "rests"
    outside: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Ratio:
    log10: float
    low: float
    high: float


@dataclass
class StandIn:
    """More potassium, less calcium, less magnesium, more warmth, more persistent sodium: more discharges."""

    calls: int = 0

    def predict(self, system: ChangedSystem) -> Predicted:
        self.calls += 1
        bath = system.bath
        sodium = system.axon_at_terminal.get("persistent_sodium", 1.0)
        log10 = (
            NORMAL_LOG10_HZ
            + 1.0 * (bath.potassium_mmol_l - 4.2)
            - 2.0 * math.log2(max(bath.ionized_calcium_mmol_l, 0.05) / 1.2)
            - 0.5 * (bath.ionized_magnesium_mmol_l - 0.55)
            + 0.1 * (bath.temperature_c - 33.0)
            + 4.0 * (bath.ph - 7.4)
            + 0.5 * (sodium - 1.0)
        )
        state = "fires" if log10 > 1.0 else "blocked" if bath.potassium_mmol_l > 8.5 else "rests"
        outside = () if 2.0 <= bath.potassium_mmol_l <= 9.0 else ("potassium_mmol_l",)
        return Predicted(log10, log10 - ERROR, log10 + ERROR, state, outside)

    def ratio(self, changed: ChangedSystem, reference: ChangedSystem) -> Ratio:
        log10 = self.predict(changed).log10_hz - self.predict(reference).log10_hz
        return Ratio(log10, log10 - 0.1 * abs(log10) - 0.01, log10 + 0.1 * abs(log10) + 0.01)
