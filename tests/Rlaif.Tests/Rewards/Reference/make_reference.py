"""Ten training steps of the reward network in PyTorch: what TrainingStepReferenceTests has to reproduce.

    apt-get install python3-torch && /usr/bin/python3 tests/Rlaif.Tests/Rewards/Reference/make_reference.py

Writes torch_steps.safetensors.gz beside itself. Everything runs in 64-bit floats from inputs that 32-bit floats hold exactly, so the file is
the truth to which a 32-bit implementation is compared. Made with PyTorch 1.13.1 (Debian 12).
"""

import gzip
import json
import pathlib
import struct

import torch

NUMERICAL, TEXT, HIDDEN, PROJECTION, FUSION = 11, 7, [8, 6, 4], 128, [128, 64]
CANDIDATES, TEXTS, PAIRS, BATCH, STEPS = 12, 6, 20, 8, 10
LEARNING_RATE, WEIGHT_DECAY, CLIP, CENTERING = 1e-3, 10.0, 1.0, 0.01

torch.set_default_dtype(torch.float64)


def dyadic(count, salt, scale=1.0):
    """Numbers in [-scale, scale) that 32-bit floats hold exactly, from Knuth's multiplicative hash."""
    words = torch.arange(1, count + 1, dtype=torch.int64) * 2654435761 + salt * 40503
    return ((words % 2**32 >> 24).double() / 2**7 - 1) * scale


def candidates():
    """The inputs, built as FeatureBuilder does with a scaler that changes nothing."""
    market = dyadic(2 * CANDIDATES, 1, 2).reshape(-1, 2)
    side = torch.tensor([1.0, -1, 0, 1] * (CANDIDATES // 4))
    size = (dyadic(CANDIDATES, 2) + 1) / 2 * side.abs()
    score, confidence = dyadic(CANDIDATES, 3), (dyadic(CANDIDATES, 4) + 1) / 2
    exposure = side * size
    own = torch.stack([side, size, exposure, score, confidence, side * score, (side == 0).double()], 1)
    numerical = torch.cat([market, own, exposure[:, None] * market], 1)
    texts = dyadic(TEXTS * TEXT, 5).reshape(TEXTS, TEXT)
    text_of = torch.arange(CANDIDATES) % TEXTS
    raw = {"market": market, "side": side, "size": size, "score": score, "confidence": confidence, "texts": texts}
    return raw, numerical, texts[text_of] * exposure[:, None]


def layers():
    """Kernels are inputs by outputs, as ours."""
    tower = [NUMERICAL, *HIDDEN]
    joined = [HIDDEN[-1] + PROJECTION, *FUSION, 1]
    shapes = [*zip(tower, tower[1:]), (TEXT, PROJECTION), *zip(joined, joined[1:])]
    parameters = []
    for i, (inputs, outputs) in enumerate(shapes):
        kernel = dyadic(inputs * outputs, 10 + i, 2.0 ** round(torch.tensor(6 / inputs).sqrt().log2().item()))
        parameters += [kernel.reshape(inputs, outputs), dyadic(outputs, 30 + i, 0.125)]
    return [p.clone().requires_grad_() for p in parameters]


def forward(parameters, numerical, text):
    kernels = list(zip(parameters[::2], parameters[1::2]))
    for kernel, bias in kernels[: len(HIDDEN)]:
        numerical = torch.relu(numerical @ kernel + bias)
    kernel, bias = kernels[len(HIDDEN)]
    joined = torch.cat([numerical, torch.relu(text @ kernel + bias)], 1)
    for kernel, bias in kernels[len(HIDDEN) + 1 : -1]:
        joined = torch.relu(joined @ kernel + bias)
    kernel, bias = kernels[-1]
    return (joined @ kernel + bias)[:, 0]


def flat(parameters):
    return torch.cat([p.detach().reshape(-1) for p in parameters])


def main():
    raw, numerical, text = candidates()
    chosen = torch.arange(PAIRS) % CANDIDATES
    rejected = (chosen + 1 + torch.arange(PAIRS) // CANDIDATES * 4) % CANDIDATES
    weight = dyadic(PAIRS, 6) + 1.5
    margin = (torch.arange(PAIRS) % 4).double() / 4

    parameters = layers()
    initial = flat(parameters)
    optimizer = torch.optim.AdamW(parameters, lr=LEARNING_RATE, betas=(0.9, 0.999), eps=1e-8, weight_decay=WEIGHT_DECAY)
    losses, norms = [], []
    for step in range(STEPS):
        batch = (step * BATCH + torch.arange(BATCH)) % PAIRS
        rewards = forward(parameters, numerical, text)
        c, r = rewards[chosen[batch]], rewards[rejected[batch]]
        preference = (weight[batch] * torch.nn.functional.softplus(margin[batch] - (c - r))).mean()
        loss = preference + CENTERING * ((c + r) ** 2).mean()
        optimizer.zero_grad()
        loss.backward()
        norms.append(torch.nn.utils.clip_grad_norm_(parameters, CLIP).item())
        optimizer.step()
        losses.append(loss.item())

    print("losses", losses)
    print("norms ", norms)
    moved = flat(parameters) - initial
    print("moved ", moved.abs().max().item())
    tensors = {
        **raw,
        "chosen": chosen,
        "rejected": rejected,
        "weight": weight,
        "margin": margin,
        "initial": initial,
        "losses": torch.tensor(losses),
        "norms": torch.tensor(norms),
        "moved": (moved * 2**20).round() / 2**20,  # to 5e-7: fewer digits make a smaller file
    }
    write(pathlib.Path(__file__).with_name("torch_steps.safetensors.gz"), tensors)


def write(path, tensors):
    """The safetensors format: length of the header, JSON header, numbers; 32-bit floats, compressed."""
    header, body = {}, b""
    for name, tensor in sorted(tensors.items()):
        data = struct.pack(f"<{tensor.numel()}f", *tensor.reshape(-1).tolist())
        header[name] = {"dtype": "F32", "shape": list(tensor.shape), "data_offsets": [len(body), len(body) + len(data)]}
        body += data
    text = json.dumps(header, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)
    path.write_bytes(gzip.compress(struct.pack("<Q", len(text)) + text + body, mtime=0))


if __name__ == "__main__":
    main()
