"""How every operation speaks HTTP: declared, routed, authorised, its body read and its refusals answered alike."""
