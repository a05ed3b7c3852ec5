"""Long files cost as much memory as is heard of them."""

import subprocess
import sys
import tracemalloc

import numpy as np
import pytest
import soundfile

from sklearn_mer.audio import Clips, digest_of
from sklearn_mer.audio._decode import decode

ENDINGS = ["wav", "flac", "mp3", "m4a"]
MIB = 2**20


def write_long(path, minutes, rate):
    """Write stereo noise: ten seconds, over and over."""
    ten_seconds = np.random.default_rng(0).uniform(-0.5, 0.5, (10 * rate, 2)).astype(np.float32)
    n_times = round(6 * minutes)
    if path.suffix == ".mp3":
        soundfile.write(path, ten_seconds, rate)
        content = path.read_bytes()
        path.write_bytes(content[content.find(content[:2], 4) :] * n_times)
    elif path.suffix == ".m4a":
        write_long_m4a(path, ten_seconds.T, rate, n_times)
    else:
        with soundfile.SoundFile(path, "w", rate, 2) as file:
            for _ in range(n_times):
                file.write(ten_seconds)
    return path


def write_long_m4a(path, samples, rate, n_times):
    av = pytest.importorskip("av")
    if "aac" not in av.codecs_available:
        pytest.skip("this build of av has no AAC encoder")
    with av.open(str(path), "w") as container:
        stream = container.add_stream("aac", rate=rate, layout="stereo")
        frame = av.AudioFrame.from_ndarray(np.ascontiguousarray(samples), "fltp", "stereo")
        frame.sample_rate, frame.pts = rate, 0
        contents = [bytes(packet) for packet in [*stream.encode(frame), *stream.encode(None)]]
        for i, content in enumerate(contents * n_times):
            packet = av.Packet(content)
            packet.pts = packet.dts = 1024 * i
            packet.stream = stream
            container.mux(packet)


def peak_of(function):
    """Largest number of bytes of arrays and other Python objects at a time."""
    tracemalloc.start()
    try:
        function()
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("ending", ENDINGS)
def test_a_part_costs_its_own_memory(ending, tmp_path):
    path = write_long(tmp_path / f"a.{ending}", 2, 8000)
    whole = peak_of(lambda: decode(path, sample_rate=8000))
    part = peak_of(lambda: decode(path, sample_rate=8000, duration=2.0))
    later = peak_of(lambda: decode(path, sample_rate=8000, offset=90.0, duration=2.0))
    assert whole > 7 * MIB
    assert part < 1 * MIB
    # mp3 is read in blocks up to the offset.
    assert later < (9 if ending == "mp3" else 1) * MIB


PROGRAM = """
import resource
import sys
from sklearn_mer.audio._decode import decode

def peak(path):
    decode(path, sample_rate=16000, duration=30.0)
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024

usual = peak(sys.argv[1])
print(peak(sys.argv[2]) - usual)
"""


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="other systems count memory differently")
@pytest.mark.parametrize("ending", ENDINGS)
def test_forty_minutes_cost_what_is_heard(ending, tmp_path):
    short = write_long(tmp_path / f"short.{ending}", 0.5, 44100)
    long = write_long(tmp_path / f"long.{ending}", 40, 44100)
    command = [sys.executable, "-c", PROGRAM, short, long]
    output = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    assert int(output) < 20 * MIB  # the whole file takes 800 MiB


def test_a_digest_reads_a_file_in_pieces(tmp_path):
    path = tmp_path / "a.wav"
    with open(path, "wb") as file:
        file.truncate(64 * MIB)
    clips = Clips(np.array([str(path)], dtype=object))
    digests = []
    assert peak_of(lambda: digests.append(clips.content_digest(0))) < 2 * MIB
    assert digests == [digest_of(bytes(64 * MIB))]
