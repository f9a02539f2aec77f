"""How the operator learns of changes; nothing is decided here.

kopf, the only room that imports it (docs/architecture/kopf.md): ``handlers``, ``kopf_settings``, ``streams``, ``lists``,
``tasks``, ``official_client``. Beside it: ``informer`` (the one way into the cache), ``resync`` (complete lists),
``outcomes`` and ``following`` (the store), ``kinds`` (the CRDs are those of this version).
"""
