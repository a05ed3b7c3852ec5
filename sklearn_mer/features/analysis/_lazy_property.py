"""Lazy properties."""


class lazy_property:
    """A property that is computed at the first access and stored.

    `functools.cached_property` of Python 3.11 has one lock for all instances, so that clips in
    several threads would wait for each other.
    """

    def __init__(self, function):
        self.function = function
        self.__doc__ = function.__doc__

    def __set_name__(self, owner, name):
        self.name = name

    def __get__(self, instance, owner=None):
        if instance is None:
            return self
        value = instance.__dict__[self.name] = self.function(instance)
        return value
