"""What storage promises whoever uses it, and what is said once whichever backend keeps the rows and the bytes."""
