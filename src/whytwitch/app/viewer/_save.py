"""The reviewed potentials for other programs: EMG-BIDS events, and one table."""

from __future__ import annotations

import csv
import io
import json
import math
import re
import zipfile
from typing import Any, Final

from whytwitch.app.viewer._bench import Found, Item
from whytwitch.recording import KINDS, UNSORTED

COLUMNS: Final = (
    "onset", "duration", "trial_type", "unit", "status", "decided_by", "confidence", "amplitude", "channel",
)  # fmt: skip

REJECTED: Final = "rejected_"
"""Before the kind of a rejected one, so that a program that reads ``trial_type`` alone does not count it."""


def bids_zip(item: Item, found: Found) -> bytes:
    """``*_events.tsv``, its ``.json``, and the review to go on with."""
    from whytwitch.app.viewer._review_file import NAME_END, dumped

    stem = bids_stem(item.name)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as pack:
        pack.writestr(f"{stem}_events.tsv", events_tsv(found))
        pack.writestr(f"{stem}_events.json", _json(sidecar(found)))
        pack.writestr(
            f"{stem}_{NAME_END}", dumped(item.name, item.drawn().recording, found.twitches, found.log)
        )
    return out.getvalue()


def bids_stem(name: str) -> str:
    """What the files are called: the recording's own entities where it has them."""
    given = re.sub(r"_emg\.(edf|bdf)$", "", name, flags=re.IGNORECASE)
    if given != name and re.fullmatch(r"sub-[A-Za-z0-9]+(_[a-z]+-[A-Za-z0-9]+)*", given):
        return given
    return "sub-01_task-rest"


def events_tsv(found: Found) -> str:
    """One row a potential, in order of time; the rejected say so in ``trial_type`` too."""
    out = io.StringIO()
    writer = csv.writer(out, delimiter="\t", lineterminator="\n", quoting=csv.QUOTE_NONE, quotechar=None)
    writer.writerow(COLUMNS)
    writer.writerows(_row(found, i) for i in range(len(found.reviewed.number)))
    return out.getvalue()


def sidecar(found: Found) -> dict[str, Any]:
    """What the columns mean."""
    kinds = {
        "fasciculation": "a twitch of one motor unit at rest",
        "voluntary": "use on purpose",
        "train": "one of a long or fast run of one motor unit",
        "fibrillation": "of a single muscle fiber",
    }
    levels = {kind: kinds[kind] for kind in KINDS}
    levels |= {
        f"{REJECTED}{kind}": f"taken for this by the program and rejected: {kinds[kind]}" for kind in KINDS
    }
    unit = "peak to peak on the best channel" + (", in uV" if found.twitches.source.calibrated else "")
    return {
        "trial_type": {"Description": "What it is.", "Levels": levels},
        "unit": {"Description": "Number of the motor unit that fired; n/a where it fits none."},
        "status": {
            "Description": "Whether it counts.",
            "Levels": {
                "accepted": "counts",
                "rejected": "does not count",
                "added": "counts; was not found by the program",
            },
        },
        "decided_by": {
            "Description": "Who said what it is.",
            "Levels": {"whytwitch": "the program alone", "reviewer": "a person who looked at it"},
        },
        "confidence": {
            "Description": "Probability that it is of its kind, 0 to 1; 1 where a person decided."
        },
        "amplitude": {"Description": unit[:1].upper() + unit[1:] + "."},
        "channel": {"Description": "The channel on which it is largest."},
    }


def _row(found: Found, i: int) -> tuple[str, ...]:
    reviewed = found.reviewed
    every, status = reviewed.every, str(reviewed.status[i])
    by_person = status != "found" or bool(reviewed.changed[i])
    kind = str(every.kind[i])
    name = found.twitches.source.channels[int(every.channel[i])].name
    unit = int(every.unit[i])
    return (
        f"{every.onset_s[i]:.6f}",
        f"{every.duration_ms[i] / 1000.0:.6f}",
        f"{REJECTED}{kind}" if status == "rejected" else kind,
        "n/a" if unit == UNSORTED else str(unit),
        "accepted" if status == "found" else status,
        "reviewer" if by_person else "whytwitch",
        _figure(float(every.confidence[i])),
        _figure(float(every.amplitude[i])),
        " ".join(name.split()) or "n/a",
    )


def _figure(value: float) -> str:
    return f"{value:.6g}" if math.isfinite(value) else "n/a"


def _json(value: Any) -> str:
    return json.dumps(value, indent=2, ensure_ascii=False) + "\n"


__all__ = ["COLUMNS", "REJECTED", "bids_stem", "bids_zip", "events_tsv", "sidecar"]
