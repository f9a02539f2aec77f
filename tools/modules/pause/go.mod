// The process that keeps a pod's namespaces, and the test cluster's own.
module titan.local/tools/pause

go 1.24
