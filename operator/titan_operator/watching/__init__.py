"""How the operator hears of change: kopf, its watches, complete lists, and the stream of outcomes; nothing is decided here."""
