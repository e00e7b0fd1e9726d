"""Our reading of negation, doubt and relatives beside that of two clinical text libraries.

All engines judge the same places: the stretches of text that our lexicon matches, before context
is looked at. So only the judging of context is compared, not the vocabulary.

Usage, from the project's own environment:
    python benchmarks/text/compare_context.py --medspacy ENV/bin/python --negspacy ENV/bin/python

Each library runs in an environment of its own (``pip install medspacy``; ``pip install negspacy``),
because their spaCy versions differ and the product needs neither.
"""

from __future__ import annotations

import argparse
import json
import re
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter, defaultdict
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
CASES = HERE.parent / "cases"


def read_lines(path: Path) -> list[dict[str, Any]]:
    """The records of a JSON Lines file."""
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]


def tasks() -> list[dict[str, Any]]:
    """Texts with the expected status by id: annotated cases, then single sentences."""
    bodies = {c["id"]: c.get("vignette") or c["text"] for name in ("dev", "lay_dev")
              for c in read_lines(CASES / f"{name}.jsonl")}  # fmt: skip
    made: list[dict[str, Any]] = []
    for note in read_lines(HERE / "annotations.jsonl"):
        expect: dict[str, list[str]] = {}
        for status in ("present", "absent", "unsure"):
            for entry in note[status]:
                expect.update({i: [status, "plain" if status == "present" else "negation"] for i in entry.split("|")})
        for item, why in note["not_person"].items():
            expect[item] = ["none", why]
        made.append({"set": "cases", "id": note["id"], "text": bodies[note["id"]], "expect": expect})
    for p in read_lines(HERE / "context_probes.jsonl"):
        made.append({"set": "sentences", "id": p["id"], "text": p["text"], "expect": {p["finding"]: [p["expect"], p["why"]]}})
    return made


# --- ours -------------------------------------------------------------------------------------


def ours(made: list[dict[str, Any]]) -> dict[str, Any]:
    """Spans of the lexicon and our judgement of them; adds ``spans`` to every task."""
    from whytwitch.case._context import Scopes
    from whytwitch.case._lexicon import find_all, find_sites, lexicon, mentions_of
    from whytwitch.case._subject import owners, voice
    from whytwitch.case._text import tokenize
    from whytwitch.knowledge import load

    catalogue = load()
    lex = lexicon(catalogue)
    times: list[float] = []
    labels: list[list[str]] = []
    for task in made:
        document = tokenize(task["text"])
        matches = [m for m in find_all(lex, document, mentions_of(lex, find_sites(lex, document)))
                   if m.role == "present" and catalogue.findings[m.id].kind != "family"]  # fmt: skip
        begun = time.perf_counter()
        whose = owners(document, voice(document))
        scopes: dict[int, Any] = {}
        said: list[str] = []
        for match in matches:
            number = document.sentence(match.begin)
            if number not in scopes:
                scopes[number] = Scopes(document, *document.sentences[number])
            meaning = scopes[number].judge(match.hits, catalogue.findings[match.id].kind).meaning
            said.append("none" if whose[match.begin] != "person" else meaning)
        times.append((time.perf_counter() - begun) * 1000)
        task["spans"] = [[m.id, *_span(document, m)] for m in matches]
        labels.append(said)
    return {"labels": labels, "ms": times, "import_s": _ours_import()}


def _span(document: Any, match: Any) -> tuple[int, int]:
    span = document.span(match.begin, match.end)
    return span.start, span.end


def _ours_import() -> float:
    code = "import time; t = time.perf_counter(); import whytwitch.case; print(time.perf_counter() - t)"
    return float(subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout)


# --- the libraries, run inside their own environments --------------------------------------------


