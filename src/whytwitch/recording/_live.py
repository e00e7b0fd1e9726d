"""Detection while the signal comes in: the flow of :mod:`whytwitch.recording._detect` on short hops.

Every hop of a fifth of a second is treated like a block of a file, with the past second as context and
the margin of the filters as look-ahead. What the offline flow reads from a whole recording (noise,
templates, rhythms) is learned from a first stretch and then followed in memories of fixed size.
"""

from __future__ import annotations

from collections import deque
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from typing import Final, final

import numpy as np

from whytwitch.recording._blocks import Block, blocks, cleaned, n_work
from whytwitch.recording._events import confidence, look_alone
from whytwitch.recording._frontend import Cleaned
from whytwitch.recording._heart import find_heart
from whytwitch.recording._kinds import activity
from whytwitch.recording._live_recent import HOP_TICKS, HOPS_AN_EPOCH, OPEN_S, Recent, Row
from whytwitch.recording._live_tail import Tail, as_recording, grown
from whytwitch.recording._live_units import (
    ESTABLISHED,
    Learner,
    LiveUnit,
    LiveViewer,
    Memory,
    Studied,
    joined,
)
from whytwitch.recording._match import EXPLAINS, Matcher, Matches, Templates
from whytwitch.recording._model import (
    ArraySignal,
    Channel,
    Electrode,
    Problem,
    Recording,
    RecordingError,
    Samples,
)
from whytwitch.recording._scan import TICK_S, Candidates, join, scan_block
from whytwitch.recording._shape import measure_shape
from whytwitch.recording._signature import Estimate
from whytwitch.recording._sort import MOST_UNITS, SHARP, Leftover, Sorter
from whytwitch.recording._survey import Survey, survey
from whytwitch.recording._tidy import echoes
from whytwitch.recording._twitches import UNSORTED, Kind
from whytwitch.recording._units import ALONE_MOST, SLOW_MOST, Viewer, on_channel
from whytwitch.recording.measures._estimates import per_minute

AHEAD_TICKS: Final = 15
"""Ticks of look-ahead that the ends of the filters do not reach."""

STUDY_HOPS: Final = 100
"""Hops after which units are learned anew; sooner where ``STUDY_PEAKS`` unexplained peaks have gathered."""

STUDY_PEAKS: Final = 3
STUDY_SOONEST: Final = 25
STUDY_TAKES: Final = 10
"""Hops after which the result is taken up, whether or not it was there sooner: so that what is found does
not depend on the speed of the machine."""

MOST_CANDIDATES: Final = 500
"""Unexplained peaks that are remembered for learning."""

CALM: Final = 200
"""Quiet windows that noise is measured in."""

HEARD: Final = 24
"""Seconds of components, four apart, by which the noise is followed."""

LOOKS_A_HOP: Final = 3
MEASURED_A_HOP: Final = 12
"""Discharges of one hop that are looked at on all channels, and that are measured one by one."""

ALONE_A_HOP: Final = 2
HISTORY_S: Final = 90.0
MOST_HISTORY: Final = 4000
BEATS_ON: Final = 6
"""Seconds in a row in which a unit must be found to beat."""

AGAIN_S: Final = 0.003
"""What is found once more at the seam of two hops lies nearer than this."""

LEAST_S: Final = 2.0
"""A stream that ends sooner holds nothing to learn from."""


@final
@dataclass(frozen=True)
class LiveEvent:
    """One potential, as far as is known.

    Attributes:
        number: 1, 2, …; an event that comes again with the same number replaces the earlier one.
        onset_s: time of the largest deflection since the stream began.
        unit: number of its motor unit, ``UNSORTED`` for what fits none (yet). Numbers are kept for good.
        kind: one of ``KINDS``.
        confidence: probability that this is a potential of its kind; 0 withdraws it.
        amplitude: peak to peak on the best channel, in µV where calibrated.
        channel: index of the best channel.
    """

    number: int
    onset_s: float
    unit: int
    kind: Kind
    confidence: float
    amplitude: float
    channel: int


