"""Copies of networks for embeddings: the same values to rounding, with less work.

A network here is a copy with some layers replaced by faster ones for inference in float32 on a
CPU. All products stay in float32: in bfloat16, states of taggers change by up to 0.05.
"""

import copy

import numpy as np
import torch
from torch import nn
from torch.nn import functional as F
from torch.nn.utils import fuse_conv_bn_eval

# Frames of the first convolution of a tagger that are computed together: their maps stay in the
# cache of a core, where those of a whole clip take 45 MB. A multiple of the poolings.
_STRIP = 96
# Points of the Fourier transform of `_Timbral`: 24 frames, so that eight tiles are a patch of 187.
_N_POINTS = 30
# Frames that one product of `_Temporal` gives: 17 times that are a patch.
_N_STEPS = 11


@torch.no_grad()
def fast_tagger(network):
    """Return a copy of a tagger for inference.

    Normalisations are folded into convolutions, which run with channels last; the first
    convolution and its pooling run strip by strip.

    Parameters
    ----------
    network : TaggingCRNN or TaggingFCN
        In evaluation mode.

    Returns
    -------
    TaggingCRNN or TaggingFCN
        With the outputs of `network`, but for the last bits.
    """
    network = copy.deepcopy(network)
    for block in network.blocks():
        block.conv = fuse_conv_bn_eval(block.conv, block.bn)
        block.bn = nn.Identity()
    network.layer1 = _InStrips(network.layer1)
    return network.to(memory_format=torch.channels_last)


class _InStrips(nn.Module):
    """A `ConvBlock` whose maps are computed and pooled strip by strip of the time."""

    def __init__(self, block):
        super().__init__()
        self.conv, self.pool = block.conv, block.pool

    def forward(self, maps):
        pool = self.pool[0].kernel_size[1]
        n_frames = maps.shape[3] // pool * pool
        maps = F.pad(maps, (1, 1))  # a frame of the neighbours, silence at the ends
        strips = [
            self._pooled(maps[..., start : min(start + _STRIP, n_frames) + 2])
            for start in range(0, n_frames, _STRIP)
        ]
        return torch.cat(strips, dim=3)

    def _pooled(self, strip):
        strip = strip.contiguous(memory_format=torch.channels_last)
        conv = self.conv
        return self.pool(F.conv2d(strip, conv.weight, conv.bias, padding=(1, 0)))


@torch.no_grad()
@torch.autocast("cpu", enabled=False)
def fast_musicnn(network):
    """Return a copy of a MusiCNN for inference.

    The convolutions of its front are products of matrices, of which only the maximum over the mel
    bands is kept.

    Parameters
    ----------
    network : MusiCNN
        In evaluation mode.

    Returns
    -------
    MusiCNN
        With the outputs of `network`, but for the last bits.
    """
    network = copy.deepcopy(network)
    network.timbral = nn.ModuleList(map(_Timbral, network.timbral))
    network.temporal = nn.ModuleList(map(_Temporal, network.temporal))
    return network


