"""What a real API server refuses, fills in and renders: pure functions on plain JSON objects.

Rooms: ``builtin`` (the built-in kinds), ``reads`` (what answers to reading are made of), ``writes`` (what a write
does to any object), and below them ``schemas`` (structural schemas of custom resources). They share ``resources`` (a
served kind), ``errors`` and ``mistakes`` (the answers and the lines of a 422), ``names`` and ``warnings``.
"""
