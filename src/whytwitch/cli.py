"""The command line. Each command declares its options here and imports its work when it is called."""

from __future__ import annotations

import gc
import io
import os
import sys
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from whytwitch._cli._guard import INTERRUPTED, drop_output, guarded
from whytwitch._cli._optional import BareJson

app = typer.Typer(
    name="whytwitch",
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
    help="What makes this muscle twitch, and what should be done about it?\n\n"
    "It informs; it does not diagnose. Nothing leaves this machine.",
    epilog='Begin with: whytwitch explain "My left eyelid has twitched for three days" or: whytwitch ask',
)


class Where(StrEnum):
    """Where the question is asked: it decides how common each cause is."""

    PUBLIC = "public"
    PRIMARY_CARE = "primary-care"
    NEUROLOGY = "neurology"
    EMERGENCY = "emergency"


class Read(StrEnum):
    """Which part of a labelled case is read."""

    TEXT = "text"
    STRUCTURED = "structured"


class Shape(StrEnum):
    """What a schema is of."""

    CASE = "case"
    REPORT = "report"
    CAUSES = "causes"


class Probe(StrEnum):
    """What a recording was made with."""

    SURFACE = "surface"
    NEEDLE = "needle"


class Healthy(StrEnum):
    """Whose nerves are the norm."""

    ALL = "all"
    CANADA_PORTUGAL = "canada_portugal"


class Contacts(StrEnum):
    """What a recording is simulated with: a grid on the skin, a pair on the skin, a concentric needle."""

    SURFACE = "surface"
    BIPOLAR = "bipolar"
    NEEDLE = "needle"


class How(StrEnum):
    """How a rate is found."""

    SPLITTING = "splitting"
    BRUTE_FORCE = "brute-force"
    EMULATOR = "emulator"


class Mains(StrEnum):
    """Frequency of the power line."""

    FIFTY = "50"
    SIXTY = "60"


Bath = Annotated[float | None, typer.Option(metavar="MMOL/L", help="In the fluid outside the axon.")]
Magnesium = Annotated[float | None, typer.Option(metavar="MMOL/L", help="Ionized, outside.")]
Acidity = Annotated[float | None, typer.Option("--ph", metavar="PH", help="Acidity outside.")]
Temperature = Annotated[float | None, typer.Option(metavar="C", help="Of the nerve; 33 °C unless given.")]
Scenario = Annotated[str | None, typer.Option(metavar="ID", help="Which reading of the cause.")]
Dose = Annotated[float | None, typer.Option(metavar="SIZE", help="How much of it, in its own unit.")]
Setting = Annotated[
    Where | None, typer.Option("--setting", help="Where the question is asked; it is part of the odds.")
]
Json = Annotated[bool, typer.Option("--json", help="Print one JSON object.")]
Expert = Annotated[bool, typer.Option("--expert", help="Show probabilities, weights, codes and sources.")]
Html = Annotated[
    Path | None, typer.Option("--html", metavar="FILE", help="Also write a page that can be kept or printed.")
]

Rate = Annotated[
    float | None, typer.Option("--rate", metavar="HZ", help="Samples a second, where the file does not say.")
]
Unit = Annotated[
    str | None,
    typer.Option("--unit", metavar="UNIT", help="Unit of the numbers in the file: V, mV, uV or nV."),
]
Gain = Annotated[
    float | None, typer.Option("--gain", metavar="SIZE", help="What one count is, in the unit (default: uV).")
]
ElectrodeOption = Annotated[Probe | None, typer.Option("--electrode", help="What it was recorded with.")]
Channels = Annotated[
    list[str] | None,
    typer.Option(
        "--channels", metavar="NAMES", help="EMG channels to use: names or numbers, such as 1-3,EMG*."
    ),
]
Muscle = Annotated[
    str | None, typer.Option("--muscle", metavar="MUSCLE", help="The muscle, such as biceps_brachii.")
]
Subject = Annotated[str, typer.Option(help="BIDS: label of the person, never a name.")]
Task = Annotated[str, typer.Option(help="BIDS: label of the task.")]


def _version(wanted: bool) -> None:
    if wanted:
        from whytwitch import __version__

        typer.echo(f"whytwitch {__version__}")
        raise typer.Exit