def medspacy_labels(made: list[dict[str, Any]]) -> dict[str, Any]:
    """medspaCy ConText with its default English rules and its own sentence splitter (PyRuSH)."""
    begun = time.perf_counter()
    import medspacy  # pyright: ignore[reportMissingImports]  # noqa: F401
    import spacy  # pyright: ignore[reportMissingImports]

    took = time.perf_counter() - begun
    nlp = spacy.blank("en")
    nlp.add_pipe("medspacy_pyrush")
    context = nlp.add_pipe("medspacy_context")
    nlp.remove_pipe("medspacy_context")

    def judge(span: Any) -> str:
        e = span._
        if e.is_family or e.is_historical or e.is_hypothetical:
            return "none"
        return "absent" if e.is_negated else "unsure" if e.is_uncertain else "present"

    return {**_run(nlp, context, judge, made), "import_s": took}


def negspacy_labels(made: list[dict[str, Any]]) -> dict[str, Any]:
    """negspaCy with its clinical English terms and spaCy's rule-based sentence splitter."""
    begun = time.perf_counter()
    import spacy  # pyright: ignore[reportMissingImports]
    from negspacy.negation import Negex  # pyright: ignore[reportMissingImports]
    from negspacy.termsets import termset  # pyright: ignore[reportMissingImports]

    took = time.perf_counter() - begun
    nlp = spacy.blank("en")
    nlp.add_pipe("sentencizer")
    context = Negex(nlp, "negex", termset("en_clinical").get_patterns())
    return {**_run(nlp, context, lambda span: "absent" if span._.negex else "present", made), "import_s": took}


def _run(nlp: Any, context: Any, judge: Any, made: list[dict[str, Any]]) -> dict[str, Any]:
    labels: list[list[str]] = []
    times: list[float] = []
    for turn in ("warm up", "count"):
        labels, times = [], []
        for task in made:
            begun = time.perf_counter()
            said: dict[int, str] = {}
            spans = list(enumerate(task["spans"]))
            while spans:  # entities may not overlap, so overlapping matches take turns
                doc = nlp(task["text"])
                chosen: list[tuple[int, Any]] = []
                left: list[tuple[int, Any]] = []
                taken: set[int] = set()
                for k, (_, start, end) in spans:
                    span = doc.char_span(start, end, label="FINDING", alignment_mode="expand")
                    tokens = set(range(span.start, span.end))
                    if taken & tokens:
                        left.append((k, task["spans"][k]))
                    else:
                        taken |= tokens
                        chosen.append((k, span))
                doc.set_ents([span for _, span in chosen])
                place = {(span.start, span.end): k for k, span in chosen}
                doc = context(doc)
                for entity in doc.ents:
                    said[place[entity.start, entity.end]] = judge(entity)
                spans = left
            times.append((time.perf_counter() - begun) * 1000)
            labels.append([said.get(k, "present") for k in range(len(task["spans"]))])
        del turn
    return {"labels": labels, "ms": times}


# --- comparison -----------------------------------------------------------------------------------


def settle(labels: list[str]) -> str:
    """One status for an id from its mentions: affirmed once is present."""
    for status in ("present", "absent", "unsure"):
        if status in labels:
            return status
    return "none"


def compare(made: list[dict[str, Any]], labels: list[list[str]]) -> dict[str, dict[str, Counter[str]]]:
    """set -> group -> counts of right and all, over ids that the lexicon matched and a person annotated."""
    out: dict[str, dict[str, Counter[str]]] = defaultdict(lambda: defaultdict(Counter))
    for task, said in zip(made, labels, strict=True):
        by_id: dict[str, list[str]] = defaultdict(list)
        for (item, _, _), label in zip(task["spans"], said, strict=True):
            by_id[item].append(label)
        for item, (status, why) in task["expect"].items():
            if item not in by_id:
                continue
            got = settle(by_id[item])
            for group in ("all", f"{status}", f"{status}: {why}"):
                out[task["set"]][group]["n"] += 1
                out[task["set"]][group]["right"] += got == status
            if status != "present":
                out[task["set"]]["not present"]["n"] += 1
                out[task["set"]]["not present"]["right"] += got != "present"
    return out


def size_mb(python: str) -> float:
    """Size of the packages of an environment, without pip and setuptools."""
    code = "import sysconfig; print(sysconfig.get_paths()['purelib'])"
    folder = Path(subprocess.run([python, "-c", code], capture_output=True, text=True, check=True).stdout.strip())
    skip = re.compile(r"^(pip|setuptools|_distutils_hack|pkg_resources)\b")
    files = [f for f in folder.rglob("*") if f.is_file() and not f.is_symlink()]
    return sum(f.stat().st_size for f in files if not skip.match(str(f.relative_to(folder)))) / 1e6


