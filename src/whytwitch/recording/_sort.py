"""From candidates to units: learn templates, explain the recording with them, look at what is left."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import uniform_filter1d

from whytwitch.recording._candidates import Reference, height, peaks
from whytwitch.recording._cluster import SLIDE_S, cluster, cosines, dimensions, features
from whytwitch.recording._match import EXPLAINS, Matcher, Matches, Templates, is_covered
from whytwitch.recording._model import Samples
from whytwitch.recording._settings import Settings
from whytwitch.recording._store import Store
from whytwitch.recording._tidy import echoes, single_discharge, split_in_two

CHUNK_S: Final = 8.0

MOST_CANDIDATES: Final = 3000
"""Candidates that are clustered at once; of more, an even draw is taken."""

MOST_UNITS: Final = 64

LEAST_CONTRAST: Final = 8.0
"""A template weaker than this against the noise cannot be told from chance matches."""

LEAST_CONTRAST_OF_PAIR: Final = 14.0
"""The same for one seen only twice."""

MANY_COMPONENTS: Final = 8
FEW_FACTOR: Final = 1.35
"""With fewer components noise alone is more often like itself, and a template must stand out by more."""

LEARN_SIGMA: Final = 4.5
"""Height from which discharges help to learn a template; counted are only higher ones."""

ECHO: Final = 0.15
"""Share of a potential's energy below which what is left beside it is misfit, not another."""

LEARNED_CHUNKS: Final = 64
"""Chunks that units are learned from; everything is explained once with what was learned."""

WORKERS: Final = 2

ROUNDS: Final = 4
"""Rounds of explaining and learning from what is left."""

CONTRACTION_ROUNDS: Final = 2
"""Rounds of learning the units of a contraction."""

LEAST_IN_CONTRACTION: Final = 6
"""Members that a class needs which is learned in a contraction."""

WELL: Final = 0.7
"""Share of the energy explained from which a discharge is taken to show its unit's shape."""

SHARP: Final = 0.8
"""Mobility relative to that of the noise from which a shape may be noise. Most potentials are smoother,
since they have passed through tissue, but not all are, so this alone proves nothing."""

COPIED: Final = 0.6
"""Noise left beside the discharges of a class, relative to quieter windows, below which it is the same noise
over and over: a recording that was looped or pasted together."""

NOISY_SCORE: Final = 8.0
NOISY_SIZES: Final = 1.5
"""A class as sharp as noise is noise if its discharges barely stand out (median score), or if their sizes
are spread (90 % over 10 % quantile) as those of a tail are and those of a unit are not."""

Step = Callable[[float], None]
Barred = Callable[[NDArray[np.int64]], NDArray[np.bool_]]
"""Which units may not be found at given times, (n_units, n)."""

Rest = Callable[[NDArray[np.int64]], NDArray[np.bool_]]


@dataclass(frozen=True)
class Leftover:
    """A peak that no template explains.

    Attributes:
        time: sample at the working rate, (n,).
        height: above the noise, (n,).
        sharp: mobility relative to that of the noise, (n,); near 1 for a spike of noise or a click.
        window: its components, slide margin included, (n, n_components, n_times).
    """

    time: NDArray[np.int64]
    height: Samples
    sharp: Samples
    window: Samples


@dataclass(frozen=True)
class Sorted:
    """Discharges of all units over the whole recording, and what is left."""

    templates: Templates
    matches: Matches
    leftover: Leftover


