"""Copies of networks for embeddings: the same values to rounding, with less work.

A network here is a copy with some layers replaced by faster ones for inference in float32 on a
CPU. All products stay in float32: bfloat16 changes the values by more than 1e-3.
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
# Points of the Fourier transform of `_Timbral`.
_N_POINTS = 16
# Frames that one product of `_Temporal` gives.
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

    A subclass cuts the frames into tiles: `columns` of an input, of which those from `step` times
    a band on, as many as `weights` has, are multiplied by them.
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

    Along time, it is a product of Fourier transforms of overlapping tiles. Between those, a
    product of matrices sums over the mel bands: 2.3 products a frame and band instead of seven.
    """

    def __init__(self, block):
        super().__init__(block)
        of_tile, of_filter, back = _fourier_products(_N_POINTS, block.conv.kernel_size[1])
        self.register_buffer("of_tile", of_tile)
        self.register_buffer("back", back)
        weights = torch.einsum("pj,okj->pok", of_filter, self._signed(block))
        self.register_buffer("weights", weights)

    def forward(self, maps):
        n_steps, n_products = self.back.shape
        tiles = self._tiles(maps, _N_POINTS, n_steps)
        n_patches, n_bands, n_tiles, _ = tiles.shape
        columns = torch.einsum("pj,nbtj->pbnt", self.of_tile, tiles).flatten(2)
        size = self.weights.shape[2]
        maxima = _largest(
            self.back @ (self.weights @ columns[:, band : band + size]).view(n_products, -1)
            for band in range(n_bands - size + 1)
        )
        maxima = maxima.view(n_steps, -1, n_patches, n_tiles).permute(1, 2, 3, 0)
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


def _fourier_products(n_points, size):
    """Return matrices that make a convolution of products of real numbers.

    For a tile ``x`` and a filter ``w``, ``C @ ((A @ x) * (B @ w))`` are the ``n_points - size + 1``
    sums of ``x[t + j] * w[j]``. A product of two complex numbers takes three real ones.

    Parameters
    ----------
    n_points : int
        Length of a tile, even.
    size : int
        Length of a filter.

    Returns
    -------
    A, B, C : Tensor of shape (n_products, n_points), (n_products, size), (n_steps, n_products)
        The transforms of tile and filter, and the one back.
    """
    of_tile, of_filter, back = [], [], []
    times = np.arange(n_points)
    for frequency in range(n_points // 2 + 1):
        wave = np.exp(-2j * np.pi * frequency * times / n_points)
        tile, taps, steps = wave, wave[:size].conj(), wave[: n_points - size + 1].conj() / n_points
        if frequency in (0, n_points // 2):  # real
            of_tile += [tile.real]
            of_filter += [taps.real]
            back += [steps.real]
        else:  # (a + bi) (c + di) = c (a + b) - b (c + d) + (c (a + b) + a (d - c)) i, twice
            of_tile += [tile.real + tile.imag, tile.real, tile.imag]
            of_filter += [taps.real, taps.imag - taps.real, taps.real + taps.imag]
            re, im = 2 * steps.real, 2 * steps.imag
            back += [re - im, -im, -re]
    as_tensor = [torch.tensor(np.array(rows), dtype=torch.float32) for rows in (of_tile, of_filter)]
    return *as_tensor, torch.tensor(np.array(back).T, dtype=torch.float32).contiguous()
