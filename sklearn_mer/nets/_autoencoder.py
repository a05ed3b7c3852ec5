"""Autoencoders: from samples to codes and back."""

import itertools
import math

import torch
from torch import nn
from torch.nn import functional as F

_KERNEL = 5
_SLOPE = 0.2


class MelAutoencoder(nn.Module):
    """Convolutional autoencoder of mel-spectrograms.

    The encoder has convolutions of 5 x 5 with stride 2 and leaky ReLU (slope 0.2), the decoder
    transposed convolutions of the same sizes and a hyperbolic tangent at the end.

    Parameters
    ----------
    input_shape : tuple of int
        Number of mel bands and frames.
    n_filters : tuple of int, default=(16, 32, 64, 128)
        Number of filters of each convolution.
    n_latent : int or None, default=None
        Length of the code, with one dense layer in the encoder and one in the decoder. If None,
        the code is the output of the last convolution.

    Attributes
    ----------
    n_values : int
        Length of the code.

    See Also
    --------
    sklearn_mer.embeddings.AutoencoderEmbedding : Trains it.
    sklearn_mer.augmentation.DeepSMOTE : Trains it.

    References
    ----------
    .. [1] Louro et al., "Improving Deep Learning Methodologies for Music Emotion Recognition".

    Examples
    --------
    >>> import torch
    >>> from sklearn_mer.nets import MelAutoencoder
    >>> net = MelAutoencoder((128, 942)).eval()
    >>> net.n_values, net(torch.zeros(2, 128, 942)).shape
    (60416, torch.Size([2, 1, 128, 942]))
    """

    def __init__(self, input_shape, n_filters=(16, 32, 64, 128), n_latent=None):
        super().__init__()
        sizes = list(itertools.accumulate(n_filters, _halved, initial=tuple(input_shape)))
        channels = (1, *n_filters)
        self.down = nn.ModuleList(
            nn.Conv2d(n, m, _KERNEL, stride=2, padding=_KERNEL // 2)
            for n, m in itertools.pairwise(channels)
        )
        self.up = nn.ModuleList(
            nn.ConvTranspose2d(
                m,
                n,
                _KERNEL,
                stride=2,
                padding=_KERNEL // 2,
                # An even size and the odd one under it have the same half.
                output_padding=tuple(1 - size % 2 for size in _widened(shape)),
            )
            for (n, m), shape in reversed(
                list(zip(itertools.pairwise(channels), sizes, strict=False))
            )
        )
        self.up_widths = [n_frames for _, n_frames in reversed(sizes[:-1])]
        self.map_shape = (channels[-1], *sizes[-1])
        n_flat = math.prod(self.map_shape)
        self.n_values = n_latent or n_flat
        self.to_code = nn.Linear(n_flat, n_latent) if n_latent else nn.Identity()
        self.from_code = nn.Linear(n_latent, n_flat) if n_latent else nn.Identity()
        # In place, because maps are large and nothing else needs the outputs of convolutions.
        self.act = nn.LeakyReLU(_SLOPE, inplace=True)

    def hidden(self, spectrograms):
        """Return the codes of spectrograms.

        Parameters
        ----------
        spectrograms : Tensor of shape (n_clips, n_mels, n_frames)
            Spectrograms scaled to [-1, 1].

        Returns
        -------
        Tensor of shape (n_clips, n_values)
            The codes.
        """
        return self.to_code(self._shrink(spectrograms).flatten(1))

    def decode(self, codes):
        """Return the spectrograms of codes.

        Parameters
        ----------
        codes : Tensor of shape (n_clips, n_values)
            The codes.

        Returns
        -------
        Tensor of shape (n_clips, n_mels, n_frames)
            Spectrograms in [-1, 1].
        """
        return self._grow(self.from_code(codes).unflatten(1, self.map_shape))

    def _shrink(self, spectrograms):
        maps = spectrograms.unsqueeze(1)
        for layer in self.down:
            if maps.shape[3] == 1:  # see _widened
                maps = F.pad(maps, (0, 1))
            maps = self.act(layer(maps))
        return maps

    def _grow(self, maps):
        for layer, width in zip(self.up, self.up_widths, strict=True):
            maps = layer(maps)
            if width == 1:  # see _widened
                maps = maps[..., :1]
            maps = torch.tanh(maps) if layer is self.up[-1] else self.act(maps)
        return maps.squeeze(1)

    def forward(self, *spectrograms):
        """Encode and decode each input.

        Parameters
        ----------
        *spectrograms : Tensor of shape (n_clips, n_mels, n_frames)
            The inputs, scaled to [-1, 1].

        Returns
        -------
        Tensor of shape (n_clips, n_inputs, n_mels, n_frames)
            The reconstructions.
        """
        return _side_by_side([self._there_and_back(x) for x in spectrograms])

    def _there_and_back(self, spectrograms):
        if isinstance(self.to_code, nn.Linear):
            return self.decode(self.hidden(spectrograms))
        # Without a code, the maps keep their memory layout.
        return self._grow(self._shrink(spectrograms))


class RowAutoencoder(nn.Module):
    """Autoencoder of rows of numbers, with one hidden layer each in encoder and decoder.

    Parameters
    ----------
    input_shape : tuple of 1 int
        Number of columns.
    n_hidden : int, default=128
        Units of each hidden layer.
    n_latent : int, default=32
        Length of the code.

    Attributes
    ----------
    n_values : int
        Length of the code.

    See Also
    --------
    sklearn_mer.augmentation.DeepSMOTE : Trains it.

    Examples
    --------
    >>> import torch
    >>> from sklearn_mer.nets import RowAutoencoder
    >>> RowAutoencoder((10,)).hidden(torch.zeros(2, 10)).shape
    torch.Size([2, 32])
    """

    def __init__(self, input_shape, n_hidden=128, n_latent=32):
        super().__init__()
        (n_columns,) = input_shape
        self.n_values = n_latent
        self.encoder = nn.Sequential(
            nn.Linear(n_columns, n_hidden), nn.LeakyReLU(_SLOPE), nn.Linear(n_hidden, n_latent)
        )
        self.decoder = nn.Sequential(
            nn.Linear(n_latent, n_hidden), nn.LeakyReLU(_SLOPE), nn.Linear(n_hidden, n_columns)
        )

    def hidden(self, rows):
        """Return the codes of rows.

        Parameters
        ----------
        rows : Tensor of shape (n_rows, n_columns)
            The rows.

        Returns
        -------
        Tensor of shape (n_rows, n_latent)
            The codes.
        """
        return self.encoder(rows)

    def decode(self, codes):
        """Return the rows of codes.

        Parameters
        ----------
        codes : Tensor of shape (n_rows, n_latent)
            The codes.

        Returns
        -------
        Tensor of shape (n_rows, n_columns)
            The rows.
        """
        return self.decoder(codes)

    def forward(self, *rows):
        """Encode and decode each input.

        Parameters
        ----------
        *rows : Tensor of shape (n_rows, n_columns)
            The inputs.

        Returns
        -------
        Tensor of shape (n_rows, n_inputs, n_columns)
            The reconstructions.
        """
        return _side_by_side([self.decode(self.hidden(x)) for x in rows])


def _side_by_side(made):
    return torch.stack(made, dim=1) if len(made) > 1 else made[0].unsqueeze(1)


def _halved(shape, _):
    return tuple((size + 1) // 2 for size in shape)


def _widened(shape):
    """Return the shape with at least two frames; half of one and of two frames is one.

    For maps of one frame, torch 2.13 on a CPU returns uninitialised memory as the gradients of
    weights in bfloat16.
    """
    n_mels, n_frames = shape
    return n_mels, max(n_frames, 2)
