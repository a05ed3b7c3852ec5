"""Classes that files of models hold beside public estimators."""

#: {lasting name: class}, filled as the modules of the classes are imported.
SAVED = {}


def saved_as(name):
    """Register a class for files of models under a name that outlasts moves and renames.

    Its instances are saved as their attributes, and read into instances that ``__init__`` has not
    seen. An attribute that is added later needs a default on the class, for older files.
    """

    def register(cls):
        if SAVED.setdefault(name, cls) is not cls:
            raise ValueError(f"{SAVED[name]} is saved as {name!r} already; choose another name.")
        return cls

    return register
