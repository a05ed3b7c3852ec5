"""The network trained on artist labels."""

from torch import nn
from torch.nn import functional as F

_KERNELS = (4, 4, 4, 2, 1)
_POOLS = (4, 4, 4, 2, 1)
_EPS = 1e-3


class ArtistNet(nn.Module):
    """Five convolutions over the time of a mel-spectrogram, then the maximum.

    Parameters
    ----------
    n_filters : tuple of 5 int, default=(128, 128, 128, 128, 256)
        Number of filters of each convolution.
    n_mels : int, default=128
        Number of mel bands.

    See Also
    --------
    sklearn_mer.methods.ArtistCNN : Fine-tunes it.
    sklearn_mer.embeddings.ArtistEmbedding : Its activations.

    References
    ----------
    .. [1] Park et al., "Representation learning of music using artist labels", ISMIR 2018.

    Examples
    --------
    >>> import torch
    >>> from sklearn_mer.nets import ArtistNet
    >>> ArtistNet().eval()(torch.zeros(2, 128, 129)).shape
    torch.Size([2, 256])
    """

    n_bands = 128
    n_frames = 129

    def __init__(self, n_filters=(128, 128, 128, 128, 256), n_mels=128):
        super().__init__()
        inputs = (n_mels, *n_filters[:-1])
        self.blocks = nn.ModuleList(
            _Block(*sizes) for sizes in zip(inputs, n_filters, _KERNELS, _POOLS, strict=True)
        )

    def hidden(self, spectrograms):
        """Return the maximum over time of the last convolution.

        Parameters
        ----------
        spectrograms : Tensor of shape (n_segments, n_mels, n_frames)
            Standardised spectrograms of at least 128 frames.

        Returns
        -------
        Tensor of shape (n_segments, n_filters[-1])
            The last hidden layer.
        """
        series = spectrograms
        for block in self.blocks:
            series = block(series)
        return series.amax(dim=2)

    def forward(self, spectrograms):
        """Return the same as `hidden`, because the network has no head.

        Parameters
        ----------
        spectrograms : Tensor of shape (n_segments, n_mels, n_frames)
            As in `hidden`.

        Returns
        -------
        Tensor of shape (n_segments, n_filters[-1])
            The last hidden layer.
        """
        return self.hidden(spectrograms)


class ArtistLabelNet(nn.Module):
    """`ArtistNet` with an output layer for artists, as it is trained.

    This is the basic model of Park et al., not the siamese one.

    Parameters
    ----------
    n_artists : int
        Number of artists.
    n_filters : tuple of 5 int, default=(128, 128, 128, 128, 256)
        Number of filters of each convolution.
    n_mels : int, default=128
        Number of mel bands.
    dropout : float, default=0.5
        Probability of dropping a value before the last layer.

    See Also
    --------
    sklearn_mer.embeddings.pretraining.ArtistClassifier : Trains it.

    References
    ----------
    .. [1] Park et al., "Representation learning of music using artist labels", ISMIR 2018.

    Examples
    --------
    >>> import torch
    >>> from sklearn_mer.nets import ArtistLabelNet
    >>> ArtistLabelNet(7).eval()(torch.zeros(2, 128, 129)).shape
    torch.Size([2, 7])
    """

    def __init__(self, n_artists, n_filters=(128, 128, 128, 128, 256), n_mels=128, *, dropout=0.5):
        super().__init__()
        self.network = ArtistNet(n_filters, n_mels)
        self.drop = nn.Dropout(dropout)
        self.output_layer = nn.Linear(n_filters[-1], n_artists)

    def hidden(self, spectrograms):
        """Return the output of `ArtistNet`.

        Parameters
        ----------
        spectrograms : Tensor of shape (n_segments, n_mels, n_frames)
            Standardised spectrograms of at least 128 frames.

        Returns
        -------
        Tensor of shape (n_segments, n_filters[-1])
            The last hidden layer.
        """
        return self.network.hidden(spectrograms)

    def forward(self, spectrograms):
        """Return the logits of the artists.

        Parameters
        ----------
        spectrograms : Tensor of shape (n_segments, n_mels, n_frames)
            Standardised spectrograms of at least 128 frames.

        Returns
        -------
        Tensor of shape (n_segments, n_artists)
            The logits.
        """
        return self.output_layer(self.drop(self.hidden(spectrograms)))


class _Block(nn.Module):
    def __init__(self, n_inputs, n_filters, kernel, pool):
        super().__init__()
        # Equal to padding='same', which warns for even lengths.
        self.pad = ((kernel - 1) // 2, kernel // 2)
        self.conv = nn.Conv1d(n_inputs, n_filters, kernel)
        self.norm = nn.BatchNorm1d(n_filters, eps=_EPS)
        self.pool = pool

    def forward(self, series):
        series = F.relu(self.norm(self.conv(F.pad(series, self.pad))))
        return F.max_pool1d(series, self.pool)
