"""The description against the API itself, by a tool that knows nothing but the description."""

from __future__ import annotations

import warnings
from pathlib import Path

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi import checks

from whytwitch.app.api import api
from whytwitch.app.shell import Services, Settings

APP = api(Services(Settings(8799, token="test"), Path()))
with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # the tool's own client
    schema = schemathesis.openapi.from_asgi("/openapi.json", APP)
EXAMPLES = 4
"""Per call; the whole file shall stay within 25 s."""

CHECKS = (
    not_a_server_error,
    checks.status_code_conformance,
    checks.content_type_conformance,
    checks.response_headers_conformance,
    checks.response_schema_conformance,
)
REFUSALS = (checks.negative_data_rejection, checks.unsupported_method, checks.missing_required_header)


@schema.parametrize()
@settings(
    max_examples=EXAMPLES,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
    deadline=None,
)
@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_calls_are_as_described(case: schemathesis.Case) -> None:
    """No server error; statuses, types and bodies as documented; what the schema forbids is refused."""
    response = case.call()
    too_long = response.status_code == 413  # as described, but the tool does not know it for a refusal
    case.validate_response(response, checks=[*CHECKS, *(() if too_long else REFUSALS)])
