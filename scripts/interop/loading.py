"""datasets.load_dataset: every configuration that the card names."""

import itertools
import os
import subprocess
import sys

from datasets import get_dataset_config_names, get_dataset_split_names, load_dataset
from huggingface_hub import DatasetCard

from report import equal, raises, true


def configurations(published, number=None):
    """The names in the YAML block of the card, each with the rows of its splits by the manifest."""
    card = DatasetCard(published.content("README.md", number).decode())
    rows = {file["name"]: file["rows"] for file in published.files(number)}
    return {
        config["config_name"]: {entry["split"]: sum(rows[name] for name in flat(entry["path"])) for entry in config["data_files"]}
        for config in card.data.to_dict()["configs"]
    }


def default_configuration(published):
    card = DatasetCard(published.content("README.md").decode())
    return next(config["config_name"] for config in card.data.to_dict()["configs"] if config.get("default"))


def flat(path):
    return path if isinstance(path, list) else [path]


def check_loading(report, published):
    report.section("datasets: load_dataset")
    repo = published.repo
    expected = configurations(published)

    def names():
        equal(sorted(get_dataset_config_names(repo)), sorted(expected), "configurations")
        return ", ".join(expected)

    def stored_formats():
        known = published.json(f"{published.server}/api/v1/formats")["formats"]
        # A repository has one kind of file for all its configurations, so that those as JSON Lines cannot be among Parquet.
        stored = sorted(fmt["name"] for fmt in known if fmt["stored"] and fmt["tabular"])
        equal(sorted(expected), stored, "configurations beside the stored formats with columns")
        return f"{len(stored)} of {len(known)} formats"

    def lines():
        found = [file for file in published.with_rows() if file["split"] is not None and file["encoding"] != "parquet"]
        for file in found:
            url = f"hf://datasets/{repo}/{file['name']}"
            equal(load_dataset("json", data_files=url, split="train").num_rows, file["rows"], f"rows of {file['name']}")
        return ", ".join(file["name"] for file in found) or "none"

    def load(name, splits):
        def work():
            loaded = load_dataset(repo, name=name)
            equal({split: part.num_rows for split, part in loaded.items()}, splits, "rows")
            equal(sorted(get_dataset_split_names(repo, name)), sorted(splits), "splits")
            return f"{splits}, columns {', '.join(next(iter(loaded.values())).column_names[:6])}"

        return work

    def stream(name, splits):
        def work():
            split = next(iter(splits))
            streamed = list(load_dataset(repo, name=name, split=split, streaming=True))
            equal(streamed, load_dataset(repo, name=name, split=split).to_list(), "rows")
            return f"{len(streamed)} rows, the same as loaded whole"

        return work

    def default():
        loaded = load_dataset(repo)
        name = default_configuration(published)
        equal({split: part.num_rows for split, part in loaded.items()}, expected[name], "rows")
        return name

    def revision():
        name = default_configuration(published)
        first = configurations(published, 1)[name]
        for wanted in ("v1", "1"):
            loaded = load_dataset(repo, name=name, revision=wanted)
            equal({split: part.num_rows for split, part in loaded.items()}, first, "rows")
        true(sum(first.values()) < sum(expected[name].values()), "the newest snapshot has no more rows than the first")
        return f"v1 has {sum(first.values())} rows, main {sum(expected[name].values())}"

    def plain_url():
        """Without HF_ENDPOINT, as with it every address of that server is taken for one of the Hub's: in a process of its own."""
        file = next(file for file in published.with_rows() if file["split"] is None)
        url = f"{published.files_url()}/{file['name']}"
        program = "import sys, datasets; print(datasets.load_dataset('json', data_files=sys.argv[1], split='train').num_rows)"
        env = {name: value for name, value in os.environ.items() if name != "HF_ENDPOINT"}
        done = subprocess.run([sys.executable, "-c", program, url], env=env, capture_output=True, text=True)
        equal((done.returncode, done.stdout.strip()), (0, str(file["rows"])), f"exit code and rows ({done.stderr[-500:]})")
        return file["name"]

    def resolve_url():
        file = next(file for file in published.with_rows() if file["split"] is None)
        url = f"{published.server}/datasets/{repo}/resolve/main/{file['name']}"
        equal(load_dataset("json", data_files=url, split="train").num_rows, file["rows"], "rows")
        return f"…/resolve/main/{file['name']}"

    def hf_url():
        file = next(file for file in published.with_rows() if file["name"].startswith("data/"))
        builder = "parquet" if file["encoding"] == "parquet" else "json"
        loaded = load_dataset(builder, data_files=f"hf://datasets/{repo}@v{published.newest}/{file['name']}", split="train", streaming=True)
        equal(len(list(itertools.islice(loaded, 3))), min(3, file["rows"]), "rows")
        return file["name"]

    report.check("get_dataset_config_names", names)
    report.check("every stored format with columns is a configuration", stored_formats)
    report.check("stored formats without columns, by their files", lines)
    report.check("load_dataset, nothing named", default)
    for name, splits in expected.items():
        report.check(f"load_dataset, name={name}", load(name, splits))
    for name, splits in expected.items():
        report.check(f"load_dataset, name={name}, streaming", stream(name, splits))
    report.check("load_dataset, revision", revision)
    report.check("load_dataset of a plain URL", plain_url)
    report.check("load_dataset of a URL of the Hub's form", resolve_url)
    report.check("load_dataset of an hf:// address", hf_url)
    report.check("load_dataset of what is not there", lambda: raises(FileNotFoundError, lambda: load_dataset("granary/nothing")))