@app.callback()
def _root(
    *,
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    pass


@app.command(no_args_is_help=False)
@guarded
def explain(
    text: Annotated[
        list[str] | None,
        typer.Argument(
            help="What is noticed, in words; or a .txt, .toml or .json file; or - for standard input.",
            show_default=False,
        ),
    ] = None,
    *,
    setting: Setting = None,
    json: Json = False,
    expert: Expert = False,
    html: Html = None,
    correct: Annotated[
        list[str] | None,
        typer.Option(
            metavar="ID=STATUS",
            help="Put right what was understood: present, absent, unsure or unknown; also age=34 or "
            'potassium="2.8 mmol/L". Can be repeated.',
        ),
    ] = None,
    recording: Annotated[
        list[Path] | None,
        typer.Option(
            metavar="FILE", help="A muscle recording at rest, as further evidence. Can be repeated."
        ),
    ] = None,
    muscle: Annotated[
        list[str] | None,
        typer.Option(
            metavar="MUSCLE", help="The muscle recorded from, such as biceps_brachii; one for each recording."
        ),
    ] = None,
    save: Annotated[Path | None, typer.Option(help="Save the case as JSON, to explain it again.")] = None,
) -> None:
    """Say what fits the twitching, how soon to see somebody, and why.

    Without words, it reads standard input; in a terminal it explains an example.
    """
    from whytwitch._cli._explain import Delivery
    from whytwitch._cli._explain import explain as run

    delivery = Delivery(json=json, expert=expert, html=html, save=save)
    where = setting.value if setting else None
    run(text or [], correct or [], where, delivery, recordings=recording or [], muscles=muscle or [])


@app.command("what-if", no_args_is_help=False)
@guarded
def what_if(
    text: Annotated[
        list[str] | None,
        typer.Argument(
            help="What is known, in words; or a .txt, .toml or .json file; or - for standard input.",
            show_default=False,
        ),
    ] = None,
    *,
    set_: Annotated[
        list[str] | None,
        typer.Option(
            "--set",
            metavar="NAME=VALUE",
            help='Another value: potassium=4.0, "calcium=9.5 mg/dL". Repeatable.',
        ),
    ] = None,
    stop: Annotated[
        list[str] | None, typer.Option(metavar="DRUG", help="As if without this drug. Can be repeated.")
    ] = None,
    caffeine: Annotated[float | None, typer.Option(metavar="CUPS", help="Cups of coffee a day.")] = None,
    per_minute: Annotated[
        str | None, typer.Option(metavar="RATE", help="Twitches a minute as counted.")
    ] = None,
    recording: Annotated[
        list[Path] | None, typer.Option(metavar="FILE", help="A muscle recording at rest: its rate is used.")
    ] = None,
    muscle: Annotated[
        list[str] | None, typer.Option(metavar="MUSCLE", help="The muscle recorded from; one a recording.")
    ] = None,
    correct: Annotated[
        list[str] | None,
        typer.Option(metavar="ID=STATUS", help="Put right what was understood; see explain."),
    ] = None,
    setting: Setting = None,
    json: Json = False,
    expert: Expert = False,
    html: Html = None,
) -> None:
    """Predict how a change of blood values would change how often a muscle twitches.

    A calculation on a model of the nerve, and no advice. Without words, it takes an example.
    """
    from whytwitch._cli._what_if import Delivery, Wish, run

    wish = Wish(set_ or [], stop or [], caffeine, per_minute)
    delivery = Delivery(json, expert, html, recording or [], muscle or [])
    run(text or [], correct or [], setting.value if setting else None, wish, delivery)


@app.command(no_args_is_help=False)
@guarded
def ask(
    text: Annotated[
        list[str] | None,
        typer.Argument(help="What is noticed, in words, to begin with.", show_default=False),
    ] = None,
    *,
    setting: Setting = None,
    save: Annotated[Path | None, typer.Option(help="Keep the answers in this file as you go.")] = None,
    resume: Annotated[Path | None, typer.Option(help="Go on with answers kept in this file.")] = None,
    expert: Expert = False,
    html: Html = None,
) -> None:
    """Ask what matters most, one question at a time, then report."""
    gc.enable()
    from whytwitch._cli._ask import ask as run
    from whytwitch._cli._explain import Delivery

    run(text or [], setting.value if setting else None, save, resume, Delivery(expert=expert, html=html))


@app.command(no_args_is_help=False)
@guarded
def causes(
    query: Annotated[
        list[str] | None,
        typer.Argument(help="A cause, or words to search for. Without: all causes.", show_default=False),
    ] = None,
    *,
    json: Json = False,
    expert: Expert = False,
) -> None:
    """List the causes known here, search them, or show one."""
    from whytwitch._cli._causes import causes as run

    run(" ".join(query or []), json=json, expert=expert)


@app.command(no_args_is_help=False)
@guarded
def detect(
    file: Annotated[
        Path | None,
        typer.Argument(
            help="A recording of a muscle: a file, or the folder of a BIDS dataset. Without: an example.",
            show_default=False,
        ),
    ] = None,
    *,
    events: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Write the potentials, one a row: .csv or .parquet; - prints CSV."),
    ] = None,
    json: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Write the measures as JSON; - prints them.")
    ] = None,
    html: Html = None,
    bids: Annotated[
        Path | None, typer.Option(metavar="FOLDER", help="Write signal and potentials into a BIDS dataset.")
    ] = None,
    edf: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Write signal and potentials as .edf or .bdf.")
    ] = None,
    muscle: Muscle = None,
    electrode: ElectrodeOption = None,
    channels: Channels = None,
    rate: Rate = None,
    unit: Unit = None,
    gain: Gain = None,
    expert: Annotated[
        bool, typer.Option("--expert", help="Precise terms, every number, and what the literature says.")
    ] = False,
    no_resume: Annotated[
        bool, typer.Option("--no-resume", help="Keep no unfinished work, and go on with none.")
    ] = False,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Print nothing but errors.")] = False,
    subject: Subject = "01",
    task: Task = "rest",
    overwrite: Annotated[
        bool, typer.Option("--overwrite", help="Let --edf and --bids replace what is there.")
    ] = False,
) -> None:
    """Find, sort and measure the twitches in a muscle recording.

    Without a file, it takes an example, which is made up.
    """
    gc.enable()
    from whytwitch._cli._detect import Targets
    from whytwitch._cli._detect import detect as run
    from whytwitch._cli._signal import SignalOptions

    kind = electrode.value if electrode else None
    options = SignalOptions(rate, unit, gain, kind, channels or [], muscle)
    targets = Targets(events, json, html, edf, bids, subject, task, overwrite)
    run(file, options, targets, expert=expert, resume=not no_resume, quiet=quiet)


