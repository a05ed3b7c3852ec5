"""The network of the DL Baseline in plain torch and in Keras."""

import importlib.util

import torch
from torch import nn

# Height (mel bands) and width of each pooling in the paper's network.
_POOLS = ((2, 2), (2, 2), (2, 3), (2, 3))


def plain_network():
    """Return the network of the DL Baseline, layer by layer as in the paper."""
    dense = [nn.Dropout(0.4), nn.LazyLinear(300), nn.ReLU(), nn.Linear(300, 4)]
    return nn.Sequential(*convolutions(), nn.Flatten(), *dense)


def convolutions():
    """Return its layers up to the last pooling."""
    layers, channels = [], 1
    for number, pool in enumerate(_POOLS):
        layers += [nn.Conv2d(channels, 16, 5), nn.ReLU(), nn.MaxPool2d(pool, ceil_mode=True)]
        if number < 3:
            layers += [nn.BatchNorm2d(16), nn.Dropout(0.1)]
        channels = 16
    return layers


def plain_epoch(spectrograms, targets):
    """Train the network of the DL Baseline for one epoch."""
    plain_training(plain_network(), spectrograms, targets)


def plain_training(net, clips, targets, batch_size=32):
    """Train for one epoch as torch's tutorials do: float32, default layout.

    Without targets, the network is trained to reconstruct its input.
    """
    optimizer = torch.optim.AdamW(net.parameters())
    inputs = torch.from_numpy(clips).unsqueeze(1)
    loss = nn.functional.mse_loss if targets is None else nn.functional.cross_entropy
    wanted = inputs if targets is None else torch.from_numpy(targets)
    data = torch.utils.data.TensorDataset(inputs, wanted)
    for batch, labels in torch.utils.data.DataLoader(data, batch_size, shuffle=True):
        optimizer.zero_grad()
        loss(net(batch), labels).backward()
        optimizer.step()


def plain_inference(net, spectrograms, batch_size=32):
    """Predict as torch's tutorials do."""
    net.eval()
    with torch.no_grad():
        for batch in torch.from_numpy(spectrograms).unsqueeze(1).split(batch_size):
            net(batch)


def keras_epoch():
    """Return a function that trains for one epoch in Keras, or None if that is not installed.

    The settings are those of the authors: SGD with a rate of 0.01, batches of 150.
    """
    if importlib.util.find_spec("tensorflow") is None:
        print("Keras is left out: tensorflow is not installed. Install the extra `peers`.")
        return None
    import keras

    layers = [keras.layers.Input((128, 938, 1))]
    for number, pool in enumerate(_POOLS):
        layers.append(keras.layers.Conv2D(16, 5, activation="relu", kernel_initializer="he_normal"))
        layers.append(keras.layers.MaxPooling2D(pool, padding="same"))
        if number < 3:
            layers += [keras.layers.BatchNormalization(), keras.layers.Dropout(0.1)]
    layers += [keras.layers.Flatten(), keras.layers.Dropout(0.4)]
    layers += [keras.layers.Dense(300, "relu"), keras.layers.Dense(4, "softmax")]
    net = keras.Sequential(layers)
    net.compile(keras.optimizers.SGD(0.01), "sparse_categorical_crossentropy")

    def epoch(spectrograms, targets):
        net.fit(spectrograms[..., None], targets, batch_size=150, epochs=1, verbose=0)

    return epoch
