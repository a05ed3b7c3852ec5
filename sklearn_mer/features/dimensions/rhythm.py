"""Rhythm: tempo, pulse, events and fluctuations."""

from .._descriptor import Descriptor
from .._statistics import MOMENTS, STATISTICS
from ..analysis import _fluctuation, _metre, _pulse
from ..analysis._onsets import N_BANDS

_BPM = "beats/min"
# Onset strengths and modulations at 0 Hz have the minimum 0 in all clips.
_WITHOUT_MIN = tuple(s for s in STATISTICS if s != "min")


def _values(name, compute, unit, source, description, parts=()):
    given = {"kind": "values", "unit": unit, "source": source, "description": description}
    return Descriptor("rhythm", name, compute, **given, parts=tuple(parts), gain_invariant=True)


def _series(name, compute, unit, source, description, statistics=MOMENTS, parts=()):
    given = {"kind": "series", "unit": unit, "source": source, "description": description}
    given |= {"parts": tuple(parts), "statistics": statistics}
    return Descriptor("rhythm", name, compute, **given, gain_invariant=True)


_TEMPO = (
    _values(
        "tempo",
        _pulse.tempi,
        _BPM,
        "Scheirer 1998; McKinney and Moelants 2006",
        "Most likely and second most likely tempo, from 40 to 200 beats per minute.",
        ("first", "second"),
    ),
    _values(
        "tempo_octaves",
        _pulse.tempo_octaves,
        "octaves",
        "McKinney and Moelants 2006",
        "Octaves from the most likely to the second most likely tempo.",
    ),
    _values(
        "tempo_strength",
        _pulse.tempo_strengths,
        "1",
        "McKinney and Moelants 2006",
        "Autocorrelation of the spectral increase at the two most likely tempi, and their ratio.",
        ("first", "second", "ratio"),
    ),
    _series(
        "local_tempo",
        lambda sound: sound.local_tempo,
        _BPM,
        "Lartillot and Toiviainen 2007",
        "Most likely tempo in windows of 6 s, one every 0.5 s.",
    ),
    _series(
        "tempo_change",
        _pulse.tempo_change,
        "octaves",
        "Lartillot et al. 2013",
        "Octaves between the tempi of successive windows, apart from whole octaves.",
        statistics=("mean", "std", "max"),
    ),
    _values(
        "beat_ratio",
        _pulse.beat_ratios,
        "1",
        "Peeters 2005",
        "Autocorrelation of the spectral increase at fractions and multiples of the beat period.",
        _pulse.BEAT_RATIOS,
    ),
    _series(
        "beat_spectrum",
        lambda sound: _metre.beat_spectrum(sound.mfcc[1:], sound.frame_rate),
        "1",
        "Foote et al. 2002",
        "Mean cosine similarity of the MFCCs of frames at each distance up to 4 s.",
    ),
    _values(
        "beat_histogram",
        _pulse.beat_histogram,
        "1",
        "Tzanetakis and Cook 2002",
        "Strength of each tempo in windows of 6 s, in which a tempo counts more if its multiples "
        "repeat as well: shares of the two strongest tempi, their ratio, and the sum of all.",
        ("first", "second", "ratio", "sum"),
    ),
    _values(
        "beat_histogram_tempo",
        _pulse.beat_histogram_tempi,
        _BPM,
        "Tzanetakis and Cook 2002",
        "The two strongest tempi of the beat histogram, and mean and standard deviation of all.",
        ("first", "second", "mean", "std"),
    ),
)

_PULSE = (
    _values(
        "pulse_clarity",
        lambda sound: _metre.pulse_clarity(sound.onset_correlation, sound.onset_rate),
        "1",
        "Lartillot et al. 2008",
        "Largest autocorrelation of the spectral increase from 40 to 200 beats per minute.",
    ),
    _series(
        "local_pulse_clarity",
        lambda sound: _metre.pulse_clarity(sound.tempogram, sound.onset_rate),
        "1",
        "Lartillot et al. 2008",
        "Pulse clarity in windows of 6 s, one every 0.5 s.",
    ),
    _values(
        "register_pulse_clarity",
        _pulse.register_pulse_clarity,
        "1",
        "Lartillot et al. 2008",
        "Pulse clarity of the bands up to 400 Hz, 2,320 Hz and 9,500 Hz.",
        _pulse.REGISTERS,
    ),
    _values(
        "pulse_entropy",
        _pulse.pulse_entropy,
        "1",
        "Lartillot et al. 2008",
        "Entropy of the positive autocorrelation of the spectral increase; 1 if all lags are "
        "equal.",
    ),
    _series(
        "metrical_centroid",
        lambda sound: _pulse.metrical_levels(sound)[0],
        _BPM,
        "Lartillot et al. 2013",
        "Mean of the tempi at the peaks of the autocorrelation of a window, weighted by height.",
    ),
    _series(
        "metrical_strength",
        lambda sound: _pulse.metrical_levels(sound)[1],
        "1",
        "Lartillot et al. 2013",
        "Sum of the heights of the peaks of the autocorrelation of a window.",
    ),
    _values(
        "beat_interval_spread",
        _pulse.beat_interval_spread,
        "1",
        "Ellis 2007",
        "Standard deviation of the intervals between beats, divided by their mean.",
    ),
    _values(
        "beat_emphasis",
        _pulse.beat_emphasis,
        "1",
        "Ellis 2007",
        "Onset curve at the beats, divided by its mean.",
    ),
    _values(
        "beat_phase",
        _pulse.beat_phases,
        "1",
        "Dixon et al. 2004",
        "Share of the onset curve in each quarter of the beat; the first is centred on the beat.",
        ("1", "2", "3", "4"),
    ),
)

