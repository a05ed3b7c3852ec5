"""Damaged audio files: a waveform or an `AudioError`, within the time and memory of a whole one."""

import functools
import io
import warnings

import numpy as np
import soundfile
from fuzz_cases import Case, expect, mutated_bytes

from sklearn_mer.audio import AudioError, AudioLoader

SUBTYPES = {
    "wav": ("PCM_16", "PCM_U8", "PCM_24", "FLOAT", "DOUBLE", "ULAW", "IMA_ADPCM", "MS_ADPCM"),
    "flac": ("PCM_16", "PCM_24"),
    "ogg": ("VORBIS", "OPUS"),
    "mp3": ("MPEG_LAYER_III",),
    "aiff": ("PCM_16", "FLOAT"),
    "au": ("PCM_16",),
    "caf": ("PCM_16", "ALAC_16"),
    "w64": ("PCM_16",),
    "rf64": ("PCM_16",),
}
# Container, codec and suffix of what PyAV writes.
CONTAINERS = (
    ("mp4", "aac", "m4a"),
    ("adts", "aac", "aac"),
    ("mp3", "libmp3lame", "mp3"),
    ("webm", "libopus", "webm"),
    ("wav", "libmp3lame", "wav"),
    ("ipod", "alac", "m4a"),
    ("mp2", "mp2", "mp2"),
    ("tta", "tta", "tta"),
)


@functools.cache
def originals():
    """Return (suffix, bytes) of whole files of 0.3 s, one of each kind."""
    tone = np.sin(np.arange(4800) / 9) * np.hanning(4800) * 0.8
    files = []
    for suffix, subtypes in SUBTYPES.items():
        for subtype in subtypes:
            for samples in (tone, np.stack([tone, -0.5 * tone], axis=1)):
                file = io.BytesIO()
                soundfile.write(file, samples, 16000, format=suffix.upper(), subtype=subtype)
                files.append((suffix, file.getvalue()))
    return files + [made for names in CONTAINERS for made in _made_by_av(tone, *names)]


def _made_by_av(tone, container, codec, suffix):
    try:
        import av
    except ImportError:  # then these are left out
        return []
    file, rate = io.BytesIO(), 48000 if codec == "libopus" else 16000
    with av.open(file, "w", format=container) as output:
        stream = output.add_stream(codec, rate=rate, layout="mono")
        samples = (tone * 30000).astype(np.int16)[None]
        frame = av.AudioFrame.from_ndarray(samples, format="s16", layout="mono")
        frame.rate = rate
        for one in (frame, None):
            output.mux(stream.encode(one))
    return [(suffix, file.getvalue())]


def draw(random):
    """Return a damaged file and how it is read."""
    suffix, content = random.choice(originals())
    kind = random.random()
    if kind < 0.9:
        content = mutated_bytes(random, content, donor=random.choice(originals())[1])
    elif kind < 0.95:  # one after the other
        content += random.choice(originals())[1]
    if random.random() < 0.1:
        suffix = random.choice((*SUBTYPES, "m4a", "txt", "wma"))
    params = {
        "sample_rate": random.choice((16000, 22050, 8000)),
        "offset": random.choice((0.0, 0.0, 0.1, 1e4)),
        "duration": random.choice((0.25, 30.0, 30.0, None)),
        "normalize": random.random() < 0.2,
    }
    return Case({f"clip.{suffix}": content}, params)


def check(case, folder):
    """Read the file; return what came of it."""
    path = str(case.write(folder))
    loader = AudioLoader(**case.params)
    try:
        with warnings.catch_warnings():  # of what is short, or silent
            warnings.simplefilter("ignore")
            waveforms = loader.fit_transform([path])
    except AudioError as error:
        ((name, reason),) = error.bad_files
        expect(name == path, f"another file is named: {name}")
        expect(reason.strip() and len(reason) < 500, f"the reason is {reason!r:.600}")
        return "refused"
    expect(waveforms.dtype == np.float32, f"samples are {waveforms.dtype}")
    expect(waveforms.ndim == 2 and len(waveforms) == 1, f"the shape is {waveforms.shape}")
    expect(waveforms.shape[1] > 0, "there are no samples")
    if case.params["duration"] is not None:
        wanted = round(case.params["duration"] * case.params["sample_rate"])
        expect(waveforms.shape[1] == wanted, f"the shape is {waveforms.shape}, wanted {wanted}")
    expect(np.isfinite(waveforms).all(), "there are samples that are not finite")
    return "decoded"
