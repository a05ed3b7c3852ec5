"""Audio encoders of `transformers`: found in a folder or in the hub's cache, and opened."""

import json
import os
import re
import threading
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
import torch

from .._optional import import_optional
from ..audio import digest_of
from ..weights import WeightsError, WeightsNotFoundError, file_sha256

AST, CLAP, WHISPER = "audio-spectrogram-transformer", "clap", "whisper"
#: Types of models, in their config.json, that are known to work.
NATIVE = (AST, CLAP, "hubert", "wav2vec2", "wavlm", WHISPER)
_COMMIT = re.compile("[0-9a-f]{40}")
_NAME = re.compile(r"[\w.-]+(/[\w.-]+)?", re.ASCII)
# What is read of a folder.
_READ = (".bin", ".json", ".py", ".safetensors")
_CONFIGS = ("config.json", "preprocessor_config.json", "processor_config.json")
# Tokens that stand for the whole window, before those of its patches.
_N_SUMMARY_TOKENS = {AST: 2}
# Missing in many published files: used in training alone.
_UNUSED = ("masked_spec_embed",)


@dataclass(frozen=True)
class HubSource:
    """Where a model is: a folder, or a repository of the hub at a commit.

    Attributes
    ----------
    name : str
        Path of the folder, or name of the repository.
    revision : str
        The commit; of a folder, a digest of its files.
    is_folder : bool
        Whether it is a folder.
    trust_remote_code : bool
        Whether code that comes with the model may be run.
    """

    name: str
    revision: str
    is_folder: bool
    trust_remote_code: bool

    def options(self, local):
        """Return the keyword arguments of ``from_pretrained``."""
        options = {"trust_remote_code": self.trust_remote_code, "local_files_only": local}
        return options if self.is_folder else {**options, "revision": self.revision}


class HubNetwork:
    """An audio encoder, from windows of a waveform to the states of all its layers.

    Parameters
    ----------
    source : HubSource
        Where it is from.
    config : transformers.PretrainedConfig
        Its configuration.
    front_end : transformers.FeatureExtractionMixin
        From waveforms to its input.
    module : torch.nn.Module
        The encoder.

    Attributes
    ----------
    sample_rate : int
        In Hz.
    window : int or None
        Samples of a window, where the network takes windows of one length alone.
    layer_sizes : list of int
        Numbers of values of the input of the first layer and of the outputs of all layers.
    embedding_size : int
        Number of values that the network itself gives for a window; 0 if it does not.
    """

    def __init__(self, source, config, front_end, module):
        self.source = source
        self.model_type = config.model_type
        self.front_end = front_end
        self.module = module
        self.sample_rate = int(front_end.sampling_rate)
        self.window = _window_of(front_end)
        self.layer_sizes, self.embedding_size = _sizes(config)
        self._recorder = None if self.model_type in NATIVE else _Recorder.of(module)

    def __call__(self, windows):
        """Return the states of windows of shape (n_windows, n_samples).

        Returns
        -------
        list of Tensor of shape (n_windows, n_frames, n_values)
            The layers, and then the embedding, if there is one, as a single frame.
        """
        inputs = self._inputs(windows)
        try:
            outputs = self.module(**inputs, output_hidden_states=True)
        except (RuntimeError, TypeError, ValueError) as error:
            raise self._error(
                "the network does not take what its feature extractor makes of a window "
                f"({_first_line(error)})"
            ) from error
        states = [self._as_frames(state) for state in self._hidden_states(outputs)]
        if self.embedding_size:
            embedding = outputs.get("audio_embeds", outputs.get("pooler_output"))
            states.append(embedding.unsqueeze(1))
        self._check_sizes(states)
        return states

    def _inputs(self, windows):
        if self.model_type == CLAP:
            return self._clap_inputs(windows)
        inputs = self.front_end(list(windows), sampling_rate=self.sample_rate, return_tensors="pt")
        mask = inputs.get("attention_mask")
        if mask is not None and not mask.all():
            raise self._error("its feature extractor pads windows of one length")
        return inputs

    def _clap_inputs(self, windows):
        # One by one: of several the feature extractor draws one to be treated as a longer clip.
        mels = [
            self.front_end(window, sampling_rate=self.sample_rate, return_tensors="pt")
            for window in windows
        ]
        features = torch.cat([mel["input_features"] for mel in mels]).to(torch.float32)
        return {
            "input_features": features,
            "is_longer": torch.zeros(len(windows), 1, dtype=torch.bool),
        }

    def _hidden_states(self, outputs):
        states = outputs.get("hidden_states")
        if not states and self._recorder:
            # In the last place, as transformers does, what follows the last layer, if anything.
            states = [*self._recorder.states()[:-1], outputs["last_hidden_state"]]
        if not states:
            raise self._error("the network gives no hidden states")
        return states

    def _as_frames(self, state):
        if state.ndim == 4:  # maps of CLAP: channels, height and width
            state = state.flatten(2).transpose(1, 2)
        return state[:, _N_SUMMARY_TOKENS.get(self.model_type, 0) :]

    def _check_sizes(self, states):
        found = [state.shape[-1] for state in states]
        wanted = self.layer_sizes + [self.embedding_size] * bool(self.embedding_size)
        if found != wanted:
            raise self._error(
                f"the network gives states of {found} values; by its config.json they have {wanted}"
            )

    def _error(self, why):
        return WeightsError(f"model={self.source.name!r}: {why}. HubEmbedding cannot use it.")


