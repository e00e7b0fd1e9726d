"""Our reading of negation, doubt and relatives beside that of two clinical text libraries.

All engines judge the same places: the stretches of text that our lexicon matches, before context
is looked at. So only the judging of context is compared, not the vocabulary.

Usage, from the project's own environment:
    python benchmarks/text/compare_context.py --medspacy ENV/bin/python --negspacy ENV/bin/python

Each library runs in an environment of its own (``pip install medspacy``; ``pip install negspacy``),
because their spaCy versions differ and the product needs neither.

``--notes FILE`` adds the published NegEx test set (2376 sentences of hospital notes with the negation of
one marked phrase each; ``rsAnnotations-1-120-random.txt`` of the NegEx project), which is not kept here.
"""

from __future__ import annotations

import argparse
import importlib
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
                expect.update(
                    {i: [status, "plain" if status == "present" else "negation"] for i in entry.split("|")}
                )
        for item, why in note["not_person"].items():
            expect[item] = ["none", why]
        made.append({"set": "cases", "id": note["id"], "text": bodies[note["id"]], "expect": expect})
    probes = read_lines(HERE / "context_probes.jsonl")
    return made + [
        {
            "set": "sentences",
            "id": p["id"],
            "text": p["text"],
            "expect": {p["finding"]: [p["expect"], p["why"]]},
        }
        for p in probes
    ]


def notes(path: Path) -> list[dict[str, Any]]:
    """The sentences of the NegEx test set; the marked phrase is the place to judge."""
    made: list[dict[str, Any]] = []
    for line in path.read_text(encoding="utf-8", errors="replace").splitlines()[1:]:
        number, phrase, text, status = line.split("\t")[:4]
        start = text.lower().find(phrase.strip().lower())
        if start >= 0 and phrase.strip():
            span = ["phrase", start, start + len(phrase.strip()), "symptom"]
            expect = "absent" if status.startswith("Negated") else "present"
            made.append(
                {
                    "set": "notes",
                    "id": number,
                    "text": text,
                    "spans": [span],
                    "expect": {"phrase": [expect, ""]},
                }
            )
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
        begun = time.process_time()
        document = tokenize(task["text"])
        spent = time.process_time() - begun
        matches = [m for m in find_all(lex, document, mentions_of(lex, find_sites(lex, document)))
                   if m.role == "present" and catalogue.findings[m.id].kind != "family"]  # fmt: skip
        targets = [(m.begin, m.hits, catalogue.findings[m.id].kind) for m in matches]
        if task["set"] == "notes":
            targets = [
                (hits[0], hits, kind) for _, a, b, kind in task["spans"] if (hits := _tokens(document, a, b))
            ]
        else:
            task["spans"] = [[m.id, *_span(document, m), catalogue.findings[m.id].kind] for m in matches]
        complaints = {i for _, hits, kind in targets if kind in ("symptom", "sign") for i in hits}
        begun = time.process_time()
        whose = owners(document, voice(document, complaints))
        scopes: dict[int, Any] = {}
        said: list[str] = []
        for begin, hits, kind in targets:
            number = document.sentence(begin)
            if number not in scopes:
                scopes[number] = Scopes(document, *document.sentences[number])
            meaning = scopes[number].judge(hits, kind).meaning
            said.append("none" if whose[begin] != "person" else meaning)
        times.append((spent + time.process_time() - begun) * 1000)
        labels.append(said)
    return {"labels": labels, "ms": times, "import_s": _ours_import()}


def _span(document: Any, match: Any) -> tuple[int, int]:
    span = document.span(match.begin, match.end)
    return span.start, span.end


def _tokens(document: Any, start: int, end: int) -> tuple[int, ...]:
    return tuple(i for i in range(len(document)) if document.starts[i] < end and document.ends[i] > start)


def _ours_import() -> float:
    code = "import time; t = time.process_time(); import whytwitch.case; print(time.process_time() - t)"
    return float(
        subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    )


# --- the libraries, run inside their own environments --------------------------------------------


def medspacy_labels(made: list[dict[str, Any]]) -> dict[str, Any]:
    """medspaCy ConText with its default English rules and its own sentence splitter (PyRuSH)."""
    begun = time.process_time()
    importlib.import_module("medspacy")
    import spacy  # pyright: ignore[reportMissingImports]
    from loguru import logger  # pyright: ignore[reportMissingImports]

    took = time.process_time() - begun
    logger.remove()  # the sentence splitter logs every token
    nlp = spacy.blank("en")
    nlp.add_pipe("medspacy_pyrush")
    context = nlp.add_pipe("medspacy_context")
    nlp.remove_pipe("medspacy_context")

    def judge(span: Any, kind: str) -> str:
        e = span._
        past = e.is_historical and kind in ("symptom", "sign", "habit")  # a past illness still counts
        if e.is_family or past or e.is_hypothetical:
            return "none"
        return "absent" if e.is_negated else "unsure" if e.is_uncertain else "present"

    return {**_run(nlp, context, judge, made), "import_s": took}


def negspacy_labels(made: list[dict[str, Any]]) -> dict[str, Any]:
    """negspaCy with its clinical English terms and spaCy's rule-based sentence splitter."""
    begun = time.process_time()
    import spacy  # pyright: ignore[reportMissingImports]
    from negspacy.negation import Negex  # pyright: ignore[reportMissingImports]
    from negspacy.termsets import termset  # pyright: ignore[reportMissingImports]

    took = time.process_time() - begun
    nlp = spacy.blank("en")
    nlp.add_pipe("sentencizer")
    context = Negex(nlp, "negex", termset("en_clinical").get_patterns())
    return {
        **_run(nlp, context, lambda span, _: "absent" if span._.negex else "present", made),
        "import_s": took,
    }


