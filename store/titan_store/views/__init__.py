"""What people look at: slim records of the cluster's objects, kept fresh by a watch, and what is made of them."""
