"""What is put on a network that was trained for something else."""

import copy

from torch import nn
from torch.nn.modules.batchnorm import _BatchNorm

from ._dropout import Dropout
from ._layers import Standardize


class TransferHead(nn.Module):
    """One dense layer over the last hidden layer of a pre-trained network.

    Parameters
    ----------
    n_inputs : int
        Values of that layer.
    n_classes : int
    mean, std : float or ndarray of shape (n_inputs,), default=0.0 and 1.0
        The values are standardised by these.
    dropout : float, default=0.0

    References
    ----------
    .. [1] Louro et al., "Improving Deep Learning Methodologies for Music Emotion Recognition".

    Examples
    --------
    >>> import torch
    >>> from sklearn_mer.nets import TransferHead
    >>> TransferHead(32, 4)(torch.zeros(2, 32)).shape
    torch.Size([2, 4])
    """

    def __init__(self, n_inputs, n_classes, *, mean=0.0, std=1.0, dropout=0.0):
        super().__init__()
        self.standardize = Standardize(mean, std)
        self.drop = Dropout(dropout)
        self.output_layer = nn.Linear(n_inputs, n_classes)

    def forward(self, state):
        """Return the logits, of shape (n_clips, n_classes).

        Parameters
        ----------
        state : Tensor of shape (n_clips, n_inputs)
        """
        return self.output_layer(self.drop(self.standardize(state)))


class TransferNet(nn.Module):
    """A pre-trained network and a head, both of which go on learning.

    The batch normalisations stay as they were trained: a few hundred clips tell less of their
    statistics than the large collection did.

    Parameters
    ----------
    body : torch.nn.Module
        With a method ``hidden``; copied.
    head : torch.nn.Module
        Takes what that gives; copied.

    Examples
    --------
    >>> import torch
    >>> from sklearn_mer.nets import TaggingCRNN, TransferHead, TransferNet
    >>> net = TransferNet(TaggingCRNN(), TransferHead(32, 4)).eval()
    >>> net(torch.zeros(1, 96, 192)).shape
    torch.Size([1, 4])
    """

    def __init__(self, body, head):
        super().__init__()
        self.body = copy.deepcopy(body).requires_grad_(True)
        self.head = copy.deepcopy(head)

    def train(self, mode=True):
        """Set the mode of all layers but the batch normalisations of the body."""
        super().train(mode)
        for layer in self.body.modules():
            if isinstance(layer, _BatchNorm):
                layer.eval()
        return self

    def forward(self, spectrograms):
        """Return the logits, of shape (n_clips, n_classes).

        Parameters
        ----------
        spectrograms : Tensor of shape (n_clips, n_mels, n_frames)
            As the body wants them.
        """
        return self.head(self.body.hidden(spectrograms))
