"""What ends the demo early."""


class DemoFailed(Exception):
    """The demo did not come to its end; the sentence says where it stopped."""
