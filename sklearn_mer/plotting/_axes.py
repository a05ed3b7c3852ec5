"""Matplotlib, fetched when something is drawn."""


def find_axes(display, ax, *, figsize=None):
    """Return the axes to draw in, new ones where None is given.

    Parameters
    ----------
    display : object
        Who draws, for the error.
    ax : matplotlib Axes or None
    figsize : tuple of float or None, default=None
        Of a new figure, in inches.

    Returns
    -------
    matplotlib Axes

    Raises
    ------
    ImportError
        If matplotlib is not installed.
    """
    try:
        import matplotlib
    except ImportError as error:
        raise ImportError(
            f"{type(display).__name__} draws with matplotlib, which is not installed: "
            "pip install 'sklearn-mer[plot]'."
        ) from error
    del matplotlib
    if ax is None:
        import matplotlib.pyplot as plt

        _, ax = plt.subplots(figsize=figsize)
    return ax
