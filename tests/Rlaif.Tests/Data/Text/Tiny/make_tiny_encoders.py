#!/usr/bin/python3
"""Makes the tiny text encoders of the tests, and what they must give.

Random weights in the layouts of real models: a BERT and an MPNet sentence encoder in ONNX (2 layers, 32 dimensions, about 200 tokens) and
tables of token vectors as model2vec writes them (16 dimensions; one with a quantized vocabulary). Beside each, reference.json has texts
with their tokens and vectors, from the tokenizer below and from torch and numpy; tokens.json has odd texts with their tokens.

Needs Debian's python3-torch (1.13), python3-onnx (1.12) and python3-numpy; run it with /usr/bin/python3.
"""

import json
import math
import pathlib
import random
import struct
import unicodedata

import numpy as np
import onnx
import torch
from torch import nn

HERE = pathlib.Path(__file__).resolve().parent
DIM, HEADS, FFN, LAYERS, POSITIONS, MAX_TOKENS = 32, 4, 64, 2, 64, 32
TABLE_DIM = 16

WORDS = """buy sell hold trend momentum up down strong weak price volume risk the a of is and not over under market
 news good bad high low stock shares cafe naive resume strasse uber earn break out ##out ##ing ##ed ##s ##er ##ly ##down ##side
 rsi macd bull bear ##ish volatil ##ity 50 20 ##0 ##5 中 文 市 場 한""".split()
# The syllable above is one character composed; cleaned texts have its parts.
WORDS = [w for w in WORDS if w != "한"] + list(unicodedata.normalize("NFD", "한")) + ["##" + c for c in unicodedata.normalize("NFD", "한")]
LETTERS = list("abcdefghijklmnopqrstuvwxyz0123456789")
MARKS = list("!\"#$%&'()*+,-./:;<=>?@[]^_`{|}~") + ["—", "…", "¡", "’", "。", "€"]
PLAIN = WORDS + LETTERS + ["##" + c for c in "abcdefghijklmnopqrstuvwxyz"] + MARKS
PLAIN = list(dict.fromkeys(PLAIN))
BERT_SPECIAL = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
MPNET_SPECIAL = ["<s>", "<pad>", "</s>", "<unk>"]

TEXTS = [
    "",
    "Buy",
    "The trend is strong and momentum is up.",
    "Café naïve résumé, Straße ÜBER",
    "RSI 50, MACD down 3.1% -- volatility over 20!",
    "sell\nhold\tbuy\r\nthe bullish breakout",
    "xyzzy 😀 unknownword \u00a1no!",
    "中文市場 stock 한 한",
    "[SEP] the </s> <mask> [UNK] price",
    "zero\u200bwidth no\u00a0break soft\u00adhyphen \ufffd",
    "\u0130stanbul ΑΣ €20 $50 <b>&amp;</b>",
    "good news and bad news of the market and the stock and the price and the volume and the risk is not high but low and so on",
    "outing outs downed earner a" + "b" * 120 + " weakly",
]


# ---- the tokenizer, after BERT's own (Devlin et al. 2018) with the character classes of the tokenizers library


def cleaned(text, lowercase=True):
    out = []
    for c in text:
        if c not in "\t\n\r" and (c in "\0\ufffd" or unicodedata.category(c) in ("Cc", "Cf", "Co")):
            continue
        if c.isspace() or c in "\t\n\r":
            out.append(" ")
        elif is_chinese(ord(c)):
            out.append(f" {c} ")
        else:
            out.append(c)
    text = "".join(out)
    if lowercase:
        text = "".join(c for c in unicodedata.normalize("NFD", text) if unicodedata.category(c) != "Mn")
        text = "".join(c.lower() for c in text)
    return text


def is_chinese(p):
    ranges = [(0x4E00, 0x9FFF), (0x3400, 0x4DBF), (0x20000, 0x2A6DF), (0x2A700, 0x2B73F), (0x2B740, 0x2B81F),
              (0x2B920, 0x2CEAF), (0xF900, 0xFAFF), (0x2F800, 0x2FA1F)]
    return any(a <= p <= b for a, b in ranges)


