"""Writes the dashboard's types from the store's OpenAPI document: a part of ``make generate``.

The generator has a package file of its own, because it needs the compiler's API, which TypeScript 7 does not have; the
page itself is checked by TypeScript 7.
"""
