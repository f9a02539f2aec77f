"""Bytes of files, blobs and ended logs in a bucket. Imported only by stores that use one: the client is slow to load."""
