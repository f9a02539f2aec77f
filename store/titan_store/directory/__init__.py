"""Bytes of files, blobs and logs in a directory."""
