import numpy as np
import pytest

from sklearn_mer.augmentation import BandStop, Compose, Gain, PitchShift, TimeMask, TimeShift

from .sounds import compose, noise

RATE = 16000


def test_compose_applies_its_steps_in_order():
    stop = {"center": (1000, 1000), "bandwidth": (1, 1), "slope": (24, 24)}
    steps = [("mask", TimeMask(fraction=(0.25, 0.25))), ("stop", BandStop(**stop))]
    (copy,) = Compose(steps=steps, random_state=0).copies(noise())
    # Silence rings for a moment after the filter.
    quiet = np.abs(copy) < 1e-6
    assert np.count_nonzero(quiet) == pytest.approx(RATE, rel=0.05)
    both = np.abs(np.fft.rfft(copy))
    frequencies = np.fft.rfftfreq(len(copy), 1 / RATE)
    inside = both[(frequencies > 700) & (frequencies < 1100)].mean()
    assert 20 * np.log10(inside / both[frequencies > 3000].mean()) < -25
    (other,) = Compose(steps=steps[::-1], random_state=0).copies(noise())
    assert np.count_nonzero(other == 0) == RATE  # masked last, nothing rings


def test_compose_adds_one_copy_for_all_steps():
    waveforms = np.stack([noise(0.5)] * 4)
    resampled, _ = compose().fit_resample(waveforms, list("abab"))
    assert resampled.shape == (8, 8000)


def test_compose_of_one_step_has_its_effect():
    (copy,) = Compose(steps=[("gain", Gain(decibels=(6, 6)))], random_state=0).copies(noise())
    np.testing.assert_allclose(copy, noise() * 10**0.3, rtol=1e-6)


def test_signature_of_compose_depends_on_its_steps():
    def text(**params):
        return repr(compose().set_params(**params).signature())

    same = {"mask__random_state": 5, "stop__n_copies": 3, "stop__cache": False, "n_jobs": 2}
    assert text(**same) == text()
    renamed = compose().set_params(steps=[("a", TimeMask()), ("b", BandStop())])
    assert repr(renamed.signature()) == text()
    turned = compose().set_params(steps=compose().steps[::-1])
    others = [text(mask__fraction=(0, 0.1)), text(stop__slope=(6, 6)), text(n_copies=2)]
    others += [text(random_state=1), repr(turned.signature())]
    assert len({text(), *others}) == 6


def test_steps_of_compose_are_set_by_name():
    sampler = compose().set_params(mask__fade=0.25, stop=TimeShift())
    assert sampler.get_params()["mask__fade"] == 0.25
    assert isinstance(sampler.steps[1][1], TimeShift)
    assert "stop__max_shift" in sampler.get_params()


def test_compose_is_as_slow_as_its_slowest_step():
    assert not Compose(steps=[("gain", Gain())])._slow
    assert Compose(steps=[("gain", Gain()), ("pitch", PitchShift())])._slow
