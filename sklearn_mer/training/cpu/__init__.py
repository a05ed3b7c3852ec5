"""Faster training on a CPU: micro-batches in threads, and fast layers.

Each kernel saves at least 10 % of an epoch of some method, as measured by
``benchmarks/cpu_kernels.py``.
"""

from ._engine import MicroBatchEngine

__all__ = ["MicroBatchEngine"]
