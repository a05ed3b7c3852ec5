"""What is raised when a store cannot be used."""


class StoreError(RuntimeError):
    """The store cannot be opened, read or written; the message says why and what to do."""
