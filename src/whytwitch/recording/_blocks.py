"""Go through a recording block by block."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from whytwitch.recording._frontend import Cleaned
from whytwitch.recording._model import Recording, Samples
from whytwitch.recording._survey import Survey

BLOCK_S: Final = 8.0
MOST_VALUES: Final = 4_000_000
"""Raw values in one block, at most: 16 MB."""


@dataclass(frozen=True)
class Block:
    """One stretch of a recording.

    Attributes:
        index: 0, 1, …
        first: first sample of its core at the working rate; ``begin`` the same at the raw rate.
        length: samples of its core at the working rate.
        offset: samples of margin before the core, at the working rate.
    """

    index: int
    begin: int
    end: int
    first: int
    length: int
    offset: int


def core_length(found: Survey) -> int:
    """Raw samples in the core of a block, a multiple of the thinning."""
    frontend = found.frontend
    longest = MOST_VALUES // len(found.channels) - 2 * frontend.reach
    wanted = round(BLOCK_S * frontend.sampling_rate_hz)
    # Never shorter than four margins, so that most of the work is for the core.
    length = max(min(wanted, longest), 4 * frontend.reach)
    # Whole seconds, so that epochs do not straddle blocks.
    second = frontend.sampling_rate_hz
    length = round(max(1, length // second) * second)
    return -(-length // frontend.thinning) * frontend.thinning


def blocks(n_samples: int, found: Survey) -> list[Block]:
    """The blocks that cover a recording; the last may be short."""
    frontend = found.frontend
    step, thinning = core_length(found), frontend.thinning
    planned: list[Block] = []
    for index, core in enumerate(range(0, n_samples, step)):
        begin = max(0, core - frontend.reach)
        end = min(n_samples, core + step + frontend.reach)
        stop = min(n_samples, core + step)
        first = core // thinning
        planned.append(
            Block(index, begin, end, first, -(-stop // thinning) - first, (core - begin) // thinning)
        )
    return planned


def cleaned(
    recording: Recording, found: Survey, planned: list[Block], workers: int
) -> Iterator[tuple[Block, Cleaned, Samples]]:
    """Each block with its core cleaned, and the core's components; margins are cut off."""
    for block in planned:
        raw = recording.read(block.begin, block.end, found.channels)
        whole = found.frontend.clean(raw, workers=workers)
        core = slice(block.offset, block.offset + block.length)
        pace = whole.slow.shape[1] / max(1, whole.fast.shape[1])
        slow = slice(round(core.start * pace), max(round(core.start * pace) + 1, round(core.stop * pace)))
        part = Cleaned(
            whole.fast[:, core], whole.slow[:, slow], whole.saturated[:, core], whole.dropped[:, core]
        )
        yield block, part, found.space.components(whole.fast)[:, core]


def n_work(n_samples: int, found: Survey) -> int:
    """Samples of the whole recording at the working rate."""
    return -(-n_samples // found.frontend.thinning)


def window(recording: Recording, found: Survey, center: int, half: int) -> tuple[Cleaned, int]:
    """The cleaned surroundings of one working-rate sample, and where it lies in them.

    Args:
        recording: to be read.
        found: its survey.
        center: sample at the working rate.
        half: samples wanted on both sides, at the working rate; a margin is read beyond them.
    """
    frontend = found.frontend
    reach = frontend.reach + half * frontend.thinning
    begin = max(0, center * frontend.thinning - reach) // frontend.thinning * frontend.thinning
    end = min(recording.n_samples, center * frontend.thinning + reach)
    whole = frontend.clean(recording.read(begin, end, found.channels))
    return whole, center - begin // frontend.thinning


__all__ = ["Block", "blocks", "cleaned", "core_length", "n_work", "window"]
