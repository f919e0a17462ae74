"""What trainers expect of a row: TRL's and LLaMA-Factory's own code, on every row of the formats made for them."""

import importlib
import importlib.util
import logging
import sys
import types
from pathlib import Path
from types import SimpleNamespace

from datasets import concatenate_datasets, load_dataset

from loading import configurations
from report import equal, true

chat_template = "{% for m in messages %}<|im_start|>{{ m['role'] }}\n{{ m['content'] }}<|im_end|>\n{% endfor %}{% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}"


def rows_of(published, name):
    """All splits of a configuration in one table; fails when there is none, or no row."""
    true(name in configurations(published), f"the card has no configuration {name}")
    whole = concatenate_datasets(list(load_dataset(published.repo, name=name).values()))
    true(whole.num_rows > 0, f"{name} has no rows")
    return whole


def check_trl(report, published):
    """https://huggingface.co/docs/trl/dataset_formats, by the functions that TRL's trainers call first."""
    report.section("TRL: trl.data_utils")
    from trl.data_utils import apply_chat_template, extract_prompt, is_conversational, unpair_preference_dataset

    tokenizer = chat_tokenizer()

    def language_modelling():
        rows = rows_of(published, "messages")
        for row in rows:
            true(is_conversational(row), f"not taken for a conversation: {row}")
            text = apply_chat_template({"messages": row["messages"]}, tokenizer)["text"]
            equal(text.count("<|im_start|>"), len(row["messages"]), "messages in the text")
        true(any(len(row["messages"]) > 2 for row in rows), "no conversation has a second turn")
        return f"SFTTrainer: {rows.num_rows} conversations, {max(len(row['messages']) for row in rows)} messages at most"

    def prompt_completion():
        rows = rows_of(published, "prompt-completion")
        for row in rows:
            example = {"prompt": row["prompt"], "completion": row["completion"]}
            true(is_conversational(example), f"not taken for a conversation: {row}")
            made = apply_chat_template(example, tokenizer)
            true(made["prompt"].endswith("assistant\n") and made["completion"].startswith(row["completion"][0]["content"]), "the parts do not meet")
        return f"SFTTrainer: {rows.num_rows} rows"

    def preferences():
        rows = rows_of(published, "dpo")
        for row in rows:
            example = {key: row[key] for key in ("prompt", "chosen", "rejected")}
            true(is_conversational(example), f"not taken for a conversation: {row}")
            true(row["chosen"] != row["rejected"] and row["margin"] > 0, "nothing is preferred")
            made = apply_chat_template(example, tokenizer)
            equal(sorted(made), ["chosen", "prompt", "rejected"], "keys")
            implicit = extract_prompt({key: row["prompt"] + row[key] for key in ("chosen", "rejected")})
            equal(implicit["prompt"][: len(row["prompt"])], row["prompt"], "the prompt that both share")
        pairs = rows.select_columns(["prompt", "chosen", "rejected"])
        equal(unpair_preference_dataset(pairs).num_rows, 2 * rows.num_rows, "rows unpaired")
        return f"DPOTrainer, RewardTrainer: {rows.num_rows} pairs"

    def unpaired():
        rows = rows_of(published, "kto")
        for row in rows:
            example = {key: row[key] for key in ("prompt", "completion", "label")}
            true(is_conversational(example), f"not taken for a conversation: {row}")
            true(isinstance(row["label"], bool), f"the label is {row['label']!r}")
            equal(sorted(apply_chat_template(example, tokenizer)), ["completion", "label", "prompt"], "keys")
        labels = rows["label"]
        true(any(labels) and not all(labels), "all labels are the same")
        return f"KTOTrainer: {rows.num_rows} rows, {sum(labels)} good"

    report.check("messages", language_modelling)
    report.check("prompt-completion", prompt_completion)
    report.check("dpo", preferences)
    report.check("kto", unpaired)


def chat_tokenizer():
    """A tokenizer without a model: only its template is asked for."""
    from tokenizers import Tokenizer, models
    from transformers import PreTrainedTokenizerFast

    tokenizer = PreTrainedTokenizerFast(tokenizer_object=Tokenizer(models.WordLevel({"x": 0}, unk_token="x")), unk_token="x")
    tokenizer.chat_template = chat_template
    return tokenizer


def check_llama_factory(report, published):
    """https://github.com/hiyouga/LLaMA-Factory/tree/main/data#readme, by its own converters and the settings named there."""
    report.section("LLaMA-Factory: llamafactory.data.converter")
    converter, parser = llama_factory()

    def convert(kind, name, **settings):
        attributes = parser.DatasetAttr("hf_hub", published.repo)
        for key, value in settings.items():
            true(hasattr(attributes, key), f"LLaMA-Factory knows no setting {key}")
            setattr(attributes, key, value)
        make = converter.DATASET_CONVERTERS[kind](dataset_attr=attributes, data_args=SimpleNamespace(media_dir=""))
        rows = rows_of(published, name)
        return rows, [make(row) for row in rows]

    def alpaca():
        rows, made = convert("alpaca", "alpaca", prompt="instruction", query="input", response="output")
        for row, result in zip(rows, made):
            equal(result["_response"][0]["content"], row["output"], "response")
            true(row["instruction"] in result["_prompt"][-1]["content"], "the prompt lacks the instruction")
        return f"formatting alpaca: {len(made)} rows"

    def conversation(kind, name, column, **settings):
        def work():
            rows, made = convert(kind, name, messages=column, **settings)
            for row, result in zip(rows, made):
                equal(len(result["_prompt"]) + len(result["_response"]), len(row[column]), "messages taken")
                equal(result["_response"][-1]["role"], "assistant", "last role")
            return f"formatting {kind}: {len(made)} rows"

        return work

    openai = {"role_tag": "role", "content_tag": "content", "user_tag": "user", "assistant_tag": "assistant", "system_tag": "system"}
    report.check("alpaca", alpaca)
    report.check("sharegpt", conversation("sharegpt", "sharegpt", "conversations"))
    report.check("messages, as sharegpt with OpenAI's tags", conversation("sharegpt", "messages", "messages", **openai))
    report.check("messages, as openai", conversation("openai", "messages", "messages", **openai))


def llama_factory():
    """Its converters and settings as they are. The package around them asks for PyTorch, which these two files do not use: of it, the
    three modules that they import are stood in for (a log, a file name, which hub to ask)."""
    base = Path(next(iter(importlib.util.find_spec("llamafactory").submodule_search_locations)))
    for name, path in (("llamafactory", base), ("llamafactory.data", base / "data"), ("llamafactory.extras", base / "extras")):
        package = types.ModuleType(name)
        package.__path__ = [str(path)]
        sys.modules[name] = package

    class Log(logging.LoggerAdapter):
        def warning_rank0(self, message):
            raise AssertionError(f"LLaMA-Factory warns: {message}")

        info_rank0 = warning_rank0_once = warning_rank0

    stand_ins = {
        "logging": {"get_logger": lambda name: Log(logging.getLogger(name), {})},
        "constants": {"DATA_CONFIG": "dataset_info.json"},
        "misc": {"use_modelscope": lambda: False, "use_openmind": lambda: False},
    }
    for name, content in stand_ins.items():
        module = types.ModuleType(f"llamafactory.extras.{name}")
        module.__dict__.update(content)
        sys.modules[module.__name__] = module
        setattr(sys.modules["llamafactory.extras"], name, module)
    return importlib.import_module("llamafactory.data.converter"), importlib.import_module("llamafactory.data.parser")
