"""What a write does to an object before its kind has a say: patches, apply, metadata, deletion."""
