"""The built-in kinds: what is filled in, and what is refused in the words of the real server.

``kinds`` says which rules belong to which kind. Pods are checked by ``pods``, with ``containers``, ``probes``,
``resource_amounts``, ``volumes`` and ``placements``; ``deployments`` checks its template as a pod. ``services``,
``claims``, ``maps`` (ConfigMaps and Secrets) and ``roles`` are a kind each; ``definitions``
(CustomResourceDefinitions) checks its schema by ``structures``. ``decoding`` reads every kind as Go would.
"""
