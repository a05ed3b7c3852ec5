"""The branches and the head of the hybrid network."""

import copy
import itertools

import torch
from torch import nn

from ._layers import he_normal


class FeatureDNN(nn.Module):
    """Dense layers over handcrafted features.

    Batch normalisation and dropout, then hidden layers of 500, 300 and 100 units with ReLU.

    Parameters
    ----------
    n_features, n_classes : int
        Number of features and of classes.
    dropout : float, default=0.2
        Probability of dropping a feature.

    See Also
    --------
    sklearn_mer.methods.HybridMER : Trains it on descriptors.

    References
    ----------
    .. [1] Louro et al., "Improving Deep Learning Methodologies for Music Emotion Recognition".
    """

    n_hidden = 100

    def __init__(self, n_features, n_classes, *, dropout=0.2):
        super().__init__()
        self.norm = nn.BatchNorm1d(n_features)
        self.drop = nn.Dropout(dropout)
        self.layers = _dense(n_features, 500, 300, self.n_hidden)
        self.output_layer = nn.Linear(self.n_hidden, n_classes)
        he_normal(self)

    def hidden(self, features):
        """Return the values of the last hidden layer.

        Parameters
        ----------
        features : Tensor of shape (n_clips, n_features)
            The features.

        Returns
        -------
        Tensor of shape (n_clips, 100)
            The last hidden layer.
        """
        return self.layers(self.drop(self.norm(features)))

    def forward(self, features):
        """Return the logits.

        Parameters
        ----------
        features : Tensor of shape (n_clips, n_features)
            The features.

        Returns
        -------
        Tensor of shape (n_clips, n_classes)
            The logits.
        """
        return self.output_layer(self.hidden(features))


class HybridHead(nn.Module):
    """The layers that merge the branches.

    Batch normalisation, then hidden layers of 200 and 100 units with ReLU.

    Parameters
    ----------
    n_inputs : int
        Number of hidden values of both branches.
    n_classes : int
        Number of classes.

    See Also
    --------
    HybridNet : Convolutions, dense layers and this head as one network.
    """

    def __init__(self, n_inputs, n_classes):
        super().__init__()
        self.norm = nn.BatchNorm1d(n_inputs)
        self.layers = _dense(n_inputs, 200, 100)
        self.output_layer = nn.Linear(100, n_classes)
        he_normal(self)

    def forward(self, hidden):
        """Return the logits.

        Parameters
        ----------
        hidden : Tensor of shape (n_clips, n_inputs)
            Hidden values of both branches.

        Returns
        -------
        Tensor of shape (n_clips, n_classes)
            The logits.
        """
        return self.output_layer(self.layers(self.norm(hidden)))


class HybridNet(nn.Module):
    """A CNN over mel-spectrograms and a frozen DNN over features, merged by a head.

    Parameters
    ----------
    cnn : MelCNN
        A trained network, which is copied and trained further.
    dnn : FeatureDNN
        A trained network, which is copied and stays as it is.
    n_classes : int
        Number of classes.

    See Also
    --------
    sklearn_mer.methods.HybridMER : Trains it.

    References
    ----------
    .. [1] Louro et al., "Improving Deep Learning Methodologies for Music Emotion Recognition".
    """

    def __init__(self, cnn, dnn, n_classes):
        super().__init__()
        self.cnn = copy.deepcopy(cnn)
        self.dnn = copy.deepcopy(dnn).requires_grad_(False).eval()
        self.head = HybridHead(cnn.n_hidden + dnn.n_hidden, n_classes)

    def train(self, mode=True):
        """Set the mode of all parts except the DNN, which stays in evaluation mode.

        Parameters
        ----------
        mode : bool, default=True
            True for training mode, False for evaluation mode.

        Returns
        -------
        self
            The network itself.
        """
        super().train(mode)
        self.dnn.eval()
        return self

    def forward(self, spectrograms, features):
        """Return the logits.

        Parameters
        ----------
        spectrograms : Tensor of shape (n_clips, n_mels, n_frames)
            The spectrograms.
        features : Tensor of shape (n_clips, n_features)
            The features.

        Returns
        -------
        Tensor of shape (n_clips, n_classes)
            The logits.
        """
        hidden = [self.cnn.hidden(spectrograms), self.dnn.hidden(features)]
        return self.head(torch.cat(hidden, dim=1))


def _dense(*sizes):
    layers = ((nn.Linear(n, m), nn.ReLU()) for n, m in itertools.pairwise(sizes))
    return nn.Sequential(*itertools.chain.from_iterable(layers))
