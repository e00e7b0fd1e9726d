"""What was worked out, in words: one plain sentence for each place, and lines with the numbers."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, Literal

from whytwitch.physiology.effects._axon import RAMP_LIMIT, AxonEffect, AxonState
from whytwitch.physiology.effects._effects import PLACES, Effects, Place
from whytwitch.physiology.effects._fiber import PULSES, RATE_HZ, FiberEffect
from whytwitch.physiology.effects._junction import JunctionEffect

State = Literal["unchanged", "slight", "changed", "fires", "silenced", "unknown"]
"""``fires``: by itself, or more often than it is told to. ``silenced``: no longer does what it should.
``unknown``: the model does not reach so far."""

HARDLY: Final = 0.03
"""A threshold that moved less is called hardly changed (judgment; people differ by more)."""
FAR: Final = 2.0
"""Standard deviations of healthy people by which an index has moved clearly (judgment)."""
NAMES: Final[dict[Place, str]] = {
    "drive": "Brain and spinal cord",
    "units": "Motor units",
    "axon": "Nerve fiber",
    "terminal": "Ends of the nerve fiber",
    "junction": "Junction of nerve and muscle",
    "fiber": "Muscle fiber",
}
EXPERT_NAMES: Final[dict[Place, str]] = {
    "drive": "Drive", "units": "Motor unit pool", "axon": "Axon (trunk)", "terminal": "Axon terminal",
    "junction": "Neuromuscular junction", "fiber": "Muscle fiber membrane",
}  # fmt: skip
_RANK: Final = ("fires", "silenced", "changed", "slight", "unknown", "unchanged")
_TELLING: Final = ("axon", "terminal", "junction", "fiber", "units", "drive")
"""Most telling first: by kind of change, then by place."""


@dataclass(frozen=True, slots=True)
class Finding:
    """What happens at one place.

    Attributes:
        place: where.
        state: what kind of change it is.
        plain: one sentence for anybody. precise: lines with the numbers.
    """

    place: Place
    state: State
    plain: str
    precise: tuple[str, ...] = ()


def findings(found: Effects) -> tuple[Finding, ...]:
    """One for each place, from the cord to the muscle."""
    return tuple(_finding(found, place) for place in PLACES)


def headline(found: Effects) -> str:
    """The one sentence: the most telling of the findings."""
    told = sorted(findings(found), key=lambda one: (_RANK.index(one.state), _TELLING.index(one.place)))
    if told[0].state == "unchanged":
        return "Nothing changes: this is the normal motor unit."
    first = told[0].plain
    if told[0].state in ("slight", "changed") and not any(one.state == "fires" for one in told):
        return f"{first} Nothing fires by itself."
    return first


def grade_words(found: Effects) -> str:
    """How well the cause's mechanism is known, in a sentence."""
    return {
        "measured": "Measured: this change, or its direct effect, was measured in people. What follows from "
        "it here is the model's.",
        "modelled": "Modelled: this is how the authors of measurements, in people or in animal nerve, "
        "explained them.",
        "hypothesis": "Hypothesis: nobody has measured this in people. The model shows what would follow if "
        "it were so.",
        None: "Set by hand: the model shows what follows from these values.",
    }[found.system.grade]


def _finding(found: Effects, place: Place) -> Finding:
    if place in found.beyond:
        reason = found.beyond[place]
        return Finding(place, "unknown", "The model does not reach so far here.", (reason,))
    match place:
        case "axon" | "terminal":
            return _axon(found, place)
        case "junction":
            return _junction(found.junction)
        case "fiber":
            return _fiber(found.fiber)
        case "units":
            return _units(found)
        case _:
            return _drive(found)


# --- axon -----------------------------------------------------------------------------------------


def _axon(found: Effects, place: Place) -> Finding:
    of = found.axon if place == "axon" else found.terminal
    name = "nerve fiber" if place == "axon" else "end of the nerve fiber"
    if of is None:
        same = place == "terminal" and found.axon is not None
        return Finding(place, "unchanged", "Changes as the nerve fiber does." if same else "Unchanged.")
    state, plain = _axon_told(of, name)
    return Finding(place, state, plain, tuple(_axon_lines(of)))


