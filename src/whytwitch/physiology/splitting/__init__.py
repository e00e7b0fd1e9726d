"""Rates of rare events of any random process, by multilevel splitting: ``docs/rare-events.md``."""

from whytwitch.physiology.splitting._direct import direct
from whytwitch.physiology.splitting._levels import Levels, place_levels
from whytwitch.physiology.splitting._process import (
    BACK,
    REACHED,
    UNDECIDED,
    Basin,
    Process,
    Progress,
    Shots,
)
from whytwitch.physiology.splitting._rate import Checks, LevelCheck, RareRate, counted_interval
from whytwitch.physiology.splitting._split import split

__all__ = [
    "BACK",
    "REACHED",
    "UNDECIDED",
    "Basin",
    "Checks",
    "LevelCheck",
    "Levels",
    "Process",
    "Progress",
    "RareRate",
    "Shots",
    "counted_interval",
    "direct",
    "place_levels",
    "split",
]
