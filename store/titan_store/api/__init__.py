"""The HTTP API: declared operations, their handlers, and what both share."""
