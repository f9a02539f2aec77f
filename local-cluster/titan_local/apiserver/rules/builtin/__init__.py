"""The built-in kinds, one module each: what is filled in, and what is refused in the words of the real server."""