def _axon_told(of: AxonEffect, name: str) -> tuple[State, str]:
    now = of.changed
    if now.mood == "blocked":
        return "silenced", f"The {name} is blocked: no stimulus fires it any more."
    if now.mood == "fires" and now.firing_hz == 0.0:
        return "fires", f"The {name} is about to fire by itself."
    if now.mood == "fires":
        return "fires", f"The {name} fires by itself, about {now.firing_hz:.0f} times a second."
    if now.spikes_after_stimulus > 1:
        return (
            "fires",
            f"One stimulus makes the {name} fire {now.spikes_after_stimulus} times instead of once.",
        )
    ratio = of.threshold_ratio or 1.0
    if abs(ratio - 1.0) < HARDLY:
        usual = f"It takes as much as normal to fire the {name}"
        if max(map(abs, of.shifts.values()), default=0.0) < FAR:
            return "slight", f"{usual}."
        return "changed", f"{usual}, but it answers currents that last, or follow another, otherwise."
    if ratio > 1.0:
        more = f"{ratio:.1f} times the usual" if ratio >= 2.0 else f"{100 * (ratio - 1):.0f} % more"
        return "changed", f"It takes {more} current to fire the {name}: it is less excitable."
    return "changed", f"It takes {100 * (1 - ratio):.0f} % less current to fire the {name}: more excitable."


def _axon_lines(of: AxonEffect) -> Iterator[str]:
    now, was = of.changed, of.normal
    yield f"Resting potential {now.rest_mv:.1f} mV (normal {was.rest_mv:.1f}; {of.rest_shift_mv:+.1f} mV)."
    if now.mood == "fires" and now.firing_hz:
        yield f"Fires without stimulus at {now.firing_hz:.0f} Hz; there is no threshold to track."
    elif now.mood == "fires":
        yield "Has no threshold that could be tracked: it is about to fire."
    elif now.mood == "blocked":
        yield "No threshold: inactivated, or clamped by its conductance."
    else:
        ratio = of.threshold_ratio
        yield f"Threshold (1 ms) {ratio:.2f} of normal; it is silent without stimulus."
        yield f"One stimulus is followed by {_impulses(now.spikes_after_stimulus)} within 200 ms."
        yield _accommodation(now, was)


def _accommodation(now: AxonState, was: AxonState) -> str:
    """Steady and slowly rising currents."""
    told = []
    for state in (now, was):
        kept = state.accommodation
        spikes = _impulses(kept.steady_spikes) if kept else "?"
        ramp = f"{kept.ramp_ratio:.1f}" if kept and kept.ramp_ratio else f"more than {RAMP_LIMIT:g}"
        told.append((spikes, ramp))
    (spikes, ramp), (usual_spikes, usual_ramp) = told
    return (
        f"Accommodation: {spikes} in 200 ms of twice the rheobase (normal {usual_spikes}); a current that "
        f"rises over 200 ms fires it from {ramp} rheobases (normal {usual_ramp})."
    )


def _impulses(n: int) -> str:
    return f"{n} impulse{'' if n == 1 else 's'}"


# --- junction and fiber ---------------------------------------------------------------------------


def _junction(of: JunctionEffect | None) -> Finding:
    if of is None:
        return Finding("junction", "unchanged", "Unchanged.")
    now, was = of.changed, of.normal
    lines = [
        f"End-plate potential {now.epp_mv:.1f} mV (normal {was.epp_mv:.1f}); safety factor "
        f"{now.safety_factor:.1f} (normal {was.safety_factor:.1f}).",
        f"After one impulse {100 * now.transmitting:.0f} % of the fibers fire, {100 * now.repetitive:.0f} % "
        f"fire again, and {100 * now.backfiring:.0f} % of the terminals fire back.",
        f"At 3 Hz the fourth response is {-100 * now.decrement_3hz:+.0f} % (normal "
        f"{-100 * was.decrement_3hz:+.0f} %); at 30 Hz the last of 30 is {_percent(now.change_30hz)} (normal "
        f"{_percent(was.change_30hz)}).",
    ]
    state, plain = _junction_told(of)
    return Finding("junction", state, plain, tuple(lines))


def _junction_told(of: JunctionEffect) -> tuple[State, str]:
    now, was = of.changed, of.normal
    if now.repetitive > was.repetitive + 0.05:
        share = "nearly all" if now.repetitive > 0.9 else f"{100 * now.repetitive:.0f} % of the"
        return "fires", f"One impulse makes {share} muscle fibers fire more than once."
    if now.transmitting < 0.9:
        return "silenced", f"One impulse reaches only {100 * now.transmitting:.0f} % of the muscle fibers."
    if now.decrement_3hz > was.decrement_3hz + 0.05:
        return "silenced", f"It tires: of four impulses the last moves {100 * now.decrement_3hz:.0f} % less."
    ratio = now.safety_factor / was.safety_factor
    if abs(ratio - 1.0) < HARDLY:
        return "slight", "Nerve impulses pass on to the muscle as usual."
    less = "less" if ratio < 1.0 else "more"
    return "changed", f"Nerve impulses pass on to the muscle, with {less} to spare than usual."


