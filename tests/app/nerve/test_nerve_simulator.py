"""The simulator over its addresses, and what it makes."""

from __future__ import annotations

import io
import time
import wave
import zipfile

import numpy as np
import pytest
from starlette.testclient import TestClient

from whytwitch.app.nerve import _made
from whytwitch.app.nerve._made import Wish, as_wav
from whytwitch.app.nerve._shop import Shop
from whytwitch.knowledge import load, load_mechanics
from whytwitch.physiology import PhysiologyError


def settled(client: TestClient, address: str, wanted: str) -> str:
    """The page once it holds something."""
    for _ in range(300):
        page = client.get(address).text
        if wanted in page:
            return page
        time.sleep(0.05)
    raise AssertionError(f"{address} never had {wanted!r}")


def test_every_cause_is_listed_once_with_where_or_why_not(client: TestClient) -> None:
    page = client.get("/simulator").text
    for entry in load_mechanics().causes.values():
        assert page.count(f'href="/simulator/{entry.id}"') == bool(entry.scenarios)
    assert "Cannot be simulated" in page


def test_search_narrows(client: TestClient) -> None:
    page = client.get("/simulator?q=calcium").text
    assert "/simulator/hypocalcemia" in page
    assert "/simulator/neuromyotonia" not in page
    assert "No cause" in client.get("/simulator?q=<script>xyz").text
    assert "<script>xyz" not in client.get("/simulator?q=<script>xyz").text


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/simulator/nothing", 404),
        ("/simulator/hypocalcemia?dose=99", 422),
        ("/simulator/hypocalcemia?dose=nan", 422),
        ("/simulator/hypocalcemia?dose=x", 422),
        ("/simulator/hypocalcemia?scenario=none", 422),
        ("/simulator/hypocalcemia/sound.wav?dose=0.71", 404),
        ("/simulator/hypocalcemia/recording.exe", 422),
        ("/simulator/hypocalcemia/recording.edf", 404),
    ],
)
def test_what_is_not_there_is_told(client: TestClient, address: str, status: int) -> None:
    assert client.get(address).status_code == status


def test_a_cause_that_cannot_be_simulated_says_why(client: TestClient) -> None:
    entry = next(one for one in load_mechanics().causes.values() if not one.scenarios)
    response = client.get(f"/simulator/{entry.id}")
    assert response.status_code == 404
    assert "Cannot be simulated" in response.text


def test_a_cause_from_drawing_to_files(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    """The page first says that it is being worked out; then drawing, sound and files come, one by one."""
    monkeypatch.setattr(_made, "KEPT_S", 1.0)
    monkeypatch.setattr(_made, "HEARD_S", 2.0)
    monkeypatch.setattr(_made, "UNITS", 6)
    monkeypatch.setattr(_made, "KEPT_UNITS", 6)
    here = "/simulator/organophosphate_poisoning"
    page = settled(client, here, 'class="stage"')
    assert 'data-place="junction"' in page
    assert "illustrative" in settled(client, here, "<audio")
    sound = client.get(f"{here}/sound.wav")
    with wave.open(io.BytesIO(sound.content)) as file:
        assert file.getnframes() / file.getframerate() == pytest.approx(2.0, abs=0.01)
    part = client.get(f"{here}/sound.wav", headers={"range": "bytes=0-43"})
    assert part.status_code == 206
    assert part.content == sound.content[:44]
    for kind, name in (("edf", "edf"), ("bids", "zip")):
        made = client.post(f"{here}/make", data={"kind": kind}, follow_redirects=False)
        assert made.status_code == 303
        settled(client, here, f"/recording.{name}?")
        file = client.get(f"{here}/recording.{name}")
        assert file.status_code == 200
        if kind == "bids":
            names = zipfile.ZipFile(io.BytesIO(file.content)).namelist()
            assert any(each.endswith("_events.tsv") for each in names)
        else:
            assert file.content[:1] == b"0"


def test_a_wish_is_the_same_however_it_is_said() -> None:
    usual = load_mechanics().causes["hypocalcemia"].scenarios[0]
    assert Wish.of("hypocalcemia", "", "") == Wish.of("hypocalcemia", usual.id, f"{usual.dose.typical}")
    with pytest.raises(PhysiologyError, match="no number"):
        Wish.of("hypocalcemia", "", "much")


def test_a_sound_keeps_its_shape() -> None:
    wave_uv = 500 * np.sin(np.linspace(0, 20, 1000))
    with wave.open(io.BytesIO(as_wav(wave_uv, 8000))) as file:
        heard = np.frombuffer(file.readframes(1000), "<i2")
    assert np.corrcoef(heard, wave_uv)[0, 1] > 0.9999
    assert 25_000 < np.abs(heard).max() <= 32_767
    # Silence stays silence.
    assert not np.frombuffer(as_wav(np.zeros(10), 8000)[44:], "<i2").any()


def test_the_shop_does_each_thing_once_and_goes_on_after_a_failure() -> None:
    shop, done = Shop(), []

    def fails(_: object) -> None:
        raise ValueError("no")

    first = shop.ask("a", fails)
    second = shop.ask("b", lambda tell: done.append(tell(0.5)) or 7)
    assert shop.ask("b", lambda _: done.append(None)) is second
    for _ in range(200):
        if second.done:
            break
        time.sleep(0.01)
    assert (first.error, second.result, len(done)) == ("no", 7, 1)
    assert shop.look("c") is None


def test_names_come_from_the_catalogue(client: TestClient) -> None:
    page = client.get("/simulator/hypocalcemia").text
    assert load().causes["hypocalcemia"].plain_name.lower() in page.lower()