class _Front(nn.Module):
    """A block of MusiCNN's front: convolution, ReLU, normalisation, maximum over mel bands.

    The maximum comes first: ReLU and a normalisation with a positive scale keep the order of
    values. Where the scale is negative, the signs of the filter are changed for the while, as the
    largest normalised value is then that of the smallest.
    """

    def __init__(self, block):
        super().__init__()
        self.bias, self.norm = block.conv.bias, block.norm
        self.register_buffer("sign", torch.where(block.norm.weight < 0, -1.0, 1.0)[:, None])
        self.pad = (block.conv.kernel_size[1] - 1) // 2

    def _signed(self, block):
        return block.conv.weight[:, 0] * self.sign[:, :, None]

    def _tiles(self, maps, length, step):
        """Return (n_patches, n_bands, n_tiles, length), padded with zeros at both ends."""
        n_frames = maps.shape[3]
        n_tiles = -(-n_frames // step)
        end = (n_tiles - 1) * step + length - self.pad - n_frames
        return F.pad(maps[:, 0], (self.pad, end)).unfold(2, length, step)

    def _finish(self, maxima, n_frames):
        """Return (n_patches, n_filters, n_frames), of (n_filters, n_patches, n_tiles, step)."""
        values = maxima.transpose(0, 1).flatten(2)[..., :n_frames] * self.sign
        return self.norm(F.relu(values + self.bias[:, None]).unsqueeze(2)).squeeze(2)


class _Timbral(_Front):
    """Convolution over many mel bands and a few frames.

    Along time, it is a product of Fourier transforms of overlapping tiles, in which a product of
    matrices sums over the mel bands: 2.6 multiplications a frame and band instead of seven.
    """

    def __init__(self, block):
        super().__init__(block)
        signed = self._signed(block)
        size = signed.shape[2]
        of_tile, back = _fourier(_N_POINTS)
        self.register_buffer("of_tile", of_tile)
        self.register_buffer("back", back[: _N_POINTS - size + 1].contiguous())
        parts = torch.einsum("fj,okj->fok", of_tile[:, :size], signed)
        self.register_buffer("of_real", parts[:2].contiguous())
        # Real and imaginary parts of a frequency take turns, band by band: those of neighbouring
        # bands are one block. A correlation is the product with the conjugate.
        real, imag = parts[2::2], -parts[3::2]
        rows = [torch.stack([real, -imag], dim=3), torch.stack([imag, real], dim=3)]
        self.register_buffer("of_complex", torch.cat(rows, dim=1).flatten(2))

    def forward(self, maps):
        n_steps, n_points = self.back.shape
        tiles = self._tiles(maps, n_points, n_steps)
        n_patches, n_bands, n_tiles, _ = tiles.shape
        _, n_filters, size = self.of_real.shape
        parts = torch.einsum("fj,nbtj->fbnt", self.of_tile, tiles).flatten(2)
        of_real = parts[:2]
        of_complex = parts[2:].unflatten(0, (-1, 2)).transpose(1, 2).flatten(1, 2)
        product = parts.new_empty(n_points, n_filters, parts.shape[2])
        complex_product = product[2:].view(-1, 2 * n_filters, parts.shape[2])

        def sums():
            for band in range(n_bands - size + 1):
                end = band + size
                torch.bmm(self.of_real, of_real[:, band:end], out=product[:2])
                torch.bmm(self.of_complex, of_complex[:, 2 * band : 2 * end], out=complex_product)
                yield self.back @ product.flatten(1)

        maxima = _largest(sums()).view(n_steps, -1, n_patches, n_tiles).permute(1, 2, 3, 0)
        return self._finish(maxima, maps.shape[3])


class _Temporal(_Front):
    """Convolution over many frames of one mel band: a product with its Toeplitz matrix."""

    def __init__(self, block):
        super().__init__(block)
        filters = self._signed(block)[:, 0]
        size = filters.shape[1]
        shifted = [F.pad(filters, (i, _N_STEPS - 1 - i)) for i in range(_N_STEPS)]
        self.length = size + _N_STEPS - 1
        self.register_buffer("weights", torch.stack(shifted, dim=1).flatten(0, 1).t().contiguous())

    def forward(self, maps):
        tiles = self._tiles(maps, self.length, _N_STEPS)
        n_patches, n_bands, n_tiles, _ = tiles.shape
        rows = tiles.transpose(0, 1).reshape(n_bands, -1, self.length)
        maxima = _largest(band @ self.weights for band in rows)
        maxima = maxima.view(n_patches, n_tiles, -1, _N_STEPS).permute(2, 0, 1, 3)
        return self._finish(maxima, maps.shape[3])


def _largest(arrays):
    best = next(arrays)
    for array in arrays:
        torch.maximum(best, array, out=best)
    return best


def _fourier(n_points):
    """Return the transform of an even number of points by real numbers, and its inverse.

    The rows are the sum, the sum with alternating signs, and the real and the imaginary part of
    each frequency between.
    """
    times = np.arange(n_points)
    angles = 2 * np.pi * times * times[1 : n_points // 2, None] / n_points
    between = np.stack([np.cos(angles), -np.sin(angles)], axis=1).reshape(-1, n_points)
    forward = np.vstack([np.ones(n_points), (-1.0) ** times, between])
    back = np.linalg.inv(forward)
    return torch.from_numpy(forward).float(), torch.from_numpy(back).float()