@app.command(cls=BareJson, no_args_is_help=False)
@guarded
def excite(
    *,
    measured: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="A measured test: QtracP's text export (.MEM) or a table (CSV)."),
    ] = None,
    record: Annotated[
        int | None, typer.Option(metavar="N", help="Which test, where the file holds several.")
    ] = None,
    fit: Annotated[bool, typer.Option("--fit", help="Fit the model to the measured test.")] = False,
    cause: Annotated[
        str | None, typer.Option(metavar="ID", help="A cause of the catalogue, as hypokalemia.")
    ] = None,
    scenario: Scenario = None,
    dose: Dose = None,
    potassium: Bath = None,
    sodium: Bath = None,
    ionized_calcium: Bath = None,
    magnesium: Magnesium = None,
    ph: Acidity = None,
    temperature: Temperature = None,
    polarize: Annotated[
        float | None,
        typer.Option(metavar="PERCENT", help="Constant current in % of threshold; minus hyperpolarizes."),
    ] = None,
    cohort: Annotated[Healthy, typer.Option(help="Whose normal range.")] = Healthy.ALL,
    json: Annotated[
        Path | None, typer.Option(metavar="[FILE]", help="Print indices and curves as JSON, or write them.")
    ] = None,
    svg: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Write the six panels as .svg; - prints them.")
    ] = None,
    html: Html = None,
    expert: Annotated[bool, typer.Option("--expert", help="Every index.")] = False,
) -> None:
    """Put the model of a motor axon, or a measured nerve, beside what is normal.

    Without options, it is the normal axon in the clinical test of nerve excitability.
    """
    gc.enable()
    from whytwitch._cli._excite import Changes, Targets
    from whytwitch._cli._excite import excite as run

    given = {
        "bath.potassium_mmol_l": potassium, "bath.sodium_mmol_l": sodium,
        "bath.ionized_calcium_mmol_l": ionized_calcium, "bath.ionized_magnesium_mmol_l": magnesium,
        "bath.ph": ph, "bath.temperature_c": temperature,
        "axon.polarization": None if polarize is None else polarize / 100,
    }  # fmt: skip
    values = {target: value for target, value in given.items() if value is not None}
    run(
        measured, Changes(cause, scenario, dose, values), Targets(json, svg, html),
        record=record, fit=fit, cohort=cohort.value, expert=expert,
    )  # fmt: skip


