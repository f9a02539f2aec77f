"""A serving process: its arguments, what it opens and closes, listening, and the work that recurs. Knows every other room."""
