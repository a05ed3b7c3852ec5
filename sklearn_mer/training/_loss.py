"""The loss of a batch, or of a part of it."""


def weighted_loss(losses, shares):
    """Return the weighted loss of some samples of a batch.

    Parameters
    ----------
    losses : Tensor of shape (n_samples, ...)
        Losses of single samples; further axes are averaged.
    shares : Tensor of shape (n_samples,)
        Share of each sample in the loss of the batch.

    Returns
    -------
    Tensor of shape ()
        Over all parts of a batch, these add up to the loss of the batch.
    """
    return (losses.view(len(losses), -1).mean(1) * shares).sum()
