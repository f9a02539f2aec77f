"""Objects on disk, their versions, the recent past, and what finds them again by label or page."""
