"""XML of strangers: no document type, no entities, no depth."""

from __future__ import annotations

from pathlib import Path
from typing import Final
from xml.etree.ElementTree import Element, TreeBuilder
from xml.parsers import expat

from whytwitch.recording.formats._reader import broken

LARGEST: Final = 1 << 24
DEEPEST: Final = 64


def parse_xml(path: Path, name: str, text: bytes) -> Element:
    """The root of a document.

    Args:
        path: the file it is from, for messages.
        name: of the part of that file.
        text: the document.

    Raises:
        RecordingError: it is too large or too deep, declares a document type, or is no XML.
    """
    if len(text) > LARGEST:
        raise broken(path, f"its part {name} is too large for a description")
    parser = expat.ParserCreate()
    builder = TreeBuilder()
    depth = 0

    def begin(tag: str, attributes: dict[str, str]) -> None:
        nonlocal depth
        depth += 1
        if depth > DEEPEST:
            raise broken(path, f"its part {name} is nested too deep")
        builder.start(tag, attributes)

    def end(tag: str) -> None:
        nonlocal depth
        depth -= 1
        builder.end(tag)

    def refuse(*_: object) -> None:
        raise broken(path, f"its part {name} declares a document type, which no recorder does",
                     "ask whoever sent it for the original file")  # fmt: skip

    parser.StartElementHandler = begin
    parser.EndElementHandler = end
    parser.CharacterDataHandler = builder.data
    parser.StartDoctypeDeclHandler = refuse
    parser.EntityDeclHandler = refuse
    try:
        parser.Parse(text, True)  # noqa: FBT003  the only way to say that this is all
    except expat.ExpatError as error:
        raise broken(path, f"its part {name} is no XML ({expat.ErrorString(error.code)})") from error
    return builder.close()


def text_of(element: Element, tag: str, otherwise: str = "") -> str:
    """The text of a child."""
    child = element.find(tag)
    return otherwise if child is None or child.text is None else child.text.strip()


__all__ = ["parse_xml", "text_of"]
