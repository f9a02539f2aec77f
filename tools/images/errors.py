"""The one error of this package."""


class ImageError(Exception):
    """Images could not be built; the sentence says what to do."""
