"""What people do to DAGs and jobs by the page's buttons."""
