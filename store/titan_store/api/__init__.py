"""The HTTP API: declared operations, their handlers, and what they share.

``http`` is what every operation stands on: declaration, routing, credentials, bodies, refusals. ``keys`` is the
application's state. ``views`` (what people see), ``actions`` (what people do), ``gates`` and ``signing_in`` are rooms
of operations. The other operations are one noun a module: ``values``, ``sets``, ``files``, ``blobs``, ``logs``,
``outcomes``, ``workspaces``, ``system``. ``queries`` and ``documents`` are their parameters and bodies, ``follows`` and
``outcome_stream`` their streams. ``catalog`` lists all operations, ``static`` serves the page.
"""
