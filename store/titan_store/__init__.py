"""The store service: values, sets, files, blobs, logs and outcomes over HTTP."""