def is_mark(c):
    p = ord(c)
    return 33 <= p <= 47 or 58 <= p <= 64 or 91 <= p <= 96 or 123 <= p <= 126 or unicodedata.category(c).startswith("P")


def words(text):
    word = ""
    for c in text:
        if c.isspace() or is_mark(c):
            if word:
                yield word
            word = ""
            if not c.isspace():
                yield c
        else:
            word += c
    if word:
        yield word


def pieces(word, ids, unknown):
    if len(word) > 100:
        return [unknown]
    found, start = [], 0
    while start < len(word):
        end = len(word)
        while end > start:
            piece = ("##" if start else "") + word[start:end]
            if piece in ids:
                found.append(ids[piece])
                break
            end -= 1
        else:
            return [unknown]
        start = end
    return found


def tokenize(text, vocabulary, special, unknown="[UNK]"):
    ids = {t: i for i, t in enumerate(vocabulary)}
    out, start, at = [], 0, 0

    def rest(part):
        for word in words(cleaned(part)):
            out.extend(pieces(word, ids, ids[unknown]))

    while at < len(text):
        hit = max((t for t in special if text.startswith(t, at)), key=len, default=None)
        if hit is None:
            at += 1
            continue
        rest(text[start:at])
        out.append(ids[hit])
        at += len(hit)
        start = at
    rest(text[start:])
    return out


# ---- the models


