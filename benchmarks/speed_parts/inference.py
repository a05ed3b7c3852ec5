"""Prediction from spectrograms, compared with a plain torch loop."""

import torch

from sklearn_mer import CNNBaseline

from ._peers import plain_inference, plain_network
from ._turns import ratio, take_turns
from .epochs import made_up


def inference(paths, options):
    """Compare `predict_proba`, one clip at a time, with a plain loop over batches of 32."""
    spectrograms, targets = made_up(options.train_clips)
    ours = CNNBaseline(frontend="passthrough", max_epochs=1, random_state=0, device="cpu")
    ours.fit(spectrograms[:8], targets[:8])
    net = plain_network()
    with torch.no_grad():
        net(torch.zeros(2, 1, 128, 938))  # the size of its dense layer
    seconds = take_turns(
        options.rounds,
        plain=lambda: plain_inference(net, spectrograms),
        ours=lambda: ours.predict_proba(spectrograms),
    )
    what = "prediction of a spectrogram by cnn, float32: plain torch / ours"
    return [ratio("inference_cnn_vs_plain_torch", what, *seconds.values(), per=options.train_clips)]
