"""The fully convolutional tagging network."""

from torch import nn

from ._crnn import ConvBlock, Tagger

_POOLS = ((2, 4), (2, 4), (2, 4), (3, 5), (4, 4))


class TaggingFCN(Tagger):
    """Five convolutions that pool a mel-spectrogram to one value per filter.

    Parameters
    ----------
    n_filters : tuple of 5 int, default=(64, 128, 128, 128, 64)
        Number of filters of each convolution.
    n_tags : int, default=50
        Number of tags.
    dropout : float, default=0.5
        Probability of dropping a value before the last layer.

    See Also
    --------
    sklearn_mer.embeddings.TaggerEmbedding : Its activations.

    Notes
    -----
    The input has 96 mel bands in decibels and at least 1280 frames. Frames beyond the last
    complete pooling are ignored, as in the source. If more than one time step remains (from 2560
    frames on), their maximum is taken.

    References
    ----------
    .. [1] Choi et al., "Automatic tagging using deep convolutional neural networks", ISMIR 2016.
    .. [2] Won et al., "Evaluation of CNN-based automatic music tagging models", SMC 2020.

    Examples
    --------
    >>> import torch
    >>> from sklearn_mer.nets import TaggingFCN
    >>> TaggingFCN((2, 2, 2, 2, 2)).eval()(torch.zeros(1, 96, 1280)).shape
    torch.Size([1, 50])
    """

    n_blocks = 5
    min_frames = 1280

    def __init__(self, n_filters=(64, 128, 128, 128, 64), n_tags=50, *, dropout=0.5):
        super().__init__()
        self.spec_bn = nn.BatchNorm2d(1)
        inputs = (1, *n_filters[:-1])
        blocks = [ConvBlock(*sizes) for sizes in zip(inputs, n_filters, _POOLS, strict=True)]
        self.layer1, self.layer2, self.layer3, self.layer4, self.layer5 = blocks
        self.dropout = nn.Dropout(dropout)
        self.dense = nn.Linear(n_filters[-1], n_tags)

    def _hidden_of_maps(self, maps):
        return maps.amax(dim=(2, 3))
