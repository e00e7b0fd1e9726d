"""What the shop makes of a cause: its effects, a recording to hear, files to take along."""

from __future__ import annotations

import io
import shutil
import wave
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Literal

from whytwitch.app.nerve._shop import Tell
from whytwitch.physiology import PhysiologyError

if TYPE_CHECKING:
    from whytwitch.knowledge import Scenario
    from whytwitch.physiology.effects import Effects, MuscleSettings
    from whytwitch.report import Simulated

Kind = Literal["edf", "bdf", "bids"]
HEARD_S: Final = 12.0
KEPT_S: Final = 60.0
NEEDLE_HZ: Final = 5000
PLAYED_HZ: Final = 10_000
"""Some browsers play nothing slower than 8,000 samples a second."""
UNITS: Final = 40
"""Of the muscle that is heard: a needle hears only those that are near."""
KEPT_UNITS: Final = 100
_FULL: Final = 0.9


@dataclass(frozen=True, slots=True)
class Wish:
    """A cause in one reading at one dose.

    Raises:
        PhysiologyError: there is none such; with what there is.
    """

    cause: str
    scenario: str
    dose: float

    @classmethod
    def of(cls, cause: str, scenario: str, dose: str) -> Wish:
        """As an address has it; what is left empty is the usual."""
        from whytwitch.physiology.scenario import apply

        try:
            amount = float(dose.replace(",", ".")) if dose else None
        except ValueError:
            raise PhysiologyError(f"dose: {dose[:24]!r} is no number") from None
        applied = apply(cause, scenario or None, amount).causes[0]
        return cls(cause, applied.scenario_id, applied.dose)

    @property
    def reading(self) -> Scenario:
        """The reading of the cause."""
        from whytwitch.knowledge import load_mechanics

        found = load_mechanics().scenario(self.cause, self.scenario)
        if found is None:
            raise PhysiologyError(f"{self.cause} has no scenario {self.scenario!r}")
        return found

    def simulated(self, tell: Tell) -> Simulated:
        """What it does along the motor unit: a second or some."""
        from whytwitch.physiology.effects import effects
        from whytwitch.physiology.scenario import apply
        from whytwitch.report import Simulated

        system = apply(self.cause, self.scenario, self.dose)
        found = effects(system, progress=lambda _, share: tell(share))
        return Simulated(found, self.reading)

    def settings(self, found: Effects, *, seconds: float, units: int) -> MuscleSettings:
        """The muscle under the cause."""
        from whytwitch.physiology.effects import muscle_of
        from whytwitch.physiology.muscle import Muscle

        return muscle_of(found.system, Muscle(units=units), found=found, duration_s=seconds)


@dataclass(frozen=True, slots=True)
class Sound:
    """A recording to be heard.

    Attributes:
        wav: the file. notes: what was assumed for it.
    """

    wav: bytes
    notes: tuple[str, ...]


def sound(wish: Wish, found: Effects, tell: Tell) -> Sound:
    """Some seconds of a needle recording."""
    import numpy as np

    from whytwitch.physiology.muscle import ConcentricNeedle

    settings = wish.settings(found, seconds=HEARD_S, units=UNITS)
    made = settings.simulate(
        ConcentricNeedle(), duration_s=HEARD_S, sampling_rate_hz=NEEDLE_HZ,
        progress=lambda _, share: tell(share),
    )  # fmt: skip
    recording = made.recording
    values = np.asarray(recording.read(0, recording.n_samples, np.array([0]))[0], np.float64)
    times = np.arange(0.0, len(values) - 1, NEEDLE_HZ / PLAYED_HZ)
    return Sound(as_wav(np.interp(times, np.arange(len(values)), values), PLAYED_HZ), settings.notes)


def as_wav(values: Any, rate_hz: int) -> bytes:
    """A row of numbers as a sound file of 16 bits, as loud as it can be."""
    import numpy as np

    values = np.asarray(values, np.float64)
    largest = float(np.abs(values).max(initial=0.0)) or 1.0
    # Noise alone is not blown up to the loudness of a discharge.
    samples = np.round(32767 * _FULL * values / max(largest, 150.0)).astype("<i2")
    out = io.BytesIO()
    with wave.open(out, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(rate_hz)
        file.writeframes(samples.tobytes())
    return out.getvalue()


def recording_file(wish: Wish, found: Effects, kind: Kind, folder: Path, tell: Tell) -> Path:
    """A minute of a recording on the skin, with its truth, as a file below a folder."""
    from whytwitch.physiology.muscle import SurfaceBipolar
    from whytwitch.recording import Annotation, write_edf

    settings = wish.settings(found, seconds=KEPT_S, units=KEPT_UNITS)
    made = settings.simulate(
        SurfaceBipolar(), duration_s=KEPT_S, progress=lambda stage, share: tell(_overall(stage, share))
    )
    folder.mkdir(parents=True, exist_ok=True)
    if kind == "bids":
        root = folder / "dataset"
        shutil.rmtree(root, ignore_errors=True)
        made.write_bids(root, subject="01", task="rest")
        packed = Path(shutil.make_archive(str(folder / "recording"), "zip", root))
        shutil.rmtree(root)
        return packed
    truth = made.truth.discharges
    marks = [
        Annotation(float(at), 0.0, f"{what} of unit {unit + 1}")
        for at, what, unit in zip(truth.peak_s, truth.kind, truth.unit, strict=True)
    ]
    return write_edf(made.recording, folder / f"recording.{kind}", events=marks)


def _overall(stage: str, share: float) -> float:
    start, length = {"conductor": (0.0, 0.1), "units": (0.1, 0.75), "noise": (0.85, 0.15)}.get(
        stage, (0.0, 0.0)
    )
    return start + length * min(share, 1.0)


__all__ = ["Kind", "Sound", "Wish", "as_wav", "recording_file", "sound"]
