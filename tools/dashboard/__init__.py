"""Builds the dashboard's page into the store's package: for ``make dashboard``, and for every wheel (hatch_build.py)."""
