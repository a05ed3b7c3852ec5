"""Device and precision of training."""

import os
import threading
import warnings
from time import thread_time

import torch
from torch.nn import functional as F

from .._threads import one_torch_thread

# What precision "auto" stands for on a CPU. Child processes inherit it.
VARIABLE = "SKLEARN_MER_CPU_PRECISION"
_MUCH_SLOWER = 1.5
_measuring = threading.Lock()


def resolve_device(device):
    """Return the device to train on.

    Parameters
    ----------
    device : {"auto", "cpu", "cuda"}
        "auto" stands for "cuda" if there is a GPU, else for "cpu".

    Returns
    -------
    {"cpu", "cuda"}
        The device.

    Raises
    ------
    ValueError
        If `device` is "cuda" and there is no GPU.
    """
    if device == "auto":
        return "cuda" if torch.cuda.is_available() else "cpu"
    if device == "cuda" and not torch.cuda.is_available():
        raise ValueError("device='cuda' was given, but torch finds no GPU; use 'auto' or 'cpu'.")
    return device


def uses_bfloat16(precision, device):
    """Return whether training computes in bfloat16.

    Parameters
    ----------
    precision : {"auto", "float32", "bfloat16"}
        "auto" stands for bfloat16 if the device supports it in hardware and, on a CPU, torch is
        not slow in it (see `cpu_precision`).
    device : {"cpu", "cuda"}
        The device.

    Returns
    -------
    bool
        Whether it does.
    """
    if precision == "auto" and device == "cuda":
        return torch.cuda.is_bf16_supported(including_emulation=False)
    return (cpu_precision() if precision == "auto" else precision) == "bfloat16"


def cpu_precision():
    """Return what precision "auto" stands for on this CPU, as measured by the first call.

    It is bfloat16 if the processor computes in it, unless torch is slow in it: some versions leave
    bfloat16 to slow routines. A timing could come out otherwise in another process, and results
    with it: so the ratio that counts as slow, 1.5, lies far from those of fast routines (0.7) and
    of slow ones (2 to 10), and processes that are started later take over what was found. To
    decide yourself, set ``precision`` or the environment variable ``SKLEARN_MER_CPU_PRECISION``.

    Returns
    -------
    {"float32", "bfloat16"}
        The precision.

    Raises
    ------
    ValueError
        If the environment variable is set to anything else.
    """
    with _measuring:
        precision = os.environ.get(VARIABLE) or _fast_precision()
        if precision not in ("float32", "bfloat16"):
            raise ValueError(
                f"The environment variable {VARIABLE} is {precision!r}; set it to 'float32' or "
                "'bfloat16', or unset it to let a short measurement decide."
            )
        os.environ[VARIABLE] = precision
    return precision


def _fast_precision():
    if not _cpu_capabilities() & {"avx512_bf16", "amx_bf16"}:
        return "float32"  # emulated in software, bfloat16 is slower
    ratio = _time_ratio()
    if ratio <= _MUCH_SLOWER:
        return "bfloat16"
    warnings.warn(
        f"Networks are trained in float32: on this processor torch {torch.__version__} takes "
        f"{ratio:.1f} times as long for a convolution in bfloat16. To train in bfloat16 all the "
        f"same, set precision='bfloat16' or the environment variable {VARIABLE}=bfloat16.",
        stacklevel=2,
    )
    return "float32"


def _time_ratio(rounds=3):
    """Return the CPU time of a convolution in bfloat16 by that in float32: best of some rounds."""
    maps, weight = (
        torch.ones(shape).to(memory_format=torch.channels_last).requires_grad_()
        for shape in ((2, 32, 32, 32), (32, 32, 3, 3))
    )

    def seconds(bfloat16):
        begun = thread_time()  # other processes do not count
        with torch.autocast("cpu", torch.bfloat16, bfloat16, cache_enabled=False):
            result = F.conv2d(maps, weight, padding=1)
        torch.autograd.grad(result.sum(), (maps, weight))
        return thread_time() - begun

    with one_torch_thread(), torch.enable_grad():
        pairs = [(seconds(True), seconds(False)) for _ in range(1 + rounds)][1:]
    in_bfloat16, in_float32 = map(min, zip(*pairs, strict=True))
    return in_bfloat16 / max(in_float32, 1e-9)


def _cpu_capabilities():
    return {name for name, there in torch.cpu.get_capabilities().items() if there is True}
