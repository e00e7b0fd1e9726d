"""What was detected, for other programs: rows of potentials, and the measures as one object."""

from __future__ import annotations

import csv
import json
import math
from importlib import import_module
from importlib.metadata import PackageNotFoundError, version
from io import StringIO
from os import PathLike
from typing import TYPE_CHECKING, Any, Final

from whytwitch.recording import Signature, Twitches
from whytwitch.report._clean import clean

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

COLUMNS: Final = (
    "onset_s", "unit", "kind", "confidence", "amplitude_uv", "channel", "duration_ms", "phases", "turns",
    "area_uv_ms", "spread", "likeness",
)  # fmt: skip

DIGITS: Final = {
    "onset_s": 6, "confidence": 3, "amplitude_uv": 2, "duration_ms": 2, "area_uv_ms": 2, "spread": 3,
    "likeness": 3,
}  # fmt: skip
"""Decimals that are written: a microsecond, and else a tenth of what can be measured."""

FORMULA: Final = ("=", "+", "-", "@")
"""What a spreadsheet takes for a formula; a name that begins so gets an apostrophe in front."""


def events_csv(twitches: Twitches) -> str:
    """One row a potential, in order of time.

    Sizes are empty where the recording is not calibrated, and likeness where a potential fits no unit.
    """
    columns = _columns(twitches)
    text = {key: _texts(values, DIGITS.get(key)) for key, values in columns.items()}
    text["channel"] = [f"'{name}" if name.startswith(FORMULA) else name for name in text["channel"]]
    out = StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows(zip(*text.values(), strict=True))
    return out.getvalue()


def events_parquet(twitches: Twitches, path: str | PathLike[str]) -> None:
    """The same columns as :func:`events_csv`, unrounded and typed, as a Parquet file.

    Raises:
        ModuleNotFoundError: pyarrow is not installed; says how to install it.
    """
    try:
        pa, parquet = import_module("pyarrow"), import_module("pyarrow.parquet")
    except ImportError as missing:
        raise ModuleNotFoundError(
            "Parquet needs pyarrow: python -m pip install 'whytwitch[parquet]'", name="pyarrow"
        ) from missing
    columns = {key: [None if _void(v) else v for v in values] for key, values in _columns(twitches).items()}
    types = dict.fromkeys(COLUMNS, pa.float64()) | {
        "unit": pa.int32(), "kind": pa.string(), "channel": pa.string(), "phases": pa.int32(),
        "turns": pa.int32(),
    }  # fmt: skip
    schema = pa.schema([(key, types[key]) for key in COLUMNS])
    parquet.write_table(pa.Table.from_pydict(columns, schema=schema), str(path))


def signature_json(signature: Signature, twitches: Twitches, *, indent: int | None = 2) -> str:
    """The measures as one JSON object: the fields of the signature, and what they were measured on.

    Strict JSON: what cannot be said is null.
    """
    quality = twitches.quality
    found = {
        **signature.model_dump(mode="python"),
        "quality": {
            "score": signature.quality,
            "clean_minutes": signature.clean_minutes,
            "lost_s": quality.lost,
            "mains": _mains(twitches),
            "heart_rate": quality.heart_rate_per_min,
        },
        "voluntary": twitches.voluntary_s.tolist(),
        "problems": [{"what": p.what, "remedy": p.remedy, "where": p.where} for p in twitches.problems],
        "settings": twitches.settings,
        "version": program_version(),
    }
    return json.dumps(_strict(found), indent=indent, allow_nan=False, ensure_ascii=False)


def channel_names(twitches: Twitches) -> list[str]:
    """The name of each potential's best channel."""
    names = [clean(channel.name) for channel in twitches.source.channels]
    return [names[row] for row in twitches.events.channel.tolist()]


def program_version() -> str:
    """The version of whytwitch; empty where it runs from a folder without being installed."""
    try:
        return version("whytwitch")
    except PackageNotFoundError:  # pragma: no cover
        return ""


def _columns(twitches: Twitches) -> dict[str, list[Any]]:
    events = twitches.events
    sizes = twitches.source.calibrated
    empty = [None] * len(events)
    found: dict[str, list[Any] | NDArray[Any]] = {
        "onset_s": events.onset_s,
        "unit": events.unit,
        "kind": [str(kind) for kind in events.kind],
        "confidence": events.confidence,
        "amplitude_uv": events.amplitude if sizes else empty,
        "channel": channel_names(twitches),
        "duration_ms": events.duration_ms,
        "phases": events.phases,
        "turns": events.turns,
        "area_uv_ms": events.area if sizes else empty,
        "spread": events.spread,
        "likeness": events.likeness,
    }
    return {key: values if isinstance(values, list) else values.tolist() for key, values in found.items()}


def _texts(values: Sequence[Any], digits: int | None) -> list[str]:
    if digits is None:
        return [str(value) for value in values]
    return ["" if _void(value) else f"{value:.{digits}f}" for value in values]


def _void(value: object) -> bool:
    return value is None or (isinstance(value, float) and not math.isfinite(value))


def _mains(twitches: Twitches) -> dict[str, float | None] | None:
    quality = twitches.quality
    if quality.mains_hz is None:
        return None
    size = quality.mains_amplitude if twitches.source.calibrated else None
    return {"hz": quality.mains_hz, "amplitude_uv": size}


def _strict(value: Any) -> Any:
    """Six digits that count, null for what is no number, lists for tuples."""
    if isinstance(value, dict):
        return {str(key): _strict(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_strict(inner) for inner in value]
    if isinstance(value, bool | str | int) or value is None:
        return value
    return float(f"{value:.6g}") if math.isfinite(value) else None


__all__ = ["COLUMNS", "channel_names", "events_csv", "events_parquet", "program_version", "signature_json"]
