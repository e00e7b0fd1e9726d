"""The same functions as a JSON API, without a state; FHIR and CDS Hooks beside it."""

from whytwitch.app.api._build import api

__all__ = ["api"]
