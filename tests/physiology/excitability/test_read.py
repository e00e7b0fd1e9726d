"""Reading measured tests: exports of QtracP, tables, and whatever else comes in a file."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from whytwitch.physiology import PhysiologyError
from whytwitch.physiology.excitability import (
    Measured,
    indices,
    normal_mean_curves,
    read_excitability,
)

MEM = Path(__file__).parent / "data/made_up.mem"
TEXT = MEM.read_text("ascii")
Write = Callable[[str | bytes], Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    def to(content: str | bytes) -> Path:
        path = tmp_path / "test.csv"
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    return to


# --- exports of QtracP ----------------------------------------------------------------------------


def test_an_export_holds_the_curves_it_was_made_from() -> None:
    found, mean = read_excitability(MEM).curves, normal_mean_curves("canada_portugal")
    assert set(found) == {*mean, "SR"}
    for name, (x, y) in mean.traces.items():
        assert found[name][0].tolist() == x.tolist()
        assert found[name][1] == pytest.approx(y, abs=0.00501)


def test_the_indices_it_states_come_first_and_the_others_are_derived() -> None:
    measured = read_excitability(MEM)
    derived = indices(measured.curves)
    stated = {"Peak CMAP response": 9.123, "Latency": 6.2, "Temperature": 32.9, "TEd20(10-20ms)": 34.1}
    assert measured.indices == {**derived, **stated}
    assert derived["TEd(peak)"] > 60, "0 in the file stands for: not derived"


def test_nothing_that_names_a_person_is_kept() -> None:
    assert read_excitability(MEM).about == {
        "protocol": "TRONDNF", "date": "1/1/26", "age": "39", "sex": "F", "temperature": "32.9",
        "site": "Median Wr-APB", "disease": "NC", "program": "none",
    }  # fmt: skip


@pytest.mark.parametrize(
    "change",
    [
        lambda text: text.encode("utf-16"),
        lambda text: ("\N{BYTE ORDER MARK}" + text).encode(),
        lambda text: text.replace("Mean curves", "Müller µ").encode("cp1252"),
        lambda text: text.replace("\r\n", "\n").encode(),
        lambda text: text.replace("\t", "    ").encode(),
        lambda text: re.sub(r"(?<=[\t ])(-?\d*)\.(\d+)(?=\s)", r"\1,\2", text).encode(),
    ],
    ids=["utf-16", "mark", "windows", "unix", "blanks", "decimal comma"],
)
def test_it_may_be_written_otherwise(change: Callable[[str], bytes], write: Write) -> None:
    found, usual = read_excitability(write(change(TEXT))), read_excitability(MEM)
    assert found.curves == usual.curves
    assert found.indices == usual.indices


def section(heading: str) -> str:
    """The export without one section."""
    start = TEXT.index(heading)
    end = min(
        (at for word in (" DATA (", "DERIVED EX", "EXTRA VAR") if (at := TEXT.find(word, start + 30)) > 0),
        default=len(TEXT),
    )
    return TEXT[:start] + TEXT[TEXT.rindex("\n", 0, end) :]


@pytest.mark.parametrize(
    ("heading", "lost"),
    [
        ("CHARGE DURATION DATA", {"CD"}),
        ("THRESHOLD ELECTROTONUS DATA", {"TEd20", "TEd40", "TEh20", "TEh40"}),
        ("RECOVERY CYCLE DATA", {"RC"}),
        ("THRESHOLD I/V DATA", {"IV"}),
    ],
)
def test_any_section_may_be_missing(heading: str, lost: set[str], write: Write) -> None:
    found = read_excitability(write(section(heading)))
    assert set(read_excitability(MEM).curves) - set(found.curves) == lost


def test_more_and_longer_currents(write: Write) -> None:
    rows = [(0, 0, 0), (10, -100, -95.5), (60, -100, -180), (109, -100, -210), (110, 0, -120), (150, 0, 20)]
    long = [(0, 0, 0), (10, -70, -68), (200, -70, -200), (310, 0, -90), (400, 0, 30)]
    late = [(0, 0, 0), (20, 20, 20.5), (70, 20, 33), (120, 0, 5)]
    text = "THRESHOLD ELECTROTONUS DATA\n" + "".join(
        f"TE{k}.{i}\t{a}\t{b}\t{c}\n"
        for k, group in enumerate((rows, long, late, rows), 1)
        for i, (a, b, c) in enumerate(group, 1)
    )
    found = read_excitability(write(text))
    assert set(found.curves) == {"TEh100", "TEh70/300", "TEd20"}
    assert found.curves["TEh100"][1].tolist() == [row[2] for row in rows]
    assert found.curves["TEd20"][0].tolist() == [10, 60, 110], "counted from the start of its own current"
    assert found.about["left out"] == "TE4"


def test_further_recovery_cycles_are_left_out_and_told(write: Write) -> None:
    text = TEXT.replace(
        "  THRESHOLD I/V", "RC2.1 \t 2\t80\r\nRC2.2 \t 3\t10\r\n\r\n MRRP DATA\r\n\r\n  THRESHOLD I/V"
    )
    found = read_excitability(write(text))
    assert found.curves == read_excitability(MEM).curves
    assert found.about["left out"] == "RC2, MRRP DATA"


def test_the_older_strength_duration_section(write: Write) -> None:
    """Two widths, whose thresholds at half the response give the charges."""
    text = (
        " Max CMAP  .2 ms =  4619.9 uV\n Max CMAP  1 ms =  4742 uV\n STRENGTH-DURATION DATA\n"
        " \t %CMAP\tThreshold(1)\tThreshold(2)\tTsd\tRheob\n"
        "SD.4\t 40\t6.0\t2.8\t.4\t2.0\nSD.5\t 50\t6.25\t3.0\t.4\t2.1\n"
    )
    found = read_excitability(write(text))
    assert found.curves.as_dict() == {"CD": {"0.2": 1.25, "1": 3.0}}
    assert found.indices["Peak CMAP response"] == pytest.approx(4.742)


def test_charge_may_be_left_to_be_multiplied(write: Write) -> None:
    found = read_excitability(write("CHARGE DURATION DATA\nQT.1\t.2\t10\nQT.2\t1\t4\n"))
    assert found.curves.as_dict() == {"CD": {"0.2": 2.0, "1": 4.0}}


def test_stimuli_that_failed_are_dropped(write: Write) -> None:
    found = read_excitability(write("STIMULUS-RESPONSE DATA\nSR.2\t2\t-1\nSR.50\t50\t8\t4.5\n"))
    assert found.curves.as_dict() == {"SR": {"4.5": 50.0}}


def test_one_of_several_tests_in_a_file(write: Write) -> None:
    path = write(TEXT + TEXT.replace("9.123", "7.5"))
    with pytest.raises(PhysiologyError, match="holds 2 tests: choose one with record=1 to 2"):
        read_excitability(path)
    sizes = [read_excitability(path, record=i).indices["Peak CMAP response"] for i in (1, 2)]
    assert sizes == [9.123, 7.5]
    with pytest.raises(PhysiologyError, match="record is 3: the file holds 1 to 2"):
        read_excitability(path, record=3)


def test_a_point_given_twice_is_refused(write: Write) -> None:
    with pytest.raises(PhysiologyError, match=r"test\.csv: trace RC has x = 2 more than once"):
        read_excitability(write("RECOVERY CYCLE DATA\nRC1.1\t2\t80\nRC1.2\t2\t70\n"))


# --- tables ---------------------------------------------------------------------------------------


def test_a_table_of_points_and_indices(write: Write) -> None:
    found = read_excitability(write("trace,x,y\nRC,2,60\nrc,5,-25.5\nTED40,10,40\nRheobase,3.04,mA\n"))
    assert found.curves.as_dict() == {"RC": {"2": 60.0, "5": -25.5}, "TEd40": {"10": 40.0}}
    found = read_excitability(write("Rheobase,3.04,mA\nRC,2,60\n"))
    assert found.indices == {"Rheobase": 3.04, "Refractoriness at 2 ms": 60.0}


@pytest.mark.parametrize("separator", [";", "\t"])
def test_decimal_commas_where_the_comma_does_not_separate(separator: str, write: Write) -> None:
    rows = [
        ("index", "value", "unit"),
        ("RRP (ms)", "3,02", "ms"),
        ("Superexcitability (%)", "\N{MINUS SIGN}24,1", "%"),
    ]
    found = read_excitability(write("\n".join(separator.join(row) for row in rows)))
    assert found.indices == {"Relative refractory period": 3.02, "Superexcitability": -24.1}


@pytest.mark.parametrize(
    ("label", "name"),
    [
        ("Strength-duration\\time constant (ms)", "Strength-duration time constant"),
        ("Stimulus (mA) for 50% max response", "Stimulus for 50% max response"),
        ("Hyperpol. I/V slope", "Hyperpolarising I/V slope"),
        ("Hyperpolarizing I/V slope", "Hyperpolarising I/V slope"),
        ("Refractoriness at 2.5ms (%)", "Refractoriness at 2.5 ms"),
        ("TEH(SLOPE 101-140ms)", "TEh(slope 101-140ms)"),
        ("Peak response\\(mv)", "Peak CMAP response"),
        ("Temperature ( C)", "Temperature"),
    ],
)
def test_the_names_qtracp_uses(label: str, name: str, write: Write) -> None:
    assert read_excitability(write(f"{label};1,5")).indices == {name: 1.5}


def test_imputed_points_are_left_out(write: Write) -> None:
    found = read_excitability(write("section,trace,x,mean,sd,imputed\na,RC,2,60,9,1\na,RC,2.5,17,9,0\n"))
    assert found.curves.as_dict() == {"RC": {"2.5": 17.0}}


def test_what_is_not_understood_is_told(write: Write) -> None:
    found = read_excitability(write("index,value\nRheobase,3\nVitamin D,50\nVitamin D,60\nLatency,none\n"))
    assert found.about == {"left out": "Vitamin D, Latency"}


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ("", "no excitability data"),
        ("a,b,c\n1,2,3\n", "no excitability data"),
        ("RC,2,9000\n", "not -200 to 5000"),
        ("Rheobase,1e30\n", "no index is beyond"),
        ("x" * 200_000, "not a table"),
        (b"RC,2,1\n" * 600_000, "too large"),
    ],
)
def test_what_is_refused(content: str | bytes, says: str, write: Write) -> None:
    with pytest.raises(PhysiologyError, match=r"^test\.csv.*" + says):
        read_excitability(write(content))


@pytest.mark.parametrize("path", ["missing.mem", "a\0b", "."])
def test_a_file_that_is_none(path: str, tmp_path: Path) -> None:
    with pytest.raises(PhysiologyError, match="cannot be read"):
        read_excitability(tmp_path / path)


# --- anything at all ------------------------------------------------------------------------------

pieces = st.sampled_from([
    "TE1.3 \t 10\t40\t40.1\r\n", "RC1.1\t2\t9\n", "SR.2\t 2\t 3.9\n", "QT.1\t.2\t1\n", "IV1.1\t50\t40\n",
    "SD.1\t50\t2\t1\n", " Max CMAP  1 ms =  1 mV\n", " 4.\t3.1\tRheobase (mA)\n", "TEd40(Accom) = 19.6\n",
    " File:\tx\n", " Temperature:\t33\n", "THRESHOLD ELECTROTONUS DATA\n", "trace,x,y\n", "index;value\n",
    "RC,2,3\n", "Rheobase;3,1;mA\n", "\0", '"', "nan", "1e308", "\t", ",", "\n", "-", "9" * 400,
])  # fmt: skip
anything = st.one_of(
    st.binary(max_size=300),
    st.lists(pieces | st.text(max_size=5), max_size=30).map(lambda parts: "".join(parts).encode()),
    st.tuples(st.integers(0, len(TEXT)), st.integers(0, 40), st.binary(max_size=40)).map(
        lambda cut: TEXT.encode()[: cut[0]] + cut[2] + TEXT.encode()[cut[0] + cut[1] :]
    ),
)


@settings(max_examples=200, deadline=2000, suppress_health_check=[HealthCheck.too_slow])
@given(anything)
def test_any_bytes_are_read_or_refused(content: bytes) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "any"
        path.write_bytes(content)
        try:
            found = read_excitability(path)
        except PhysiologyError:
            return
    assert isinstance(found, Measured)
    assert len(found.curves) + len(found.indices) > 0
    assert np.isfinite(
        [*found.indices.values(), *(v for _, y in found.curves.traces.values() for v in y)]
    ).all()
