"""Pure decisions: observed values go in, plans come out."""
