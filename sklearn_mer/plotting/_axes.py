"""Lazy import of matplotlib."""


def find_axes(display, ax, *, figsize=None):
    """Return the axes to draw in: `ax`, or new ones if it is None.

    Parameters
    ----------
    display : object
        Display that is drawn, named in the error.
    ax : matplotlib Axes or None
        Axes given by the user.
    figsize : tuple of float or None, default=None
        Size of a new figure in inches.

    Returns
    -------
    matplotlib Axes
        Axes to draw in.

    Raises
    ------
    ImportError
        If matplotlib is not installed.
    """
    try:
        import matplotlib
    except ImportError as error:
        raise ImportError(
            f"{type(display).__name__} needs matplotlib, which is not installed. Run "
            "pip install 'sklearn-mer[plot]'."
        ) from error
    del matplotlib
    if ax is not None and not hasattr(ax, "figure"):
        raise TypeError(f"ax={ax!r} is no Axes of matplotlib; give one, or None for a new figure.")
    if ax is None:
        import matplotlib.pyplot as plt

        # This layout makes room for all labels and legends: nothing is cut.
        _, ax = plt.subplots(figsize=figsize, layout="constrained")
    return ax
