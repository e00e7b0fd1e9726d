"""Entries to test with: short to write, or any that can be."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

from hypothesis import strategies as st

from whytwitch.app.diary import Counted, Entry, Measured, Triggers
from whytwitch.case import Place
from whytwitch.knowledge import load

START = datetime(2026, 3, 1, 9, 0, tzinfo=timezone(timedelta(hours=2)))
NOW = datetime(2026, 11, 28, 12, 0, tzinfo=UTC)
CATALOGUE = load()


def on(day: float, twitches: int | None = None, minutes: float = 1.0, **more: object) -> Entry:
    """An entry so many days after the start."""
    places = tuple(Place.model_validate(p) for p in more.pop("places", ()))
    counted = None if twitches is None else Counted(twitches=twitches, minutes=minutes)
    return Entry.model_validate(
        {"when": START + timedelta(days=day), "counted": counted, "places": places, **more}
    )


def at(site: str, side: str | None = None) -> dict[str, str | None]:
    return {"site": site, "side": side}


zones = st.integers(-14 * 60, 14 * 60).map(lambda m: timezone(timedelta(minutes=m)))
moments = st.builds(
    lambda at_s, zone: datetime.fromtimestamp(at_s, zone),
    st.integers(600_000_000, 1_795_000_000),
    zones,
)
places = st.builds(
    Place,
    site=st.sampled_from(sorted(CATALOGUE.sites)),
    side=st.sampled_from(["left", "right", "both", None]),
)
symptoms = st.sampled_from(sorted(k for k, f in CATALOGUE.findings.items() if f.kind in ("symptom", "sign")))
amounts = st.floats(0, 24).map(lambda x: round(x, 3))
triggers = st.builds(
    Triggers,
    coffee_cups=st.none() | amounts,
    slept_hours=st.none() | amounts,
    exercise=st.sampled_from([None, "none", "light", "hard"]),
    stress=st.none() | st.integers(0, 10),
    alcohol_drinks=st.none() | amounts,
    drugs_changed=st.sampled_from([None, True, False]),
)
measured = st.builds(
    Measured,
    per_minute=st.floats(1, 100),
    low=st.none() | st.floats(0, 1),
    high=st.none() | st.floats(100, 1000),
    clean_minutes=st.none() | st.floats(0.1, 60),
    muscle=st.sampled_from(["", "gastrocnemius"]),
)
entries = st.builds(
    Entry,
    when=moments,
    places=st.lists(places, max_size=4).map(tuple),
    counted=st.none()
    | st.builds(
        Counted, twitches=st.integers(0, 100_000), minutes=st.floats(0.1, 1440).map(lambda x: round(x, 6))
    ),
    daily=st.sampled_from([None, "none", "few", "tens", "hundreds", "thousands"]),
    bother=st.integers(0, 10),
    noticed=st.lists(symptoms, max_size=3).map(tuple),
    triggers=triggers,
    measured=st.none() | measured,
    note=st.text(max_size=60),
)
