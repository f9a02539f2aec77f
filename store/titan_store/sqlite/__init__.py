"""Values, sets, outcomes and the indexes of files and logs in one SQLite database."""
