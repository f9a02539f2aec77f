"""How the operator learns of changes; nothing is decided here.

kopf, which only this room imports (docs/architecture/kopf.md): ``handlers``, ``kopf_settings``, ``streams``,
``lists``, ``tasks``, ``official_client``. Beside it: ``informer`` (the way into the cache), ``resync`` (complete
lists), ``outcomes`` and ``following`` (the store), ``kinds`` (the CRDs are those of this version)."""
