"""The convolutional recurrent tagging network."""

import torch
from torch import nn

from ._layers import max_pool_relu

POOLS = ((2, 2), (3, 3), (4, 4), (4, 4))


class ConvBlock(nn.Module):
    """Convolution 3 x 3, batch normalisation, ReLU, max-pooling."""

    def __init__(self, n_inputs, n_filters, pool):
        super().__init__()
        self.conv = nn.Conv2d(n_inputs, n_filters, 3, padding=1)
        self.bn = nn.BatchNorm2d(n_filters)
        self.pool = max_pool_relu(pool, ceil_mode=False)

    def forward(self, maps):
        return self.pool(self.bn(self.conv(maps)))


class Tagger(nn.Module):
    """What `TaggingCRNN` and `TaggingFCN` share.

    A subclass has the blocks ``layer1`` to ``layer{n_blocks}``, ``spec_bn``, ``dropout`` and
    ``dense``. The names of the layers are those of the published weights.
    """

    n_bands = 96

    def blocks(self):
        """Return the convolutions with their normalisations and poolings.

        Returns
        -------
        list of torch.nn.Module
            In order.
        """
        return [getattr(self, f"layer{i + 1}") for i in range(self.n_blocks)]

    def hidden(self, spectrograms):
        """Return the last hidden layer.

        Parameters
        ----------
        spectrograms : Tensor of shape (n_clips, 96, n_frames)
            Spectrograms in decibels.

        Returns
        -------
        Tensor of shape (n_clips, n_hidden)
            The last hidden layer: of a CRNN, the state of the second GRU after the last time step;
            of an FCN, the output of the convolutions.
        """
        return self.hidden_and_maps(spectrograms)[0]

    def hidden_and_maps(self, spectrograms):
        """Return the last hidden layer and the output of each convolution.

        Parameters
        ----------
        spectrograms : Tensor of shape (n_clips, 96, n_frames)
            Spectrograms in decibels.

        Returns
        -------
        hidden : Tensor of shape (n_clips, n_hidden)
            The last hidden layer.
        maps : list of Tensor of shape (n_clips, n_filters[i], n_bands, n_steps)
            Outputs of the convolutions, pooled.
        """
        maps = [self.spec_bn(spectrograms.unsqueeze(1))]
        for block in self.blocks():
            maps.append(block(maps[-1]))
        return self._hidden_of_maps(maps[-1]), maps[1:]

    def forward(self, spectrograms):
        """Return the logits of the tags.

        Parameters
        ----------
        spectrograms : Tensor of shape (n_clips, 96, n_frames)
            Spectrograms in decibels.

        Returns
        -------
        Tensor of shape (n_clips, n_tags)
            The logits.
        """
        return self.dense(self.dropout(self.hidden(spectrograms)))


class TaggingCRNN(Tagger):
    """Four convolutions, then two GRUs over time; the CRNN of Won et al.

    Parameters
    ----------
    n_filters : tuple of 4 int, default=(64, 128, 128, 128)
        Number of filters of each convolution.
    n_hidden : int, default=32
        Units of each GRU.
    n_tags : int, default=50
        Number of tags.
    dropout : float, default=0.5
        Probability of dropping a value before the last layer.

    See Also
    --------
    sklearn_mer.embeddings.TaggerEmbedding : Its activations.
    sklearn_mer.embeddings.pretraining.CRNNTagger : Trains it.

    Notes
    -----
    The input has 96 mel bands in decibels, of which the four poolings leave one, and at least 96
    frames.

    References
    ----------
    .. [1] Choi et al., "Convolutional recurrent neural networks for music classification",
       ICASSP 2017.
    .. [2] Won et al., "Evaluation of CNN-based automatic music tagging models", SMC 2020.

    Examples
    --------
    >>> import torch
    >>> from sklearn_mer.nets import TaggingCRNN
    >>> net = TaggingCRNN().eval()
    >>> net(torch.zeros(1, 96, 192)).shape
    torch.Size([1, 50])
    """

    n_blocks = 4
    min_frames = 96

    def __init__(self, n_filters=(64, 128, 128, 128), n_hidden=32, n_tags=50, *, dropout=0.5):
        super().__init__()
        self.spec_bn = nn.BatchNorm2d(1)
        inputs = (1, *n_filters[:-1])
        blocks = [ConvBlock(*sizes) for sizes in zip(inputs, n_filters, POOLS, strict=True)]
        self.layer1, self.layer2, self.layer3, self.layer4 = blocks
        self.layer5 = nn.GRU(n_filters[-1], n_hidden, 2, batch_first=True)
        self.dropout = nn.Dropout(dropout)
        self.dense = nn.Linear(n_hidden, n_tags)

    def _hidden_of_maps(self, maps):
        states, _ = self.layer5(torch.transpose(maps.squeeze(2), 1, 2))
        return states[:, -1]