def own_size_mb() -> float:
    """Size of the reader of free text itself; it brings no packages that the product lacks."""
    import whytwitch.case

    folder = Path(whytwitch.case.__file__).parent
    return sum(f.stat().st_size for f in folder.glob("*.py")) / 1e6


def main() -> int:
    """Run all engines and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--medspacy", help="python of an environment with medspacy")
    parser.add_argument("--negspacy", help="python of an environment with negspacy")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--errors", help="list the wrong ids of this engine (sentences only)")
    parser.add_argument("--engine", help=argparse.SUPPRESS)
    parser.add_argument("--file", help=argparse.SUPPRESS)
    args = parser.parse_args()
    if args.engine:
        made = json.loads(Path(args.file).read_text(encoding="utf-8"))
        run = {"medspacy": medspacy_labels, "negspacy": negspacy_labels}[args.engine]
        Path(args.file).write_text(json.dumps(run(made)), encoding="utf-8")
        return 0
    made = tasks()
    ours(made)
    results: dict[str, Any] = {"ours": {**ours(made), "mb": own_size_mb()}}
    results["affirm all"] = {"labels": [["present"] * len(t["spans"]) for t in made], "ms": [0.0], "import_s": 0.0, "mb": 0.0}
    for engine in ("medspacy", "negspacy"):
        python = getattr(args, engine)
        if python:
            with tempfile.TemporaryDirectory() as folder:
                file = Path(folder, "tasks.json")
                file.write_text(json.dumps(made), encoding="utf-8")
                subprocess.run([python, __file__, "--engine", engine, "--file", str(file)], check=True, stdout=subprocess.DEVNULL)
                results[engine] = {**json.loads(file.read_text(encoding="utf-8")), "mb": size_mb(python)}
    table: dict[str, Any] = {}
    long = [k for k, t in enumerate(made) if t["set"] == "cases"]
    for engine, r in results.items():
        ms = [r["ms"][k] for k in long] if len(r["ms"]) > 1 else r["ms"]
        counts = {s: {g: dict(c) for g, c in groups.items()} for s, groups in compare(made, r["labels"]).items()}
        table[engine] = {"counts": counts, "mb": round(r["mb"], 1), "import_s": round(r["import_s"], 2),
                         "ms_case": round(statistics.fmean(ms), 2)}  # fmt: skip
    if args.json:
        print(json.dumps(table, indent=2))
        return 0
    show(table)
    if args.errors:
        for task, said in zip(made, results[args.errors]["labels"], strict=True):
            by_id: dict[str, list[str]] = defaultdict(list)
            for (item, _, _), label in zip(task["spans"], said, strict=True):
                by_id[item].append(label)
            for item, (status, why) in task["expect"].items():
                if task["set"] == "sentences" and (item not in by_id or settle(by_id[item]) != status):
                    print(f"{why}: {item} is {status}, read {settle(by_id[item]) if item in by_id else 'not at all'}: {task['text']}")
    return 0


def show(table: dict[str, Any]) -> None:
    """Print the comparison as Markdown."""
    engines = list(table)
    print("| | " + " | ".join(engines) + " |\n|---|" + "---|" * len(engines))
    for what in ("cases", "sentences"):
        groups = sorted({g for e in engines for g in table[e]["counts"].get(what, {})})
        for group in groups:
            cells: list[str] = []
            for e in engines:
                c = table[e]["counts"][what].get(group, {"n": 0, "right": 0})
                cells.append(f"{c.get('right', 0)}/{c['n']}")
            print(f"| {what}, {group} | " + " | ".join(cells) + " |")
    for key, label in (("ms_case", "ms a case"), ("import_s", "import, s"), ("mb", "MB installed")):
        print(f"| {label} | " + " | ".join(str(table[e][key]) for e in engines) + " |")


if __name__ == "__main__":
    sys.exit(main())
