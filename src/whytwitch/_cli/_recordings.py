"""Recordings on the command line: read, detect, measure, and add to the case."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import zip_longest
from pathlib import Path
from typing import TYPE_CHECKING

from whytwitch.case import Case, CaseError, RecordingSummary
from whytwitch.knowledge import Catalogue
from whytwitch.reasoning import summarize

if TYPE_CHECKING:
    from whytwitch.recording import Recording


def add_recordings(
    case: Case, recordings: Sequence[Path], muscles: Sequence[str], catalogue: Catalogue
) -> Case:
    """The case with what its recordings say.

    Args:
        case: what is known of the person.
        recordings: files, each of one muscle.
        muscles: ids or names, in the order of ``recordings``; those without one keep what the file says.
        catalogue: the muscles that are known.

    Raises:
        CaseError: a muscle is unknown, there are more muscles than recordings, or a file cannot be used.
    """
    if len(muscles) > len(recordings):
        raise CaseError(
            f"--muscle was given more often than --recording ({len(muscles)} and {len(recordings)} times); "
            "give a recording for each muscle, in the same order"
        )
    ids = [muscle_id(name, catalogue) for name in muscles]
    measured = [_measured(file, muscle, catalogue) for file, muscle in zip_longest(recordings, ids)]
    return case.model_copy(update={"recordings": (*case.recordings, *measured)})


def muscle_id(name: str, catalogue: Catalogue) -> str:
    """The id of a muscle that was named.

    Raises:
        CaseError: it is not known; the message says which ones look like it.
    """
    muscle = catalogue.muscle(name)
    if muscle is not None:
        return muscle.id
    from difflib import get_close_matches

    close = get_close_matches(
        name.strip().lower().replace(" ", "_"), list(catalogue.muscles), n=3, cutoff=0.5
    )
    hint = f"did you mean {' or '.join(close)}?" if close else f"known are {', '.join(catalogue.muscles)}"
    raise CaseError(f"--muscle {name!r}: unknown; {hint}")


def muscle_in(recording: Recording, catalogue: Catalogue) -> str:
    """The id of the one muscle that a file names for its EMG channels; empty where there is no such."""
    names = {channel.muscle for channel in recording.channels if channel.kind == "emg"}
    found = catalogue.muscle(names.pop()) if len(names) == 1 else None
    return found.id if found is not None else ""


def _measured(file: Path, muscle: str | None, catalogue: Catalogue) -> RecordingSummary:
    from whytwitch.recording import RecordingError, detect, measure, read

    try:
        recording = read(file)
        found = detect(recording, muscle=muscle or muscle_in(recording, catalogue))
        signature = measure(found, catalogue=catalogue)
    except RecordingError as error:
        raise CaseError(str(error)) from error
    return summarize(signature, catalogue)


__all__ = ["add_recordings", "muscle_id", "muscle_in"]
