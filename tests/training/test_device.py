import itertools
import warnings

import pytest
import torch

from sklearn_mer.training import _device, cpu_precision
from sklearn_mer.training._device import VARIABLE, uses_bfloat16

BFLOAT16_PROCESSOR = {"avx512_bf16": True}


@pytest.fixture
def processor(monkeypatch):
    """Start as a new process on a processor with bfloat16; return how to fake measured ratios."""
    monkeypatch.delenv(VARIABLE, raising=False)
    monkeypatch.setattr(torch.cpu, "get_capabilities", lambda: BFLOAT16_PROCESSOR)

    def fake(*ratios):
        ratios = iter(ratios)
        monkeypatch.setattr(_device, "_time_ratio", lambda: next(ratios))

    return fake


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("ratio", [0.5, 1.4])
def test_bfloat16_is_kept_unless_it_is_much_slower(processor, ratio):
    processor(ratio)
    assert cpu_precision() == "bfloat16"
    assert uses_bfloat16("auto", "cpu")


def test_a_slow_bfloat16_is_left_with_one_warning(processor):
    processor(7.5)
    with pytest.warns(UserWarning, match=r"^Networks are trained in float32: .* 7.5 times .*$"):
        assert cpu_precision() == "float32"
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert not uses_bfloat16("auto", "cpu")


def test_what_was_found_is_in_the_environment_of_later_processes(processor, monkeypatch):
    processor(0.5)
    cpu_precision()
    assert _device.os.environ[VARIABLE] == "bfloat16"
    monkeypatch.setenv(VARIABLE, "float32")
    assert not uses_bfloat16("auto", "cpu")


@pytest.mark.parametrize("precision", ["float32", "bfloat16"])
def test_the_parameter_forces_a_precision(processor, precision):
    processor()  # would raise if anything were measured
    assert uses_bfloat16(precision, "cpu") == (precision == "bfloat16")


def test_a_wrong_variable_is_named(processor, monkeypatch):
    monkeypatch.setenv(VARIABLE, "half")
    with pytest.raises(ValueError, match=f"{VARIABLE} is 'half'; set it to 'float32' or"):
        cpu_precision()


@pytest.mark.filterwarnings("error")
def test_a_processor_without_bfloat16_is_not_measured(processor, monkeypatch):
    processor()
    monkeypatch.setattr(torch.cpu, "get_capabilities", dict)
    assert cpu_precision() == "float32"


def test_ratio_is_that_of_the_best_rounds(monkeypatch):
    # In turns bfloat16 and float32; the first round warms up.
    durations = [0.1, 9, 6, 5, 4, 3, 8, 2]
    times = itertools.chain.from_iterable((0, seconds) for seconds in durations)
    monkeypatch.setattr(_device, "thread_time", lambda: next(times))
    threads, state = torch.get_num_threads(), torch.get_rng_state()
    assert _device._time_ratio() == 4 / 2
    assert torch.get_num_threads() == threads
    assert torch.equal(torch.get_rng_state(), state)


def test_a_real_measurement_gives_a_ratio():
    with torch.no_grad():
        assert 0.01 < _device._time_ratio() < 100


def test_bfloat16_that_a_gpu_emulates_is_not_used(monkeypatch):
    def supported(including_emulation=True):
        return including_emulation

    monkeypatch.setattr(torch.cuda, "is_bf16_supported", supported)
    assert not uses_bfloat16("auto", "cuda")
