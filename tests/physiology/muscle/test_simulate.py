"""The whole: what is in the signal is what the truth says, and nothing else."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from whytwitch.physiology import PhysiologyError
from whytwitch.physiology.muscle import (
    Amplifier,
    Background,
    ConcentricNeedle,
    Fasciculation,
    Firing,
    Muscle,
    Simulation,
    SurfaceBipolar,
    SurfaceGrid,
    Train,
    Voluntary,
    simulate,
)
from whytwitch.recording import check_bids, detect, read

FEW = Muscle(units=6, mean_fibers=60)
SILENT = Background(noise_uv=0)


def make(**options: object) -> Simulation:
    return simulate(**{"muscle": FEW, "electrode": SurfaceGrid(4, 4), "duration_s": 6.0, "seed": 3} | options)


def test_the_signal_is_the_sum_of_what_the_truth_lists() -> None:
    """Every template at its onset, between samples, gives the recording back."""
    fires = Fasciculation(rate_per_min=200, units=6, doublet_share=0.3)
    made = make(background=SILENT, fasciculation=fires)
    x, rate = made.recording.read(), made.recording.sampling_rate_hz
    again = np.zeros_like(x)
    times = np.arange(x.shape[1]) / rate
    for unit, onset in zip(made.truth.discharges.unit, made.truth.discharges.onset_s, strict=True):
        known = made.truth.units[unit]
        for row, wave in zip(again, known.template, strict=True):
            row += np.interp(1000 * (times - onset), known.times_ms, wave, left=0, right=0)
    assert np.ptp(x) > 20
    assert np.abs(x - again).max() < 0.05 * np.ptp(x)


def test_peaks_and_sizes_are_as_the_truth_says() -> None:
    made = make(background=SILENT, firings=[Firing(k, 1.0 + 0.5 * k) for k in range(6)], duration_s=5.0)
    x, rate = made.recording.read(), made.recording.sampling_rate_hz
    for k, unit in enumerate(made.truth.units):
        start = round((1.0 + 0.5 * k) * rate)
        piece = x[unit.best_channel, start : start + 400]
        assert np.ptp(piece) == pytest.approx(unit.amplitude_uv, rel=0.05)
        peak = (start + np.argmax(np.abs(piece))) / rate
        assert made.truth.discharges.peak_s[k] == pytest.approx(peak, abs=0.001)


def test_same_seed_same_samples_and_noise_changes_noise_alone() -> None:
    one, two, loud = make(), make(), make(background=Background(noise_uv=30, mains_uv=5))
    other = make(seed=4)
    np.testing.assert_array_equal(one.recording.read(), two.recording.read())
    np.testing.assert_array_equal(one.truth.discharges.onset_s, loud.truth.discharges.onset_s)
    np.testing.assert_array_equal(one.truth.units[0].template, loud.truth.units[0].template)
    assert loud.recording.read().std() > 5 * one.recording.read().std()
    assert not np.array_equal(one.recording.read(), other.recording.read())


def test_a_potential_runs_from_the_innervation_zone_to_both_tendons() -> None:
    """Along a column the wave leaves the zone both ways at the fibers' velocity, with opposite sign."""
    muscle = Muscle(units=1, width_mm=1, thickness_mm=4, zone_between_mm=0.0)
    grid = SurfaceGrid(15, 1, 6.0, montage="single_differential")
    made = simulate(muscle, grid, duration_s=1.0, firings=[Firing(0, 0.2)], background=SILENT, seed=1,
                    sampling_rate_hz=8000)  # fmt: skip
    unit = made.truth.units[0]
    wave, t = unit.template, unit.times_ms
    trough = t[np.argmin(wave, axis=1)]
    crest = t[np.argmax(wave, axis=1)]
    # Channel k lies between rows k and k + 1; row 7 is on the zone.
    up, down = slice(9, 13), slice(1, 5)
    assert (np.diff(crest[up]) > 0).all()
    assert (np.diff(trough[down]) < 0).all()
    for times in (crest[up], trough[down]):
        assert 6.0 / np.abs(np.diff(times)).mean() == pytest.approx(unit.velocity_m_per_s, rel=0.08)
    assert np.corrcoef(wave[6], wave[7])[0, 1] < -0.8


