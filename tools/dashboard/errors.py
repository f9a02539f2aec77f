"""The one error of this package."""


class DashboardError(Exception):
    """The page could not be built; the sentence says what to do."""
