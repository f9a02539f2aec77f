"""The operator: observes Titan's objects, plans, executes."""
