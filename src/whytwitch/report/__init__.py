"""The answer, told: in a terminal, on a page, as JSON. Everything is imported when it is first used."""

from __future__ import annotations

from typing import TYPE_CHECKING

from whytwitch._lazy import lazily

if TYPE_CHECKING:
    from whytwitch.report._body import BodyMap, Zone, body_map, body_zones
    from whytwitch.report._build import banner_of, contained, page
    from whytwitch.report._catalogue import cause_report, causes_report
    from whytwitch.report._cause_page import CausePage, cause_view
    from whytwitch.report._evaluation import evaluation_report
    from whytwitch.report._fhir_answers import coded_answer, fhir_answers_of
    from whytwitch.report._fhir_bundle import fhir_bundle
    from whytwitch.report._fhir_words import urgency_lines
    from whytwitch.report._html import page_context, to_html
    from whytwitch.report._json import Document, document, json_schema, to_json
    from whytwitch.report._recording_data import events_csv, events_parquet, program_version, signature_json
    from whytwitch.report._recording_html import (
        SECTIONS,
        Section,
        potential_html,
        recording_html,
        recording_sections,
    )
    from whytwitch.report._recording_terminal import recording_report
    from whytwitch.report._recording_words import Words
    from whytwitch.report._search import search_causes
    from whytwitch.report._simulation import Simulated, dose_name
    from whytwitch.report._simulation_html import simulation_context, simulation_html
    from whytwitch.report._simulation_json import simulation_json
    from whytwitch.report._simulation_terminal import simulable_report, simulation_report
    from whytwitch.report._templates import page_environment
    from whytwitch.report._terminal import terminal_report
    from whytwitch.report._view import Page
    from whytwitch.report._what_if import what_if_phrases, what_if_view
    from whytwitch.report._what_if_html import what_if_html
    from whytwitch.report._what_if_json import what_if_json
    from whytwitch.report._what_if_terminal import what_if_report

__all__ = [
    "SECTIONS",
    "Section",
    "BodyMap",
    "CausePage",
    "Document",
    "Page",
    "Simulated",
    "Words",
    "Zone",
    "banner_of",
    "body_map",
    "body_zones",
    "cause_report",
    "cause_view",
    "causes_report",
    "contained",
    "coded_answer",
    "document",
    "dose_name",
    "evaluation_report",
    "events_csv",
    "events_parquet",
    "fhir_answers_of",
    "fhir_bundle",
    "json_schema",
    "page",
    "page_context",
    "page_environment",
    "potential_html",
    "program_version",
    "recording_html",
    "recording_report",
    "recording_sections",
    "search_causes",
    "signature_json",
    "simulable_report",
    "simulation_context",
    "simulation_html",
    "simulation_json",
    "simulation_report",
    "terminal_report",
    "to_html",
    "to_json",
    "urgency_lines",
    "what_if_html",
    "what_if_json",
    "what_if_phrases",
    "what_if_report",
    "what_if_view",
]

_HOMES = {
    "banner_of": "_build",
    "BodyMap": "_body",
    "CausePage": "_cause_page",
    "cause_view": "_cause_page",
    "Zone": "_body",
    "body_map": "_body",
    "body_zones": "_body",
    "Document": "_json",
    "Page": "_view",
    "contained": "_build",
    "Simulated": "_simulation",
    "Words": "_recording_words",
    "cause_report": "_catalogue",
    "causes_report": "_catalogue",
    "coded_answer": "_fhir_answers",
    "document": "_json",
    "dose_name": "_simulation",
    "evaluation_report": "_evaluation",
    "events_csv": "_recording_data",
    "events_parquet": "_recording_data",
    "fhir_answers_of": "_fhir_answers",
    "fhir_bundle": "_fhir_bundle",
    "json_schema": "_json",
    "page": "_build",
    "page_context": "_html",
    "page_environment": "_templates",
    "SECTIONS": "_recording_html",
    "Section": "_recording_html",
    "potential_html": "_recording_html",
    "recording_html": "_recording_html",
    "recording_sections": "_recording_html",
    "recording_report": "_recording_terminal",
    "search_causes": "_search",
    "program_version": "_recording_data",
    "signature_json": "_recording_data",
    "simulable_report": "_simulation_terminal",
    "simulation_context": "_simulation_html",
    "simulation_html": "_simulation_html",
    "simulation_json": "_simulation_json",
    "simulation_report": "_simulation_terminal",
    "terminal_report": "_terminal",
    "to_html": "_html",
    "to_json": "_json",
    "urgency_lines": "_fhir_words",
    "what_if_html": "_what_if_html",
    "what_if_json": "_what_if_json",
    "what_if_report": "_what_if_terminal",
    "what_if_phrases": "_what_if",
    "what_if_view": "_what_if",
}

__getattr__, __dir__ = lazily(__name__, _HOMES)
