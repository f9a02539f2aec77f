"""Gates (TitanApprovals): who may decide about one through the store, and who is told."""
