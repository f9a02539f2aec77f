"""Structural schemas of custom resources: completing, validating, and their rules in CEL."""
