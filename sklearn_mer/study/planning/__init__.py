"""Planning: what cells will take, before they are run."""
