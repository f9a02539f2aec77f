"""Builds Titan's container images into archives that a cluster imports, with docker or, where none runs, with buildah."""
