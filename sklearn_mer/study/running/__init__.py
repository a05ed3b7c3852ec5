"""Running cells: what hands them to workers, here or on a cluster, and tells how far it is."""
