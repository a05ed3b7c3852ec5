"""The network of Pons & Serra: musically motivated filters, then a dense middle."""

import torch
from torch import nn
from torch.nn import functional as F

_EPS = 1e-3
_MELS_TALL = (38, 67)
_FRAMES_LONG = (128, 64, 32)


class MusiCNN(nn.Module):
    """Filters along frequency and along time, three residual convolutions, pooling, dense.

    Parameters
    ----------
    n_timbral : int, default=204
        Number of filters of each of the two convolutions over 38 and 67 of 96 mel bands and 7
        frames.
    n_temporal : int, default=51
        Number of filters of each of the three convolutions over 128, 64 and 32 frames of one mel
        band.
    n_middle : int, default=64
        Number of filters of each of the three convolutions in the middle.
    n_hidden : int, default=200
        Units of the hidden layer.
    n_tags : int, default=50
        Number of tags.
    dropout : float, default=0.5
        Probability of dropping a value before each dense layer.

    See Also
    --------
    sklearn_mer.embeddings.MusiCNNEmbedding : Its activations.

    References
    ----------
    .. [1] Pons & Serra, "musicnn: pre-trained convolutional neural networks for music audio
       tagging", ISMIR 2019, late-breaking.

    Examples
    --------
    >>> import torch
    >>> from sklearn_mer.nets import MusiCNN
    >>> net = MusiCNN(n_timbral=2, n_temporal=3, n_middle=4).eval()
    >>> net.pooled(torch.zeros(1, 96, 187)).shape
    torch.Size([1, 2, 25])
    """

    n_bands = 96
    n_frames = 187

    def __init__(
        self, n_timbral=204, n_temporal=51, n_middle=64, n_hidden=200, n_tags=50, *, dropout=0.5
    ):
        super().__init__()
        self.input_norm = nn.BatchNorm2d(1, eps=_EPS)
        self.timbral = nn.ModuleList(_Front(n_timbral, (mels, 7)) for mels in _MELS_TALL)
        self.temporal = nn.ModuleList(_Front(n_temporal, (1, n)) for n in _FRAMES_LONG)
        n_front = 2 * n_timbral + 3 * n_temporal
        self.middle = nn.ModuleList(
            _Middle(n_inputs, n_middle) for n_inputs in (n_front, n_middle, n_middle)
        )
        n_pooled = 2 * (n_front + 3 * n_middle)
        self.pooled_norm = nn.BatchNorm1d(n_pooled, eps=_EPS)
        self.hidden_layer = nn.Linear(n_pooled, n_hidden)
        self.hidden_norm = nn.BatchNorm1d(n_hidden, eps=_EPS)
        self.dropout = nn.Dropout(dropout)
        self.output_layer = nn.Linear(n_hidden, n_tags)

    def pooled(self, spectrograms):
        """Return maximum and mean over time of the outputs of all convolutions.

        Parameters
        ----------
        spectrograms : Tensor of shape (n_patches, 96, n_frames)
            ``log10(10000 m + 1)`` of mel powers ``m``.

        Returns
        -------
        Tensor of shape (n_patches, 2, 2 n_timbral + 3 n_temporal + 3 n_middle)
            Maxima, then means.
        """
        maps = self.input_norm(spectrograms.unsqueeze(1))
        front = torch.cat([block(maps) for block in (*self.timbral, *self.temporal)], dim=1)
        series = [front, self.middle[0](front)]
        for block in self.middle[1:]:
            series.append(series[-1] + block(series[-1]))
        everything = torch.cat(series, dim=1)
        return torch.stack([everything.amax(dim=2), everything.mean(dim=2)], dim=1)

    def hidden_of_pooled(self, pooled):
        """Return the penultimate layer, given the output of `pooled`.

        Parameters
        ----------
        pooled : Tensor of shape (n_patches, 2, 2 n_timbral + 3 n_temporal + 3 n_middle)
            The output of `pooled`.

        Returns
        -------
        Tensor of shape (n_patches, n_hidden)
            The penultimate layer, after its normalisation.
        """
        # As in the source: maximum and mean of the first filter, then of the second, ...
        values = self.pooled_norm(pooled.transpose(1, 2).flatten(1))
        return self.hidden_norm(F.relu(self.hidden_layer(self.dropout(values))))

    def hidden(self, spectrograms):
        """Return the penultimate layer.

        Parameters
        ----------
        spectrograms : Tensor of shape (n_patches, 96, n_frames)
            As in `pooled`.

        Returns
        -------
        Tensor of shape (n_patches, n_hidden)
            The penultimate layer, after its normalisation.
        """
        return self.hidden_of_pooled(self.pooled(spectrograms))

    def forward(self, spectrograms):
        """Return the logits of the tags.

        Parameters
        ----------
        spectrograms : Tensor of shape (n_patches, 96, n_frames)
            As in `pooled`.

        Returns
        -------
        Tensor of shape (n_patches, n_tags)
            The logits.
        """
        return self.output_layer(self.dropout(self.hidden(spectrograms)))


class _Front(nn.Module):
    """Convolution, ReLU, normalisation, maximum over the remaining mel bands."""

    def __init__(self, n_filters, kernel):
        super().__init__()
        self.conv = nn.Conv2d(1, n_filters, kernel)
        self.norm = nn.BatchNorm2d(n_filters, eps=_EPS)

    def forward(self, maps):
        maps = F.pad(maps, _same(self.conv.kernel_size[1]))
        return self.norm(F.relu(self.conv(maps))).amax(dim=2)


class _Middle(nn.Module):
    def __init__(self, n_inputs, n_filters):
        super().__init__()
        self.conv = nn.Conv1d(n_inputs, n_filters, 7, padding=3)
        self.norm = nn.BatchNorm1d(n_filters, eps=_EPS)

    def forward(self, series):
        return self.norm(F.relu(self.conv(series)))


def _same(length):
    return (length - 1) // 2, length // 2
