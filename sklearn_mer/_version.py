"""Version of the package, in a separate file for the build."""

__version__ = "0.1.0.dev0"
