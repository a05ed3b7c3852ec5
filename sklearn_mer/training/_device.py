"""Device and precision of training."""

import torch


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
        "auto" stands for bfloat16 if the device supports it in hardware.
    device : {"cpu", "cuda"}
        The device.

    Returns
    -------
    bool
        Whether it does.
    """
    if precision != "auto":
        return precision == "bfloat16"
    if device == "cuda":
        return torch.cuda.is_bf16_supported()
    # Emulated in software, bfloat16 is slower than float32.
    return "avx512_bf16" in _cpu_capabilities() or "amx_bf16" in _cpu_capabilities()


def _cpu_capabilities():
    return {name for name, there in torch.cpu.get_capabilities().items() if there is True}
