"""What every operation stands on: declared, routed, authorised, its body read and its refusals answered alike.

``operations`` declares, ``routing`` finds, ``dispatch`` admits, ``credentials`` tells who calls. ``parameters``,
``bodies``, ``models``, ``digests`` and ``etags`` read requests; ``headers``, ``downloads`` and ``failures`` answer them.
``openapi`` and ``descriptions`` make the document.
"""
