"""Gates (TitanApprovals): who may decide about one through the store, and which webhooks hear of it."""