class Block(nn.Module):
    def __init__(self):
        super().__init__()
        self.q, self.k, self.v, self.o = (nn.Linear(DIM, DIM) for _ in range(4))
        self.norm1, self.norm2 = nn.LayerNorm(DIM), nn.LayerNorm(DIM)
        self.up, self.down = nn.Linear(DIM, FFN), nn.Linear(FFN, DIM)

    def forward(self, x, bias):
        def split(y):
            return y.view(y.size(0), y.size(1), HEADS, DIM // HEADS).transpose(1, 2)

        scores = split(self.q(x)) @ split(self.k(x)).transpose(2, 3) / math.sqrt(DIM // HEADS) + bias
        mixed = (scores.softmax(-1) @ split(self.v(x))).transpose(1, 2).reshape(x.size(0), x.size(1), DIM)
        x = self.norm1(x + self.o(mixed))
        return self.norm2(x + self.down(nn.functional.gelu(self.up(x))))


def mask_bias(mask):
    return (1.0 - mask[:, None, None, :].to(torch.float32)) * -1e9


class TinyBert(nn.Module):
    def __init__(self, tokens):
        super().__init__()
        self.word, self.position, self.kind = nn.Embedding(tokens, DIM), nn.Embedding(POSITIONS, DIM), nn.Embedding(2, DIM)
        self.norm = nn.LayerNorm(DIM)
        self.blocks = nn.ModuleList(Block() for _ in range(LAYERS))

    def forward(self, input_ids, attention_mask, token_type_ids):
        places = torch.arange(input_ids.size(1))[None, :]
        x = self.norm(self.word(input_ids) + self.position(places) + self.kind(token_type_ids))
        for block in self.blocks:
            x = block(x, mask_bias(attention_mask))
        return x


class TinyMPNet(nn.Module):
    """Positions count from the padding token on, and attention has a bias by distance, as in MPNet (Song et al. 2020)."""

    PAD, BUCKETS = 1, 8

    def __init__(self, tokens):
        super().__init__()
        self.word, self.position = nn.Embedding(tokens, DIM), nn.Embedding(POSITIONS + 2, DIM)
        self.distance = nn.Embedding(2 * self.BUCKETS + 1, HEADS)
        self.norm = nn.LayerNorm(DIM)
        self.blocks = nn.ModuleList(Block() for _ in range(LAYERS))

    def forward(self, input_ids, attention_mask):
        real = (input_ids != self.PAD).to(torch.int64)
        x = self.norm(self.word(input_ids) + self.position(torch.cumsum(real, 1) * real + self.PAD))
        places = torch.arange(input_ids.size(1))
        far = (places[None, :] - places[:, None]).clamp(-self.BUCKETS, self.BUCKETS) + self.BUCKETS
        bias = self.distance(far).permute(2, 0, 1)[None] + mask_bias(attention_mask)
        for block in self.blocks:
            x = block(x, bias)
        return x


def randomize(model, seed):
    generator = torch.Generator().manual_seed(seed)
    with torch.no_grad():
        for parameter in model.parameters():
            spread = 1.0 if parameter.shape[-1] == DIM and parameter.dim() == 2 and parameter.shape[0] > FFN else 0.3
            parameter.copy_(torch.randn(parameter.shape, generator=generator) * spread)
    return model.eval()


def export(model, inputs, path):
    path.parent.mkdir(parents=True, exist_ok=True)
    sample = tuple(torch.ones((1, 4), dtype=torch.int64) for _ in inputs)
    axes = {name: {0: "batch", 1: "sequence"} for name in [*inputs, "last_hidden_state"]}
    torch.onnx.export(model, sample, str(path), input_names=inputs, output_names=["last_hidden_state"],
                      dynamic_axes=axes, opset_version=13)
    onnx.checker.check_model(str(path))


def sentence_vector(model, ids, inputs):
    tensors = [torch.tensor([ids]), torch.ones((1, len(ids)), dtype=torch.int64), torch.zeros((1, len(ids)), dtype=torch.int64)]
    with torch.no_grad():
        mean = model(*tensors[: len(inputs)])[0].double().mean(0)
    return (mean / mean.norm()).tolist()


# ---- files


def dump(path, value):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(value, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def rounded(vector):
    return [float(f"{x:.9g}") for x in vector]


def tokenizer_json(vocabulary, special, frame, normalized):
    added = [{"id": vocabulary.index(t), "content": t, "single_word": False, "lstrip": t == "<mask>", "rstrip": False,
              "normalized": normalized, "special": True} for t in special]
    return {
        "version": "1.0", "truncation": None, "padding": None, "added_tokens": added,
        "normalizer": {"type": "BertNormalizer", "clean_text": True, "handle_chinese_chars": True, "strip_accents": None,
                       "lowercase": True},
        "pre_tokenizer": {"type": "BertPreTokenizer"},
        "post_processor": frame,
        "decoder": {"type": "WordPiece", "prefix": "##", "cleanup": True},
        "model": {"type": "WordPiece", "unk_token": "[UNK]", "continuing_subword_prefix": "##", "max_input_chars_per_word": 100,
                  "vocab": {t: i for i, t in enumerate(vocabulary)}},
    }


def write_safetensors(path, tensors):
    names = {"float32": "F32", "float16": "F16", "float64": "F64", "int64": "I64"}
    header, data = {}, b""
    for name, array in tensors.items():
        raw = array.tobytes()
        header[name] = {"dtype": names[str(array.dtype)], "shape": list(array.shape), "data_offsets": [len(data), len(data) + len(raw)]}
        data += raw
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    path.write_bytes(struct.pack("<Q", len(text)) + text + data)


def make_sentence_model(name, model, inputs, vocabulary, special, begin, end, model_file):
    folder = HERE / name
    export(model, inputs, folder / model_file)
    (folder / "vocab.txt").write_text("\n".join(vocabulary) + "\n", encoding="utf-8")
    dump(folder / "config.json", {"hidden_size": DIM, "vocab_size": len(vocabulary), "max_position_embeddings": POSITIONS})
    dump(folder / "sentence_bert_config.json", {"max_seq_length": MAX_TOKENS, "do_lower_case": False})
    dump(folder / "1_Pooling/config.json", {"word_embedding_dimension": DIM, "pooling_mode_cls_token": False,
                                            "pooling_mode_mean_tokens": True, "pooling_mode_max_tokens": False,
                                            "pooling_mode_mean_sqrt_len_tokens": False})
    first, last = vocabulary.index(begin), vocabulary.index(end)
    reference = []
    for text in TEXTS:
        ids = tokenize(text, vocabulary, special)
        framed = [first, *ids[: MAX_TOKENS - 2], last]
        reference.append({"text": text, "tokens": framed, "truncated": len(ids) > MAX_TOKENS - 2,
                          "vector": rounded(sentence_vector(model, framed, inputs))})
    dump(folder / "reference.json", reference)


def make_table(name, vocabulary, special, quantized):
    folder = HERE / name
    generator = np.random.default_rng(8)
    mapping = weights = None
    if quantized:
        table = generator.standard_normal((len(vocabulary) // 4, TABLE_DIM)).astype(np.float16)
        mapping = generator.integers(0, len(table), len(vocabulary))
        weights = generator.uniform(0.1, 2, len(vocabulary))
    else:
        table = generator.standard_normal((len(vocabulary), TABLE_DIM)).astype(np.float32)
    dump(folder / "tokenizer.json", tokenizer_json(vocabulary, special, None, False))
    dump(folder / "config.json", {"model_type": "model2vec", "normalize": not quantized, "hidden_dim": TABLE_DIM})
    tensors = {"embeddings": table}
    if quantized:
        tensors |= {"mapping": mapping, "weights": weights}
    write_safetensors(folder / "model.safetensors", tensors)
    median = int(np.median([len(t) for t in vocabulary]))
    reference = []
    for text in [*TEXTS, "buy the strong stock " * 300]:
        ids = [i for i in tokenize(text[: 512 * median], vocabulary, special) if i != vocabulary.index("[UNK]")]
        kept = ids[:512]
        vector = np.zeros(TABLE_DIM)
        if kept:
            rows = table.astype(np.float64)[mapping[kept] if quantized else kept]
            vector = (rows * (weights[kept][:, None] if quantized else 1)).mean(axis=0)
        if not quantized:
            vector = vector / (np.linalg.norm(vector) + 1e-32)
        reference.append({"text": text, "tokens": kept, "truncated": len(ids) > 512 or len(text) > 512 * median,
                          "vector": rounded(vector)})
    dump(folder / "reference.json", reference)


def make_tokens(vocabulary, special):
    random.seed(4)
    alphabet = list("abcdehlnotuy012ABÉßİΣ") + ["##", "out", "ing", " ", " ", "\t", "\n", "[SEP]", "[sep]", "[UNK]", "\u00a0", "\u200b",
                                               "\u2028", "\u0301", "\u0085", "\x1f", "😀", "中", "한", "각", "ﬁ", "ǅ", "Å", "\ue000", ".", "$",
                                               "—", "＄", "´", "_", "𝐀", "𐐀", "ạ̈", "Ặ", "ё", "й", "か", "が", "が", "क़", "\ufffd", "¹", "½", "豈"]
    texts = ["".join(random.choice(alphabet) for _ in range(random.randint(1, 25))) for _ in range(300)]
    dump(HERE / "tokens.json", [{"text": t, "tokens": tokenize(t, vocabulary, special)} for t in texts])


def main():
    bert = BERT_SPECIAL + PLAIN
    mpnet = MPNET_SPECIAL + PLAIN[:50] + ["[UNK]"] + PLAIN[50:] + ["<mask>"]
    bert_inputs, mpnet_inputs = ["input_ids", "attention_mask", "token_type_ids"], ["input_ids", "attention_mask"]
    make_sentence_model("tiny-bert", randomize(TinyBert(len(bert)), 1), bert_inputs, bert, BERT_SPECIAL, "[CLS]", "[SEP]", "model.onnx")
    mpnet_special = [*MPNET_SPECIAL, "[UNK]", "<mask>"]
    make_sentence_model("tiny-mpnet", randomize(TinyMPNet(len(mpnet)), 2), mpnet_inputs, mpnet, mpnet_special, "<s>", "</s>",
                        "onnx/model.onnx")
    (HERE / "tiny-mpnet/vocab.txt").unlink()
    frame = {"type": "RobertaProcessing", "sep": ["</s>", 2], "cls": ["<s>", 0], "trim_offsets": True, "add_prefix_space": False}
    dump(HERE / "tiny-mpnet/tokenizer.json", tokenizer_json(mpnet, mpnet_special, frame, False))
    table_special = ["[PAD]", "[UNK]"]
    table = table_special + PLAIN
    make_table("tiny-static", table, table_special, quantized=False)
    make_table("tiny-static-quantized", table, table_special, quantized=True)
    make_tokens(bert, BERT_SPECIAL)
    print(f"{len(bert)} tokens of BERT, {len(mpnet)} of MPNet, {len(table)} in the tables")


main()
