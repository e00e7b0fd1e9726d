"""``whytwitch detect``."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from importlib.util import find_spec
from itertools import combinations
from pathlib import Path
from typing import Final

from whytwitch import recording as room
from whytwitch._cli._console import err, out
from whytwitch._cli._files import check_target, replacing, same_file, write_whole
from whytwitch._cli._guard import fail
from whytwitch._cli._recordings import muscle_id, muscle_in
from whytwitch._cli._signal import SignalOptions, open_recording
from whytwitch.knowledge import load
from whytwitch.recording import (
    Recording,
    Signature,
    Twitches,
    check_bids,
    default_folder,
    examples,
    measure,
    write_bids,
    write_edf,
)
from whytwitch.recording import detect as find

EXAMPLE: Final = Path(room.__file__).parent / "data/example.edf"
EXAMPLE_MUSCLE: Final = "biceps_brachii"
EXAMPLE_NAME: Final = "EXAMPLE, made up"

STDOUT: Final = Path("-")

ENDINGS: Final = {
    "events": (".csv", ".parquet"), "json": (".json",), "html": (".html", ".htm"), "edf": (".edf", ".bdf"),
}  # fmt: skip
"""What may be written under which name, so that a recording is not taken for a target by a slip."""

STAGES: Final = {
    "open": ("Opening the file", 0.0, 0.02),
    "survey": ("Looking it over", 0.02, 0.10),
    "scan": ("Reading the signal", 0.10, 0.45),
    "sort": ("Sorting potentials", 0.45, 0.85),
    "measure": ("Measuring", 0.85, 1.0),
}
"""What each stage is called, and the share of the time at which it begins and ends (roughly)."""

Tell = Callable[[str, float], None]


@dataclass(frozen=True)
class Targets:
    """Where the result is to go; ``-`` is standard output."""

    events: Path | None = None
    json: Path | None = None
    html: Path | None = None
    edf: Path | None = None
    bids: Path | None = None
    subject: str = "01"
    task: str = "rest"
    overwrite: bool = False

    @property
    def files(self) -> dict[str, Path]:
        """Single files, by option."""
        given = {"events": self.events, "json": self.json, "html": self.html, "edf": self.edf}
        return {option: path for option, path in given.items() if path is not None and path != STDOUT}

    @property
    def to_stdout(self) -> bool:
        """Whether standard output belongs to another program."""
        return STDOUT in (self.events, self.json)

    def check(self, source: Path) -> None:
        """Refuse what cannot or must not be written, before any work is done.

        Raises:
            CaseError: names the target.
            RecordingError: the folder for BIDS cannot be used.
            Exit: likewise.
        """
        for option, path in self.files.items():
            check_target(path)
            if path.suffix.lower() not in ENDINGS[option]:
                fail(f"--{option} {path}: give a name that ends with {' or '.join(ENDINGS[option])}")
            if _belongs_to(source, path):
                fail(f"--{option} {path}: belongs to the recording itself; give another name")
        for (one, first), (two, second) in combinations(self.files.items(), 2):
            if same_file(first, second):
                fail(f"--{one} and --{two} name the same file; give two names")
        if self.events == self.json == STDOUT:
            fail("--events and --json cannot both go to standard output; give one of them a name")
        if self.edf is not None and self.edf.exists() and not self.overwrite:
            fail(f"--edf {self.edf}: is there already; choose another name or give --overwrite")
        if (
            self.events is not None
            and self.events.suffix.lower() == ".parquet"
            and find_spec("pyarrow") is None
        ):
            fail("--events: Parquet needs pyarrow: python -m pip install 'whytwitch[parquet]'")
        if self.bids is not None:
            target = check_bids(self.bids, subject=self.subject, task=self.task, overwrite=self.overwrite)
            if same_file(target, source):
                fail(f"--bids {self.bids}: belongs to the recording itself; give another folder")


def detect(
    path: Path | None, options: SignalOptions, targets: Targets, *, expert: bool, resume: bool, quiet: bool
) -> None:
    """Find the twitches in a recording, measure them, deliver the answer."""
    targets.check(path or EXAMPLE)
    catalogue = load()
    muscle = muscle_id(options.muscle, catalogue) if options.muscle else ""
    options = replace(options, muscle=muscle or None)
    say = _silent if quiet else _note
    work = _work_folder(say) if resume else None

    with _told_to_stop(say, kept=work is not None), _progress(quiet=quiet) as tell:
        recording = open_recording(path, options) if path else _example(options)
        muscle = muscle or (muscle_in(recording, catalogue) if path else EXAMPLE_MUSCLE)
        twitches = find(recording, electrode=options.electrode, muscle=muscle, work=work, progress=tell)
        signature = measure(twitches, catalogue=catalogue)

    if path is None and not quiet:
        _mark_example(beside=targets.to_stdout)
    _write(recording, twitches, signature, targets, expert=expert, say=say)
    if not targets.to_stdout and not quiet:
        from whytwitch.report import recording_report

        out().print(recording_report(twitches, signature, expert=expert))


# --- what is searched -----------------------------------------------------------------------------


def _example(options: SignalOptions) -> Recording:
    """The built-in recording, under a name that nobody takes for a person's."""
    recording = open_recording(EXAMPLE, options)
    return replace(recording, name=f"{recording.name} ({EXAMPLE_NAME})")