def _percent(change: float | None) -> str:
    return "none to compare with" if change is None else f"{100 * change:+.0f} %"


def _fiber(of: FiberEffect | None) -> Finding:
    if of is None:
        return Finding("fiber", "unchanged", "Unchanged.")
    now, was = of.changed, of.normal
    speed = "nothing arrives" if now.velocity_m_s is None else f"{now.velocity_m_s:.1f} m/s"
    others = ", ".join(f"{v:.0f}" for v in now.rests_mv[1:])
    lines = [
        f"Resting potential {now.rest_mv:.1f} mV (normal {was.rest_mv:.1f})"
        + (f"; it can also stay at {others} mV, unexcitable." if others else "."),
        f"{_impulses(now.answered)} on {PULSES} pulses at {RATE_HZ:g} Hz, then "
        f"{_impulses(now.after_discharge)} by itself in 0.3 s (normal {was.answered} and "
        f"{was.after_discharge}).",
        f"Conduction {speed} (normal {was.velocity_m_s or 0.0:.1f} m/s).",
    ]
    state, plain = _fiber_told(of)
    return Finding("fiber", state, plain, tuple(lines))


def _fiber_told(of: FiberEffect) -> tuple[State, str]:
    now, was = of.changed, of.normal
    if now.is_paralyzed:
        return "silenced", "The muscle fiber does not answer: it is paralyzed."
    if now.after_discharge:
        return "fires", "After a contraction the muscle fiber goes on firing by itself (myotonia)."
    if now.spikes_on_pulse > 1:
        return "fires", f"The muscle fiber fires {now.spikes_on_pulse} times instead of once."
    if now.answered < was.answered:
        return "silenced", "The muscle fiber fails when it is used again and again."
    shift = now.rest_mv - was.rest_mv
    if abs(shift) < 1.0:
        return "slight", "The muscle fiber answers as usual."
    way = "less" if shift > 0 else "more"
    return "changed", f"The muscle fiber is {way} polarized ({shift:+.0f} mV) and answers as usual."


# --- units and drive ------------------------------------------------------------------------------


def _units(found: Effects) -> Finding:
    units = found.units
    if not units:
        return Finding("units", "unchanged", "Unchanged.")
    lost, block = 1.0 - units.get("survival_fraction", 1.0), units.get("conduction_block", 0.0)
    taken, thin = units.get("reinnervation", 0.0), 1.0 - units.get("fiber_fraction", 1.0)
    plain = []
    if lost:
        plain.append(f"{100 * lost:.0f} % of the motor units are lost")
    if lost and taken:
        plain.append(f"the others take over {100 * taken:.0f} % of their fibers and grow larger")
    if thin:
        plain.append(f"each motor unit has lost {100 * thin:.0f} % of its fibers")
    if block:
        plain.append(f"{100 * block:.0f} % of the nerve fibers do not conduct")
    if "jitter_us" in units and not plain:
        plain.append("impulses reach the fibers of a unit unevenly")
    sentence = "; ".join(plain)
    lines = [f"{name}: {value:g}" for name, value in units.items()]
    if lost or thin:
        lines.append(f"Fibers of a surviving unit: {fibers_of_a_unit(found):.2f} times normal.")
    return Finding("units", "changed", sentence[:1].upper() + sentence[1:] + ".", tuple(lines))


def fibers_of_a_unit(found: Effects) -> float:
    """Fibers of a surviving unit as a multiple of normal: what it kept, and what it took over."""
    alive = max(found.units.get("survival_fraction", 1.0), 0.01)
    adopted = found.units.get("reinnervation", 0.0) * (1.0 - alive) / alive
    return found.units.get("fiber_fraction", 1.0) * (1.0 + adopted)


def _drive(found: Effects) -> Finding:
    drive = {name: value for name, value in found.drive.items() if value}
    if not drive:
        return Finding("drive", "unchanged", "Unchanged.")
    plain = []
    if "tremor_hz" in drive:
        plain.append(f"in a rhythm of {drive['tremor_hz']:g} a second")
    if "burst" in drive:
        plain.append(f"in bursts that reach {100 * drive['burst']:.0f} % of the motor units")
    if "voluntary" in drive:
        plain.append(f"steadily with {100 * drive['voluntary']:.0f} % of full effort")
    sentence = f"The spinal cord drives the muscle {', '.join(plain)}: it does not begin in the nerve."
    return Finding("drive", "fires", sentence, tuple(f"{name}: {value:g}" for name, value in drive.items()))