@dataclass(frozen=True)
class Sorter:
    """Sorting of one recording.

    Attributes:
        store: its components.
        reference: the noise where it is quiet.
    """

    store: Store
    settings: Settings
    rate_hz: float
    reference: Reference

    @property
    def before(self) -> int:
        """Samples of a window before the reference time."""
        return round(self.settings.before_s * self.rate_hz)

    @property
    def after(self) -> int:
        """Samples of a window from the reference time on."""
        return round(self.settings.after_s * self.rate_hz)

    @property
    def slide(self) -> int:
        """Largest shift of a candidate."""
        share = (self.settings.before_s + self.settings.after_s) / 0.05
        return max(2, round(SLIDE_S * share * self.rate_hz))

    @property
    def waves(self) -> int:
        """Cosines that describe a window: up to four fifths of the band of potentials."""
        return round(1.6 * (self.before + self.after) / self.rate_hz * self.settings.high_hz) + 1

    @cached_property
    def cosines(self) -> Samples:
        """All cosines of a window, (n_times, n_times)."""
        return cosines(self.before + self.after, self.before + self.after)

    @cached_property
    def noise_of_waves(self) -> Samples:
        """Variance of noise in each cosine of each component, (n_components, n_times)."""
        return ((self.quiet @ self.cosines) ** 2).mean(axis=0)

    @cached_property
    def quiet(self) -> Samples:
        """Windows at random quiet times, (n, n_components, n_times)."""
        rng = np.random.default_rng(self.settings.seed)
        length = self.before + self.after
        times = np.sort(rng.integers(length, max(length + 1, self.store.n - length), 400))
        some = self.store.windows(times, self.before, self.after)
        power = (some**2).sum(axis=(1, 2))
        return some[power <= np.quantile(power, 0.5)]

    def sort(self, first: NDArray[np.int64], at_rest: Rest, step: Step) -> Sorted:
        """Sort everything.

        Units are learned at rest, where potentials stand alone. Only then is it asked which further
        units a contraction shows, so that its overlaps cannot spoil what was learned.

        Args:
            first: times of the candidates to learn from.
            at_rest: whether the signal is at rest at given times (no contraction, no movement).
            step: told the share of the work done, 0 to 1.
        """
        rng = np.random.default_rng(self.settings.seed)
        templates = self._fuse(self._learn(self._draw(first, rng)))
        done = 0.0
        for _ in range(ROUNDS):
            result = self._explain(templates, LEARN_SIGMA, lambda d, b=done: step(b + 0.12 * d))
            done += 0.12
            more = self._learn(self._some(result.leftover, at_rest(result.leftover.time), rng))
            templates = self._fuse(_both(self._renew(result, at_rest), more))
        sigma = self.settings.match_sigma
        templates = self._part(self._explain(templates, sigma, lambda d, b=done: step(b + 0.12 * d)))
        done += 0.12

        # Then those of contractions, which may be found in contractions only.
        n_rest = len(templates)
        result = self._explain(templates, sigma, lambda d, b=done: step(b + 0.12 * d))
        done += 0.12
        for _ in range(CONTRACTION_ROUNDS):
            inside = ~at_rest(result.leftover.time)
            if inside.sum() < LEAST_IN_CONTRACTION:
                break
            more = self._learn(self._some(result.leftover, inside, rng), LEAST_IN_CONTRACTION)
            if not len(more):
                break
            templates = self._fuse(_both(templates, more), keep=len(templates))
            late = np.arange(len(templates)) >= n_rest
            result = self._explain(
                templates,
                sigma,
                lambda d, b=done: step(b + 0.12 * d),
                lambda time, u=late: u[:, None] & at_rest(time),
            )
            done += 0.12
        if self._is_sampled:
            late = np.arange(len(templates)) >= n_rest
            result = self._explain(
                templates,
                sigma,
                lambda d: step(done + (1.0 - done) * d),
                lambda time: late[:, None] & at_rest(time),
                sample=False,
            )
        return self._prune(result, at_rest)

    def _part(self, result: Sorted) -> Templates:
        """Take apart the classes that hold two units."""
        parts: list[Templates] = []
        for unit in range(len(result.templates)):
            good = (result.matches.unit == unit) & (result.matches.explains >= WELL)
            times = result.matches.time[good]
            windows = self.store.windows(times[:: max(1, len(times) // 150)], self.before, self.after)
            second = split_in_two(windows)
            if second is None:
                parts.append(result.templates.pick(np.array([unit])))
            else:
                parts += [self._template(windows[~second]), self._template(windows[second])]
        return _both(self._nothing, *parts)

    # --- learning ---------------------------------------------------------------------------------

    def _draw(self, times: NDArray[np.int64], rng: np.random.Generator) -> Samples:
        if len(times) > MOST_CANDIDATES:
            times = np.sort(rng.choice(times, MOST_CANDIDATES, replace=False))
        return self.store.windows(times, self.before + self.slide, self.after + self.slide)

    def _some(self, leftover: Leftover, which: NDArray[np.bool_], rng: np.random.Generator) -> Samples:
        chosen = np.flatnonzero(which)
        if len(chosen) > MOST_CANDIDATES:
            chosen = np.sort(rng.choice(chosen, MOST_CANDIDATES, replace=False))
        return leftover.window[chosen]

    def _learn(self, wide: Samples, least: int = 2) -> Templates:
        """Templates of classes with ``least`` members or more among candidates, (n_candidates,
        n_components, n_times + 2 slide).
        """
        if len(wide) < 2:
            return self._nothing
        inner = wide[:, :, self.slide : wide.shape[2] - self.slide]
        basis = dimensions(inner, self.quiet, self.waves)
        if not len(basis):
            return self._nothing
        points = features(wide, basis, self.slide)
        found = cluster(points, self.settings.least_amplitude, self.settings.most_amplitude)
        count = np.bincount(found.label[found.label >= 0], minlength=len(found.centers))
        shape = wide.shape[1], inner.shape[2]
        learned: list[Templates] = []
        for number in np.flatnonzero(count >= least):
            noise = len(basis) / count[number]
            if (
                float((found.centers[number] ** 2).sum()) - noise
                < _least_contrast(int(count[number]), shape[0]) ** 2
            ):
                continue
            members = np.flatnonzero(found.label == number)
            begins = self.slide + found.shift[members]
            aligned = [wide[m, :, b : b + shape[1]] for m, b in zip(members, begins, strict=True)]
            learned.append(self._template(np.array(aligned)))
        return _both(self._nothing, *learned)

    def _renew(self, result: Sorted, at_rest: Rest) -> Templates:
        """Templates as means of what they explained well; those that explain poorly are given up, so
        that what they stood for is sorted anew.
        """
        renewed: list[Templates] = []
        allowed = at_rest(result.matches.time)
        matches = result.matches
        echo = echoes(
            result.templates, _pick(matches, allowed & (matches.explains >= EXPLAINS), 0), self.rate_hz
        )
        for unit in np.flatnonzero(~echo):
            # Next to nothing explained: a match within something else altogether, such as movement.
            mine = (result.matches.unit == unit) & allowed & (result.matches.explains >= 0.2)
            good = mine & (result.matches.explains >= WELL)
            if good.sum() < 2 or good.sum() < 0.3 * mine.sum():
                # In a part of the recording a rare unit may not be met again; it stays as it was learned.
                if self._is_sampled and mine.sum() < 3:
                    renewed.append(result.templates.pick(np.array([unit])))
                continue
            times = result.matches.time[good]
            repeats = self.store.windows(times[:: max(1, len(times) // 150)], self.before, self.after)
            renewed.append(self._template(repeats, len(times)))
        return _both(self._nothing, *renewed)

    def _template(self, repeats: Samples, count: int | None = None) -> Templates:
        """The mean of repeats, with what noise alone would give shrunk away (Wiener).

        In cosines a potential fills few coefficients of few components and noise fills all alike; each
        coefficient is kept as far as its surroundings stand out of the noise of the mean.

        Args:
            repeats: (n_repeats, n_components, n_times).
            count: repeats in all, where not all are given.
        """
        n = len(repeats)
        # The variance of a median is pi/2 times that of a mean; it is not led astray by overlaps.
        mean, wider = (np.median(repeats, axis=0), np.pi / 2.0) if n >= 5 else (repeats.mean(axis=0), 1.0)
        waves = mean @ self.cosines
        noise = self.noise_of_waves * np.float32(wider / n)
        power = uniform_filter1d(waves**2, 3, axis=1, mode="nearest")
        gain = np.maximum(0.0, 1.0 - 2.0 * noise / np.maximum(power, 1e-12))
        shape = ((gain * waves) @ self.cosines.T).astype(np.float32)
        return Templates(
            single_discharge(shape, self.rate_hz)[None],
            np.array([(gain**2 * noise).sum()], np.float32),
            np.array([count or n], np.intp),
            self.before,
        )

    def _sharpness_of(self, shape: Samples) -> float:
        change = float((np.diff(shape, axis=1) ** 2).sum())
        return float(np.sqrt(change / max(float((shape**2).sum()), 1e-9)) / self.reference.mobility)

    @property
    def _nothing(self) -> Templates:
        shape = np.zeros((0, self.store.n_components, self.before + self.after), np.float32)
        return Templates(shape, np.zeros(0, np.float32), np.zeros(0, np.intp), self.before)

    def _fuse(self, some: Templates, keep: int = 0) -> Templates:
        """All templates but those that others add up to; the best ``MOST_UNITS``. The first ``keep`` stay."""
        kept = list(range(keep))
        n_windows = self.store.n / (self.before + self.after)
        for number in np.argsort(-some.count * np.minimum(some.contrast, 30.0), kind="stable"):
            if number < keep:
                continue
            if len(kept) < MOST_UNITS and not is_covered(
                some, int(number), np.array(kept, np.intp), n_windows
            ):
                kept.append(int(number))
        return some.pick(np.array(kept, np.intp))

    # --- explaining -------------------------------------------------------------------------------

    def _explain(
        self,
        templates: Templates,
        sigma: float,
        step: Step,
        barred: Barred | None = None,
        *,
        sample: bool = True,
    ) -> Sorted:
        settings = self.settings
        matcher = Matcher(templates, sigma, settings.least_amplitude, settings.most_amplitude)
        margin = 2 * (self.before + self.after) + self.slide
        length = round(CHUNK_S * self.rate_hz)
        parts: list[Matches] = []
        rest: list[Leftover] = []

        def work(first: int, core: int, components: Samples) -> tuple[Matches | None, Leftover]:
            if not len(templates):
                return None, self._leftover(components, None, matcher, margin, core, first)
            time = np.arange(components.shape[1]) + first - margin
            matches, left = matcher.match(components, barred=barred(time) if barred else None)
            inside = (matches.time >= margin) & (matches.time < margin + core)
            own = _pick(matches, inside, first - margin)
            return own, self._leftover(left, matches, matcher, margin, core, first)

        chosen = self._chunks(length) if sample else range(0, self.store.n, length)
        with ThreadPoolExecutor(WORKERS) as pool:
            waiting: deque[Future[tuple[Matches | None, Leftover]]] = deque()
            for place, first in enumerate(chosen):
                core = min(length, self.store.n - first)
                waiting.append(
                    pool.submit(work, first, core, self.store.read(first - margin, first + core + margin))
                )
                if len(waiting) > 2 * WORKERS:
                    _take(waiting.popleft().result(), parts, rest)
                    step(place / len(chosen))
            while waiting:
                _take(waiting.popleft().result(), parts, rest)
        step(1.0)
        return Sorted(templates, _join_matches(parts), _join_leftover(rest))

    def _chunks(self, length: int) -> range:
        """Where the chunks begin that units are learned from, spread evenly over a long recording."""
        count = -(-self.store.n // length)
        return range(0, self.store.n, length * max(1, round(count / LEARNED_CHUNKS)))

    @property
    def _is_sampled(self) -> bool:
        """Whether units are learned from a part of the recording."""
        length = round(CHUNK_S * self.rate_hz)
        return self._chunks(length).step > length

    def _leftover(
        self, left: Samples, matches: Matches | None, matcher: Matcher, margin: int, core: int, first: int
    ) -> Leftover:
        settings = self.settings
        high = height(left, self.rate_hz, settings.smooth_s, self.reference)
        places = peaks(high, settings.candidate_sigma, round(settings.apart_s * self.rate_hz))
        places = places[(places >= margin) & (places < margin + core)]
        if matches is not None and len(matches.time):
            places = places[~self._is_echo(places, left, matches, matcher)]
        before, after = self.before + self.slide, self.after + self.slide
        windows = np.array([left[:, p - before : p + after] for p in places], np.float32)
        return Leftover(
            (places + first - margin).astype(np.int64),
            high[places],
            self._sharpness(windows.reshape(len(places), left.shape[0], before + after)),
            windows.reshape(len(places), left.shape[0], before + after),
        )

    def _sharpness(self, windows: Samples) -> Samples:
        """Mobility of windows' middles relative to that of the noise, (n,)."""
        half = max(4, round(self.settings.smooth_s * self.rate_hz))
        middle = self.before + self.slide
        part = windows[:, :, middle - half : middle + half]
        change = (np.diff(part, axis=2) ** 2).sum(axis=(1, 2))
        return np.sqrt(change / np.maximum((part**2).sum(axis=(1, 2)), 1e-9)) / self.reference.mobility

    def _is_echo(
        self, places: NDArray[np.intp], left: Samples, matches: Matches, matcher: Matcher
    ) -> NDArray[np.bool_]:
        """Whether a leftover peak is only the misfit of a larger potential beside it."""
        sums = np.concatenate(([0.0], np.cumsum((left**2).sum(axis=0), dtype=np.float64)))
        half = self.before
        power = sums[np.minimum(places + half, left.shape[1])] - sums[np.maximum(places - half, 0)]
        power = power - 2 * half * np.median(np.diff(sums))
        own = matches.size**2 * matcher.power[matches.unit] * (matches.explains >= EXPLAINS)
        near = np.abs(places[:, None] - matches.time[None]) <= self.before + self.after
        return power < ECHO * np.where(near, own[None], 0.0).max(axis=1, initial=0.0)

    def _noisy(self, result: Sorted, rested: NDArray[np.bool_]) -> NDArray[np.bool_]:
        """Classes that are the tail of the noise, (n_units,)."""
        noisy = np.zeros(len(result.templates), bool)
        for unit, shape in enumerate(result.templates.shape):
            mine = rested & (result.matches.unit == unit)
            noisy[unit] = mine.sum() >= 3 and float(np.median(result.matches.hush[mine])) < COPIED
            if mine.sum() < 2 or noisy[unit] or self._sharpness_of(shape) < SHARP:
                continue
            small, large = np.quantile(result.matches.size[mine], (0.1, 0.9))
            score = float(np.median(result.matches.score[mine]))
            noisy[unit] = score < NOISY_SCORE or large > NOISY_SIZES * small or mine.sum() < 3
        return noisy

    def _prune(self, result: Sorted, at_rest: Rest) -> Sorted:
        """Drop discharges that are poorly explained and units that are left with too few."""
        matches = result.matches
        good = matches.explains >= EXPLAINS
        count = np.bincount(matches.unit[good], minlength=len(result.templates))
        contrast = result.templates.contrast
        echo = echoes(result.templates, _pick(matches, good, 0), self.rate_hz)
        stays = (
            ~echo
            & ~self._noisy(result, good & at_rest(matches.time))
            & np.array(
                [
                    n >= 2 and contrast[u] >= _least_contrast(int(n), self.store.n_components)
                    for u, n in enumerate(count)
                ],
                bool,
            )
        )
        number = np.cumsum(stays) - 1
        good &= stays[matches.unit] if len(stays) else False
        kept = _pick(matches, good, 0)
        kept = Matches(kept.time, number[kept.unit], kept.size, kept.score, kept.explains, kept.hush)
        return Sorted(result.templates.pick(stays), kept, result.leftover)


def _take(done: tuple[Matches | None, Leftover], parts: list[Matches], rest: list[Leftover]) -> None:
    if done[0] is not None:
        parts.append(done[0])
    rest.append(done[1])


def _both(*some: Templates) -> Templates:
    """Several sets of templates in one."""
    return Templates(
        np.concatenate([t.shape for t in some]),
        np.concatenate([t.noise for t in some]),
        np.concatenate([t.count for t in some]),
        some[0].before,
    )


def _least_contrast(count: int, n_components: int) -> float:
    least = LEAST_CONTRAST_OF_PAIR if count < 3 else LEAST_CONTRAST
    return least if n_components >= MANY_COMPONENTS else FEW_FACTOR * least


def _pick(matches: Matches, which: NDArray[np.bool_], offset: int) -> Matches:
    return Matches(
        matches.time[which] + offset, matches.unit[which], matches.size[which],
        matches.score[which], matches.explains[which], matches.hush[which],
    )  # fmt: skip


def _join_matches(parts: list[Matches]) -> Matches:
    if not parts:
        nothing = np.zeros(0, np.float32)
        return Matches(np.zeros(0, np.intp), np.zeros(0, np.intp), nothing, nothing, nothing, nothing)
    return Matches(
        *(
            np.concatenate([getattr(p, f) for p in parts])
            for f in ("time", "unit", "size", "score", "explains", "hush")
        )
    )


def _join_leftover(parts: list[Leftover]) -> Leftover:
    """All leftovers; where they are very many, the highest."""
    time = np.concatenate([p.time for p in parts])
    high = np.concatenate([p.height for p in parts])
    sharp = np.concatenate([p.sharp for p in parts])
    window = np.concatenate([p.window for p in parts])
    most = 2 * MOST_CANDIDATES
    if len(time) > most:
        keep = np.sort(np.argsort(-high)[:most])
        time, high, sharp, window = time[keep], high[keep], sharp[keep], window[keep]
    return Leftover(time, high, sharp, window)


__all__ = ["SHARP", "Leftover", "Sorted", "Sorter"]
