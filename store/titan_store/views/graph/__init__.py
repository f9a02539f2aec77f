"""The graph of a DAG as a person looks at it: folded, laid out, coloured by state. Pure but for the threads that fold."""
