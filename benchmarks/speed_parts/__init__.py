"""Parts of `speed.py`: one function each, from clips and options to rows of the table."""

from .cross_validation import cross_validation
from .embeddings import embeddings
from .epochs import epochs, overhead
from .features import features
from .front_end import front_end
from .inference import inference
from .networks import networks
from .scaling import scaling
from .songs import songs
from .start import start

PARTS = {
    "front-end": front_end,
    "features": features,
    "embeddings": embeddings,
    "epochs": epochs,
    "networks": networks,
    "overhead": overhead,
    "inference": inference,
    "cross-validation": cross_validation,
    "scaling": scaling,
    "songs": songs,
    "start": start,
}
