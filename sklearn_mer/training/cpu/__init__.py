"""Faster training on a CPU: micro-batches in threads, and kernels that were measured to pay."""

from ._engine import MicroBatchEngine

__all__ = ["MicroBatchEngine"]
