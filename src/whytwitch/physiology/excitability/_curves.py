"""The curves of one nerve excitability test, in the units and signs of the clinic."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

import numpy as np
from numpy.typing import NDArray

from whytwitch.physiology._errors import PhysiologyError

Floats = NDArray[np.float64]

_ELECTROTONUS_20_MS: Final = (0, 9, 10, 11, *range(20, 101, 10), 109, 110, 111, *range(120, 211, 10))
_ELECTROTONUS_D40_MS: Final = (
    0, 9, 10, 11, 15, 20, 26, 33, 41, *range(50, 101, 10), 109, 110, 111, *range(120, 211, 10)
)  # fmt: skip

STANDARD_DELAYS: Final[Mapping[str, tuple[float, ...]]] = MappingProxyType(
    {
        name: tuple(float(x) for x in delays)
        for name, delays in {
            "TEd20": _ELECTROTONUS_20_MS,
            "TEd40": _ELECTROTONUS_D40_MS,
            "TEh20": _ELECTROTONUS_20_MS,
            "TEh40": _ELECTROTONUS_20_MS,
            "RC": (2, 2.5, 3.2, 4, 5, 6.3, 7.9, 10, 13, 18, 24, 32, 42, 56, 75, 100, 140, 200),
            "IV": tuple(range(-100, 51, 10)),
            "CD": (0.2, 0.4, 0.6, 0.8, 1),
        }.items()
    }
)
"""Where the clinical protocol (TRONDNF) measures each trace: ms, or % of threshold for ``IV``."""

CONDITIONING_MS: Final = (10.0, 110.0)
"""When the conditioning current of threshold electrotonus begins and ends, in ms after the sweep starts."""

RANGES: Final[Mapping[str, tuple[tuple[float, float], tuple[float, float]]]] = MappingProxyType(
    {
        "TE": ((0.0, 1000.0), (-2000.0, 200.0)),
        "RC": ((0.1, 1000.0), (-200.0, 5000.0)),
        "IV": ((-500.0, 500.0), (-5000.0, 500.0)),
        "CD": ((0.001, 100.0), (-1e4, 1e4)),
        "SR": ((-1e3, 1e3), (-1e3, 1e3)),
    }
)
"""What is taken as x and as y, by kind of trace: far wider than any nerve, to keep out slips of a unit."""

_NAME: Final = re.compile(r"TE[dh][1-9]\d{0,2}(/[1-9]\d{1,2})?|RC|IV|CD|SR")


@dataclass(frozen=True, slots=True)
class Curves:
    """What was measured, or simulated, in one nerve.

    Traces, each a pair of one-dimensional arrays ``(x, y)`` of the same length, with x ascending:

    - ``TEd40``, ``TEd20``, ``TEh20``, ``TEh40``, ``TEh70`` …: threshold electrotonus. x: onset of the 1 ms
      test stimulus in ms after the sweep starts, where the conditioning current (in % of threshold,
      d depolarizing, h hyperpolarizing) flows from 10 to 110 ms; y: threshold reduction in %. A current that
      lasts otherwise has its duration in ms in the name: ``TEh70/300``.
    - ``RC``: recovery cycle. x: interval between the stimuli in ms; y: change of threshold in %.
    - ``IV``: x: current of 200 ms in % of threshold; y: threshold reduction in %.
    - ``CD``: x: width of the stimulus in ms; y: threshold charge in mA·ms.
    - ``SR``: x: stimulus in mA; y: response in % of the largest.

    Args:
        traces: the pairs by name; a trace that was not measured is left out. Points may come in any order.
            No x may occur twice, except in ``SR``, where a response may leap.

    Raises:
        PhysiologyError: a name is unknown, a pair is not two rows of as many numbers, a value is not finite
            or beyond ``RANGES``, or an x is given twice.
    """

    traces: Mapping[str, tuple[Floats, Floats]]

    def __post_init__(self) -> None:
        whole = {name: _trace(name, pair) for name, pair in self.traces.items()}
        object.__setattr__(self, "traces", MappingProxyType(whole))

    def __getitem__(self, name: str) -> tuple[Floats, Floats]:
        try:
            return self.traces[name]
        except KeyError:
            raise PhysiologyError(
                f"trace {name!r} was not measured: there are {', '.join(self) or 'none'}"
            ) from None

    def __contains__(self, name: object) -> bool:
        return name in self.traces

    def __iter__(self) -> Iterator[str]:
        return iter(self.traces)

    def __len__(self) -> int:
        return len(self.traces)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Curves):
            return NotImplemented
        return self.as_dict() == other.as_dict()

    def __hash__(self) -> int:
        return hash(tuple(sorted(self.traces)))

    def as_dict(self) -> dict[str, dict[str, float]]:
        """The traces as ``{name: {"2.5": value}}``, for JSON; of equal x in ``SR`` the last is kept."""
        return {
            name: {f"{at:.10g}": float(value) for at, value in zip(x, y, strict=True)}
            for name, (x, y) in self.traces.items()
        }


def kind(name: str) -> str:
    """``TE``, ``RC``, ``IV``, ``CD`` or ``SR``.

    Raises:
        PhysiologyError: no trace has such a name.
    """
    if not isinstance(name, str) or not _NAME.fullmatch(name):
        raise PhysiologyError(f"trace {name!r} is unknown: it is TEd40, TEh20 and the like, RC, IV, CD or SR")
    return name[:2]


def _trace(name: str, pair: tuple[Floats, Floats]) -> tuple[Floats, Floats]:
    of_kind = kind(name)
    try:
        x, y = (np.array(row, dtype=np.float64) for row in pair)
    except (TypeError, ValueError) as error:
        raise PhysiologyError(f"trace {name} is not a pair of rows of numbers: {error}") from error
    if x.ndim != 1 or x.shape != y.shape or not x.size:
        raise PhysiologyError(
            f"trace {name} has x of shape {x.shape} and y of shape {y.shape}: both need (n,), n ≥ 1"
        )
    for axis, row, (low, high) in zip("xy", (x, y), RANGES[of_kind], strict=True):
        wrong = np.flatnonzero(~((row >= low) & (row <= high)))
        if wrong.size:
            value = row[wrong[0]]
            raise PhysiologyError(
                f"trace {name}, point {wrong[0] + 1}: {axis} is {value:g}, not {low:g} to {high:g}"
            )
    order = np.lexsort((y, x)) if of_kind == "SR" else np.argsort(x, kind="stable")
    x, y = x[order], y[order]
    twice = np.flatnonzero(np.diff(x) == 0)
    if twice.size and of_kind != "SR":
        raise PhysiologyError(f"trace {name} has x = {x[twice[0]]:g} more than once")
    x.flags.writeable = y.flags.writeable = False
    return x, y
