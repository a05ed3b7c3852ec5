"""Broken copies of files of weights."""

from pathlib import Path

import numpy as np
import torch


def broken(files, network, change, tmp_path):
    source = Path(files[network])
    path = tmp_path / f"broken{source.suffix}"
    if source.suffix == ".npz":
        arrays = dict(np.load(source))
        change(arrays)
        np.savez(path, **arrays)
    else:
        arrays = torch.load(source, weights_only=True)
        change(arrays)
        torch.save(arrays, path)
    return path
