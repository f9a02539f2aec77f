"""What answers to reading are made of: selectors, Tables, discovery, and what grants cover."""
