"""From TitanJobs to objects in the cluster: describing, checking, publishing sources, creating."""
