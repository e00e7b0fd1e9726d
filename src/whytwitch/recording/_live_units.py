"""Units that are learned while the signal comes in: what is kept of each, and how it is renewed.

Nothing here sorts by rules of its own: clusters, templates, their fusion and their parting are those of
:class:`~whytwitch.recording._sort.Sorter`; only what they are made from is a bounded memory instead of
a whole recording.
"""

from __future__ import annotations

from collections import deque
from dataclasses import asdict, dataclass, field, fields
from functools import cached_property
from typing import Final

import numpy as np
from numpy.typing import NDArray

from whytwitch.recording._candidates import Reference, reference_of
from whytwitch.recording._match import Matcher, Matches, Templates
from whytwitch.recording._model import Samples
from whytwitch.recording._sort import LEAST_CONTRAST, MOST_UNITS, WELL, Leftover, Sorter
from whytwitch.recording._store import KEPT_AS, Store
from whytwitch.recording._tidy import split_in_two
from whytwitch.recording._units import Look, Viewer

REMEMBERED: Final = 48
"""Windows of each unit that are kept."""

RENEWED_FROM: Final = 5
"""Windows from which a template is renewed; of fewer the old one is better."""

LOOKS: Final = 40
"""Discharges that the potential on the electrodes is averaged from."""

ESTABLISHED: Final = 3
"""Discharges after which a unit stays whatever else is learned."""

POOR: Final = 0.3
"""Share of discharges that show a unit's shape, below which it is given up."""

FOLLOWS: Final = 0.2
"""Share by which the noise reference moves towards what was heard since."""


class Memory(Store):
    """The components of a short stretch, in memory instead of on disk."""

    def __init__(self, n_components: int, n: int) -> None:
        self.n_components = n_components
        self.n = n
        self._kept = np.zeros((n_components, n), np.float32)

    def write(self, first: int, components: Samples) -> None:
        """See :meth:`Store.write`."""
        self._kept[:, first : first + components.shape[1]] = components[:, : max(0, self.n - first)]

    def read(self, first: int, stop: int) -> Samples:
        """See :meth:`Store.read`."""
        out = np.zeros((self.n_components, stop - first), np.float32)
        begin, end = max(0, first), min(self.n, stop)
        if end > begin:
            out[:, begin - first : end - first] = self._kept[:, begin:end]
        return out

    def push(self, components: Samples) -> None:
        """Put new samples at the end; the oldest give way."""
        n = min(self.n, components.shape[1])
        self._kept[:, : self.n - n] = self._kept[:, n:].copy()
        self._kept[:, self.n - n :] = components[:, components.shape[1] - n :]

    def close(self) -> None:
        """There is no file."""

    flush = close


class LiveViewer(Viewer):
    """A viewer whose looks add up one by one."""

    def glance(self, time: int) -> tuple[Samples, Samples] | None:
        """One discharge on all channels: its wave, and the movement around it."""
        return self._one(time)

    def describe(self, wave: Samples, slow: Samples, n: int) -> Look:
        """What the mean of ``n`` glances looks like."""
        return self._describe(wave, slow, n)


@dataclass(eq=False)
class LiveUnit:
    """What is kept of one unit.

    Attributes:
        number: 1, 2, …, for good.
        template: its potential in components, one row.
        windows: its last discharges that show its shape, at rest.
        shows: whether each of its last discharges showed its shape.
        last: when it fired last.
        look: its mean potential on the electrodes.
        heart: whether it is the heart; ``beats`` for how many looks in a row it was.
        refused: an echo of a larger unit.
        counted: its fasciculations in clean time that can no longer change.
    """

    number: int
    template: Templates
    last: int
    windows: deque[NDArray[np.floating]] = field(default_factory=lambda: deque(maxlen=REMEMBERED))
    shows: deque[bool] = field(default_factory=lambda: deque(maxlen=REMEMBERED))
    fresh: int = 0
    fired: int = 0
    look: Look | None = None
    heart: bool = False
    beats: int = 0
    refused: bool = False
    counted: int = 0
    _sums: tuple[Samples, Samples] | None = None
    _looks: int = 0

    @property
    def is_muscle(self) -> bool:
        """Whether its discharges are reported."""
        return not (self.heart or self.refused or self.look is None or self.look.is_artifact)

    @property
    def wants_looks(self) -> bool:
        """Whether its mean potential is still coarse."""
        return self._looks < LOOKS

    @property
    def is_poor(self) -> bool:
        """Whether it explains so little that what it stands for must be sorted anew."""
        return len(self.shows) >= 8 and sum(self.shows) < POOR * len(self.shows)

    def see(self, viewer: LiveViewer, time: int, size: float) -> Samples | None:
        """Add a discharge to the mean potential; its wave on all channels."""
        got = viewer.glance(time)
        if got is None:
            return None
        wave, slow = (part / np.float32(max(size, 0.2)) for part in got)
        if self._sums is not None:
            # Near the ends of a stretch the movement band may be a sample longer or shorter.
            n = min(slow.shape[1], self._sums[1].shape[1])
            wave, slow = self._sums[0] + wave, self._sums[1][:, :n] + slow[:, :n]
        self._sums = wave, slow
        self._looks += 1
        n = self._looks
        self.look = viewer.describe(
            (self._sums[0] / n).astype(np.float32), (self._sums[1] / n).astype(np.float32), n
        )
        return got[0]

    def remember(self, window: Samples, time: int, explains: float, *, rest: bool) -> None:
        """Take note of a discharge."""
        self.last = time
        self.fired += 1
        if explains >= 0.2:
            self.shows.append(explains >= WELL)
        if explains >= WELL and rest:
            self.windows.append(window.astype(KEPT_AS))
            self.fresh += 1


