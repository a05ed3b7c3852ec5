from pathlib import Path

from sklearn_mer.embeddings import available_weights


def test_the_register_says_everything():
    register = available_weights()
    assert len(register) == 15
    for name, info in register.items():
        assert info.name == name
        assert info.url.startswith("https://")
        assert info.licence in {"MIT", "ISC", "CC BY 4.0"}
        assert info.citation
        assert len(set(info.tags)) == (0 if info.network in {"artist", "openl3"} else 50)
    assert len({info.file for info in register.values()}) == 15
    summed = [info for info in register.values() if info.network != "openl3"]
    assert len({info.sha256 for info in summed}) == 9
    for info in summed:
        assert Path(info.file).stem == info.name
        assert len(info.sha256) == 64
        assert info.n_bytes > 1_000_000


def test_what_is_not_known_of_openl3_is_not_made_up():
    openl3 = [info for info in available_weights().values() if info.network == "openl3"]
    assert len(openl3) == 6
    for info in openl3:
        assert (info.sha256, info.n_bytes, info.licence) == (None, None, "CC BY 4.0")
        assert info.file == f"torch{info.name}_512.pth.tar"
