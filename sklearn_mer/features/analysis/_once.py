"""A property that is computed once."""


class once:
    """A property that is computed at the first look and kept.

    `functools.cached_property` of Python 3.11 holds one lock for all instances while it
    computes, and clips in threads would wait for each other.
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
