"""Pipelines in YAML: read with line numbers, made into TitanJobs, submitted with their project folder."""