@dataclass(frozen=True)
class Studied:
    """What was learned beside the stream.

    Attributes:
        known: renewed templates of the units that were there, in their order.
        stays: which of them are not others again, (n_known,).
        fresh: templates of new units.
        reference: the noise, followed.
    """

    known: Templates
    stays: NDArray[np.bool_]
    fresh: Templates
    reference: Reference


def joined(learner: Learner, parts: list[Templates]) -> Templates:
    """Several sets of templates in one."""
    if not parts:
        shape = np.zeros((0, learner.store.n_components, learner.before + learner.after), np.float32)
        return Templates(shape, np.zeros(0, np.float32), np.zeros(0, np.intp), learner.before)
    return Templates(
        np.concatenate([part.shape for part in parts]),
        np.concatenate([part.noise for part in parts]),
        np.concatenate([part.count for part in parts]),
        learner.before,
    )


@dataclass(frozen=True)
class Learner(Sorter):
    """A sorter that is given quiet windows and candidates instead of reading them from a store."""

    calm: Samples = field(default_factory=lambda: np.zeros((0, 0, 0), np.float32))

    @cached_property
    def quiet(self) -> Samples:
        """See :attr:`Sorter.quiet`."""
        power = (self.calm**2).sum(axis=(1, 2))
        return self.calm[power <= np.quantile(power, 0.5)]

    def matcher(self, templates: Templates) -> Matcher:
        """Templates, ready to be matched."""
        settings = self.settings
        return Matcher(templates, settings.match_sigma, settings.least_amplitude, settings.most_amplitude)

    def explain(
        self, components: Samples, matcher: Matcher | None, margin: int, core: int, first: int
    ) -> tuple[Matches | None, Leftover]:
        """Explain the core of a stretch, as :meth:`Sorter.sort` does with one of its chunks.

        Args:
            components: the stretch.
            matcher: the units; None where there are none yet.
            margin: samples before the core.
            core: samples of the core.
            first: when the core begins.

        Returns:
            Discharges in the whole stretch (times are columns of it), and the peaks in the core that
            no unit explains.
        """
        if matcher is None:
            return None, self._leftover(components, None, self.matcher(self._nothing), margin, core, first)
        matches, left = matcher.match(components)
        return matches, self._leftover(left, matches, matcher, margin, core, first)

    def fired(self, time: NDArray[np.intp], unit: NDArray[np.intp]) -> Matches:
        """Discharges of which only time and unit are remembered."""
        unknown = np.full(len(time), np.nan, np.float32)
        names = [each.name for each in fields(Matches)]
        return Matches(time, unit, *[unknown for _ in names[2:]])

    def study(
        self,
        known: list[tuple[Templates, list[NDArray[np.floating]]]],
        established: int,
        candidates: Samples,
        heard: list[Samples],
    ) -> Studied:
        """Renew the units that are there, and look for new ones.

        Args:
            known: template and new windows of each unit, the windows only where they suffice.
            established: units, the first ones, that have proved themselves and stay.
            candidates: windows, slide included, of what no unit explains.
            heard: stretches of components, to follow the noise by.
        """
        renewed: list[Templates] = []
        parted: list[Templates] = []
        for template, windows in known:
            if len(windows) < RENEWED_FROM:
                renewed.append(template)
                continue
            repeats = np.array(windows, np.float32)
            second = split_in_two(repeats)
            if second is not None:
                second = second if second.sum() <= len(second) / 2 else ~second
                parted.append(self._template(repeats[second]))
                repeats = repeats[~second]
            renewed.append(self._template(repeats, int(template.count[0])))
        new = joined(self, [*parted, self._learn(candidates)])
        # Where members only seemed alike, their mean is next to nothing.
        new = new.pick(new.contrast >= LEAST_CONTRAST)
        best = np.argsort(-new.count * np.minimum(new.contrast, 30.0), kind="stable")[: MOST_UNITS // 2]
        fresh = [new.pick(np.array([k])) for k in best]
        fused = self._fuse(joined(self, [*renewed, *fresh]), keep=established)
        stays = [bool((fused.shape == some.shape).all(axis=(1, 2)).any()) for some in (*renewed, *fresh)]
        return Studied(
            joined(self, renewed),
            np.array(stays[: len(renewed)], bool),
            joined(self, [some for some, good in zip(fresh, stays[len(renewed) :], strict=True) if good]),
            self._followed(heard),
        )

    def _followed(self, heard: list[Samples]) -> Reference:
        """The noise reference, moved some way towards what was heard since."""
        if len(heard) < 4:
            return self.reference
        now = reference_of(heard, self.rate_hz, self.settings.smooth_s)
        old, share = asdict(self.reference), FOLLOWS
        return Reference(
            **{name: (1 - share) * old[name] + share * value for name, value in asdict(now).items()}
        )


__all__ = [
    "ESTABLISHED",
    "LOOKS",
    "Learner",
    "LiveUnit",
    "LiveViewer",
    "Memory",
    "Studied",
    "joined",
]
