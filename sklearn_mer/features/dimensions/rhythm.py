"""Rhythm: what happens when, how regularly, and how clear the pulse is."""

from .._descriptor import Descriptor
from .._statistics import MOMENTS, STATISTICS
from ..analysis import _fluctuation, _metre, _pulse
from ..analysis._onsets import N_BANDS

_BPM = "beats/min"
# Rises, and modulations at 0 Hz, are 0 somewhere in every clip.
_NO_MIN = tuple(s for s in STATISTICS if s != "min")


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
        "Likeliest and second likeliest tempo, from 40 to 200 beats a minute.",
        ("first", "second"),
    ),
    _values(
        "tempo_octaves",
        _pulse.tempo_octaves,
        "octaves",
        "McKinney and Moelants 2006",
        "From the likeliest to the second likeliest tempo.",
    ),
    _values(
        "tempo_strength",
        _pulse.tempo_strengths,
        "1",
        "McKinney and Moelants 2006",
        "Autocorrelation of the onset curve at the two likeliest tempi, and the second's relative "
        "to the first's.",
        ("first", "second", "ratio"),
    ),
    _series(
        "local_tempo",
        lambda sound: sound.local_tempo,
        _BPM,
        "Lartillot and Toiviainen 2007",
        "Likeliest tempo of windows of 6 s, one every 0.5 s.",
    ),
    _series(
        "tempo_change",
        _pulse.tempo_change,
        "octaves",
        "Lartillot et al. 2013",
        "Octaves from the tempo of a window to that of the next, less whole octaves.",
        statistics=("mean", "std", "max"),
    ),
    _values(
        "beat_ratio",
        _pulse.beat_ratios,
        "1",
        "Peeters 2005",
        "Autocorrelation of the onset curve at parts and multiples of the period of the beat.",
        _pulse.BEAT_RATIOS,
    ),
    _series(
        "beat_spectrum",
        lambda sound: _metre.beat_spectrum(sound.mfcc[1:], sound.frame_rate),
        "1",
        "Foote et al. 2002",
        "Mean cosine between the MFCCs of frames at each distance of up to 4 s.",
    ),
    _values(
        "beat_histogram",
        _pulse.beat_histogram,
        "1",
        "Tzanetakis and Cook 2002",
        "How strong each tempo is over windows of 6 s: shares of the two strongest, the second "
        "relative to the first, and the sum of all.",
        ("first", "second", "ratio", "sum"),
    ),
    _values(
        "beat_histogram_tempo",
        _pulse.beat_histogram_tempi,
        _BPM,
        "Tzanetakis and Cook 2002",
        "The two strongest tempi of the beat histogram, and mean and deviation of all.",
        ("first", "second", "mean", "std"),
    ),
)

_PULSE = (
    _values(
        "pulse_clarity",
        lambda sound: _metre.pulse_clarity(sound.onset_correlation, sound.onset_rate),
        "1",
        "Lartillot et al. 2008",
        "Largest autocorrelation of the onset curve from 40 to 200 beats a minute.",
    ),
    _series(
        "local_pulse_clarity",
        lambda sound: _metre.pulse_clarity(sound.tempogram, sound.onset_rate),
        "1",
        "Lartillot et al. 2008",
        "Pulse clarity of windows of 6 s, one every 0.5 s.",
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
        "Entropy of the positive autocorrelation of the onset curve; 1 where all lags are alike.",
    ),
    _series(
        "metrical_centroid",
        lambda sound: _pulse.metrical_levels(sound)[0],
        _BPM,
        "Lartillot et al. 2013",
        "Mean of the tempi at the peaks of a window's autocorrelation, weighted by their heights.",
    ),
    _series(
        "metrical_strength",
        lambda sound: _pulse.metrical_levels(sound)[1],
        "1",
        "Lartillot et al. 2013",
        "Sum of the heights of the peaks of a window's autocorrelation.",
    ),
    _values(
        "beat_interval_spread",
        _pulse.beat_interval_spread,
        "1",
        "Ellis 2007",
        "Deviation of the intervals between beats relative to their mean.",
    ),
    _values(
        "beat_emphasis",
        _pulse.beat_emphasis,
        "1",
        "Ellis 2007",
        "Onset curve at the beats relative to its mean.",
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
        "Mean rise of the levels in 22 Bark bands in 12 ms.",
        statistics=_NO_MIN,
    ),
    _series(
        "register_onset_strength",
        _pulse.register_onsets,
        "dB",
        "Klapuri 1999",
        "Onset strength in the bands up to 400 Hz, 2,320 Hz and 9,500 Hz.",
        parts=_pulse.REGISTERS,
        statistics=_NO_MIN,
    ),
    _values(
        "event_density",
        _pulse.event_density,
        "1/s",
        "Lartillot and Toiviainen 2007",
        "Peaks of the power that rise by at least a tenth of its maximum, a second.",
    ),
    _values(
        "attack_density",
        _pulse.attack_densities,
        "1/s",
        "Lartillot and Toiviainen 2007",
        "Events, which are peaks of the amplitude that rise by at least a tenth of its maximum, a "
        "second: in all, and up to 400 Hz, up to 2,320 Hz and above.",
        ("all", *_pulse.REGISTERS),
    ),
    _series(
        "event_interval",
        _pulse.event_intervals,
        "s",
        "Gouyon and Dixon 2005",
        "Time from an event to the next.",
    ),
    _values(
        "irregularity",
        _pulse.irregularity,
        "octaves",
        "Grabe and Low 2002",
        "Deviation of the intervals between events, and mean change from one to the next.",
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
        "Level of the peak of an event over its foot.",
    ),
    _series(
        "attack_slope",
        _pulse.attack_slope,
        "dB/s",
        "Peeters 2004",
        "Leap of an event over its attack time.",
    ),
    _series(
        "percussive",
        lambda sound: sound.percussive_shares,
        "1",
        "Fitzgerald 2010",
        "Share of the power that is brief and broad, as of drums, and not held and narrow.",
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
        "Modulations of the levels in 22 Bark bands, summed, over rates from 0 to 10 Hz.",
        statistics=tuple(s for s in MOMENTS if s != "min"),
    ),
    _values(
        "fluctuation_shape",
        lambda sound: _fluctuation.shape(*_fluctuation.summed(sound.fluctuation)),
        "Hz",
        "Pampalk et al. 2002",
        "Strongest modulation rate, and mean and deviation of the rates.",
        ("peak", "centroid", "spread"),
    ),
    _values(
        "fluctuation_entropy",
        lambda sound: _fluctuation.entropy(_fluctuation.summed(sound.fluctuation)[1]),
        "1",
        "Pampalk et al. 2002",
        "Entropy of the modulation rates; 1 where all are alike.",
    ),
    _values(
        "fluctuation_rate",
        lambda sound: _fluctuation.rates(*_fluctuation.summed(sound.fluctuation)),
        "1",
        "Pampalk et al. 2002",
        "Share of the modulation rates from 0 to 1 Hz, from 1 to 2 Hz and so on.",
        (f"{rate:02d}hz" for rate in range(10)),
    ),
    _values(
        "register_fluctuation",
        lambda sound: _fluctuation.rates_of(_pulse.REGISTERS.values(), sound.fluctuation),
        "dB",
        "Pampalk et al. 2002",
        "Mean strength of the rates from 0 to 1 Hz and so on in the three registers.",
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