def test_the_end_at_the_tendon_comes_everywhere_at_once() -> None:
    muscle = Muscle(units=1, width_mm=1, thickness_mm=4, zone_between_mm=0.0, tendon_scatter_mm=0.5)
    beyond = SurfaceGrid(3, 1, 8.0, z_mm=82.0)
    made = simulate(muscle, beyond, duration_s=1.0, firings=[Firing(0, 0.2)], background=SILENT,
                    sampling_rate_hz=8000)  # fmt: skip
    unit = made.truth.units[0]
    peaks = unit.times_ms[np.argmax(np.abs(unit.template), axis=1)]
    assert np.ptp(peaks) < 0.5  # 16 mm at 3.7 m/s would be 4.3 ms
    assert np.median(peaks) == pytest.approx(60.0 / unit.velocity_m_per_s, rel=0.25)


def test_an_impulse_from_a_terminal_looks_slightly_different() -> None:
    """The fibers of one branch come first, the others later; jitter alone changes far less."""
    muscle = Muscle(units=6, width_mm=4, thickness_mm=9)
    fired = [Firing(k, 0.2 + 0.2 * k + 1.5 * i, origin) for k in range(6)
             for i, origin in enumerate(("axon", "soma", "terminal"))]  # fmt: skip
    made = simulate(muscle, ConcentricNeedle(depth_mm=7), duration_s=5.0, background=SILENT, firings=fired)
    x = made.recording.read()[0]
    changed = []
    for k in range(6):
        first, again, distal = (
            x[(s := round(20_000 * (0.2 + 0.2 * k + 1.5 * i))) : s + 800] for i in range(3)
        )
        lag = np.argmax(np.correlate(distal, first, "full")) - len(first) + 1
        moved = np.roll(distal, -lag)[100:-100] - first[100:-100]
        changed.append(moved.std() / first.std())
        assert (again - first).std() < 0.12 * first.std()
    assert max(changed) > 0.15
    assert set(made.truth.discharges.origin) == {"axon", "soma", "terminal"}


def test_a_unit_cannot_fire_twice_at_once() -> None:
    made = make(
        firings=[Firing(np.int64(0), np.float32(1.0)), Firing(0, 1.0005), Firing(0, 1.004), Firing(1, 1.0005)]
    )
    assert made.truth.discharges.onset_s.tolist() == [1.0, 1.0005, 1.004]


# --- background ------------------------------------------------------------------------------------


def test_noise_has_the_rms_that_was_asked_for() -> None:
    for share in (0.0, 0.5, 1.0):
        made = make(
            background=Background(noise_uv=7, pink_share=share), firings=[Firing(0, 0.1)], duration_s=30
        )
        rms = made.recording.read(4096).std(axis=1)
        assert np.median(rms) == pytest.approx(7, rel=0.15)


def test_the_power_line_is_where_it_should_be() -> None:
    made = make(background=Background(noise_uv=0, mains_uv=20, mains_hz=60), firings=[Firing(0, 5.9)])
    spectrum = np.abs(np.fft.rfft(made.recording.read(0, 10240)[0]))
    assert np.argmax(spectrum) * 2048 / 10240 == pytest.approx(60, abs=0.3)
    assert made.recording.power_line_hz == 60


def test_heart_movement_pops_and_bad_channels_are_told() -> None:
    plan = Background(noise_uv=1, ecg_uv=100, movement_per_min=20, pops_per_min=30, bad_channels=(2,))
    made = make(background=plan, firings=[Firing(0, 0.1)], duration_s=30.0)
    assert {a.kind for a in made.truth.artifacts} == {"movement", "pop"}
    x = np.abs(made.recording.read()[5])
    assert np.sum((x[1:-1] > 40) & (x[1:-1] > x[:-2]) & (x[1:-1] >= x[2:])) >= 30  # some 33 beats
    quiet = make(background=Background(bad_channels=(2,)), firings=[Firing(0, 0.1)]).recording.read(4096)
    assert quiet[2].std() > 5 * np.median(quiet.std(axis=1))


# --- doors -----------------------------------------------------------------------------------------


