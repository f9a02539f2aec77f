"""From request to answer: bodies, verbs, lists, watches, proxied requests, and the forms of objects."""
