"""The pages of the diary. All of them work without a script."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from whytwitch.app.diary import _phrases as words
from whytwitch.app.diary import _views as views
from whytwitch.app.diary._case import diary_case
from whytwitch.app.diary._entry import DiaryError, Entry
from whytwitch.app.diary._exchange import from_json, to_csv, to_json
from whytwitch.app.diary._form import Draft, FormError, draft_of, posted, read
from whytwitch.app.diary._store import Store
from whytwitch.app.shell import Problem, Services, heavy, render, sentence

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response
    from starlette.routing import BaseRoute

CONFIRMED: Final = "delete"
"""What has to be typed before everything is deleted."""

MOST_FIELDS: Final = 400
GONE: Final = Problem(
    404, "This entry is not there", "It was deleted, or the address is wrong. Go back to the diary."
)


def routes(services: Services) -> list[BaseRoute]:
    """The diary's part of the page."""
    from starlette.routing import Route

    pages = Pages(services)
    return [
        Route("/diary", _told(pages.home), methods=["GET"]),
        Route("/diary", _told(pages.add), methods=["POST"]),
        Route("/diary/entries", _told(pages.listed), methods=["GET"]),
        Route("/diary/entries/{key}", _told(pages.edit), methods=["GET"]),
        Route("/diary/entries/{key}", _told(pages.change), methods=["POST"]),
        Route("/diary/entries/{key}/delete", _told(pages.ask_delete), methods=["GET"]),
        Route("/diary/entries/{key}/delete", _told(pages.delete), methods=["POST"]),
        Route("/diary/trend", _told(pages.trend), methods=["GET"]),
        Route("/diary/data", _told(pages.data), methods=["GET"]),
        Route("/diary/export.json", _told(pages.export_json), methods=["GET"]),
        Route("/diary/export.csv", _told(pages.export_csv), methods=["GET"]),
        Route("/diary/import", _told(pages.bring_in), methods=["POST"]),
        Route("/diary/erase", _told(pages.erase), methods=["POST"]),
        Route("/diary/use", _told(pages.use), methods=["POST"]),
    ]


def _told(handler: Callable[[Request], Any]) -> Callable[[Request], Any]:
    """What the database refuses is told as a page, not as a fault of the program."""

    async def answer(request: Request) -> Response:
        try:
            return await handler(request)
        except DiaryError as error:
            text = sentence(str(error).removeprefix("diary: "))
            raise Problem(503, "The diary cannot be used", text) from error

    return answer


async def _draft(request: Request) -> Draft:
    async with request.form(max_files=1, max_fields=MOST_FIELDS) as form:
        return posted(form.multi_items())


def _see(address: str) -> Response:
    from starlette.responses import RedirectResponse

    return RedirectResponse(address, 303)


def _now() -> datetime:
    return datetime.now().astimezone()


