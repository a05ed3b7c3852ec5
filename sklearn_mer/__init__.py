"""Music emotion recognition with scikit-learn.

Classifiers of music clips into emotion quadrants, the transformers and samplers that they use, data
sets, and a study that compares them. The sub-packages are `audio`, `augmentation`, `commands`,
`datasets`, `embeddings`, `features`, `methods`, `model_selection`, `models`, `nets`, `plotting`,
`serve`, `songs`, `spectrogram`, `study`, `tags`, `training` and `weights`.
"""

from pkgutil import iter_modules

from lazy_loader import attach_stub

from . import _forks as _forks

# Names are loaded at first use, from where ``__init__.pyi`` says: torch takes seconds, and neither
# ``sklearn-mer --help`` nor a model without a network needs it.
__getattr__, __dir__, __all__ = attach_stub(__name__, __file__)
# A star imports no sub-packages.
_SUBPACKAGES = {module.name for module in iter_modules(__path__) if module.ispkg}
__all__ = [name for name in __all__ if name not in _SUBPACKAGES]
