"""The audio network of OpenL3."""

from torch import nn
from torch.nn import functional as F

_EPS = 1e-3
_N_CONVOLUTIONS = 8
# The published models have this name for the last convolution.
_LAST = "audio_embedding_layer"


class OpenL3Net(nn.Module):
    """Four blocks of two 3 x 3 convolutions, then the maximum over the map or over its cells.

    Layers have the names of the published models, so that their state dicts can be loaded.

    Parameters
    ----------
    n_filters : tuple of 4 int, default=(64, 128, 256, 512)
        Number of filters of the convolutions of each block.

    See Also
    --------
    sklearn_mer.embeddings.OpenL3Embedding : Its activations.

    References
    ----------
    .. [1] Cramer et al., "Look, listen, and learn more: design choices for deep audio
       embeddings", ICASSP 2019.

    Examples
    --------
    >>> import torch
    >>> from sklearn_mer.nets import OpenL3Net
    >>> net = OpenL3Net((2, 3, 4, 8)).eval()
    >>> net(torch.zeros(1, 256, 199)).shape
    torch.Size([1, 8])
    >>> net.hidden(torch.zeros(1, 256, 199), grid=(4, 3)).shape
    torch.Size([1, 96])
    """

    n_bands = 256
    n_frames = 199

    def __init__(self, n_filters=(64, 128, 256, 512)):
        super().__init__()
        outputs = [n for n in n_filters for _ in range(2)]
        inputs = [1, *outputs[:-1]]
        for i, (n_inputs, n_outputs) in enumerate(zip(inputs, outputs, strict=True), start=1):
            self.add_module(f"batch_normalization_{i}", nn.BatchNorm2d(n_inputs, eps=_EPS))
            name = _LAST if i == _N_CONVOLUTIONS else f"conv2d_{i}"
            self.add_module(name, nn.Conv2d(n_inputs, n_outputs, 3, padding=1))

    def maps(self, spectrograms):
        """Return the output of the last convolution.

        Parameters
        ----------
        spectrograms : Tensor of shape (n_windows, n_bands, n_frames)
            Decibels relative to the largest value of each window. The published models have 257,
            128 or 256 bands and 197 or 199 frames of one second.

        Returns
        -------
        Tensor of shape (n_windows, n_filters[-1], n_bands // 8, n_frames // 8)
            The maps.
        """
        maps = self.batch_normalization_1(spectrograms.unsqueeze(1))
        for i in range(1, _N_CONVOLUTIONS):
            norm = getattr(self, f"batch_normalization_{i + 1}")
            maps = F.relu(norm(getattr(self, f"conv2d_{i}")(maps)))
            if i % 2 == 0:
                maps = F.max_pool2d(maps, 2)
        return self.audio_embedding_layer(maps)

    def hidden(self, spectrograms, grid=(1, 1)):
        """Return the embedding of each window.

        Parameters
        ----------
        spectrograms : Tensor of shape (n_windows, n_bands, n_frames)
            As in `maps`.
        grid : tuple of 2 int, default=(1, 1)
            Number of cells along frequency and along time; the maximum of each is taken. With the
            published sizes of maps, (1, 1) is the embedding of 512 values and (4, 3) that of
            6144.

        Returns
        -------
        Tensor of shape (n_windows, grid[0] * grid[1] * n_filters[-1])
            Cells in order of frequency, then time, with the filters of each cell together.
        """
        cells = F.adaptive_max_pool2d(self.maps(spectrograms), grid)
        return cells.permute(0, 2, 3, 1).flatten(1)

    def forward(self, spectrograms):
        """Return the same as `hidden` with its default grid, because the network has no head.

        Parameters
        ----------
        spectrograms : Tensor of shape (n_windows, n_bands, n_frames)
            As in `maps`.

        Returns
        -------
        Tensor of shape (n_windows, n_filters[-1])
            The embedding.
        """
        return self.hidden(spectrograms)
