"""``whytwitch info``."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict
from rich.console import Console, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from whytwitch._cli._console import out
from whytwitch._cli._signal import SignalOptions, open_recording
from whytwitch.recording import ChannelGlance, Glance, Recording, glance

LISTED = 16
"""Channels up to which each has a line of its own."""

WIDEST = 100


class _Model(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class ChannelOut(_Model):
    """One channel, with what a few seconds of it show."""

    name: str
    kind: str
    calibrated: bool
    muscle: str
    group: str
    position_mm: tuple[float, float] | None
    rms: float | None
    hum_share: float
    lost_share: float
    saturated_share: float
    dead: bool


class ProblemOut(_Model):
    """Something that is wrong, and how to mend it."""

    what: str
    remedy: str
    where: str


class InfoOut(_Model):
    """What is inside a recording."""

    schema_version: Literal["1"] = "1"
    name: str
    format: str
    sha256: str
    sampling_rate_hz: float
    n_samples: int
    duration_s: float
    start: str
    electrode: str | None
    reference: str
    power_line_hz: float | None
    task: str
    annotations: int
    channels: tuple[ChannelOut, ...]
    looked_at_s: float
    problems: tuple[ProblemOut, ...]


def info(path: Path, options: SignalOptions, *, json: bool) -> None:
    """Say what is inside a recording and what is wrong with it."""
    recording = open_recording(path, options)
    seen = glance(recording)
    if json:
        sys.stdout.write(_document(recording, seen).model_dump_json(indent=2) + "\n")
        return
    console = out()
    for part in _parts(recording, seen, console):
        console.print(part, width=min(console.width, WIDEST))


def _document(recording: Recording, seen: Glance) -> InfoOut:
    channels = tuple(
        ChannelOut(
            name=look.channel.name, kind=look.channel.kind, calibrated=look.channel.calibrated,
            muscle=look.channel.muscle, group=look.channel.group, position_mm=look.channel.position_mm,
            rms=look.rms, hum_share=look.hum_share, lost_share=look.lost_share,
            saturated_share=look.saturated_share, dead=look.dead,
        )
        for look in seen.channels
    )  # fmt: skip
    return InfoOut(
        name=recording.name, format=recording.format, sha256=recording.sha256,
        sampling_rate_hz=recording.sampling_rate_hz, n_samples=recording.n_samples,
        duration_s=recording.duration_s, start=recording.start, electrode=recording.electrode,
        reference=recording.reference, power_line_hz=recording.power_line_hz, task=recording.task,
        annotations=len(recording.annotations), channels=channels, looked_at_s=seen.seconds,
        problems=tuple(ProblemOut(what=p.what, remedy=p.remedy, where=p.where) for p in seen.problems),
    )  # fmt: skip


def _parts(recording: Recording, seen: Glance, console: Console) -> Iterator[RenderableType]:
    yield Text.assemble((recording.name, "bold"), "  ", (recording.format, "dim"))
    yield _facts(recording, "uV" if console.options.ascii_only else "µV")
    yield Text("")
    yield _each(seen) if len(seen.channels) <= LISTED else _grouped(seen)
    yield Text("")
    if not seen.problems:
        yield Text("Nothing is wrong with it as far as can be seen.", style="green")
        return
    yield Text("What is wrong", style="bold")
    sign = "!" if console.options.ascii_only else "▲"
    for problem in seen.problems:
        where = f" ({problem.where})" if problem.where else ""
        text = Text.assemble((f"{sign} ", "yellow"), problem.what, (where, "dim"))
        yield Padding(text, (0, 0, 0, 2))
        if problem.remedy:
            yield Padding(Text(problem.remedy, style="cyan"), (0, 0, 0, 4))


def _facts(recording: Recording, microvolt: str) -> Table:
    """Two columns: what it is about, and what the file says."""
    emg = [channel for channel in recording.channels if channel.kind == "emg"]
    calibrated = sum(channel.calibrated for channel in emg)
    scale = (
        "" if not emg else f"in {microvolt}" if calibrated == len(emg)
        else "not calibrated: amplitudes are withheld" if not calibrated
        else f"{calibrated} of {len(emg)} EMG channels in {microvolt}"
    )  # fmt: skip
    muscles = list(dict.fromkeys(channel.muscle for channel in emg if channel.muscle))
    mains = recording.power_line_hz
    rows = (
        ("length", _length(recording.duration_s)),
        ("rate", f"{recording.sampling_rate_hz:g} Hz"),
        ("channels", f"{len(recording.channels)}, of these {len(emg)} EMG"),
        ("scale", scale),
        ("electrode", recording.electrode or "not said: give --electrode surface or needle"),
        ("reference", recording.reference),
        ("muscle", "; ".join(muscles[:4]) + (f"; and {len(muscles) - 4} more" if len(muscles) > 4 else "")),
        ("power line", f"{mains:g} Hz" if mains else ""),
        ("task", recording.task),
        ("began", recording.start.replace("T", " ")),
        ("annotations", f"{len(recording.annotations)}" if recording.annotations else ""),
        ("sha256", recording.sha256[:16]),
    )
    table = Table(box=None, show_header=False, pad_edge=False, padding=(0, 2, 0, 0))
    table.add_column(style="dim", no_wrap=True)
    table.add_column(overflow="fold")
    for name, value in rows:
        if value:
            table.add_row(name, Text(value))
    return table


def _length(seconds: float) -> str:
    if seconds < 120:
        return f"{seconds:.4g} s"
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours} h {minutes:02d} min {rest:02d} s" if hours else f"{minutes} min {rest:02d} s"


def _columns(*names: str) -> Table:
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="dim")
    for place, name in enumerate(names):
        side = "right" if name in ("rms", "hum", "number") else "left"
        table.add_column(name, overflow="fold", justify=side, no_wrap=place == 0)
    return table


def _each(seen: Glance) -> Table:
    table = _columns("channel", "kind", "rms", "hum", "muscle", "")
    for look in seen.channels:
        rms = "" if look.rms is None else f"{look.rms:.3g}"
        hum = f"{look.hum_share:.0%}" if look.channel.kind == "emg" else ""
        table.add_row(
            Text(look.channel.name), look.channel.kind, rms, hum, Text(look.channel.muscle), _verdict([look])
        )
    return table


def _grouped(seen: Glance) -> Table:
    """One line for channels of the same kind, group and muscle."""
    groups: dict[tuple[str, str, str], list[ChannelGlance]] = {}
    for look in seen.channels:
        groups.setdefault((look.channel.kind, look.channel.group, look.channel.muscle), []).append(look)
    table = _columns("channels", "number", "kind", "rms", "group", "muscle", "")
    for (kind, group, muscle), looks in groups.items():
        levels = sorted(look.rms for look in looks if look.rms is not None)
        rms = f"{levels[0]:.3g} to {levels[-1]:.3g}" if levels else ""
        first, last = looks[0].channel.name, looks[-1].channel.name
        names = first if len(looks) == 1 else f"{first} … {last}"
        table.add_row(Text(names), str(len(looks)), kind, rms, Text(group), Text(muscle), _verdict(looks))
    return table


def _verdict(looks: list[ChannelGlance]) -> Text:
    """What is wrong with channels, in a word or two."""
    counts = {
        "dead": sum(look.dead for look in looks),
        "at the limit": sum(look.saturated_share > 1e-3 for look in looks),
        "gaps": sum(look.lost_share > 0 for look in looks),
    }
    said = [word if len(looks) == 1 else f"{n} {word}" for word, n in counts.items() if n]
    return Text(", ".join(said), style="yellow")
