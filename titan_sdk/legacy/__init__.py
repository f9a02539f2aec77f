"""The words and keys of the earlier Titan, on top of the calls that raise."""
