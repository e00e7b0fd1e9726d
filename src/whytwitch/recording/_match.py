"""Explain a stretch of signal as a sum of templates, and keep what is left.

The size that a template takes at a place follows by least squares; the one that takes away most
energy is subtracted, then the next, until none stands out of the noise. Overlapping potentials and
true doublets come apart in this way; the second phase of a potential does not become another one,
because it goes with the template.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from whytwitch.recording._candidates import peaks
from whytwitch.recording._fourier import backward, fast_length, forward
from whytwitch.recording._model import Samples

MISFIT: Final = 0.2
"""What a template may leave of a potential, as a share of its norm: whatever is found next to one must
be larger than this (expert estimate, from the same reasoning as the variation within a unit)."""

FAINT: Final = 15.0
"""Energy that shrinking takes from a faint template, in units of the noise (from repeated made-up units)."""

EXPLAINS: Final = 0.5
"""Least share of the energy at its place, noise apart, that a template must account for."""

AGAIN: Final = 0.2
"""Share of a template's energy that another one may leave for both to be one unit."""

LOUDEST: Final = 1.5
"""Energy of components, relative to that of quiet stretches, that may still be noise."""

MOST_PASSES: Final = 40


@dataclass(frozen=True)
class Templates:
    """Potentials of units in white components.

    Attributes:
        shape: (n_units, n_components, n_times).
        noise: energy of the noise that is left in each, (n_units,).
        count: repeats that each was made from, (n_units,).
        before: column of the reference time.
    """

    shape: Samples
    noise: Samples
    count: NDArray[np.intp]
    before: int

    def __len__(self) -> int:
        """Number of units."""
        return len(self.shape)

    @property
    def power(self) -> Samples:
        """Energy of each, its noise included."""
        return np.maximum((self.shape**2).sum(axis=(1, 2)), 1e-9)

    @property
    def contrast(self) -> Samples:
        """Norm of each without its noise: how many standard deviations it stands out."""
        return np.sqrt(np.maximum(self.power - self.noise, 0.0))

    def pick(self, which: NDArray[np.bool_] | NDArray[np.intp]) -> Templates:
        """Some of them."""
        return Templates(self.shape[which], self.noise[which], self.count[which], self.before)


@dataclass(frozen=True)
class Matches:
    """Discharges found in one stretch; all (n,).

    Attributes:
        time: sample of the reference time.
        unit: index of the template.
        size: relative to the template.
        score: height above the noise in its standard deviations.
        explains: share of the energy at its place that it accounts for, noise apart.
        hush: what is left at its place, relative to the noise of quieter windows around. Well below 1 it
            has taken noise along, which no two real potentials share.
    """

    time: NDArray[np.intp]
    unit: NDArray[np.intp]
    size: Samples
    score: Samples
    explains: Samples
    hush: Samples


