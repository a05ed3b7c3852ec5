"""Audio encoders of transformers with random weights and few of them, as folders."""

import json
import shutil

import torch

SMALL = {
    "hidden_size": 16,
    "num_hidden_layers": 2,
    "num_attention_heads": 2,
    "intermediate_size": 32,
}
# Frames of 20 ms.
CONVOLUTIONS = {
    "conv_dim": (8, 8),
    "conv_kernel": (400, 2),
    "conv_stride": (320, 1),
    "num_feat_extract_layers": 2,
    "num_conv_pos_embeddings": 4,
    "num_conv_pos_embedding_groups": 2,
}
NAMES = ("ast", "clap", "fused_clap", "hubert", "wav2vec2", "wavlm", "whisper")
CODE = """
from transformers import HubertConfig
from transformers.modeling_outputs import BaseModelOutput
from transformers.models.hubert.modeling_hubert import HubertModel

class OursConfig(HubertConfig):
    model_type = "ours"

class OursModel(HubertModel):
    config_class = OursConfig

    def forward(self, input_values, output_hidden_states=False):
        # Whose encoder is called as that of transformers 4 was.
        frames = self.feature_extractor(input_values).transpose(1, 2)
        return BaseModelOutput(last_hidden_state=self.encoder(self.feature_projection(frames))[0])
"""


def save_models(folder):
    """Save a model of each of `NAMES`; return {name: path}."""
    import transformers

    transformers.utils.logging.disable_progress_bar()
    with torch.random.fork_rng():
        torch.manual_seed(0)
        for name, (network, front_end) in _models(transformers).items():
            network.save_pretrained(folder / name)
            front_end.save_pretrained(folder / name)
    return {name: str(folder / name) for name in NAMES}


def _models(transformers):
    of_frames = {**SMALL, **CONVOLUTIONS}
    waveforms = transformers.Wav2Vec2FeatureExtractor(sampling_rate=16000)
    return {
        "ast": (
            transformers.ASTModel(transformers.ASTConfig(**SMALL, max_length=64, num_mel_bins=16)),
            transformers.ASTFeatureExtractor(max_length=64, num_mel_bins=16),
        ),
        "clap": _clap(transformers, fused=False),
        "fused_clap": _clap(transformers, fused=True),
        "hubert": (
            transformers.HubertModel(transformers.HubertConfig(**of_frames)),
            waveforms,
        ),
        "wav2vec2": (
            transformers.Wav2Vec2Model(transformers.Wav2Vec2Config(**of_frames)),
            waveforms,
        ),
        "wavlm": (transformers.WavLMModel(transformers.WavLMConfig(**of_frames)), waveforms),
        "whisper": _whisper(transformers),
    }


def _clap(transformers, *, fused):
    audio = {
        "window_size": 4,
        "num_mel_bins": 32,
        "spec_size": 64,
        "patch_size": 4,
        "patch_stride": [4, 4],
        "patch_embeds_hidden_size": 8,
        "depths": [1, 1],
        "num_attention_heads": [2, 2],
        "hidden_size": 16,
        "projection_dim": 12,
        "enable_fusion": fused,
    }
    text = {**SMALL, "num_hidden_layers": 1, "vocab_size": 10, "max_position_embeddings": 8}
    config = transformers.ClapConfig(text_config=text, audio_config=audio, projection_dim=12)
    front_end = transformers.ClapFeatureExtractor(
        feature_size=32, max_length_s=1, truncation="fusion" if fused else "rand_trunc"
    )
    return transformers.ClapModel(config), front_end


def _whisper(transformers):
    config = transformers.WhisperConfig(
        d_model=16,
        encoder_layers=2,
        decoder_layers=1,
        encoder_attention_heads=2,
        decoder_attention_heads=2,
        encoder_ffn_dim=32,
        decoder_ffn_dim=32,
        max_source_positions=50,
        num_mel_bins=16,
        vocab_size=20,
        pad_token_id=0,
        bos_token_id=1,
        eos_token_id=2,
        decoder_start_token_id=1,
    )
    return transformers.WhisperModel(config), transformers.WhisperFeatureExtractor(
        feature_size=16, chunk_length=1
    )


def change_json(path, **changes):
    """Change entries of a file."""
    content = json.loads(path.read_text())
    path.write_text(json.dumps({**content, **changes}))


def with_code(hubert, folder):
    """Copy a HuBERT as a model that ships the code of its network; return its path."""
    shutil.copytree(hubert, folder)
    (folder / "code_of_model.py").write_text(CODE)
    classes = {"AutoConfig": "OursConfig", "AutoModel": "OursModel"}
    change_json(
        folder / "config.json",
        model_type="ours",
        architectures=["OursModel"],
        auto_map={auto: f"code_of_model.{name}" for auto, name in classes.items()},
    )
    return folder


def in_hub_cache(model, cache, name, commit):
    """Copy a folder to where the hub's cache keeps a repository."""
    root = cache / f"models--{name.replace('/', '--')}"
    shutil.copytree(model, root / "snapshots" / commit)
    (root / "refs").mkdir()
    (root / "refs" / "main").write_text(commit)
