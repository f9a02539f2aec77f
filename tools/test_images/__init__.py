"""Builds the two images of users that the end-to-end tests run: one has nothing but Python, one has no Python."""
