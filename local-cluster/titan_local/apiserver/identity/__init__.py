"""Who calls and what they may: tokens, certificates, RBAC, and the reviews that answer such questions."""
