"""The network of the DL Baseline with recurrent layers."""

from torch import nn
from torch.nn import functional as F

from ._cnn import MelCNN
from ._dropout import Dropout
from ._gru import GRU
from ._layers import he_normal


class MelCNNGRU(nn.Module):
    """The convolutions of `MelCNN`, two GRUs over time, two hidden dense layers.

    Parameters
    ----------
    input_shape : tuple of int
        Mel bands and frames, at least `SMALLEST_INPUT`.
    n_classes : int
    mean, std : float, default=0.0 and 1.0
        The input is standardised by these.
    n_units : int, default=2000
        Of each GRU.
    one_step : bool, default=False
        Whether all that the convolutions give enters the GRUs as one time step, as in the
        authors' scripts, where they so never see time.

    References
    ----------
    .. [1] Louro et al., "Improving Deep Learning Methodologies for Music Emotion Recognition".

    Examples
    --------
    >>> import torch
    >>> from sklearn_mer.nets import MelCNNGRU
    >>> net = MelCNNGRU((128, 942), 4, n_units=20)
    >>> net.sequence(torch.zeros(2, 128, 942)).shape
    torch.Size([2, 25, 80])
    """

    def __init__(self, input_shape, n_classes, *, mean=0.0, std=1.0, n_units=2000, one_step=False):
        super().__init__()
        cnn = MelCNN(input_shape, n_classes, mean=mean, std=std)
        self.standardize, self.blocks = cnn.standardize, cnn.blocks
        self.one_step = one_step
        n_steps = 1 if one_step else cnn.map_shape[2]
        self.gru = GRU(cnn.hidden_layer.in_features // n_steps, n_units)
        self.drop = Dropout(0.5)
        self.dense = nn.ModuleList([nn.Linear(n_units, 300), nn.Linear(300, 75)])
        self.output_layer = nn.Linear(75, n_classes)
        he_normal(self.dense)
        he_normal(self.output_layer)

    def sequence(self, spectrograms):
        """Return what enters the GRUs, of shape (n_clips, n_steps, n_values).

        Parameters
        ----------
        spectrograms : Tensor of shape (n_clips, n_mels, n_frames)
        """
        maps = self.blocks(self.standardize(spectrograms).unsqueeze(1))
        steps = maps.permute(0, 3, 1, 2).flatten(2)
        return steps.flatten(1).unsqueeze(1) if self.one_step else steps

    def hidden(self, spectrograms):
        """Return the values of the last hidden layer, of shape (n_clips, 75).

        Parameters
        ----------
        spectrograms : Tensor of shape (n_clips, n_mels, n_frames)
        """
        values = self.drop(self.gru(self.sequence(spectrograms))[:, -1])
        for layer in self.dense:
            values = F.relu(layer(values))
        return values

    def forward(self, spectrograms):
        """Return the logits, of shape (n_clips, n_classes)."""
        return self.output_layer(self.hidden(spectrograms))
