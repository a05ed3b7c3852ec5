"""Gated recurrent units that train fast on a CPU."""

import torch
from torch import nn
from torch.nn import functional as F


class GRU(nn.Module):
    """Layers of gated recurrent units over time, equal to ``torch.nn.GRU``.

    On a CPU, torch adds the gradient of the weights up time step by time step, reading and
    writing all of it each time. Here it is one product over all time steps.

    Parameters
    ----------
    n_inputs : int
        Number of values per time step.
    n_hidden : int
        Units of each layer.
    n_layers : int, default=2
        Number of layers.

    References
    ----------
    .. [1] Cho et al., "Learning phrase representations using RNN encoder-decoder for statistical
       machine translation", EMNLP 2014.

    Examples
    --------
    >>> import torch
    >>> from sklearn_mer.nets._gru import GRU
    >>> GRU(5, 8)(torch.zeros(3, 10, 5)).shape
    torch.Size([3, 10, 8])
    """

    def __init__(self, n_inputs, n_hidden, n_layers=2):
        super().__init__()
        sizes = [n_inputs] + [n_hidden] * (n_layers - 1)
        # The cells hold the weights, with the names and initial values of torch.
        self.cells = nn.ModuleList(nn.GRUCell(size, n_hidden) for size in sizes)

    def forward(self, values):
        """Return the states of the last layer at all time steps.

        Parameters
        ----------
        values : Tensor of shape (n_clips, n_steps, n_inputs)
            Sequences of values.

        Returns
        -------
        Tensor of shape (n_clips, n_steps, n_hidden)
            Sequences of states.
        """
        states = values.transpose(0, 1)  # so that each time step is contiguous in memory
        for cell in self.cells:
            inputs = F.linear(states, cell.weight_ih, cell.bias_ih)
            # Cast once, where autocast would cast at each time step.
            weight = cell.weight_hh.to(inputs.dtype)
            precise = torch.promote_types(inputs.dtype, torch.float32)
            states = _Recurrence.apply(inputs.to(precise), weight, cell.bias_hh)
        return states.transpose(0, 1)


class _Recurrence(torch.autograd.Function):
    """One layer over time, given the products of its inputs and weights.

    Products are computed in the type of the weight, everything else in that of the inputs.
    """

    @staticmethod
    def forward(ctx, inputs, weight, bias):
        n_steps, n_clips, _ = inputs.shape
        state = inputs.new_zeros(n_clips, weight.shape[1])
        states, gates = [], []
        for step in range(n_steps):
            recurrent = F.linear(state.to(weight.dtype), weight) + bias
            reset, update, new = inputs[step].chunk(3, 1)
            reset_by, update_by, new_by = recurrent.chunk(3, 1)
            reset = torch.sigmoid(reset + reset_by)
            update = torch.sigmoid(update + update_by)
            new = torch.tanh(torch.addcmul(new, reset, new_by))
            state = torch.lerp(new, state, update)
            states.append(state)
            gates.append((reset, update, new, new_by))
        states = torch.stack(states)
        ctx.gates = gates
        ctx.save_for_backward(states, weight)
        return states

    @staticmethod
    def backward(ctx, gradient):
        states, weight = ctx.saved_tensors
        start = torch.zeros_like(states[:1])
        before = torch.cat([start, states[:-1]])
        to_inputs = gradient.new_empty(*states.shape[:2], weight.shape[0])
        to_recurrent = torch.empty_like(to_inputs)
        to_state = torch.zeros_like(states[0])
        for step in reversed(range(len(states))):
            reset, update, new, new_by = ctx.gates[step]
            to_state = to_state + gradient[step]
            to_update = to_state * (before[step] - new) * update * (1 - update)
            to_new = to_state * (1 - update) * (1 - new * new)
            to_reset = to_new * new_by * reset * (1 - reset)
            torch.cat([to_reset, to_update, to_new], 1, out=to_inputs[step])
            torch.cat([to_reset, to_update, to_new * reset], 1, out=to_recurrent[step])
            to_state = to_state * update + to_recurrent[step].to(weight.dtype) @ weight
        flat = to_recurrent.flatten(0, 1)
        to_weight = flat.to(weight.dtype).t() @ before.flatten(0, 1).to(weight.dtype)
        return to_inputs, to_weight, flat.sum(0)