class _Recorder:
    """Notes the input of the first layer and the outputs of all, of the last call in a thread.

    Code written for transformers 4, such as that of MERT, hands `output_hidden_states` on to an
    encoder that knows it no more.
    """

    def __init__(self, layers):
        self._noted = threading.local()
        layers[0].register_forward_pre_hook(self._note_input, with_kwargs=True)
        for layer in layers:
            layer.register_forward_hook(self._note_output)

    @classmethod
    def of(cls, module):
        """Return the recorder of an encoder with layers, else None."""
        layers = getattr(getattr(module, "encoder", module), "layers", None)
        return cls(layers) if isinstance(layers, torch.nn.ModuleList) and len(layers) else None

    def states(self):
        return self._noted.states

    def _note_input(self, layer, args, kwargs):
        self._noted.states = [args[0] if args else kwargs["hidden_states"]]

    def _note_output(self, layer, args, output):
        self._noted.states.append(output if torch.is_tensor(output) else output[0])


def find_source(model, revision, trust_remote_code, *, local):
    """Return where a model is.

    Parameters
    ----------
    model : str or path-like
        A folder, or a repository of the hub.
    revision : str or None
        Branch, tag or commit.
    trust_remote_code : bool
        Whether code that comes with the model may be run.
    local : bool
        Whether nothing may be downloaded.

    Returns
    -------
    HubSource

    Raises
    ------
    WeightsNotFoundError
        If it is neither a folder, nor in the hub's cache, nor could be downloaded.
    ValueError
        If its code may be run, but its revision is no commit, or it is in another repository.
    """
    folder = os.path.expanduser(os.fspath(model))
    is_folder = os.path.isdir(folder)
    if is_folder:
        source = HubSource(folder, _digest_of_folder(folder), True, trust_remote_code)
    else:
        name = os.fspath(model)
        if not _NAME.fullmatch(name):
            raise WeightsNotFoundError(
                f"model={name!r} is neither a folder nor the name of a model of the hub, which "
                "has the form owner/name."
            )
        if trust_remote_code and not _COMMIT.fullmatch(revision or ""):
            raise ValueError(
                f"trust_remote_code=True runs code of {name!r}, which its owner can change: give "
                "revision= the commit whose code you have read (40 hexadecimal digits, on the "
                f'model\'s page under "Files and versions"); got revision={revision!r}.'
            )
        source = HubSource(name, _commit_of(name, revision, local), False, trust_remote_code)
    if trust_remote_code:
        _refuse_code_of_others(source, local)
    return source


