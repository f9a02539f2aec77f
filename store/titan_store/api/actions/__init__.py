"""What people do to DAGs and jobs with the page's buttons: one operation a file."""