class Matcher:
    """Templates, ready to be matched again and again."""

    def __init__(self, templates: Templates, match_sigma: float, least: float, most: float) -> None:
        self.templates = templates
        self.match_sigma, self.least, self.most = match_sigma, least, most
        shape = templates.shape
        self.power = templates.power
        # Noise in a template adds to its own energy but not to its correlation with a repeat.
        self.expected = np.maximum(self.power - templates.noise, 0.4 * self.power)
        self.norm = np.sqrt(self.power)
        self.cross = _cross(shape)
        self._spectra: dict[int, NDArray[np.complex64]] = {}
        # The part of the window that holds 95 % of a template's energy.
        energy = np.cumsum((shape**2).sum(axis=1), axis=1)
        energy /= energy[:, -1:]
        self.begin = (energy < 0.025).sum(axis=1)
        self.end = np.maximum((energy < 0.975).sum(axis=1) + 1, self.begin + 1)

    def match(
        self, components: Samples, spread: Samples | None = None, barred: NDArray[np.bool_] | None = None
    ) -> tuple[Matches, Samples]:
        """Find discharges in a stretch.

        Args:
            components: (n_components, n).
            spread: noise of each template's score. Default: read off the stretch.
            barred: places where a template may not be found, (n_units, n).

        Returns:
            The discharges in order of time, and what is left of the components.
        """
        n = components.shape[1]
        correlation = self._correlate(components)
        if spread is None:
            spread = _spread((correlation / self.norm[:, None]).astype(np.float32, copy=False))
        least = np.maximum(self.least * self.expected, self.match_sigma * spread * self.norm)
        shadow = np.zeros(n, np.float32)
        found: list[tuple[int, int, float, float]] = []
        for _ in range(MOST_PASSES):
            root, best = self._roots(correlation, least, barred)
            root[root < shadow + self.match_sigma * spread[best]] = 0.0
            places = peaks(root, 1e-6, self.templates.shape.shape[2])
            if not len(places):
                break
            for place in places:
                unit = int(best[place])
                size = float(np.clip(correlation[unit, place] / self.power[unit], 0.0, self.most))
                found.append((int(place), unit, size, float(root[place] / spread[unit])))
                self._subtract(correlation, shadow, int(place), unit, size)
        left = self._leave(components, found)
        return self._judge(found, left), left

    def _roots(
        self, correlation: Samples, least: Samples, barred: NDArray[np.bool_] | None
    ) -> tuple[Samples, NDArray[np.intp]]:
        """Root of the most energy that a template would take away at each place, and which, both (n,)."""
        n = correlation.shape[1]
        may = correlation >= least[:, None]
        if barred is not None:
            may &= ~barred
        # At rest this is one place in a hundred; the rest of the arithmetic is done there alone.
        some = np.flatnonzero(may.any(axis=0))
        here = correlation[:, some]
        size = np.clip(here / self.power[:, None], 0.0, self.most)
        gain = np.where(may[:, some], size * (2.0 * here - size * self.power[:, None]), 0.0)
        best = np.zeros(n, np.intp)
        root = np.zeros(n, np.float32)
        if len(some):
            best[some] = gain.argmax(axis=0)
            root[some] = np.sqrt(np.maximum(gain.max(axis=0), 0.0))
        return root, best

    def _subtract(self, correlation: Samples, shadow: Samples, place: int, unit: int, size: float) -> None:
        length = self.templates.shape.shape[2]
        begin, end = max(0, place - length + 1), min(correlation.shape[1], place + length)
        lag = slice(begin - place + length - 1, end - place + length - 1)
        correlation[:, begin:end] -= size * self.cross[unit, :, lag]
        cast = MISFIT * size * self.norm[unit]
        shadow[begin:end] = np.maximum(shadow[begin:end], cast)

    def _leave(self, components: Samples, found: list[tuple[int, int, float, float]]) -> Samples:
        left = components.copy()
        shape, before = self.templates.shape, self.templates.before
        n, length = components.shape[1], shape.shape[2]
        for place, unit, size, _ in found:
            begin, end = max(0, place - before), min(n, place - before + length)
            left[:, begin:end] -= size * shape[unit][:, begin - place + before : end - place + before]
        return left

    def _judge(self, found: list[tuple[int, int, float, float]], left: Samples) -> Matches:
        found = sorted(found)
        time = np.array([f[0] for f in found], np.intp)
        unit = np.array([f[1] for f in found], np.intp)
        size = np.array([f[2] for f in found], np.float32)
        sums = np.concatenate(([0.0], np.cumsum((left**2).sum(axis=0), dtype=np.float64)))
        n = left.shape[1]
        begin = np.clip(time - self.templates.before + self.begin[unit], 0, n)
        end = np.clip(time - self.templates.before + self.end[unit], 0, n)
        lengths = self.end - self.begin
        kinds, which = np.unique(lengths, return_inverse=True)
        levels = np.array([_window_noise(sums, int(length)) for length in kinds]).reshape(-1, 2)
        quiet, noise = levels[which].T
        # Components are white with unit variance where it is quiet; more is not noise.
        noise = np.minimum(noise, LOUDEST * left.shape[0] * lengths)
        over = sums[end] - sums[begin]
        rest = np.maximum(over - noise[unit], 0.0) if len(found) else np.zeros(0)
        own = size**2 * self.power[unit]
        return Matches(
            time, unit, size,
            np.array([f[3] for f in found], np.float32),
            (own / (own + rest)).astype(np.float32) if len(found) else np.zeros(0, np.float32),
            (over / quiet[unit]).astype(np.float32) if len(found) else np.zeros(0, np.float32),
        )  # fmt: skip

    def _correlate(self, components: Samples) -> Samples:
        """Every template against every place, (n_units, n)."""
        n = components.shape[1]
        size = fast_length(n + self.templates.shape.shape[2])
        spectra = self._spectra.get(size)
        if spectra is None:
            flipped = forward(self.templates.shape, size)
            spectra = np.ascontiguousarray(np.conj(flipped).transpose(2, 0, 1))
            # Replaced as a whole: several threads may ask, for stretches of different lengths.
            self._spectra = {size: spectra}
        signal = forward(components, size)
        product = (spectra @ np.ascontiguousarray(signal.T)[:, :, None])[:, :, 0]
        every = backward(np.ascontiguousarray(product.T), size)
        # Column t of `every` has the template begin at t; the reference lies `before` later.
        return np.roll(every, self.templates.before, axis=1)[:, :n].astype(np.float32)


