"""Attributes of `Sound` for rhythm."""

from ..._mel import mel_frequencies
from . import _fluctuation, _metre, _onsets, _percussion
from ._lazy_property import lazy_property


class Rhythm:
    """Attributes of `Sound` for rhythm."""

    @property
    def onset_rate(self):
        """Frames per second of onsets: twice `frame_rate`."""
        return self.sample_rate / _onsets.HOP

    @lazy_property
    def brief_power(self):
        """Power spectra of frames of 512 samples (257, n_onset_frames)."""
        return _onsets.brief_power(self.waveform)

    @lazy_property
    def bark_power(self):
        """Power in 22 Bark bands (22, n_onset_frames), weighted by the outer ear."""
        return _onsets.bark_power(self.brief_power, self.sample_rate)

    @lazy_property
    def bark_levels(self):
        """Levels in Bark bands (22, n_onset_frames), in dB above 60 dB below the loudest."""
        return _onsets.bark_levels(self.bark_power)

    @lazy_property
    def onset_curve(self):
        """Mean increase of the levels in Bark bands (n_onset_frames,), in dB per frame."""
        return _onsets.onset_curve(self.bark_levels)

    @property
    def onset_envelope(self):
        """Every second value of `onset_curve` (n_frames,)."""
        return self.onset_curve[::2][: self.n_frames]

    @lazy_property
    def envelope(self):
        """Amplitude relative to its largest value (n_onset_frames,)."""
        return _onsets.envelope(self.bark_power)

    @lazy_property
    def events(self):
        """Rises of the envelope to a peak: `Events`, in frames at `onset_rate`."""
        return _onsets.find_events(self.envelope, self.onset_rate)

    @lazy_property
    def onset_flux(self):
        """Mean increase of the spectrum within 32 ms (n_onset_frames,), for onsets of notes."""
        return self._flux(_onsets.OF_NOTES)

    @lazy_property
    def beat_flux(self):
        """`onset_flux` with a weaker compression, which keeps accents, for tempo and pulse."""
        return self._flux(_onsets.OF_BEATS)

    @lazy_property
    def _around(self):
        return _onsets.loudest_around(self.brief_power[1:])

    def _flux(self, factor):
        return _onsets.flux(self.brief_power[1:], self._around, factor, self.onset_rate)

    @lazy_property
    def onsets(self):
        """Onsets of notes (n_onsets,), in frames at `onset_rate`."""
        return _onsets.find_onsets(self.onset_flux, self.onset_rate)

    @lazy_property
    def onset_correlation(self):
        """Autocorrelation of `beat_flux` (n_lags,), at lags up to 4 s."""
        return _metre.autocorrelation(self.beat_flux, self.onset_rate)

    @lazy_property
    def tempo(self):
        """Most likely tempi: `Tempo`."""
        return _metre.find_tempo(self.onset_correlation, self.onset_rate)

    @lazy_property
    def tempogram(self):
        """Autocorrelation of `beat_flux` in windows (n_windows, n_lags), one every 0.5 s."""
        return _metre.tempogram(self.beat_flux, self.onset_rate)

    @lazy_property
    def candidates(self):
        """Peaks of the windows of the tempogram: `Candidates`."""
        return _metre.find_candidates(self.tempogram, self.onset_rate)

    @lazy_property
    def beat_histogram(self):
        """Tempi (n_bins,) in beats per minute, and their strengths in the tempogram."""
        return _metre.beat_histogram(self.candidates)

    @lazy_property
    def local_tempo(self):
        """Most likely tempo of each window of the tempogram (n_windows,)."""
        return _metre.local_tempi(self.candidates)

    @lazy_property
    def fluctuation(self):
        """Modulation rates (n_rates,) in Hz, and their strengths (22, n_rates)."""
        return _fluctuation.fluctuation(self.bark_levels, self.onset_rate, self.duration)

    @lazy_property
    def percussive_shares(self):
        """Percussive share of the power, of all bands and of three registers (4, n_frames)."""
        n_bands = len(self.mel)
        centres = mel_frequencies(n_bands + 2, 0.0, self.sample_rate / 2)[1:-1]
        return _percussion.percussive_shares(self.mel, centres)

    @lazy_property
    def beats(self):
        """Beats (n_beats,), as frames at `onset_rate`."""
        return _metre.find_beats(self.onset_curve, self.tempo.bpm, self.onset_rate)