def _run(nlp: Any, context: Any, judge: Any, made: list[dict[str, Any]]) -> dict[str, Any]:
    from spacy.tokens import Span  # pyright: ignore[reportMissingImports]

    def make(doc: Any, a: int, b: int) -> Any:
        return Span(doc, a, b, label="FINDING")

    labels: list[list[str]] = []
    times: list[float] = []
    for _ in ("warm up", "count"):
        labels, times = [], []
        for task in made:
            begun = time.process_time()
            base = nlp(task["text"])
            spent = time.process_time() - begun
            said: dict[int, str] = {}
            left = list(range(len(task["spans"])))
            while left:  # entities may not overlap, so overlapping matches take turns
                chosen, left = _round(base, task["spans"], left)
                doc = base.copy()
                doc.set_ents([make(doc, a, b) for _, a, b in chosen])
                begun = time.process_time()
                doc = context(doc)
                spent += time.process_time() - begun
                place = {(a, b): k for k, a, b in chosen}
                for entity in doc.ents:
                    k = place[entity.start, entity.end]
                    said[k] = judge(entity, task["spans"][k][3])
            times.append(spent * 1000)
            labels.append([said[k] for k in range(len(task["spans"]))])
    return {"labels": labels, "ms": times}


def _round(doc: Any, spans: list[Any], left: list[int]) -> tuple[list[tuple[int, int, int]], list[int]]:
    """Spans that do not overlap, as token ranges with the label they need, and those that must wait."""
    chosen: list[tuple[int, int, int]] = []
    later: list[int] = []
    taken: set[int] = set()
    for k in left:
        span = doc.char_span(spans[k][1], spans[k][2], label="FINDING", alignment_mode="expand")
        tokens = set(range(span.start, span.end))
        if taken & tokens:
            later.append(k)
        else:
            taken |= tokens
            chosen.append((k, span.start, span.end))
    return chosen, later


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
        for (item, *_), label in zip(task["spans"], said, strict=True):
            by_id[item].append(label)
        for item, (status, why) in task["expect"].items():
            if item not in by_id:
                continue
            got = settle(by_id[item])
            if task["set"] == "notes":  # marked for negation only
                got = "absent" if got == "absent" else "present"
                out["notes"]["said absent"]["n"] += got == "absent"
                out["notes"]["said absent"]["right"] += got == status == "absent"
            for group in {"all", status, f"{status}: {why}" if why else status}:
                out[task["set"]][group]["n"] += 1
                out[task["set"]][group]["right"] += got == status
            if status != "present" and task["set"] != "notes":
                out[task["set"]]["not present"]["n"] += 1
                out[task["set"]]["not present"]["right"] += got != "present"
    return out


def size_mb(python: str) -> float:
    """Size of the packages of an environment, without pip and setuptools."""
    code = "import sysconfig; print(sysconfig.get_paths()['purelib'])"
    folder = Path(
        subprocess.run([python, "-c", code], capture_output=True, text=True, check=True).stdout.strip()
    )
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
    parser.add_argument("--notes", type=Path, help="the NegEx test set, where you have it")
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
    made = tasks() + (notes(args.notes) if args.notes else [])
    ours(made)
    results: dict[str, Any] = {"ours": {**ours(made), "mb": own_size_mb()}}
    results["affirm all"] = {
        "labels": [["present"] * len(t["spans"]) for t in made],
        "ms": [0.0],
        "import_s": 0.0,
        "mb": 0.0,
    }
    for engine in ("medspacy", "negspacy"):
        python = getattr(args, engine)
        if python:
            with tempfile.TemporaryDirectory() as folder:
                file = Path(folder, "tasks.json")
                file.write_text(json.dumps(made), encoding="utf-8")
                subprocess.run(
                    [python, __file__, "--engine", engine, "--file", str(file)],
                    check=True,
                    stdout=subprocess.DEVNULL,
                )
                results[engine] = {**json.loads(file.read_text(encoding="utf-8")), "mb": size_mb(python)}
    table: dict[str, Any] = {}
    long = [k for k, t in enumerate(made) if t["set"] == "cases"]
    for engine, r in results.items():
        ms = [r["ms"][k] for k in long] if len(r["ms"]) > 1 else r["ms"]
        counts = {
            s: {g: dict(c) for g, c in groups.items()} for s, groups in compare(made, r["labels"]).items()
        }
        table[engine] = {"counts": counts, "mb": round(r["mb"], 1), "import_s": round(r["import_s"], 2),
                         "ms_case": round(statistics.fmean(ms), 2)}  # fmt: skip
    if args.json:
        print(json.dumps(table, indent=2))
        return 0
    show(table)
    if args.errors:
        for task, said in zip(made, results[args.errors]["labels"], strict=True):
            by_id: dict[str, list[str]] = defaultdict(list)
            for (item, *_), label in zip(task["spans"], said, strict=True):
                by_id[item].append(label)
            for item, (status, why) in task["expect"].items():
                if task["set"] == "sentences" and (item not in by_id or settle(by_id[item]) != status):
                    read = settle(by_id[item]) if item in by_id else "not at all"
                    print(f"{why}: {item} is {status}, read {read}: {task['text']}")
    return 0


def show(table: dict[str, Any]) -> None:
    """Print the comparison as Markdown."""
    engines = list(table)
    print("| | " + " | ".join(engines) + " |\n|---|" + "---|" * len(engines))
    for what in ("cases", "sentences", "notes"):
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
