"""The convolutional recurrent network as a classifier."""

from torch import nn

from ._crnn import POOLS, ConvBlock
from ._gru import GRU
from ._layers import Standardize


class MelCRNN(nn.Module):
    """Four convolutions over a mel-spectrogram, then two GRUs over time.

    It has the layers of `TaggingCRNN`, for spectrograms of at least 96 x 96.

    Parameters
    ----------
    input_shape : tuple of int
        Number of mel bands and frames, at least 96 each.
    n_classes : int
        Number of classes.
    mean, std : float, default=0.0 and 1.0
        Mean and standard deviation that standardise the input, before its batch normalisation.
    width : int, default=64
        Number of filters of the first convolution; the others have twice as many.
    n_units : int, default=32
        Units of each GRU.
    dropout : float, default=0.5
        Probability of dropping a value before the last layer.

    See Also
    --------
    sklearn_mer.methods.CRNN : Trains it.

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
        self.drop = nn.Dropout(dropout)
        self.output_layer = nn.Linear(n_units, n_classes)

    def hidden(self, spectrograms):
        """Return the state of the second GRU after the last time step.

        Parameters
        ----------
        spectrograms : Tensor of shape (n_clips, n_mels, n_frames)
            The spectrograms.

        Returns
        -------
        Tensor of shape (n_clips, n_units)
            The last hidden layer.
        """
        maps = self.blocks(self.norm(self.standardize(spectrograms).unsqueeze(1)))
        return self.gru(maps.permute(0, 3, 1, 2).flatten(2))[:, -1]

    def forward(self, spectrograms):
        """Return the logits.

        Parameters
        ----------
        spectrograms : Tensor of shape (n_clips, n_mels, n_frames)
            The spectrograms.

        Returns
        -------
        Tensor of shape (n_clips, n_classes)
            The logits.
        """
        return self.output_layer(self.drop(self.hidden(spectrograms)))
