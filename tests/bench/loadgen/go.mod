// The load generator of store_load.py: a client in Python would measure itself. Standard library only.
module titan.local/tests/bench/loadgen

go 1.24.0