@app.command(no_args_is_help=True)
@guarded
def mechanism(
    test: Annotated[
        Path | None,
        typer.Argument(
            metavar="[FILE]",
            help="A nerve excitability test (.MEM or .csv), or the measures of a recording (.json).",
            show_default=False,
        ),
    ] = None,
    *,
    recording: Annotated[
        Path | None,
        typer.Option("--recording", metavar="FILE", help="A recording, to say how discharges follow."),
    ] = None,
    muscle: Muscle = None,
    record: Annotated[
        int | None, typer.Option(metavar="N", help="Which test, where the file holds several.")
    ] = None,
    json: Json = False,
    expert: Expert = False,
) -> None:
    """Say which mechanisms could explain a nerve excitability test, and which it cannot tell apart."""
    gc.enable()
    from whytwitch._cli._mechanism import mechanism as run

    run(test, recording, record=record, muscle=muscle, json=json, expert=expert)


def _fluid(*given: float | None) -> dict[str, float]:
    """What was said of the fluid, by its targets."""
    names = (
        "potassium_mmol_l", "sodium_mmol_l", "chloride_mmol_l", "ionized_calcium_mmol_l",
        "ionized_magnesium_mmol_l", "ph", "temperature_c",
    )  # fmt: skip
    pairs = zip(names, given, strict=True)
    return {f"bath.{name}": value for name, value in pairs if value is not None}


@app.command(cls=BareJson, no_args_is_help=False)
@guarded
def simulate(
    cause: Annotated[
        str | None, typer.Argument(help="A cause of the catalogue. Without: an example.", show_default=False)
    ] = None,
    *,
    scenario: Scenario = None,
    dose: Dose = None,
    potassium: Bath = None,
    sodium: Bath = None,
    chloride: Bath = None,
    ionized_calcium: Bath = None,
    magnesium: Magnesium = None,
    ph: Acidity = None,
    temperature: Temperature = None,
    set_: Annotated[
        list[str] | None,
        typer.Option("--set", metavar="TARGET=VALUE", help="Any quantity of the model. Can be repeated."),
    ] = None,
    listed: Annotated[
        bool, typer.Option("--list", help="List what can be simulated: readings, doses, grades.")
    ] = False,
    json: Annotated[
        Path | None, typer.Option(metavar="[FILE]", help="Print every number as JSON, or write it.")
    ] = None,
    html: Html = None,
    expert: Annotated[bool, typer.Option("--expert", help="Precise terms, every number, sources.")] = False,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Print nothing but errors.")] = False,
    bids: Annotated[
        Path | None, typer.Option(metavar="FOLDER", help="Write a recording with its truth as BIDS.")
    ] = None,
    edf: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Write a recording with its truth as .edf or .bdf.")
    ] = None,
    electrode: Annotated[
        Contacts | None,
        typer.Option(
            help="A grid or a pair on the skin, or a needle; a pair unless given.", show_default=False
        ),
    ] = None,
    muscle: Muscle = None,
    duration: Annotated[float | None, typer.Option(metavar="SECONDS", help="Of the recording; 60.")] = None,
    rate: Annotated[
        float | None,
        typer.Option(
            metavar="PER_MIN", help="Single discharges; 20 (illustrative), or 0 in a normal muscle."
        ),
    ] = None,
    units: Annotated[int | None, typer.Option(metavar="N", help="Motor units of the muscle; 100.")] = None,
    seed: Annotated[int, typer.Option(min=0, help="Of everything that is drawn.")] = 0,
    voluntary: Annotated[float | None, typer.Option(metavar="LEVEL", help="Effort, 0 to 1.")] = None,
    noise: Annotated[float | None, typer.Option(metavar="UV", help="Noise, rms in µV.")] = None,
    mains: Annotated[Mains | None, typer.Option(help="Add the power line, 20 µV.")] = None,
    subject: Subject = "01",
    task: Task = "rest",
    overwrite: Annotated[
        bool, typer.Option("--overwrite", help="Let --edf and --bids replace what is there.")
    ] = False,
) -> None:
    """Show what a cause does along the motor unit, and make a recording of it.

    Without a cause, it takes an example.
    """
    gc.enable()
    from whytwitch._cli._simulate import Probing, Targets, Wish
    from whytwitch._cli._simulate import simulate as run

    values = _fluid(potassium, sodium, chloride, ionized_calcium, magnesium, ph, temperature)
    probing = Probing(
        electrode.value if electrode else None, muscle, duration, rate, units, voluntary, noise,
        float(mains.value) if mains else None,
    )  # fmt: skip
    run(
        Wish(cause, scenario, dose, values, tuple(set_ or ())), probing,
        Targets(json, html, edf, bids, subject, task, overwrite),
        seed=seed, listed=listed, expert=expert, quiet=quiet,
    )  # fmt: skip