_EVENTS = (
    _series(
        "onset_strength",
        lambda sound: sound.onset_envelope,
        "dB",
        "Klapuri 1999",
        "Mean increase of the levels in 22 Bark bands within 12 ms.",
        statistics=_WITHOUT_MIN,
    ),
    _series(
        "register_onset_strength",
        _pulse.register_onsets,
        "dB",
        "Klapuri 1999",
        "Onset strength in the bands up to 400 Hz, 2,320 Hz and 9,500 Hz.",
        parts=_pulse.REGISTERS,
        statistics=_WITHOUT_MIN,
    ),
    _values(
        "event_density",
        _pulse.event_density,
        "1/s",
        "Lartillot and Toiviainen 2007",
        "Number of onsets per second: prominent increases of the spectrum within 32 ms.",
    ),
    _values(
        "power_peak_density",
        _pulse.power_peak_density,
        "1/s",
        "Lartillot and Toiviainen 2007",
        "Number per second of peaks of the power with a rise of at least a tenth of its maximum, "
        "the event density of the MIR Toolbox. It misses soft and fast notes.",
    ),
    _values(
        "attack_density",
        _pulse.attack_densities,
        "1/s",
        "Lartillot and Toiviainen 2007",
        "Number of loud events per second: peaks of the amplitude with a rise of at least a tenth "
        "of its maximum, in all bands, up to 400 Hz, up to 2,320 Hz and above. Soft and fast notes "
        "are not among them: event_density counts those.",
        ("all", *_pulse.REGISTERS),
    ),
    _series(
        "event_interval",
        _pulse.event_intervals,
        "s",
        "Gouyon and Dixon 2005",
        "Time between successive onsets.",
    ),
    _values(
        "irregularity",
        _pulse.irregularity,
        "octaves",
        "Grabe and Low 2002",
        "Standard deviation of the intervals between onsets, and mean change between successive "
        "intervals.",
        ("spread", "change"),
    ),
    _series(
        "attack_time",
        _pulse.attack_time,
        "s",
        "Krimphoff et al. 1994",
        "Time from a tenth to nine tenths of the rise of an event.",
    ),
    _series(
        "attack_leap",
        lambda sound: sound.events.leap,
        "dB",
        "Lartillot and Toiviainen 2007",
        "Level of the peak of an event relative to its start.",
    ),
    _series(
        "attack_slope",
        _pulse.attack_slope,
        "dB/s",
        "Peeters 2004",
        "Leap of an event divided by its attack time.",
    ),
    _series(
        "percussive",
        lambda sound: sound.percussive_shares,
        "1",
        "Fitzgerald 2010",
        "Share of percussive power: short in time and broad in frequency.",
        statistics=STATISTICS,
        parts=("all", *_pulse.REGISTERS),
    ),
)

_FLUCTUATION = (
    _series(
        "fluctuation",
        lambda sound: sound.fluctuation[1].sum(axis=0),
        "dB",
        "Pampalk et al. 2002",
        "Sum of the modulations of the levels in 22 Bark bands, at rates from 0 to 10 Hz. Of clips "
        "shorter than 30 s, these and the mean strengths below are reduced to those of 30 s.",
        statistics=tuple(s for s in MOMENTS if s != "min"),
    ),
    _values(
        "fluctuation_shape",
        lambda sound: _fluctuation.shape(*_fluctuation.summed(sound.fluctuation)),
        "Hz",
        "Pampalk et al. 2002",
        "Strongest modulation rate, and mean and standard deviation of the rates.",
        ("peak", "centroid", "spread"),
    ),
    _values(
        "fluctuation_entropy",
        lambda sound: _fluctuation.entropy(_fluctuation.summed(sound.fluctuation)[1]),
        "1",
        "Pampalk et al. 2002",
        "Entropy of the modulation rates; 1 if all are equal.",
    ),
    _values(
        "fluctuation_rate",
        lambda sound: _fluctuation.rates(*_fluctuation.summed(sound.fluctuation)),
        "1",
        "Pampalk et al. 2002",
        "Share of the modulation rates from 0 to 1 Hz, from 1 to 2 Hz, and so on.",
        (f"{rate:02d}hz" for rate in range(10)),
    ),
    _values(
        "register_fluctuation",
        lambda sound: _fluctuation.rates_of(_pulse.REGISTERS.values(), sound.fluctuation),
        "dB",
        "Pampalk et al. 2002",
        "Mean strength of the rates from 0 to 1 Hz, and so on, in the three registers.",
        (f"{register}_{rate:02d}hz" for register in _pulse.REGISTERS for rate in range(10)),
    ),
    _values(
        "fluctuation_band",
        lambda sound: sound.fluctuation[1].mean(axis=1),
        "dB",
        "Pampalk et al. 2002",
        "Mean strength of the modulations in each Bark band.",
        (f"{band:02d}" for band in range(1, N_BANDS + 1)),
    ),
)

DESCRIPTORS = _TEMPO + _PULSE + _EVENTS + _FLUCTUATION
