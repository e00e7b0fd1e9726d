"""``whytwitch explain``: every way in, every way out."""

from __future__ import annotations

import json
import os
import stat
from pathlib import Path
from typing import Any

import pytest
from typer.testing import Result

from tests.cli.conftest import ALARM, WORDS, Call, complaint