def test_samples_can_go_to_a_file(tmp_path: Path) -> None:
    kept = make(samples_file=tmp_path / "samples.f32")
    assert (tmp_path / "samples.f32").stat().st_size == 4 * kept.recording.n_samples * 16
    np.testing.assert_array_equal(kept.recording.read(), make().recording.read())


def test_the_recording_says_that_it_is_simulated() -> None:
    made = make(
        electrode=SurfaceBipolar(), trains=[Train.neuromyotonia(1)], voluntary=Voluntary((1, 2), (0.2, 0.2))
    )
    assert "simulated" in made.recording.name
    assert any("nobody behind it" in problem.what for problem in made.recording.problems)
    assert set(made.truth.discharges.kind) <= {"neuromyotonia", "voluntary"}
    assert made.truth.voluntary_s.tolist() == [[1.0, 2.0]]


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ({"duration_s": 0.0}, "duration_s is 0.0.*0.5 to 86400 s"),
        ({"sampling_rate_hz": 10.0}, "sampling_rate_hz"),
        ({"seed": -1}, "seed"),
        ({"firings": [Firing(99, 1.0)]}, "unit of a firing is 99.*from 0 to 5"),
        ({"firings": [Firing(0, 99.0)]}, "onset_s of a firing"),
        ({"background": Background(bad_channels=(40,))}, "bad_channels.*rows 0 to 15"),
        ({"amplifier": Amplifier(high_pass_hz=600)}, "high_pass_hz is 600"),
        ({"duration_s": 80_000.0, "electrode": SurfaceGrid(8, 8)}, "samples_file"),
    ],
)
def test_what_cannot_be_simulated_is_refused_in_words(options: dict, says: str) -> None:
    with pytest.raises(PhysiologyError, match=says):
        make(**options)


def test_looking_at_the_door_does_not_load_the_compiler() -> None:
    code = "import sys, whytwitch.physiology.muscle; print(sorted({'numba', 'scipy'} & sys.modules.keys()))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


# --- from muscle to detector, and to files and back ------------------------------------------------


@pytest.fixture(scope="module")
def twitching() -> Simulation:
    return simulate(
        Muscle(units=30), SurfaceGrid(4, 4), duration_s=90.0, seed=11,
        fasciculation=Fasciculation(rate_per_min=60, units=9),
        background=Background(noise_uv=2),
    )  # fmt: skip


def test_the_detector_finds_what_was_put_in(twitching: Simulation) -> None:
    found = detect(twitching.recording).events
    score = twitching.truth.score(found, least_uv=20)
    assert score.true > 20
    assert score.sensitivity is not None
    assert score.sensitivity > 0.8
    assert score.precision is not None
    assert score.precision > 0.8
    assert score.lag_ms is not None
    assert abs(score.lag_ms) < 3


def test_a_score_counts_pairs_once(twitching: Simulation) -> None:
    class Reported:
        onset_s = np.sort(np.concatenate([twitching.truth.discharges.peak_s, [89.9]]))
        kind = np.full(len(onset_s), "fasciculation")

    perfect = twitching.truth.score(Reported)
    assert (perfect.sensitivity, perfect.found - perfect.paired) == (1.0, 1)
    some = twitching.truth.score(Reported, least_uv=50)
    assert some.sensitivity == 1.0
    assert some.found - some.paired == 1
    assert some.true < perfect.true


def test_a_dataset_comes_back(twitching: Simulation, tmp_path: Path) -> None:
    file = twitching.write_bids(tmp_path, subject="01")
    assert check_bids(tmp_path, subject="02").parent == tmp_path / "sub-02" / "emg"
    back = read(file)
    n = twitching.recording.n_samples
    np.testing.assert_allclose(back.read()[:, :n], twitching.recording.read(), atol=0.02)
    assert [c.position_mm for c in back.channels] == [c.position_mm for c in twitching.recording.channels]
    marks = [a for a in back.annotations if a.text in ("fasciculation", "doublet")]
    assert np.allclose([m.onset_s for m in marks], np.sort(twitching.truth.discharges.peak_s), atol=1e-5)
    told = (file.parent / "sub-01_task-rest_events.json").read_text("utf-8")
    assert '"Simulated": true' in told
    assert told.count('"best_channel"') == len(twitching.truth.units)