class Pages:
    """The handlers, with the diary that they share."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._catalogue = services.catalogue
        self._store = Store(services.settings.diary)

    def _shared(self) -> dict[str, Any]:
        exists = self._store.exists()
        return {
            "words": words,
            "where": self._store.place,
            "lies": words.lies(exists=exists, is_file=self._store.file is not None),
            "private": self._store.is_private,
            "exists": exists,
            "confirmed": CONFIRMED,
        }

    # --- entries ----------------------------------------------------------------------------------

    async def home(self, request: Request) -> Response:
        """What the diary says, and the form for the next entry."""
        return await self._home(request, Draft(), 200)

    async def _home(self, request: Request, draft: Draft, status: int) -> Response:
        def view() -> dict[str, Any]:
            entries = self._store.entries()
            return {
                **self._shared(),
                **views.home(entries, self._catalogue, request.query_params.get("saved", "")),
                **views.form(draft, entries, self._catalogue, _now()),
                "removed": request.query_params.get("removed", ""),
            }

        return render(request, "diary/home.html.j2", status, **await heavy(view))

    async def add(self, request: Request) -> Response:
        """Save a new entry; what cannot be read is asked again with everything that was typed."""
        draft = await _draft(request)
        try:
            entry = read(draft, self._catalogue, _now())
        except FormError as error:
            return await self._home(request, _with(draft, error.fields), 422)
        try:
            await heavy(self._store.add, [entry])
        except DiaryError as error:
            return await self._kept(request, draft, error)
        return _see(f"/diary?saved={entry.key}")

    async def _kept(self, request: Request, draft: Draft, error: DiaryError) -> Response:
        """The form with what was typed, when it could not be saved."""
        form = views.form(_with(draft, {"form": f"Not saved. {error}."}), (), self._catalogue, _now())
        shared = {
            "words": words,
            "where": self._store.place,
            "n": 0,
            "banner": None,
            "urgent": False,
            "hurried": False,
        }
        return render(request, "diary/edit.html.j2", 503, **shared, **form, key="")

    async def listed(self, request: Request) -> Response:
        """All entries, a page at a time."""
        asked = request.query_params.get("page", "1")
        number = int(asked) if asked.isdecimal() and len(asked) < 7 else 1

        def view() -> dict[str, Any]:
            return {**self._shared(), **views.listed(self._store.entries(), self._catalogue, number)}

        return render(request, "diary/list.html.j2", **await heavy(view))

    async def edit(self, request: Request) -> Response:
        """The form of an entry that is there."""
        entry = await self._entry(request)
        return await self._edit(request, draft_of(entry), entry.key, 200)

    async def _edit(self, request: Request, draft: Draft, key: str, status: int) -> Response:
        def view() -> dict[str, Any]:
            entries = self._store.entries()
            form = views.form(draft, entries, self._catalogue, _now())
            return {**self._shared(), **form, **views.urgency(entries, self._catalogue), "key": key}

        return render(request, "diary/edit.html.j2", status, **await heavy(view))

    async def change(self, request: Request) -> Response:
        """Save a changed entry."""
        entry = await self._entry(request)
        draft = await _draft(request)
        try:
            changed = read(draft, self._catalogue, _now(), entry.key)
            if not await heavy(self._store.replace, changed):
                raise GONE
        except FormError as error:
            return await self._edit(request, _with(draft, error.fields), entry.key, 422)
        return _see(f"/diary?saved={entry.key}")

    async def ask_delete(self, request: Request) -> Response:
        """Show once more what would be deleted."""
        entry = await self._entry(request)
        shared = await heavy(self._shared)
        return render(request, "diary/delete.html.j2", **shared, row=views.row(entry, self._catalogue))

    async def delete(self, request: Request) -> Response:
        """Delete one entry."""
        if not await heavy(self._store.remove, request.path_params["key"]):
            raise GONE
        return _see("/diary?removed=1")

    async def _entry(self, request: Request) -> Entry:
        entry = await heavy(self._store.get, request.path_params["key"])
        if entry is None:
            raise GONE
        return entry

    # --- what they say ----------------------------------------------------------------------------

    async def trend(self, request: Request) -> Response:
        """More, less or neither, and what goes with it."""
        place = request.query_params.get("place", "")

        def view() -> dict[str, Any]:
            return {**self._shared(), **views.course(self._store.entries(), self._catalogue, place)}

        return render(request, "diary/trend.html.j2", **await heavy(view))

    async def use(self, _: Request) -> Response:
        """Open a case with what the diary says."""
        from whytwitch.app import Interview

        entries = await heavy(self._store.entries)
        if not entries:
            raise Problem(
                422, "The diary is empty", "Add an entry first; then the questions can build on it."
            )
        case = await heavy(diary_case, entries, self._catalogue)
        key = self._services.desk.open(Interview(opening=case, catalogue=self._catalogue))
        return _see(f"/cases/{key}")

    # --- the data ---------------------------------------------------------------------------------

    async def data(self, request: Request) -> Response:
        """Where it lies; take it along, bring it in, delete it."""
        return await self._data(request, 200)

    async def _data(self, request: Request, status: int, **said: str) -> Response:
        def view() -> dict[str, Any]:
            entries = self._store.entries()
            return {**self._shared(), **views.urgency(entries, self._catalogue), "n": len(entries)}

        brought = request.query_params.get("brought", "")
        context: dict[str, Any] = {
            "brought": brought if brought.isdecimal() else "",
            "problem": "",
            "typed": "",
            **said,
        }
        return render(request, "diary/data.html.j2", status, **await heavy(view), **context)

    async def export_json(self, _: Request) -> Response:
        """Everything, to be read back."""
        return _file(to_json(await heavy(self._store.entries)), "application/json", "json")

    async def export_csv(self, _: Request) -> Response:
        """Everything, as a table."""
        return _file(to_csv(await heavy(self._store.entries)), "text/csv; charset=utf-8", "csv")

    async def bring_in(self, request: Request) -> Response:
        """Add the entries of an exported diary, all or none."""
        from starlette.datastructures import UploadFile

        async with request.form(max_files=1, max_fields=MOST_FIELDS) as form:
            file = form.get("file")
            data = await file.read() if isinstance(file, UploadFile) and file.filename else None
        if data is None:
            return await self._data(request, 422, problem="Choose a file first.")

        def take() -> int:
            return self._store.add(from_json(data, self._catalogue, _now()))

        try:
            n = await heavy(take)
        except DiaryError as error:
            return await self._data(request, 422, problem=str(error))
        return _see(f"/diary/data?brought={n}")

    async def erase(self, request: Request) -> Response:
        """Delete everything, once the word is typed."""
        async with request.form(max_files=1, max_fields=MOST_FIELDS) as form:
            typed = form.get("word", "")
        if not isinstance(typed, str) or typed.strip().lower() != CONFIRMED:
            return await self._data(request, 422, typed=f"Type the word “{CONFIRMED}” to delete everything.")
        await heavy(self._store.erase)
        return _see("/diary?removed=all")


def _with(draft: Draft, errors: dict[str, str]) -> Draft:
    return Draft(draft.values, draft.lists, errors)


def _file(text: str, kind: str, suffix: str) -> Response:
    from starlette.responses import Response

    name = f"whytwitch-diary-{_now():%Y-%m-%d}.{suffix}"
    return Response(text, media_type=kind, headers={"content-disposition": f'attachment; filename="{name}"'})


__all__ = ["routes"]
