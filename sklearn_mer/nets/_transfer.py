"""Heads for networks that were trained for another task."""

import copy

from torch import nn
from torch.nn.modules.batchnorm import _BatchNorm

from ._layers import Standardize


class TransferHead(nn.Module):
    """One dense layer over the last hidden layer of a pre-trained network.

    Parameters
    ----------
    n_inputs : int
        Number of values of that layer.
    n_classes : int
        Number of classes.
    mean, std : float or ndarray of shape (n_inputs,), default=0.0 and 1.0
        Mean and standard deviation that standardise the values.
    dropout : float, default=0.0
        Probability of dropping a value.

    See Also
    --------
    sklearn_mer.methods.PretrainedCRNN : Trains it.

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
        self.drop = nn.Dropout(dropout)
        self.output_layer = nn.Linear(n_inputs, n_classes)

    def forward(self, state):
        """Return the logits.

        Parameters
        ----------
        state : Tensor of shape (n_clips, n_inputs)
            Values of the last hidden layer.

        Returns
        -------
        Tensor of shape (n_clips, n_classes)
            The logits.
        """
        return self.output_layer(self.drop(self.standardize(state)))


class TransferNet(nn.Module):
    """A pre-trained network and a head, which are trained together.

    The statistics of the batch normalisations of the body are kept: those of the large
    collection are better estimates than those of a few hundred clips.

    Parameters
    ----------
    body : torch.nn.Module
        A network with a method ``hidden``, which is copied.
    head : torch.nn.Module
        A network whose input is the output of ``body.hidden``, which is copied.

    See Also
    --------
    sklearn_mer.methods.PretrainedCRNN : Trains it.

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
        """Set the mode of all layers except the batch normalisations of the body.

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
        for layer in self.body.modules():
            if isinstance(layer, _BatchNorm):
                layer.eval()
        return self

    def forward(self, spectrograms):
        """Return the logits.

        Parameters
        ----------
        spectrograms : Tensor of shape (n_clips, n_mels, n_frames)
            Spectrograms in the form that the body takes.

        Returns
        -------
        Tensor of shape (n_clips, n_classes)
            The logits.
        """
        return self.head(self.body.hidden(spectrograms))
