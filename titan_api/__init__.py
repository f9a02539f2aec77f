"""The contract between everything in Titan: the three kinds, their names, labels, conditions and reasons.

Every package may import this one; it imports pydantic and the standard library only. The module ``names``
imports the standard library alone, so that processes which never validate need not load pydantic.
"""
