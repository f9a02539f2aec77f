"""Pure decisions: what the operator sees goes in, what it shall do comes out."""
