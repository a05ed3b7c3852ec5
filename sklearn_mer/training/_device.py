"""Where networks run, and in which precision."""

import torch


def resolve_device(device):
    """Turn "auto" into what is there; refuse what is not.

    Parameters
    ----------
    device : {"auto", "cpu", "cuda"}

    Returns
    -------
    {"cpu", "cuda"}
    """
    if device == "auto":
        return "cuda" if torch.cuda.is_available() else "cpu"
    if device == "cuda" and not torch.cuda.is_available():
        raise ValueError(
            "device='cuda' was asked for, but torch sees no GPU here; use 'auto' or 'cpu'."
        )
    return device


def uses_bfloat16(precision, device):
    """Tell whether training computes in bfloat16: where asked, or where the device has it.

    Parameters
    ----------
    precision : {"auto", "float32", "bfloat16"}
    device : {"cpu", "cuda"}

    Returns
    -------
    bool
    """
    if precision != "auto":
        return precision == "bfloat16"
    if device == "cuda":
        return torch.cuda.is_bf16_supported()
    # Only where the CPU computes in it; emulated, it is slower than float32.
    return "avx512_bf16" in _cpu_capabilities() or "amx_bf16" in _cpu_capabilities()


def _cpu_capabilities():
    return {name for name, there in torch.cpu.get_capabilities().items() if there is True}
