"""What went wrong, as the person is told."""

from __future__ import annotations


class Problem(Exception):  # noqa: N818 (a page that is shown, not a fault of the program)
    """A request that cannot be met: shown as a page, or as JSON where JSON was asked for.

    Args:
        status: the HTTP status.
        title: what happened, in a few words.
        text: why, and what to do.
    """

    def __init__(self, status: int, title: str, text: str) -> None:
        super().__init__(f"{title}: {text}")
        self.status = status
        self.title = title
        self.text = text


def sentence(text: object) -> str:
    """An error as a sentence: a capital at its head (a file keeps its name), a stop at its end."""
    words = str(text).strip()
    named = "." in words.partition(": ")[0].strip(".")
    head = words[:1] if named else words[:1].upper()
    return head + words[1:] + ("" if words.endswith((".", "?", "!")) else ".")


__all__ = ["Problem", "sentence"]