def open_network(source, *, local):
    """Return the network of a source. The two used last stay in memory.

    Parameters
    ----------
    source : HubSource
        Where it is.
    local : bool
        Whether nothing may be downloaded.

    Returns
    -------
    HubNetwork

    Raises
    ------
    WeightsNotFoundError, WeightsError
        If files are missing or damaged, or the model is none that can be used.
    ValueError
        If it comes with code, and that may not be run.
    """
    try:
        return _open(source, True)
    except WeightsNotFoundError:
        if local:
            raise
    return _open(source, False)


@lru_cache(maxsize=2)
def _open(source, local):
    transformers = import_transformers()
    options = source.options(local)
    with _quiet(transformers), _as_weights_errors(source), generators_kept():
        config = transformers.AutoConfig.from_pretrained(source.name, **options)
        _check_type(config, source)
        front_end = transformers.AutoFeatureExtractor.from_pretrained(source.name, **options)
        cls = transformers.AutoModel
        if config.model_type == CLAP:
            cls = transformers.ClapAudioModelWithProjection
            options.pop("trust_remote_code")
        module, info = cls.from_pretrained(
            source.name, **options, dtype=torch.float32, output_loading_info=True
        )
    _check_complete(info, source)
    if config.model_type == WHISPER:
        module = module.encoder
    if not hasattr(front_end, "sampling_rate"):
        raise WeightsError(f"model={source.name!r} is no model of audio: {type(front_end)}.")
    return HubNetwork(source, config, front_end, module.eval().requires_grad_(False))


def import_transformers():
    """Import transformers, which takes a second."""
    return import_optional("transformers", "HubEmbedding", "hub")


@contextmanager
def generators_kept():
    """Leave the global random generators as found.

    Some networks draw, in evaluation too, and do nothing with it.
    """
    state = np.random.get_state()  # noqa: NPY002
    with torch.random.fork_rng(devices=[]):
        yield
    np.random.set_state(state)  # noqa: NPY002


def _window_of(front_end):
    """Return the number of samples that fill the input of the network, None if it has no length."""
    for name in ("nb_max_samples", "n_samples"):  # CLAP, Whisper
        if hasattr(front_end, name):
            return int(getattr(front_end, name))
    if hasattr(front_end, "max_length") and hasattr(front_end, "num_mel_bins"):
        return (front_end.max_length - 1) * 160 + 400  # frames of AST
    return None


def _sizes(config):
    """Return the numbers of values of all layers, and of the network's own embedding."""
    if config.model_type == CLAP:
        audio = config.audio_config
        n_stages = len(audio.depths)
        doubled = [0, *(min(i, n_stages - 1) for i in range(1, n_stages + 1))]
        return [audio.patch_embeds_hidden_size * 2**i for i in doubled], audio.projection_dim
    sizes = [config.hidden_size] * (config.num_hidden_layers + 1)
    return sizes, config.hidden_size if config.model_type == AST else 0


def _check_type(config, source):
    known = config.model_type in NATIVE
    if not known and not (source.trust_remote_code and hasattr(config, "auto_map")):
        raise WeightsError(
            f"model={source.name!r} is of the type {config.model_type!r}; allowed are "
            f"{', '.join(NATIVE)}, and with trust_remote_code=True models that ship their code."
        )


def _check_complete(info, source):
    missing = sorted(key for key in info["missing_keys"] if not key.endswith(_UNUSED))
    if missing:
        raise WeightsError(
            f"model={source.name!r}: {len(missing)} arrays of the network are not in its files, "
            f"and would be drawn at random: {', '.join(missing[:3])}. The files are damaged, or "
            "this version of transformers reads them in another way than the one they were "
            "written with."
        )


