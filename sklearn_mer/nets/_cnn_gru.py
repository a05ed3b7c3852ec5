"""The network of the DL Baseline with recurrent layers."""

from torch import nn
from torch.nn import functional as F

from ._cnn import MelCNN
from ._gru import GRU
from ._layers import he_normal


class MelCNNGRU(nn.Module):
    """The convolutions of `MelCNN`, two GRUs over time, two hidden dense layers.

    Parameters
    ----------
    input_shape : tuple of int
        Number of mel bands and frames, at least ``MelCNN.smallest_input``.
    n_classes : int
        Number of classes.
    mean, std : float, default=0.0 and 1.0
        Mean and standard deviation that standardise the input.
    n_units : int, default=2000
        Units of each GRU.
    one_step : bool, default=False
        Whether the whole output of the convolutions enters the GRUs as one time step, as in the
        authors' scripts. The GRUs then have no time to model.

    See Also
    --------
    sklearn_mer.methods.CNNGRU : Trains it.

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
        self.drop = nn.Dropout(0.5)
        self.dense = nn.ModuleList([nn.Linear(n_units, 300), nn.Linear(300, 75)])
        self.output_layer = nn.Linear(75, n_classes)
        he_normal(self.dense)
        he_normal(self.output_layer)

    def sequence(self, spectrograms):
        """Return the input of the GRUs.

        Parameters
        ----------
        spectrograms : Tensor of shape (n_clips, n_mels, n_frames)
            The spectrograms.

        Returns
        -------
        Tensor of shape (n_clips, n_steps, n_values)
            Sequences of values.
        """
        maps = self.blocks(self.standardize(spectrograms).unsqueeze(1))
        steps = maps.permute(0, 3, 1, 2).flatten(2)
        return steps.flatten(1).unsqueeze(1) if self.one_step else steps

    def hidden(self, spectrograms):
        """Return the values of the last hidden layer.

        Parameters
        ----------
        spectrograms : Tensor of shape (n_clips, n_mels, n_frames)
            The spectrograms.

        Returns
        -------
        Tensor of shape (n_clips, 75)
            The last hidden layer.
        """
        values = self.drop(self.gru(self.sequence(spectrograms))[:, -1])
        for layer in self.dense:
            values = F.relu(layer(values))
        return values

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
        return self.output_layer(self.hidden(spectrograms))
