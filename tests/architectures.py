"""Tiny causal language models of five architectures with random weights, saved as the hub has them."""

import torch
import transformers

V, CONTEXT = 300, 40
SMALL = {"vocab_size": V, "max_position_embeddings": CONTEXT, "bos_token_id": None, "eos_token_id": None}
LLAMA = {"hidden_size": 16, "num_hidden_layers": 2, "num_attention_heads": 4, "intermediate_size": 32}
CONFIGS = {
    "OPT": lambda: transformers.OPTConfig(
        **SMALL, hidden_size=16, num_hidden_layers=2, num_attention_heads=4, ffn_dim=32, word_embed_proj_dim=16,
        dropout=0.1, pad_token_id=None,
    ),
    "GPT-2": lambda: transformers.GPT2Config(
        vocab_size=V, n_positions=CONTEXT, n_embd=16, n_layer=2, n_head=4, bos_token_id=None, eos_token_id=None
    ),
    "GPT-NeoX": lambda: transformers.GPTNeoXConfig(
        **SMALL, hidden_size=16, num_hidden_layers=2, num_attention_heads=4, intermediate_size=32
    ),
    "Llama": lambda: transformers.LlamaConfig(**SMALL, **LLAMA, num_key_value_heads=2, tie_word_embeddings=True),
    "Qwen": lambda: transformers.Qwen2Config(**SMALL, **LLAMA, num_key_value_heads=2),
}  # fmt: skip


def network(name, seed=0):
    """Return a network of the architecture, its random weights large enough to prefer some tokens to others."""
    with torch.random.fork_rng(devices=[]):
        torch.default_generator.manual_seed(seed)
        made = transformers.AutoModelForCausalLM.from_config(CONFIGS[name]()).eval()
        for weights in made.parameters():
            if weights.ndim == 2:
                weights.data.normal_(0, 0.3)
    return made


def save(name, folder, **settings):
    network(name).save_pretrained(folder, **settings)
    return folder