def _digest_of_folder(folder):
    names = sorted(
        path.relative_to(folder)
        for path in Path(folder).rglob("*")
        if path.suffix in _READ and path.is_file()
    )
    visible = [name for name in names if not any(part.startswith(".") for part in name.parts)]
    return digest_of([[name.as_posix(), file_sha256(Path(folder, name))] for name in visible])


def _commit_of(name, revision, local):
    """Return the commit of a revision: of files in the hub's cache, if there are any."""
    import_transformers()
    path = _hub_file(HubSource(name, revision, False, False), "config.json", local)
    commit = Path(path).parent.name
    if not _COMMIT.fullmatch(commit):
        raise WeightsError(f"model={name!r}: the hub's cache has no commit of it: {path}.")
    return commit


def _hub_file(source, file, local):
    """Return the path of a file in the hub's cache, after a download if there is none."""
    from huggingface_hub import hf_hub_download, try_to_load_from_cache

    found = try_to_load_from_cache(source.name, file, revision=source.revision)
    if isinstance(found, str):
        return found
    # None where nothing is known; else that the repository has no such file at this commit.
    local = local or found is not None
    with _as_weights_errors(source):
        return hf_hub_download(source.name, file, revision=source.revision, local_files_only=local)


def _refuse_code_of_others(source, local):
    """Refuse a model whose configuration names code in another repository.

    No revision of ours would hold for that.
    """
    for file in _CONFIGS:
        try:
            path = Path(source.name, file) if source.is_folder else _hub_file(source, file, local)
            config = json.loads(Path(path).read_text(encoding="utf-8"))
        except FileNotFoundError:
            continue
        named = str(config.get("auto_map", ""))
        if "--" in named:
            raise ValueError(
                f"model={source.name!r} runs code of another repository ({named}), whose commit "
                "cannot be given here. Put its files and those of the model into one folder, and "
                "give that as model=."
            )


@contextmanager
def _quiet(transformers):
    """Keep transformers from printing reports and bars while it loads."""
    logging = transformers.utils.logging
    level, bars = logging.get_verbosity(), logging.is_progress_bar_enabled()
    logging.set_verbosity_error()
    logging.disable_progress_bar()
    try:
        yield
    finally:
        logging.set_verbosity(level)
        if bars:
            logging.enable_progress_bar()


@contextmanager
def _as_weights_errors(source):
    """Turn the errors of transformers into ours."""
    try:
        yield
    except (WeightsError, WeightsNotFoundError, ImportError):
        raise
    except OSError as error:
        raise WeightsNotFoundError(_not_found(source, error)) from error
    except Exception as error:  # of any kind: it depends on what a damaged file says
        if "trust_remote_code" in str(error) and not source.trust_remote_code:
            raise ValueError(
                f"model={source.name!r} comes with code, which is not run without being asked: "
                "read it, and give trust_remote_code=True and, of a model of the hub, revision= "
                "the commit that you have read."
            ) from error
        raise WeightsError(
            f"model={source.name!r} cannot be opened ({type(error).__name__}: "
            f"{_first_line(error)})."
        ) from error


def _not_found(source, error):
    if source.is_folder:
        return (
            f"The folder model={source.name!r} holds no whole model ({_first_line(error)}). It "
            "needs config.json, preprocessor_config.json and the weights, as save_pretrained "
            "writes them."
        )
    from huggingface_hub import constants

    at = f" --revision {source.revision}" if source.revision else ""
    offline = " (HF_HUB_OFFLINE is set)" if constants.HF_HUB_OFFLINE else ""
    return (
        f"model={source.name!r} is no folder, and not whole in the hub's cache "
        f"({constants.HF_HUB_CACHE}); it was not downloaded{offline}: {_in_one_line(error)} Where "
        f"the hub can be reached, run `hf download {source.name}{at}`, and copy the cache here if "
        "that is another machine; or give the path of a folder that holds the model."
    )


def _in_one_line(error):
    return " ".join(str(error).split())[:300]


def _first_line(error):
    lines = str(error).strip().splitlines() or [type(error).__name__]
    return lines[0][:300]
