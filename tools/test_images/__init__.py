"""Builds the images of users that the end-to-end tests run: nothing but Python, an old Python, no Python."""
