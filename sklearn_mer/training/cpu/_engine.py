"""Gradients of a batch on a CPU, computed in micro-batches, several at a time in threads.

A micro-batch of a few clips stays in the cache of one core, so that operations on it are faster
than operations on the whole batch spread over cores. Each micro-batch is processed by one thread
and the gradients are added up in a fixed order, so that the result does not depend on the number
of threads. Batch normalisation uses the statistics of each micro-batch.
"""

import contextlib
import copy
import itertools
from collections import deque
from concurrent.futures import ThreadPoolExecutor
from queue import SimpleQueue

import numpy as np
import torch
from torch.nn.modules.batchnorm import _BatchNorm

from .._loss import weighted_loss
from ._dropout import FastDropout
from ._layers import replace_layers


class MicroBatchEngine:
    """Computes loss, logits and gradients of batches for one module.

    Parameters
    ----------
    module : torch.nn.Module
        The network, on the CPU. Only the calling thread writes the ``grad`` of its parameters
        and the running statistics of its batch normalisations.
    criterion : callable
        Takes logits and targets, returns the mean loss; for weighted batches, the losses of the
        samples.
    micro_batch : int or None
        Largest number of clips per micro-batch; None for the whole batch in one.
    n_threads : int
        Number of micro-batches that are processed at once.
    bfloat16 : bool
        Whether the heavy operations run in bfloat16.
    seed : int
        Seed of all dropout masks.
    """

    def __init__(self, module, criterion, *, micro_batch, n_threads, bfloat16, seed):
        self.module = module
        self.criterion = criterion
        self.micro_batch = micro_batch
        self.bfloat16 = bfloat16
        self.seed = seed
        self.n_threads = n_threads
        self.parameters = [p for p in module.parameters() if p.requires_grad]
        self.norms = _batch_norms(module)
        self.replicas = SimpleQueue()
        for _ in range(n_threads):
            self.replicas.put(_Replica(module))
        self.pool = ThreadPoolExecutor(n_threads, initializer=torch.set_num_threads, initargs=(1,))
        self.step = 0

    def close(self):
        """End the threads."""
        self.pool.shutdown(cancel_futures=True)

    @contextlib.contextmanager
    def all_threads(self):
        """Let torch use all threads, for elementwise operations between batches."""
        torch.set_num_threads(self.n_threads)
        try:
            yield
        finally:
            torch.set_num_threads(1)

    def run(self, inputs, targets, shares=None):
        """Compute loss, logits and gradients of one batch.

        Parameters
        ----------
        inputs : tuple of Tensor, each of shape (n_clips, ...)
        targets : Tensor of shape (n_clips,)
        shares : Tensor of shape (n_clips,), default=None
            Share of each clip in the loss, adding up to 1; equal ones if None.

        Returns
        -------
        loss : Tensor of shape ()
        logits : Tensor of shape (n_clips, n_classes)
        """
        running = deque(
            self.pool.submit(self._run_piece, inputs, targets, shares, piece, number)
            for number, piece in enumerate(self._pieces(len(targets)))
        )
        results = []
        while running:  # in order; each is freed at once, because gradients may be large
            results.append(self._add(running.popleft().result(), first=not results))
        self._set_statistics(results)
        self.step += 1
        return sum(r.loss for r in results), torch.cat([r.logits for r in results])

    def _pieces(self, n_clips):
        # Nearly equal pieces, because a single clip would have no variance to normalise by.
        n_pieces = -(-n_clips // (self.micro_batch or n_clips))
        n_pieces = max(1, min(n_pieces, n_clips // 2))
        edges = np.linspace(0, n_clips, n_pieces + 1).round().astype(int)
        return [slice(start, stop) for start, stop in itertools.pairwise(edges)]

    def _run_piece(self, inputs, targets, shares, piece, number):
        replica = self.replicas.get_nowait()  # there are as many as threads
        try:
            return self._gradients(replica, inputs, targets, shares, piece, number)
        finally:
            self.replicas.put(replica)

    def _gradients(self, replica, inputs, targets, shares, piece, number):
        place = np.random.SeedSequence([self.seed, self.step, number])
        replica.seed(place.generate_state(1, np.uint64)[0])
        # Casts of weights are not cached: the cache would be shared between threads.
        with torch.autocast("cpu", torch.bfloat16, self.bfloat16, cache_enabled=False):
            logits = replica.module(*(x[piece] for x in inputs)).float()
        loss = self.criterion(logits, targets[piece])
        if shares is None:
            loss = loss * (len(logits) / len(targets))
        else:
            loss = weighted_loss(loss, shares[piece])
        # Unused layers have no gradient, as with backward().
        gradients = torch.autograd.grad(loss, self.parameters, allow_unused=True)
        gradients = list(map(_laid_out_as, self.parameters, gradients))
        return _Result(loss.detach(), logits.detach(), gradients, replica.statistics())

    def _add(self, result, *, first):
        for parameter, gradient in zip(self.parameters, result.gradients, strict=True):
            if first:
                parameter.grad = gradient
            elif gradient is not None:
                parameter.grad += gradient
        result.gradients = None
        return result

    def _set_statistics(self, results):
        for norm, *pieces in zip(self.norms, *(r.statistics for r in results), strict=True):
            mean, var = (torch.stack(values).mean(0) for values in zip(*pieces, strict=True))
            norm.running_mean.lerp_(mean, norm.momentum)
            norm.running_var.lerp_(var, norm.momentum)
            norm.num_batches_tracked += 1


def _laid_out_as(parameter, gradient):
    """Return a gradient in the parameter's memory layout, which fused optimizers rely on."""
    if gradient is None or gradient.stride() == parameter.stride():
        return gradient
    return torch.empty_like(parameter).copy_(gradient)


class _Result:
    def __init__(self, loss, logits, gradients, statistics):
        self.loss = loss
        self.logits = logits
        self.gradients = gradients
        self.statistics = statistics


class _Replica:
    """The module with the same parameters, but with own buffers and fast layers, for one thread."""

    def __init__(self, module):
        shared = {id(parameter): parameter for parameter in module.parameters()}
        self.module = copy.deepcopy(module, shared)
        self.drop = FastDropout()
        replace_layers(self.module, self.drop)
        self.norms = _batch_norms(self.module)
        for norm in self.norms:
            norm.momentum = 1.0  # so that it keeps the statistics of the last micro-batch

    def seed(self, seed):
        self.drop.seed(seed)

    def statistics(self):
        return [(norm.running_mean.clone(), norm.running_var.clone()) for norm in self.norms]


def _batch_norms(module):
    """Return the layers that update statistics; frozen branches stay in evaluation mode."""
    module.train()
    return [m for m in module.modules() if isinstance(m, _BatchNorm) and m.training]
