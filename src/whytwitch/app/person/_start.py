"""From the first page to a case: the person's own words, and files that say the same."""

from __future__ import annotations

import json
import re
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, get_args

from whytwitch.app._interview import Interview
from whytwitch.app._saved import is_saved_interview, restore
from whytwitch.app.person import _phrases as say
from whytwitch.app.person._first import again
from whytwitch.app.shell import Problem, Services, heavy, render, sentence
from whytwitch.case import MAX_BYTES, Case, CaseError, read_case, read_text
from whytwitch.knowledge import Catalogue, Setting

if TYPE_CHECKING:
    from starlette.datastructures import FormData, UploadFile
    from starlette.requests import Request
    from starlette.responses import Response

KINDS: Final = (".json", ".toml", ".txt", ".csv", ".tsv")
MAX_FILE_BYTES: Final = 1_000_000


async def about(request: Request, services: Services) -> Response:
    """What this is, how it works, who can see what."""
    return render(request, "person/about.html.j2", told=say, services=services)


async def begin(request: Request, services: Services) -> Response:
    """Open a case from words, from a file, or from nothing."""
    from starlette.responses import RedirectResponse

    async with request.form(max_files=1, max_fields=10) as form:
        words = text_of(form, "words")
        setting = setting_of(form)
        file = await _file(form)
    try:
        interview = await heavy(_opened, words, file, setting, services.catalogue)
    except CaseError as error:
        return again(request, 422, words=words, error=sentence(error))
    key = services.desk.open(interview)
    empty = not (words or file)
    return RedirectResponse(f"/cases/{key}{'/questions' if empty else ''}", 303)


def text_of(form: FormData, name: str) -> str:
    """A field as text; one that is missing, or a file, is empty."""
    value = form.get(name)
    return value.strip() if isinstance(value, str) else ""


def setting_of(form: FormData) -> Setting:
    """Where the question is asked; the general public unless another is named."""
    named: dict[str, Setting] = {setting: setting for setting in get_args(Setting)}
    return named.get(text_of(form, "setting"), "public")


async def _file(form: FormData) -> tuple[str, bytes] | None:
    """Name and content of the file, where one was given."""
    given: UploadFile | str | None = form.get("file")
    if given is None or isinstance(given, str) or not given.filename:
        return None
    content = await given.read(MAX_FILE_BYTES + 1)
    if len(content) > MAX_FILE_BYTES:
        raise Problem(413, say.FILE_TOO_LARGE, say.FILE_TOO_LARGE_MORE.format(size=MAX_FILE_BYTES // 1000))
    return given.filename, content


def _opened(words: str, file: tuple[str, bytes] | None, setting: Setting, catalogue: Catalogue) -> Interview:
    if len(words.encode("utf-8", "replace")) > MAX_BYTES:
        raise CaseError(say.TOO_LONG.format(size=MAX_BYTES // 1000))
    interview = Interview(Case(setting=setting), catalogue=catalogue)
    if file is not None:
        interview = _of_file(*file, setting, catalogue)
    if not words:
        return interview
    case = read_text(words, catalogue, setting=setting)
    return interview.add(case) if file is not None else Interview(case, catalogue=catalogue)


def _of_file(name: str, content: bytes, setting: Setting, catalogue: Catalogue) -> Interview:
    """The interview that a file holds.

    Raises:
        CaseError: it is of another kind, or cannot be read.
    """
    # Only the last part, and of that only plain letters: the name is shown and decides the reader.
    plain = re.sub(r"[^\w. -]", "_", re.split(r"[\\/]", name)[-1])[-80:].strip() or "file"
    suffix = Path(plain).suffix.lower()
    if suffix not in KINDS:
        raise CaseError(say.WRONG_KIND.format(name=plain))
    text = content.decode("utf-8-sig", "replace")
    if suffix == ".json" and is_saved_interview(_json(text)):
        return restore(text, catalogue)[0]
    with tempfile.TemporaryDirectory(prefix="whytwitch-case-") as folder:
        path = Path(folder, f"case{suffix}")
        path.write_bytes(content)
        try:
            return Interview(read_case(path, catalogue, setting=setting), catalogue=catalogue)
        except CaseError as error:
            raise CaseError(str(error).replace(path.name, plain)) from error


def _json(text: str) -> Any:
    """What JSON holds, or None: the reader of cases says better what is wrong with it."""
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


__all__ = ["about", "begin", "setting_of", "text_of"]
