"""What travels through the store: values, files, artifacts, project archives and logs."""
