"""How many parameters layers have."""

CLIP = (128, 942)


def n_parameters(module):
    return sum(parameter.numel() for parameter in module.parameters())


def conv(n_inputs, n_filters, size):
    return n_inputs * n_filters * size + n_filters


def norm(n_filters):
    return 2 * n_filters


def gru(n_inputs, n_units):
    return 3 * n_units * (n_inputs + n_units + 2)


def dense(n_inputs, n_units):
    return n_inputs * n_units + n_units