@dataclass
class _Flow:
    """Everything that exists once the first stretch has been learned from."""

    found: Survey
    learner: Learner
    recording: Recording
    tail: Tail
    viewer: LiveViewer
    recent: Recent
    hop: int
    prefix: int
    frontier: int
    units: list[LiveUnit]
    matcher: Matcher | None = None
    narrow: dict[int, Viewer] = field(default_factory=dict)


@final
class LiveDetector:
    """Finds potentials in a stream, with constant memory and a latency of half a second.

    Nothing is reported during the first ``settle_s`` seconds, from which noise, channels and first units
    are learned; then what was in them. After that, an event is reported at most ``latency_s`` after its
    largest deflection came in.

    What a discharge is often shows only afterwards: the first half second of a contraction looks like
    fasciculations, so do the first four discharges of a unit that is kept firing, and the heart shows by
    its eighth beat. Such events come again with the same ``number``, with another kind, or with a
    confidence of 0 where they are withdrawn; for events older than ten seconds that happens no more.

    Drop-outs, irregular rates and reconnections are the caller's: lost samples are pushed as NaN.

    Args:
        channels: of the stream; its EMG channels are searched.
        sampling_rate_hz: of every channel.
        electrode: surface or needle. Default: what the signal looks like.
        settle_s: length of the first stretch; ten seconds hold eight beats of most hearts.

    Raises:
        RecordingError: there is no EMG channel, or the rate is out of range.
    """

    def __init__(
        self,
        channels: tuple[Channel, ...],
        sampling_rate_hz: float,
        *,
        electrode: Electrode | None = None,
        settle_s: float = 10.0,
    ) -> None:
        self._chosen = np.array([i for i, c in enumerate(channels) if c.kind == "emg"], np.intp)
        if not len(self._chosen):
            raise RecordingError("the stream: holds no EMG channel; mark its channels with kind='emg'")
        if not 200.0 <= sampling_rate_hz <= 1e6:
            raise RecordingError(
                f"the stream: {sampling_rate_hz:g} samples a second cannot be searched; "
                "at least 200 are needed, better 1,000"
            )
        if not settle_s >= LEAST_S:
            raise RecordingError(f"the stream: settle_s is {settle_s:g}; give {LEAST_S:g} seconds or more")
        self._n_channels = len(channels)
        self._channels = tuple(channels[i] for i in self._chosen)
        self._electrode: Electrode | None = electrode
        self._rate, self._settle_s = float(sampling_rate_hz), settle_s
        self._waiting: list[Samples] = []
        self._n_waiting = 0
        self._skipped = 0
        self._received = 0
        self._flow: _Flow | None = None
        self._finished = False
        self._rng = np.random.default_rng(0)
        self._n_units = self._n_rows = self._counted = self._hops = self._refused = 0
        self._candidates: deque[Samples] = deque(maxlen=MOST_CANDIDATES)
        self._calm: deque[Samples] = deque(maxlen=CALM)
        self._heard: deque[Samples] = deque(maxlen=HEARD)
        self._history: deque[tuple[int, int]] = deque(maxlen=MOST_HISTORY)
        self._fresh_peaks = 0
        self._since_study = 0
        self._study: tuple[Future[Studied], list[LiveUnit], int] | None = None
        self._pool: ThreadPoolExecutor | None = None
        self._heart_rate: float | None = None
        self._silent = False

    # --- what it says -----------------------------------------------------------------------------

    @property
    def is_ready(self) -> bool:
        """Whether the first stretch has been learned from."""
        return self._flow is not None

    @property
    def latency_s(self) -> float:
        """Longest time from a potential's largest deflection to its report, computing apart."""
        if self._flow is None:
            return self._settle_s
        found = self._flow.found
        return (
            self._flow.hop / found.frontend.rate_hz
            + found.frontend.reach / self._rate
            + found.settings.before_s
        )

    @property
    def clean_s(self) -> float:
        """Seconds so far in which a fasciculation would have been seen; settled two seconds behind."""
        if self._flow is None:
            return 0.0
        return (
            self._flow.recent.clean_epochs
            * HOPS_AN_EPOCH
            * self._flow.hop
            / self._flow.found.frontend.rate_hz
        )

    @property
    def rate_per_min(self) -> Estimate:
        """Fasciculations a minute of clean time, with the exact Poisson interval."""
        if self._flow is None:
            return Estimate(value=None)
        open_rows = [row for row in self._flow.recent.rows if row.clean and row.counts]
        count = self._counted + sum(unit.counted for unit in self._flow.units if unit.is_muscle)
        return per_minute(count + sum(row.kind == "fasciculation" for row in open_rows), self.clean_s)

    @property
    def problems(self) -> tuple[Problem, ...]:
        """What limits the result so far."""
        if self._flow is None:
            what = (
                "No channel carries a signal yet."
                if self._silent
                else "Still learning what the noise is like."
            )
            return (Problem(what, "Check the electrodes." if self._silent else ""),)
        found, names = self._flow.found, [c.name for c in self._channels]
        said: list[Problem] = []
        for which, what in (
            (found.dead, "without a signal left out"),
            (found.loud, "drowned in noise left out"),
            (self._flow.recent.loud & found.space.usable, "much noisier than at the beginning"),
        ):
            some = [name for name, bad in zip(names, which, strict=True) if bad]
            if some:
                said.append(Problem(f"Channels {what}: {', '.join(some[:8])}.", "Check the electrodes."))
        if self._heart_rate is not None:
            said.append(
                Problem(f"The heart is in the signal ({self._heart_rate:.0f} beats a minute) and left out.")
            )
        if self._refused:
            said.append(
                Problem(f"{self._refused} deflections that look like movement or loose leads left out.")
            )
        return tuple(said)

    # --- the stream -------------------------------------------------------------------------------

    def push(self, samples: Samples) -> list[LiveEvent]:
        """Take in samples.

        Args:
            samples: (n_channels, n) in µV, NaN where lost; any ``n``.

        Returns:
            Events that are new, or newly understood, in order of discovery.

        Raises:
            RecordingError: another number of channels, or after :meth:`finish`.
        """
        samples = np.asarray(samples, np.float32)
        if samples.ndim != 2 or samples.shape[0] != self._n_channels:
            raise RecordingError(
                f"the stream: samples of shape {samples.shape}; give ({self._n_channels}, n), a row a channel"
            )
        if self._finished:
            raise RecordingError("the stream: has been finished; make a new LiveDetector")
        chosen = samples[self._chosen]
        self._received += chosen.shape[1]
        if self._flow is None:
            # As a device may hand out its buffer again, what is kept is a copy.
            self._waiting.append(chosen.copy())
            self._n_waiting += chosen.shape[1]
            return self._settle() if self._n_waiting >= self._settle_s * self._rate else []
        return self._feed(self._flow, chosen)

    def finish(self) -> list[LiveEvent]:
        """End the stream: what is left in it, and last corrections."""
        if self._finished:
            return []
        told: list[LiveEvent] = []
        if self._flow is None and self._n_waiting >= LEAST_S * self._rate:
            told += self._settle()
        if self._flow is not None:
            flow, thinning = self._flow, self._flow.found.frontend.thinning
            end = flow.tail.stop
            more = (2 * flow.hop) * thinning + flow.found.frontend.reach
            known = flow.tail.read(max(0, end - more - 1), end, np.arange(len(self._channels)))
            told += self._feed(flow, _mirrored(known, 0, more)[:, known.shape[1] :], until=end)
            flow.recent.settle_epochs(1 << 30)
        if self._pool is not None:
            self._pool.shutdown()
        self._finished = True
        return told

    def _feed(self, flow: _Flow, samples: Samples, until: int | None = None) -> list[LiveEvent]:
        thinning, reach = flow.found.frontend.thinning, flow.found.frontend.reach
        step = flow.hop * thinning
        told: list[LiveEvent] = []
        for begin in range(0, samples.shape[1], step):
            flow.tail.append(samples[:, begin : begin + step])
            while flow.tail.stop >= (flow.frontier + flow.hop) * thinning + reach:
                if until is not None and flow.frontier * thinning >= until:
                    return told
                flow.recording = grown(flow.recording, (flow.frontier + flow.hop) * thinning + reach)
                told += self._hop(flow, until)
        return told

    # --- the first stretch ------------------------------------------------------------------------

    def _settle(self) -> list[LiveEvent]:
        """Learn from the first stretch with the offline flow, then go through it hop by hop."""
        raw = np.concatenate(self._waiting, axis=1)
        idle = _idle(raw)
        if idle > 0.1 * self._rate:
            # Nothing is connected yet.
            self._waiting, self._n_waiting, self._silent = [raw[:, idle:]], raw.shape[1] - idle, True
            self._skipped += idle
            return []
        recording = as_recording(ArraySignal(raw), raw.shape[1], self._channels, self._rate, self._electrode)
        try:
            found = survey(recording, self._electrode)
        except RecordingError:
            # Nothing can be learned from this; the older half gives way.
            keep = raw.shape[1] // 2
            self._waiting, self._n_waiting, self._silent = [raw[:, raw.shape[1] - keep :]], keep, True
            self._skipped += raw.shape[1] - keep
            return []
        self._waiting, self._n_waiting, self._silent = [], 0, False
        learner, units = self._learn_first(recording, found)
        self._flow = self._begin(raw, found, learner, units)
        return self._feed(self._flow, raw)

    def _learn_first(self, recording: Recording, found: Survey) -> tuple[Learner, list[LiveUnit]]:
        n, rate = n_work(recording.n_samples, found), found.frontend.rate_hz
        store = Memory(len(found.space.mix), n)
        parts = []
        for block, core, components in cleaned(recording, found, blocks(recording.n_samples, found), 1):
            store.write(block.first, components)
            parts.append(scan_block(block, core, components, found))
        candidates, ticks = join(parts)
        at_rest = activity(ticks, found.reference.active).rest(rate)
        alike = (candidates.slow < SLOW_MOST) & (candidates.alone < ALONE_MOST)
        sorter = Sorter(store, found.settings, rate, found.reference)
        result = sorter.sort(candidates.time[alike & at_rest(candidates.time)], at_rest, lambda _: None)
        self._calm.extend(sorter.quiet[-CALM:])
        calm = np.array(self._calm, np.float32)
        learner = Learner(Memory(len(found.space.mix), 0), found.settings, rate, found.reference, calm)
        viewer = LiveViewer(recording, found)
        units: list[LiveUnit] = []
        for place in range(len(result.templates)):
            unit = self._new_unit(result.templates.pick(np.array([place])), 0)
            mine = np.flatnonzero(result.matches.unit == place)[:10]
            for match in mine:
                unit.see(viewer, int(result.matches.time[match]), float(result.matches.size[match]))
            units.append(unit)
        if found.settings.electrode == "surface":
            heart, self._heart_rate = find_heart(result.matches.time / rate, result.matches.unit, len(units))
            for unit, is_heart in zip(units, heart, strict=True):
                unit.heart, unit.beats = bool(is_heart), BEATS_ON * int(is_heart)
        return learner, units

    def _begin(self, raw: Samples, found: Survey, learner: Learner, units: list[LiveUnit]) -> _Flow:
        """Lay out the hops; the stream gets its own mirror image put before it as first context."""
        frontend = found.frontend
        hop = max(HOP_TICKS, round(HOP_TICKS * TICK_S * frontend.rate_hz))
        prefix = HOPS_AN_EPOCH * hop + frontend.reach // frontend.thinning
        tail = Tail(len(self._channels), (prefix + 4 * hop) * frontend.thinning + 2 * frontend.reach)
        n = prefix * frontend.thinning
        for begin in range(0, n, hop * frontend.thinning):
            tail.append(_mirrored(raw, n, 0)[:, begin : min(n, begin + hop * frontend.thinning)])
        recording = as_recording(tail, tail.stop, self._channels, self._rate, self._electrode)
        calibrated = all(channel.calibrated for channel in self._channels)
        flow = _Flow(
            found, learner, recording, tail, LiveViewer(recording, found),
            Recent(found, hop, prefix, calibrated=calibrated), hop, prefix, prefix, units,
        )  # fmt: skip
        self._ready_matcher(flow)
        return flow

    # --- one hop ----------------------------------------------------------------------------------

    def _hop(self, flow: _Flow, until: int | None) -> list[LiveEvent]:
        """A block of the offline flow: clean, mix, scan, explain; then judge by the last seconds."""
        context, hop, first = HOPS_AN_EPOCH * flow.hop, flow.hop, flow.frontier
        ahead = AHEAD_TICKS * hop // HOP_TICKS
        part, components = self._window(flow, first - context, first + hop + ahead)
        n_context = HOPS_AN_EPOCH * HOP_TICKS
        block = Block(0, 0, 0, first - context, context + hop + ahead, 0)
        scanned = scan_block(block, part, components, flow.found)
        recent = flow.recent
        recent.add(scanned.ticks, n_context, HOP_TICKS, components[:, context : context + hop])
        if (first - flow.prefix) // hop % HOPS_AN_EPOCH == 0 and first > flow.prefix:
            recent.add_epoch(scanned.ticks)

        matches, leftover = flow.learner.explain(components, flow.matcher, context, hop, first)
        recent.add_leftover(leftover)
        last = n_work(until, flow.found) if until is not None else first + hop
        flow.viewer.recording = flow.recording
        self._take(flow, matches, components, first - context, first, min(last, first + hop))
        recent.judge(first + hop)
        self._take_alone(flow, first, min(last, first + hop))
        self._remember(flow, components[:, context : context + hop], leftover, scanned.candidates)
        flow.frontier = first + hop
        self._hops += 1
        if self._hops % HOPS_AN_EPOCH == 0:
            self._heard_second(flow, components[:, :context])
        told = self._tell(flow)
        self._learn(flow)
        self._forget(flow)
        return told

    def _window(self, flow: _Flow, first: int, stop: int) -> tuple[Cleaned, Samples]:
        """Cleaned stretch and its components, filters settled at its beginning."""
        frontend = flow.found.frontend
        margin = frontend.reach // frontend.thinning
        begin, end = first - margin, flow.frontier + flow.hop + margin
        raw = flow.recording.read(begin * frontend.thinning, end * frontend.thinning)
        whole = frontend.clean(raw)
        core = slice(margin, margin + stop - first)
        pace = whole.slow.shape[1] / whole.fast.shape[1]
        slow = slice(round(core.start * pace), max(round(core.start * pace) + 1, round(core.stop * pace)))
        part = Cleaned(
            whole.fast[:, core], whole.slow[:, slow], whole.saturated[:, core], whole.dropped[:, core]
        )
        return part, flow.found.space.components(whole.fast)[:, core]

    def _take(
        self, flow: _Flow, matches: Matches | None, components: Samples, origin: int, first: int, last: int
    ) -> None:
        """Discharges that were not taken in the hop before."""
        if matches is None:
            return
        again = max(1, round(AGAIN_S * flow.found.frontend.rate_hz))
        before = np.array([row.time for row in flow.recent.rows[-64:]], np.int64)
        looks = measured = 0
        for place in np.flatnonzero(matches.explains >= EXPLAINS):
            time = int(matches.time[place]) + origin
            near = 2 * again if time < first else again
            if not first - again <= time < last or (len(before) and np.abs(before - time).min() <= near):
                continue
            unit = flow.units[matches.unit[place]]
            size, explains = float(matches.size[place]), float(matches.explains[place])
            at = int(matches.time[place]) - flow.learner.before
            window = components[:, max(0, at) : at + flow.learner.before + flow.learner.after]
            rest = bool(
                flow.recent.energetic.rest(flow.recent.rate_hz)(np.array([time - flow.recent.origin]))[0]
            )
            if window.shape[1] == flow.learner.before + flow.learner.after:
                unit.remember(window, time, explains, rest=rest)
            self._history.append((time, unit.number))
            wave = None
            if unit.look is None or (unit.wants_looks and looks < LOOKS_A_HOP):
                wave, looks = unit.see(flow.viewer, time, size), looks + 1
            if unit.look is None:
                continue
            if not unit.is_muscle:
                self._refused += not unit.heart
            look = unit.look
            amplitude = float(np.ptp(look.wave[look.best])) * size
            if wave is None and unit.is_muscle and measured < MEASURED_A_HOP:
                wave, measured = self._on_channel(flow, look.best, time), measured + 1
                amplitude = amplitude if wave is None else self._amplitude(flow, wave[0], look.best)
            elif wave is not None:
                amplitude = self._amplitude(flow, wave[look.best], look.best)
            sure = float(confidence(matches.score[place : place + 1], matches.explains[place : place + 1])[0])
            self._n_rows += 1
            flow.recent.rows.append(
                Row(self._n_rows, time, time + look.peak - look.zero, unit, None, sure, amplitude)
            )

    def _on_channel(self, flow: _Flow, channel: int, time: int) -> Samples | None:
        viewer = flow.narrow.setdefault(channel, on_channel(flow.viewer, channel))
        viewer.recording = flow.recording
        look = viewer.look(np.array([time]))
        return None if look is None else look.wave

    def _amplitude(self, flow: _Flow, wave: Samples, channel: int) -> float:
        return measure_shape(wave, flow.recent.rate_hz, float(flow.found.space.noise[channel])).amplitude

    def _take_alone(self, flow: _Flow, first: int, last: int) -> None:
        """Peaks that fit no unit but are potentials; of the last second, those with company go again."""
        recent = flow.recent
        since = first - HOPS_AN_EPOCH * flow.hop
        time, height, may = recent.may_stand_alone(since)
        for row in recent.rows:
            if row.unit is None and row.time >= since and row.kind == "fasciculation":
                row.stands &= bool(may[time == row.time].any())
        looked = 0
        for place in np.flatnonzero(may & (time >= first) & (time < last)):
            if looked >= ALONE_A_HOP:
                break
            looked += 1
            look = look_alone(flow.viewer, time[place : place + 1])
            if look is None:
                self._refused += 1
                continue
            sure = float(confidence(height[place : place + 1], np.array([np.nan]))[0])
            amplitude = self._amplitude(flow, look.wave[look.best], look.best)
            self._n_rows += 1
            at = int(time[place])
            recent.rows.append(Row(self._n_rows, at, at + look.peak - look.zero, None, look, sure, amplitude))

    def _tell(self, flow: _Flow) -> list[LiveEvent]:
        """Events that are new or have changed."""
        told: list[LiveEvent] = []
        for row in flow.recent.rows:
            look = row.look if row.unit is None else row.unit.look
            if look is None or (row.told is None and not row.counts):
                continue
            if flow.frontier - row.peak > OPEN_S * flow.recent.rate_hz:
                continue
            sure = round(row.confidence, 4) if row.counts else 0.0
            say = (UNSORTED if row.unit is None else row.unit.number, row.kind, sure)
            if say == row.told:
                continue
            row.told = say
            onset = (row.peak - flow.prefix) / flow.recent.rate_hz + self._skipped / self._rate
            channel = int(self._chosen[look.best])
            told.append(LiveEvent(row.number, onset, say[0], row.kind, sure, row.amplitude, channel))  # pyright: ignore[reportArgumentType]
        return told

    # --- learning ---------------------------------------------------------------------------------

    def _remember(self, flow: _Flow, core: Samples, leftover: Leftover, candidates: Candidates) -> None:
        """Keep unexplained peaks to learn from, and a quiet window to measure noise in."""
        recent, rate = flow.recent, flow.recent.rate_hz
        rest = recent.energetic.rest(rate)(leftover.time - recent.origin) & (leftover.sharp < SHARP)
        place = np.searchsorted(candidates.time, leftover.time)
        place = np.clip(place, 0, max(0, len(candidates) - 1))
        for number in np.flatnonzero(rest):
            same = (
                len(candidates) and abs(int(candidates.time[place[number]]) - int(leftover.time[number])) < 3
            )
            if same and candidates.slow[place[number]] >= SLOW_MOST:
                continue
            self._candidates.append(leftover.window[number])
            self._fresh_peaks += bool(leftover.height[number] > 6.0)
        length = flow.learner.before + flow.learner.after
        if core.shape[1] > length:
            at = int(self._rng.integers(core.shape[1] - length))
            self._calm.append(core[:, at : at + length].copy())

    def _heard_second(self, flow: _Flow, second: Samples) -> None:
        if self._hops % (4 * HOPS_AN_EPOCH) == 0:
            self._heard.append(second.copy())
        # Of the first stretch, the heart is known from the whole of it.
        first_stretch = flow.frontier - flow.prefix < self._settle_s * flow.recent.rate_hz
        if flow.found.settings.electrode == "needle" or not self._history or first_stretch:
            return
        since = flow.frontier - HISTORY_S * flow.recent.rate_hz
        while self._history and self._history[0][0] < since:
            self._history.popleft()
        history = sorted(self._history)
        place = {unit.number: index for index, unit in enumerate(flow.units)}
        known = [(time, place[number]) for time, number in history if number in place]
        times, units = (np.array([k[i] for k in known], np.int64) for i in (0, 1))
        heart, rate = find_heart(times / flow.recent.rate_hz, units, len(flow.units))
        # Asked so often, chance would say yes; what beats by chance does not go on beating.
        for unit, is_heart in zip(flow.units, heart, strict=True):
            unit.beats = unit.beats + 1 if is_heart else 0
            unit.heart = unit.beats >= BEATS_ON
        self._heart_rate = rate if any(unit.heart for unit in flow.units) else None

    def _learn(self, flow: _Flow) -> None:
        """Begin to learn beside the stream, or take up what was learned."""
        self._since_study += 1
        if self._study is not None:
            future, known, due = self._study
            if self._hops >= due:
                self._study = None
                self._take_up(flow, known, future.result())
            return
        gathered = self._fresh_peaks >= STUDY_PEAKS and self._since_study >= STUDY_SOONEST
        if self._since_study < STUDY_HOPS and not gathered:
            return
        self._since_study = self._fresh_peaks = 0
        calm = np.array(self._calm, np.float32)
        reach = Memory(len(flow.found.space.mix), 0)
        reach.n = max(1, len(self._candidates)) * flow.hop * HOPS_AN_EPOCH
        learner = replace(flow.learner, store=reach, calm=calm)
        flow.units.sort(key=lambda unit: (unit.fired < ESTABLISHED, unit.number))
        self._ready_matcher(flow)
        established = sum(unit.fired >= ESTABLISHED for unit in flow.units)
        known = [
            (
                replace(unit.template, count=np.array([max(2, unit.fired)])),
                list(unit.windows) if unit.fresh else [],
            )
            for unit in flow.units
        ]
        for unit in flow.units:
            unit.fresh = 0
        shape = (0, len(flow.found.space.mix), learner.before + learner.after + 2 * learner.slide)
        candidates = (
            np.array(self._candidates, np.float32) if self._candidates else np.zeros(shape, np.float32)
        )
        if self._pool is None:
            self._pool = ThreadPoolExecutor(1, thread_name_prefix="whytwitch-live")
        future = self._pool.submit(learner.study, known, established, candidates, list(self._heard))
        self._study = future, list(flow.units), self._hops + STUDY_TAKES

    def _take_up(self, flow: _Flow, known: list[LiveUnit], learned: Studied) -> None:
        for place, unit in enumerate(known):
            unit.template = learned.known.pick(np.array([place]))
        fresh = [
            self._new_unit(learned.fresh.pick(np.array([k])), flow.frontier)
            for k in range(len(learned.fresh))
        ]
        if fresh:
            # What has become a unit need not be learned again.
            self._candidates.clear()
        again = {unit.number for unit, stays in zip(known, learned.stays, strict=True) if not stays}
        flow.units = [unit for unit in flow.units if not unit.is_poor and unit.number not in again] + fresh
        self._refuse_echoes(flow)
        if len(flow.units) > MOST_UNITS:
            flow.units.sort(key=lambda unit: (-unit.last, unit.number))
            for unit in flow.units[MOST_UNITS:]:
                self._counted += unit.counted if unit.is_muscle else 0
            flow.units = sorted(flow.units[:MOST_UNITS], key=lambda unit: unit.number)
        flow.found = replace(flow.found, reference=learned.reference)
        flow.recent.found = flow.found
        flow.learner = replace(
            flow.learner, reference=learned.reference, calm=np.array(self._calm, np.float32)
        )
        self._ready_matcher(flow)

    def _refuse_echoes(self, flow: _Flow) -> None:
        place = {unit.number: index for index, unit in enumerate(flow.units)}
        known = sorted((time, place[number]) for time, number in self._history if number in place)
        if not known:
            return
        fired = np.array(known, np.intp).reshape(-1, 2).T
        matches = flow.learner.fired(fired[0], fired[1])
        templates = joined(flow.learner, [unit.template for unit in flow.units])
        found = echoes(templates, matches, flow.recent.rate_hz)
        for unit, is_echo in zip(flow.units, found, strict=True):
            unit.refused = bool(is_echo)

    def _ready_matcher(self, flow: _Flow) -> None:
        templates = joined(flow.learner, [unit.template for unit in flow.units])
        flow.matcher = flow.learner.matcher(templates) if len(templates) else None

    def _new_unit(self, template: Templates, last: int) -> LiveUnit:
        self._n_units += 1
        return LiveUnit(self._n_units, template, last)

    def _forget(self, flow: _Flow) -> None:
        """Add what can no longer change to the counts."""
        for row in flow.recent.forget():
            if row.told is None or not (row.clean and row.stands and row.kind == "fasciculation"):
                continue
            if row.unit is not None and row.unit in flow.units:
                row.unit.counted += 1
            elif row.counts:
                self._counted += 1


def _idle(samples: Samples) -> int:
    """Samples at the beginning during which no channel moves."""
    with np.errstate(invalid="ignore"):
        moves = (np.diff(samples, axis=1) != 0.0) & np.isfinite(samples[:, 1:]) & np.isfinite(samples[:, :-1])
    moving = moves.any(axis=0)
    return int(moving.argmax()) if moving.any() else samples.shape[1]


def _mirrored(samples: Samples, before: int, after: int) -> Samples:
    """A stretch continued by its own mirror image, (n_channels, before + n + after)."""
    wide = np.pad(np.nan_to_num(samples), ((0, 0), (before, after)), mode="reflect", reflect_type="odd")
    wide[:, before : before + samples.shape[1]] = samples
    return wide.astype(np.float32)


__all__ = ["LiveDetector", "LiveEvent"]
