"""Slim records of the cluster's objects, read from JSON, and the tables in which they are looked up."""
