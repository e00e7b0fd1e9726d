"""Made-up recordings with exact truth; nothing here knows how the detector works."""
