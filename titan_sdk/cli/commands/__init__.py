"""The commands of ``titan``: a table, one noun a file. What they share is one room up."""