def _mark_example(*, beside: bool) -> None:
    """Say that what follows is about no person."""
    if beside:
        _note("EXAMPLE. No file was given, so this is a built-in recording; it is made up, no person's.")
        return
    from rich.panel import Panel
    from rich.text import Text

    text = Text("No file was given, so this is a built-in recording. It is made up by a program and is no ")
    text.append("person's. Now try your own: ")
    text.append("whytwitch detect FILE", style="bold")
    console = out()
    width = min(console.width, 100)
    console.print(Panel(text, title="EXAMPLE", title_align="left", border_style="magenta", width=width))


def _belongs_to(source: Path, target: Path) -> bool:
    """Whether a target is the recording, or lies in its folder, or describes it in BIDS."""
    if same_file(source, target):
        return True
    if source.is_dir():
        return target.resolve().is_relative_to(source.resolve())
    return target.name.endswith("_emg.json") and same_file(source.with_suffix(".json"), target)


# --- the wait -------------------------------------------------------------------------------------


@contextmanager
def _progress(*, quiet: bool) -> Iterator[Tell]:
    """A bar on standard error, where somebody is looking at it."""
    console = err()
    if quiet or not (console.is_terminal and console.file.isatty()):
        yield _ignored
        return
    from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

    longest = max(len(words) for words, _, _ in STAGES.values())
    columns = (
        TextColumn(f"{{task.description:<{longest}}}"), BarColumn(), TaskProgressColumn(),
        TimeRemainingColumn(),
    )  # fmt: skip
    with Progress(*columns, console=console, transient=True) as bar:
        task = bar.add_task(STAGES["open"][0], total=1.0)

        def tell(stage: str, share: float) -> None:
            words, begin, end = STAGES.get(stage, (stage, 0.0, 0.0))
            done = begin + min(1.0, share) * (end - begin)
            bar.update(task, description=words, completed=max(done, bar.tasks[0].completed))

        yield tell


def _ignored(stage: str, share: float) -> None:
    """Nobody is looking."""


@contextmanager
def _told_to_stop(say: Callable[[str], None], *, kept: bool) -> Iterator[None]:
    """On Ctrl-C, say what became of the work."""
    try:
        yield
    except KeyboardInterrupt:
        say("Stopped. The same command goes on from here." if kept else "Stopped. Nothing was kept.")
        raise


def _work_folder(say: Callable[[str], None]) -> Path | None:
    """Where unfinished work is kept; None, and said, where it cannot be."""
    try:
        folder = default_folder()
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except (OSError, RuntimeError) as error:
        say(f"Unfinished work cannot be kept ({error}); if it is stopped, it begins anew.")
        return None
    return folder


# --- where the answer goes ------------------------------------------------------------------------


def _write(
    recording: Recording,
    twitches: Twitches,
    signature: Signature,
    targets: Targets,
    *,
    expert: bool,
    say: Callable[[str], None],
) -> None:
    """Every file whole or not at all."""
    if targets.events is not None:
        _write_events(twitches, targets.events, say)
    if targets.json is not None:
        from whytwitch.report import signature_json

        _put(targets.json, signature_json(signature, twitches) + "\n", "Measures", say)
    if targets.html is not None:
        from whytwitch.report import recording_html

        cut = examples(recording, twitches)
        _put(targets.html, recording_html(twitches, signature, expert=expert, examples=cut), "Report", say)
    if targets.edf is not None:
        say(f"Signal and potentials written to {write_edf(recording, targets.edf, events=twitches)}")
    if targets.bids is not None:
        file = write_bids(
            recording, targets.bids, subject=targets.subject, task=targets.task, events=twitches,
            overwrite=targets.overwrite,
        )  # fmt: skip
        say(f"Signal and potentials written to {file}")


def _write_events(twitches: Twitches, path: Path, say: Callable[[str], None]) -> None:
    if path.suffix.lower() == ".parquet":
        from whytwitch.report import events_parquet

        with replacing(path) as part:
            events_parquet(twitches, part)
        say(f"Potentials written to {path}")
        return
    from whytwitch.report import events_csv

    _put(path, events_csv(twitches), "Potentials", say)


def _put(path: Path, text: str, what: str, say: Callable[[str], None]) -> None:
    if path == STDOUT:
        sys.stdout.write(text)
        return
    write_whole(path, text)
    say(f"{what} written to {path}")


def _note(text: str) -> None:
    """Say something beside the answer."""
    sys.stderr.write(text + "\n")


def _silent(text: str) -> None:
    """Say nothing."""


__all__ = ["Targets", "detect"]
