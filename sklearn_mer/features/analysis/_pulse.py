"""Rhythm descriptors of a `Sound`."""

import numpy as np

from . import _metre, _onsets

#: Bark bands up to 400 Hz, 2,320 Hz and 9,500 Hz.
REGISTERS = {"low": slice(0, 4), "middle": slice(4, 14), "high": slice(14, 22)}

#: Fractions and multiples of the beat period.
BEAT_RATIOS = {
    "quarter": 1 / 4,
    "third": 1 / 3,
    "half": 1 / 2,
    "two_thirds": 2 / 3,
    "three_quarters": 3 / 4,
    "one_and_a_half": 3 / 2,
    "two": 2,
    "three": 3,
    "four": 4,
}

N_PHASES = 4


def tempi(sound):
    """Return the most likely and the second most likely tempo."""
    return sound.tempo.bpm, sound.tempo.second_bpm


def tempo_octaves(sound):
    """Return the octaves from the most likely to the second most likely tempo."""
    return np.log2(sound.tempo.second_bpm / sound.tempo.bpm)


def tempo_strengths(sound):
    """Return the autocorrelation at the two tempi, and the ratio of the second to the first."""
    first, second = sound.tempo.strength, sound.tempo.second_strength
    return first, second, second / first


def tempo_change(sound):
    """Return the octaves between the tempi of successive windows (n_windows - 1,)."""
    octaves = np.diff(np.log2(sound.local_tempo))
    # Halving and doubling is not a change of tempo.
    return np.abs(octaves - np.rint(octaves))


def beat_ratios(sound):
    """Return the autocorrelation at fractions and multiples of the beat period."""
    lags = 60 * sound.onset_rate / sound.tempo.bpm * np.array(list(BEAT_RATIOS.values()))
    correlation = sound.onset_correlation
    return np.interp(lags, np.arange(len(correlation)), correlation, right=np.nan)


def pulse_entropy(sound):
    """Return the entropy of the positive autocorrelation; 1 if all lags are equal."""
    correlation = sound.onset_correlation
    share = np.maximum(correlation[np.isfinite(correlation)], 0)
    if len(share) < 2:
        return np.nan
    share = share / share.sum()
    return -(share * np.log(share + 1e-30)).sum() / np.log(len(share))


def metrical_levels(sound):
    """Return centroid and strength of the metrical levels of each window (2, n_windows)."""
    return _metre.metrical_levels(sound.candidates)


def register_onsets(sound):
    """Return the onset curves of the three registers (3, n_frames)."""
    return register_curves(sound)[:, ::2][:, : sound.n_frames]


def register_pulse_clarity(sound):
    """Return the pulse clarity of the three registers (3,)."""
    correlation = _metre.autocorrelation(register_curves(sound), sound.onset_rate)
    return _metre.pulse_clarity(correlation, sound.onset_rate)


def register_curves(sound):
    """Return the onset curves of the three registers (3, n_onset_frames)."""
    levels = sound.bark_levels
    return np.array([_onsets.onset_curve(levels[rows]) for rows in REGISTERS.values()])


def event_density(sound):
    """Return the number of onsets per second."""
    return len(sound.onsets) / sound.duration


def power_peak_density(sound):
    """Return the number of rises of the power per second."""
    power = _onsets.smooth(sound.brief_power[1:].sum(axis=0, dtype=np.float64))
    found = _onsets.find_events(power / (power.max() or 1), sound.onset_rate)
    return len(found.start) / sound.duration


def attack_densities(sound):
    """Return the number of rises of the amplitude per second, of all bands and registers (4,)."""
    envelopes = [_onsets.envelope(sound.bark_power[rows]) for rows in REGISTERS.values()]
    found = [_onsets.find_events(envelope, sound.onset_rate) for envelope in envelopes]
    return np.array([len(events.start) for events in (sound.events, *found)]) / sound.duration


def event_intervals(sound):
    """Return the time in seconds between successive onsets (n_onsets - 1,)."""
    return np.diff(sound.onsets) / sound.onset_rate


def irregularity(sound):
    """Return the standard deviation and mean successive change of the intervals in octaves."""
    octaves = np.log2(event_intervals(sound))
    if len(octaves) < 2:
        return np.nan, np.nan
    return octaves.std(), np.abs(np.diff(octaves)).mean()


def attack_time(sound):
    """Return the time in seconds from a tenth to nine tenths of the rise of each event."""
    return (sound.events.end - sound.events.start) / sound.onset_rate


def attack_slope(sound):
    """Return the leap of each event divided by its attack time, in dB/s."""
    return sound.events.leap / np.maximum(attack_time(sound), 1 / sound.onset_rate)


def beat_interval_spread(sound):
    """Return the standard deviation of the intervals between beats, divided by their mean."""
    intervals = np.diff(sound.beats)
    return intervals.std() / intervals.mean() if len(intervals) > 1 else np.nan


def beat_emphasis(sound):
    """Return the onset curve at the beats, divided by its mean."""
    curve, beats = sound.onset_curve, sound.beats
    return curve[beats].mean() / curve.mean() if len(beats) else np.nan


def beat_phases(sound):
    """Return the share of the onset curve in each quarter of the beat, centred on the beat."""
    beats, curve = sound.beats, sound.onset_curve
    if len(beats) < 2:
        return np.full(N_PHASES, np.nan)
    phase = np.interp(np.arange(beats[0], beats[-1]), beats, np.arange(len(beats)))
    quarter = np.floor(N_PHASES * phase + 0.5).astype(int) % N_PHASES
    sums = np.bincount(quarter, curve[beats[0] : beats[-1]], minlength=N_PHASES)
    return sums / (sums.sum() or np.nan)


def beat_histogram(sound):
    """Return the shares of the two strongest tempi, their ratio, and the sum of all."""
    _, histogram = sound.beat_histogram
    second, first = np.sort(histogram)[-2:]
    total = histogram.sum()
    return first / total, second / total, second / first, total


def beat_histogram_tempi(sound):
    """Return the two strongest tempi, and mean and standard deviation of all."""
    bpm, histogram = sound.beat_histogram
    first, second = np.argsort(-histogram, kind="stable")[:2]
    share = histogram / (histogram.sum() or np.nan)
    mean = share @ bpm
    spread = np.sqrt(share @ (bpm - mean) ** 2)
    found = [bpm[i] if histogram[i] > 0 else np.nan for i in (first, second)]
    return *found, mean, spread
