"""The files around the code: what may not be in them, and what must agree."""

from __future__ import annotations

import re
import subprocess
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
PIN = re.compile(r"^[A-Za-z0-9._-]+==[A-Za-z0-9.!+_-]+$")
FRAGMENT = re.compile(r"^[a-z0-9][a-z0-9-]*\.(added|changed|fixed|knowledge|removed)\.md$")
LEFTOVERS = re.compile(r"\.venv|\.git|\.\w+_cache|\.hypothesis|__pycache__|site|dist|build")

FORBIDDEN = {
    # A folder of one machine, as a path of its own and not as a part of a web address.
    "a machine's path": re.compile(r"(?<![\w.\])*-])/(home|Users|work|root)/\w"),
    "a registry's host": re.compile(
        r"\b(py" r"pi|files\.python" r"hosted|registry\.npm" r"js|deb\.deb" r"ian)\.(org|com)\b"
    ),
}


def tracked() -> list[Path]:
    """Files that git tracks or would track; without git, all but the usual leftovers."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    if listed.returncode == 0:
        files = [ROOT / line for line in listed.stdout.splitlines()]
    else:
        files = [f for f in ROOT.rglob("*") if not any(map(LEFTOVERS.fullmatch, f.relative_to(ROOT).parts))]
    return [f for f in files if f.is_file()]


def texts() -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    for path in tracked():
        try:
            found.append((path.relative_to(ROOT).as_posix(), path.read_text("utf-8")))
        except UnicodeDecodeError:
            continue
    return found


@pytest.mark.parametrize("what", FORBIDDEN)
def test_no_machine_or_registry_is_named(what: str) -> None:
    guilty = {name: found[0] for name, text in texts() if (found := FORBIDDEN[what].search(text))}
    assert not guilty, f"{what} is in {guilty}"


def test_the_rule_itself_works() -> None:
    path, host = FORBIDDEN.values()
    assert path.search("see " + "/" + "work/main")
    assert not path.search("https://example.org/" + "work/main")
    assert host.search("https://" + "pypi" + ".org/simple")


def test_constraints_are_plain_pins() -> None:
    lines = (ROOT / "constraints.txt").read_text("utf-8").splitlines()
    assert all(line.startswith("#") or PIN.match(line) for line in lines)


def test_constraints_cover_what_the_project_asks_for() -> None:
    def key(requirement: str) -> str:
        found = re.match(r"[A-Za-z0-9._-]+", requirement)
        assert found, requirement
        return re.sub(r"[-_.]+", "-", found[0]).lower()

    lines = (ROOT / "constraints.txt").read_text("utf-8").splitlines()
    pinned = {key(line) for line in lines if not line.startswith("#")}
    extras = PROJECT["project"]["optional-dependencies"].values()
    asked = {key(r) for r in (*PROJECT["project"]["dependencies"], *(r for extra in extras for r in extra))}
    assert asked - pinned - {"whytwitch"} == set()


def test_changelog_fragments_follow_the_rule() -> None:
    for path in (ROOT / "changes").iterdir():
        if path.name == "README.md":
            continue
        assert FRAGMENT.match(path.name), f"changes/{path.name}: see changes/README.md for the name"
        assert path.read_text("utf-8").strip().endswith("."), f"changes/{path.name}: write sentences"


def test_license_is_shipped() -> None:
    assert PROJECT["project"]["license"] == "Apache-2.0"
    for name in PROJECT["project"]["license-files"]:
        assert (ROOT / name).read_text("utf-8").strip()


def test_ci_and_readme_share_their_commands() -> None:
    ci = (ROOT / ".ci/run").read_text("utf-8")
    readme = (ROOT / "README.md").read_text("utf-8")
    for name in ("run", "test"):
        snippet = f"docs/snippets/setup/{name}.sh"
        assert snippet in ci
        assert (ROOT / snippet).read_text("utf-8").strip() in readme