def _spread(score: Samples) -> Samples:
    """Standard deviation of each template's score in noise, from its quieter half."""
    low, high = np.quantile(score[:, :: max(1, score.shape[1] // 1500)], (0.25, 0.75), axis=1)
    return np.maximum((high - low) / 1.349, 0.5).astype(np.float32)


def _window_noise(sums: NDArray[np.float64], length: int) -> tuple[float, float]:
    """Energy of a quieter window, and what noise may have: the middle of all and two deviations."""
    step = max(1, length // 3)
    windows = sums[length::step] - sums[:-length:step] if len(sums) > length else sums[-1:]
    sixth, middle = np.quantile(windows, (0.16, 0.5))
    return max(float(sixth), 1e-9), float(middle + 2.0 * (middle - sixth))


def _cross(shape: Samples) -> Samples:
    """Correlation of every template with every other at every lag, (n_units, n_units, 2 n_times - 1).

    ``cross[a, b, lag + n_times - 1]`` is template ``b`` matched ``lag`` samples after one ``a``.
    """
    n_units, _, length = shape.shape
    size = fast_length(2 * length - 1)
    spectra = forward(shape, size)
    cross = np.zeros((n_units, n_units, 2 * length - 1), np.float32)
    for unit in range(n_units):
        product = (spectra[unit][None] * np.conj(spectra)).sum(axis=1)
        every = backward(product, size)
        cross[unit] = np.concatenate((every[:, size - length + 1 :], every[:, :length]), axis=1)
    return cross


def is_covered(templates: Templates, number: int, others: NDArray[np.intp], n_windows: float) -> bool:
    """Whether a template is another one again, or two that happened to coincide.

    Args:
        templates: all.
        number: the one in question.
        others: those that are taken for granted.
        n_windows: windows that the recording has room for, to judge coincidences by.
    """
    if not len(others):
        return False
    shape = templates.shape[number]
    length = shape.shape[1]
    room = np.zeros((shape.shape[0], 3 * length), np.float32)
    room[:, length : 2 * length] = shape
    matcher = Matcher(templates.pick(others), 0.3 * float(templates.contrast[number]), 0.6, 1.6)
    used, left = matcher.match(room, spread=np.ones(len(others), np.float32))
    power, noise = float(templates.power[number]), 1.5 * float(templates.noise[number])
    rest = float((left**2).sum())
    if len(used.unit) == 1:
        return rest <= AGAIN * power + noise + 1.5 * float(templates.noise[others[used.unit[0]]]) + FAINT
    if len(used.unit) == 2:
        first, second = templates.count[others[used.unit]]
        by_chance = float(first) * float(second) / n_windows
        few = float(templates.count[number]) <= 3.0 + 3.0 * by_chance
        return few and rest <= AGAIN * power + noise + FAINT
    return False


__all__ = ["EXPLAINS", "Matcher", "Matches", "Templates", "is_covered"]