@app.command(cls=BareJson, no_args_is_help=False)
@guarded
def rate(
    cause: Annotated[
        str | None,
        typer.Argument(help="A cause of the catalogue. Without: a normal muscle.", show_default=False),
    ] = None,
    *,
    scenario: Scenario = None,
    dose: Dose = None,
    potassium: Bath = None,
    sodium: Bath = None,
    chloride: Bath = None,
    ionized_calcium: Bath = None,
    magnesium: Magnesium = None,
    ph: Acidity = None,
    temperature: Temperature = None,
    set_: Annotated[
        list[str] | None,
        typer.Option("--set", metavar="TARGET=VALUE", help="Any quantity of the model. Can be repeated."),
    ] = None,
    method: Annotated[
        How, typer.Option(help="Simulate by splitting or by waiting, or only look up what was learned.")
    ] = How.SPLITTING,
    error: Annotated[
        float, typer.Option(metavar="SHARE", help="Relative error of each place that is simulated.")
    ] = 0.2,
    seed: Annotated[int, typer.Option(min=0, help="Of everything that is drawn.")] = 0,
    units: Annotated[int | None, typer.Option(metavar="N", help="Motor units of the muscle; 100.")] = None,
    terminals: Annotated[
        int | None, typer.Option(metavar="N", help="Nerve endings of a motor unit; 200.")
    ] = None,
    spread: Annotated[
        float | None, typer.Option(metavar="MV", help="How much endings differ, as a shift of gates; 1.")
    ] = None,
    steps: Annotated[
        int, typer.Option(metavar="N", min=100_000, help="Most steps for each place that is simulated.")
    ] = 400_000_000,
    json: Annotated[
        Path | None, typer.Option(metavar="[FILE]", help="Print every number as JSON, or write it.")
    ] = None,
    expert: Annotated[bool, typer.Option("--expert", help="Every place that was simulated.")] = False,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Print nothing but errors.")] = False,
) -> None:
    """Compute how often a muscle twitches by itself, from the channels of its nerve endings."""
    gc.enable()
    from whytwitch._cli._rate import Asked
    from whytwitch._cli._rate import rate as run

    values = _fluid(potassium, sodium, chloride, ionized_calcium, magnesium, ph, temperature)
    run(
        Asked(
            cause, scenario, dose, values, tuple(set_ or ()), method.value, error, seed, units, terminals,
            spread, steps,
        ),
        json, expert=expert, quiet=quiet,
    )  # fmt: skip


