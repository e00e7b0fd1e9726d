"""From a form to one line of the log."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Any, Final, Never

from whytwitch.app.shell import Problem
from whytwitch.app.viewer import _phrases as say
from whytwitch.app.viewer._bench import Found
from whytwitch.app.viewer._edits import (
    Add,
    Change,
    Decide,
    Retype,
    Reviewed,
    Turn,
    to_new,
    to_none,
    to_unit,
)
from whytwitch.recording import KINDS, UNSORTED

ACTIONS: Final = ("accept", "reject", "move", "kind", "add", "undo", "redo")
NEW: Final = "new"
SAME_S: Final = 0.002
"""Two marks of one potential nearer than this are one: as in what measures them."""

Fields = Mapping[str, Any]


def change_of(fields: Fields, found: Found) -> Callable[[Reviewed], Change | Turn]:
    """What a form asks for, to be made on what there is then.

    Args:
        fields: ``action``, one of ``ACTIONS``; ``number`` of the potential; ``unit``, a number or ``new``;
            ``kind``, one of ``KINDS``; ``at_s`` where to add one.
        found: gives a close look at the signal.

    Raises:
        Problem: a field is missing or cannot be; when called, also where there is no such potential.
    """
    action = str(fields.get("action", ""))
    if action == "undo" or action == "redo":
        turn: Turn = action
        return lambda _: turn
    makers = {"accept": _decide, "reject": _decide, "move": _move, "kind": _retype, "add": _add}
    if action not in makers:
        _refuse(say.NO_ACTION.format(action=action[:40], actions=", ".join(ACTIONS)))
    return lambda reviewed: makers[action](fields, found, reviewed)


def _decide(fields: Fields, _found: Found, reviewed: Reviewed) -> Change:
    return Decide(_number(fields, reviewed), accepted=fields["action"] == "accept")


def _retype(fields: Fields, _found: Found, reviewed: Reviewed) -> Change:
    number, said = _number(fields, reviewed), str(fields.get("kind", ""))
    if said not in KINDS:
        _refuse(say.NO_KIND.format(kind=said[:40], kinds=", ".join(KINDS)))
    return Retype(number, KINDS[KINDS.index(said)])


def _move(fields: Fields, found: Found, reviewed: Reviewed) -> Change:
    number, said = _number(fields, reviewed), str(fields.get("unit", ""))
    onset_s = float(reviewed.every.onset_s[reviewed.row(number)])
    known = {str(unit.id): unit for unit in reviewed.units}
    unit = known.get(said)
    potential = found.close_up.of(onset_s, unit) if unit is not None else found.close_up.near(onset_s)
    if potential is None:
        _refuse(say.NO_PLACE)
    if unit is not None:
        return to_unit(number, unit, potential)
    if said == NEW:
        return to_new(number, reviewed.next_unit, potential)
    if said != str(UNSORTED):
        _refuse(say.NO_UNIT.format(unit=said[:20]))
    return to_none(number, potential)


def _add(fields: Fields, found: Found, reviewed: Reviewed) -> Change:
    at_s, whole = number_in(fields, "at_s"), found.twitches.source.duration_s
    if not 0.0 <= at_s <= whole:
        _refuse(say.NO_TIME.format(at=f"{at_s:g}", whole=whole))
    potential = found.close_up.near(at_s)
    if potential is None:
        _refuse(say.NO_PLACE)
    near = abs(reviewed.every.onset_s - potential.onset_s) < SAME_S
    if near.any():
        row = int(near.argmax())
        where = float(reviewed.every.onset_s[row])
        _refuse(say.ALREADY_THERE.format(number=int(reviewed.number[row]), onset_s=where))
    return Add(reviewed.next_number, "fasciculation", potential)


def _number(fields: Fields, reviewed: Reviewed) -> int:
    said = str(fields.get("number", ""))
    if not said.isdecimal() or len(said) > 12 or int(said) not in reviewed.number:
        _refuse(say.NO_EVENT.format(number=said[:20] or "“”"))
    return int(said)


def number_in(fields: Fields, name: str) -> float:
    """A finite number from a form or an address.

    Raises:
        Problem: it is none.
    """
    said = str(fields.get(name, ""))
    try:
        value = float(said)
    except ValueError:
        value = math.nan
    if not math.isfinite(value):
        raise Problem(422, say.WRONG_VIEW, say.NOT_A_NUMBER.format(name=name, value=said[:40]))
    return value


def _refuse(text: str) -> Never:
    raise Problem(422, say.WRONG_EDIT, text)


__all__ = ["ACTIONS", "NEW", "change_of", "number_in"]
