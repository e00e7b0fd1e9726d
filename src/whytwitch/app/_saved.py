"""An interview as JSON, so that it can be put away and taken up again."""

from __future__ import annotations

import json
from typing import Annotated, Any, Final, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from whytwitch.app._interview import Interview
from whytwitch.app._reply import Reply
from whytwitch.case import Case, CaseError, Observation
from whytwitch.knowledge import Catalogue

FORMAT: Final = "whytwitch interview"


class Saved(BaseModel):
    """The file. ``case`` and ``skipped`` follow from the rest; they are there for other programs."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    format: Literal["whytwitch interview"] = FORMAT
    version: Literal[1] = 1
    catalogue_version: str
    opening: Case
    replies: tuple[Reply, ...]
    extensions: Annotated[int, Field(ge=0)] = 0
    case: Case
    skipped: tuple[str, ...]


def dump(interview: Interview) -> str:
    """Return the interview as JSON text."""
    saved = Saved(
        catalogue_version=interview.catalogue.version,
        opening=interview.opening,
        replies=interview.replies,
        extensions=interview.extensions,
        case=interview.case,
        skipped=tuple(sorted(interview.skipped)),
    )
    data = saved.model_dump(mode="json", exclude_defaults=True)
    return json.dumps({"format": FORMAT, "version": saved.version, **data}, indent=1, ensure_ascii=False)


def is_saved_interview(data: object) -> bool:
    """Whether parsed JSON looks like a saved interview rather than a case."""
    return isinstance(data, dict) and data.get("format") == FORMAT


def restore(text: str, catalogue: Catalogue) -> tuple[Interview, tuple[str, ...]]:
    """Take up a saved interview; also name the answers this catalogue has no item for.

    Raises:
        CaseError: it is not a saved interview, or a damaged one.
    """
    try:
        data: Any = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise CaseError(f"not valid JSON ({error}); give a file written by `whytwitch ask --save`") from error
    if not is_saved_interview(data):
        raise CaseError("not a saved interview; give a file written by `whytwitch ask --save`")
    try:
        saved = Saved.model_validate(data)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        raise CaseError(f"{where}: {first['msg']}; the file was changed or is damaged") from error
    unknown: dict[str, None] = {}
    opening = _known_case(saved.opening, catalogue, unknown)
    replies = tuple(_known_reply(reply, catalogue, unknown) for reply in saved.replies)
    return Interview(opening, replies, saved.extensions, catalogue), tuple(unknown)


def _known_case(case: Case, catalogue: Catalogue, unknown: dict[str, None]) -> Case:
    """The case without items that the catalogue does not have."""
    rows = [
        ("observations", [(o.id, o) for o in case.observations], catalogue.findings),
        ("labs", [(lab.analyte, lab) for lab in case.labs], catalogue.analytes),
        ("drugs", [(use.drug, use) for use in case.drugs], catalogue.drugs),
    ]
    update: dict[str, object] = {}
    for name, entries, table in rows:
        unknown.update(dict.fromkeys(key for key, _ in entries if key not in table))
        update[name] = tuple(entry for key, entry in entries if key in table)
    strange = {place.site for o in case.observations for place in o.places} - catalogue.sites.keys()
    if strange:
        unknown.update(dict.fromkeys(sorted(strange)))
        known = (o for o in case.observations if o.id in catalogue.findings)
        update["observations"] = tuple(_placed(o, strange) for o in known)
    return case.model_copy(update=update)


def _placed(observation: Observation, strange: set[str]) -> Observation:
    places = tuple(place for place in observation.places if place.site not in strange)
    return observation.model_copy(update={"places": places})


def _known_reply(reply: Reply, catalogue: Catalogue, unknown: dict[str, None]) -> Reply:
    unknown.update(dict.fromkeys(key for key, _ in reply.answers if key not in catalogue.findings))
    known = tuple(pair for pair in reply.answers if pair[0] in catalogue.findings)
    return reply.model_copy(update={"answers": known})