@app.command()
@guarded
def info(
    file: Annotated[Path, typer.Argument(help="A recording: a file, or the folder of a BIDS dataset.")],
    *,
    json: Json = False,
    rate: Rate = None,
    unit: Unit = None,
    gain: Gain = None,
    electrode: ElectrodeOption = None,
    channels: Channels = None,
    muscle: Muscle = None,
) -> None:
    """Say what is inside a muscle recording, and what is wrong with it."""
    from whytwitch._cli._info import info as run
    from whytwitch._cli._signal import SignalOptions

    kind = electrode.value if electrode else None
    run(file, SignalOptions(rate, unit, gain, kind, channels or [], muscle), json=json)


@app.command()
@guarded
def convert(
    file: Annotated[Path, typer.Argument(help="A recording.")],
    out: Annotated[Path, typer.Argument(help="A name ending in .edf or .bdf, or a folder for BIDS.")],
    *,
    subject: Subject = "01",
    task: Task = "rest",
    overwrite: Annotated[bool, typer.Option("--overwrite", help="Replace what is there.")] = False,
    rate: Rate = None,
    unit: Unit = None,
    gain: Gain = None,
    electrode: ElectrodeOption = None,
    channels: Channels = None,
    muscle: Muscle = None,
) -> None:
    """Write a muscle recording as EDF, BDF or BIDS."""
    from whytwitch._cli._convert import convert as run
    from whytwitch._cli._signal import SignalOptions

    kind = electrode.value if electrode else None
    options = SignalOptions(rate, unit, gain, kind, channels or [], muscle)
    run(file, out, options, subject=subject, task=task, overwrite=overwrite)


@app.command()
@guarded
def serve(
    recordings: Annotated[
        list[Path] | None, typer.Argument(help="Recordings to open with; more can be added on the page.")
    ] = None,
    *,
    port: Annotated[
        int | None, typer.Option(min=1, max=65_535, help="Port. Default: the first free one from 8765 on.")
    ] = None,
    browser: Annotated[bool, typer.Option("--browser/--no-browser", help="Open a browser.")] = True,
    diary: Annotated[
        str,
        typer.Option(metavar="ADDRESS", help="SQLAlchemy address of the diary. Default: a file of yours."),
    ] = "",
    upload_mb: Annotated[int, typer.Option(metavar="MB", min=1, help="Largest upload of recordings.")] = 1024,
    token: Annotated[
        str | None,
        typer.Option(metavar="WORD", envvar="WHYTWITCH_TOKEN", help="The key. Default: a new one."),
    ] = None,
) -> None:
    """Open the page: questions, answers, recordings, simulator and diary in a browser on this computer."""
    from whytwitch._cli._serve import serve as run
    from whytwitch._cli._serve import settings_of

    settings = settings_of(port or 8765, token, diary, upload_mb, recordings or [])
    run(settings, fixed_port=port is not None, browser=browser)


@app.command()
@guarded
def evaluate(
    cases: Annotated[Path, typer.Argument(help="Labelled cases, one JSON object a line.")],
    *,
    source: Annotated[Read, typer.Option("--from", help="What to read of each case.")] = Read.TEXT,
    setting: Annotated[Where, typer.Option(help="Where the question is asked.")] = Where.NEUROLOGY,
    hide_labs: Annotated[bool, typer.Option("--hide-labs", help="Leave laboratory values out.")] = False,
    json: Json = False,
) -> None:
    """Measure the answers on cases whose cause is known."""
    gc.enable()
    from whytwitch._cli._evaluate import evaluate as run

    run(cases, source=source.value, setting=setting.value, hide_labs=hide_labs, json=json)


@app.command()
@guarded
def schema(
    of: Annotated[Shape, typer.Argument(help="What to print the JSON Schema of.")],
) -> None:
    """Print the JSON Schema of a case, the report or the causes."""
    from whytwitch._cli._schema import schema as run

    run(of.value)


def _start_fast() -> None:
    """Spare a short-lived process what pays only in long ones.

    The matrices here are small, so threads of the linear algebra cost more than they bring; and while
    thousands of catalogue entries are built there is next to no garbage to look for. Commands that run
    long switch the collector on again.
    """
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    gc.disable()


def main() -> None:
    """Run the command line; the entry point of the ``whytwitch`` command."""
    _start_fast()
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")
    try:
        app()
    except KeyboardInterrupt:
        sys.exit(INTERRUPTED)
    except BrokenPipeError:
        drop_output()
        sys.exit(0)


if __name__ == "__main__":
    main()
