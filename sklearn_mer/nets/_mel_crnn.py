"""The convolutional recurrent network as a classifier."""

from torch import nn

from ._crnn import POOLS, ConvBlock
from ._dropout import Dropout
from ._gru import GRU
from ._layers import Standardize


class MelCRNN(nn.Module):
    """Four convolutions over a mel-spectrogram, then two GRUs over time.

    The layers of `TaggingCRNN`, for spectrograms of any size from 96 x 96 on.

    Parameters
    ----------
    input_shape : tuple of int
        Mel bands and frames, at least 96 each.
    n_classes : int
    mean, std : float, default=0.0 and 1.0
        The input is standardised by these, before the batch normalisation that follows.
    width : int, default=64
        Filters of the first convolution; the others have twice as many.
    n_units : int, default=32
        Of each GRU.
    dropout : float, default=0.5
        Before the last layer.

    References
    ----------
    .. [1] Choi et al., "Convolutional recurrent neural networks for music classification",
       ICASSP 2017.
    .. [2] Won et al., "Evaluation of CNN-based automatic music tagging models", SMC 2020.

    Examples
    --------
    >>> import torch
    >>> from sklearn_mer.nets import MelCRNN
    >>> net = MelCRNN((128, 938), 4, width=8)
    >>> net(torch.zeros(2, 128, 938)).shape
    torch.Size([2, 4])
    """

    min_size = 96

    def __init__(
        self, input_shape, n_classes, *, mean=0.0, std=1.0, width=64, n_units=32, dropout=0.5
    ):
        super().__init__()
        bands, frames = input_shape
        if min(bands, frames) < self.min_size:
            raise ValueError(
                f"Spectrograms of {bands} mel bands x {frames} frames are too small for this "
                f"network: it needs at least {self.min_size} x {self.min_size}. Use longer clips, "
                "a shorter hop or more bands."
            )
        self.standardize = Standardize(mean, std)
        self.norm = nn.BatchNorm2d(1)
        filters = (1, width, 2 * width, 2 * width, 2 * width)
        self.blocks = nn.Sequential(
            *(ConvBlock(*sizes) for sizes in zip(filters[:-1], filters[1:], POOLS, strict=True))
        )
        self.gru = GRU(2 * width * (bands // self.min_size), n_units)
        self.drop = Dropout(dropout)
        self.output_layer = nn.Linear(n_units, n_classes)

    def hidden(self, spectrograms):
        """Return the state of the second GRU after the last time step.

        Parameters
        ----------
        spectrograms : Tensor of shape (n_clips, n_mels, n_frames)

        Returns
        -------
        Tensor of shape (n_clips, n_units)
        """
        maps = self.blocks(self.norm(self.standardize(spectrograms).unsqueeze(1)))
        return self.gru(maps.permute(0, 3, 1, 2).flatten(2))[:, -1]

    def forward(self, spectrograms):
        """Return the logits, of shape (n_clips, n_classes)."""
        return self.output_layer(self.drop(self.hidden(spectrograms)))
