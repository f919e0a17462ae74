"""pandas, polars, pyarrow, DuckDB and mlcroissant on the files themselves, and on formats made on demand."""

import gzip
import io
import json
import logging
import os

import duckdb
import pandas
import polars
import pyarrow.dataset
import pyarrow.parquet
from huggingface_hub import HfFileSystem, snapshot_download

from report import equal, true


def check_files(report, published):
    fs = HfFileSystem()
    root = f"datasets/{published.repo}@v{published.newest}"
    # Of a file without rows no tool can say which columns it has.
    files = [file for file in published.with_rows() if file["rows"] > 0]
    report.section("files without rows")
    for file in published.with_rows():
        if file["rows"] == 0:
            report.check(file["name"], lambda file=file: equal(lines_of(published, file), b"", "content"))

    report.section("pandas, over plain URLs and hf://")
    for file in files:
        report.check(file["name"], lambda file=file: read_pandas(published, root, file))
    report.section("polars, over plain URLs (Parquet by ranges)")
    for file in files:
        report.check(file["name"], lambda file=file: read_polars(published, file))
    report.section("DuckDB, through HfFileSystem")
    connection = duckdb.connect()
    connection.register_filesystem(fs)
    for file in files:
        report.check(file["name"], lambda file=file: read_duckdb(connection, root, file))
    report.section("pyarrow, through HfFileSystem")
    for file in (file for file in files if file["encoding"] == "parquet"):
        report.check(file["name"], lambda file=file: read_pyarrow(fs, root, file))


def read_pandas(published, root, file):
    url = f"{published.files_url()}/{file['name']}"
    by_url, by_hub = (read_frame(place, file["encoding"]) for place in (url, f"hf://{root}/{file['name']}"))
    equal(len(by_url), file["rows"], "rows")
    equal(by_url.to_json(orient="records"), by_hub.to_json(orient="records"), "rows by hf://")
    return f"{len(by_url)} rows, {len(by_url.columns)} columns"


def read_frame(place, encoding):
    if encoding == "parquet":
        return pandas.read_parquet(place)
    if encoding.startswith("csv"):
        return pandas.read_csv(place, keep_default_na=False, compression=compression(encoding))
    return pandas.read_json(place, lines=True, dtype=False, convert_dates=False, compression=compression(encoding))


def compression(encoding):
    return {"gz": "gzip", "zst": "zstd"}.get(encoding.rpartition(".")[2])


def read_polars(published, file):
    url = f"{published.files_url()}/{file['name']}"
    if file["encoding"] == "parquet":
        rows = polars.scan_parquet(url).select(polars.len()).collect().item()
        columns = polars.read_parquet(url, n_rows=1).columns
    else:
        frame = polars.read_ndjson(io.BytesIO(lines_of(published, file)), infer_schema_length=None)
        rows, columns = frame.height, frame.columns
    equal(rows, file["rows"], "rows")
    return f"{rows} rows, {len(columns)} columns"


def lines_of(published, file):
    content = published.content(file["name"])
    return gzip.decompress(content) if file["encoding"].endswith(".gz") else content


def read_duckdb(connection, root, file):
    reader = "read_parquet" if file["encoding"] == "parquet" else "read_json_auto"
    more = "" if file["encoding"] == "parquet" else ", format='newline_delimited', maximum_object_size=100000000"
    rows = connection.sql(f"SELECT count(*) FROM {reader}('hf://{root}/{file['name']}'{more})").fetchall()[0][0]
    equal(rows, file["rows"], "rows")
    return f"{rows} rows"


def read_pyarrow(fs, root, file):
    with fs.open(f"{root}/{file['name']}", "rb") as handle:
        parquet = pyarrow.parquet.ParquetFile(handle)
        meta = parquet.metadata
        equal(meta.num_rows, file["rows"], "rows")
        codecs = {meta.row_group(0).column(index).compression for index in range(meta.num_columns)}
        equal(codecs, {"ZSTD"}, "compression")
        true(meta.row_group(0).column(0).is_stats_set, "no statistics")
        equal(parquet.read().num_rows, file["rows"], "rows read")
    return f"{meta.num_row_groups} row groups, {meta.created_by}"


def check_exports(report, published):
    """Every format in every encoding that it can be had in, read with pandas; formats that hold the same rows agree."""
    report.section("formats on demand, with pandas")
    offered = published.json(f"{published.server}/api/v1/formats")
    for fmt in offered["formats"]:
        encodings = [encoding["name"] for encoding in offered["encodings"] if fmt["tabular"] or not encoding["tabular"]]
        report.check(fmt["name"], lambda fmt=fmt, encodings=encodings: read_export(published, fmt["name"], encodings))


def read_export(published, name, encodings):
    counts = {}
    for encoding in encodings:
        url = f"{published.base}/{published.newest}/export?format={name}&encoding={encoding}"
        content = published.get(url, headers={"accept-encoding": "identity"}).content
        equal(published.get(url, headers={"accept-encoding": "identity"}).content, content, f"{encoding} asked for again")
        counts[encoding] = len(read_frame(io.BytesIO(content), encoding))
    true(len(set(counts.values())) == 1 and min(counts.values()) > 0, f"rows differ, or there are none: {counts}")
    return f"{next(iter(counts.values()))} rows as {', '.join(counts)}"


def check_croissant(report, published):
    report.section("mlcroissant")
    logging.getLogger().addFilter(Once())
    found = [file["name"] for file in published.files() if file["format"] == "croissant"]
    if not report.check("the snapshot has Croissant metadata", lambda: equal(len(found), 1, "files") or found[0]):
        return
    # Sets of files are named relative to where the metadata lie.
    folder = snapshot_download(published.repo, repo_type="dataset", local_dir=os.path.join(published.folder, "snapshot-newest"))
    path = os.path.join(folder, found[0])
    report.check("validate", lambda: validate(path))
    with open(path, encoding="utf-8") as file:
        record_sets = [record_set["@id"] for record_set in json.load(file).get("recordSet", [])]
    for record_set in record_sets:
        report.check(f"records of {record_set}", lambda record_set=record_set: read_records(published, path, record_set))


def validate(path):
    import mlcroissant

    dataset = mlcroissant.Dataset(jsonld=path)
    issues = dataset.metadata.ctx.issues
    equal((list(issues.errors), list(issues.warnings)), ([], []), "errors and warnings")
    return f"{dataset.metadata.name} {dataset.metadata.version}, conforms to {dataset.metadata.conforms_to}"


def read_records(published, path, record_set):
    """Rows are as many as the manifest says; where they come by split, each names its own."""
    import mlcroissant

    records = list(mlcroissant.Dataset(jsonld=path).records(record_set))
    files = [file for file in published.with_rows() if record_set in (file["format"], f"{file['format']}-whole")]
    ours = [file for file in files if (file["split"] is None) == record_set.endswith("-whole")]
    if record_set == "splits":
        equal({text(record["splits/name"]) for record in records}, splits_of(published.with_rows()), "splits")
        return f"{len(records)} splits"
    equal(len(records), sum(file["rows"] for file in ours), "records")
    if f"{record_set}/split" in records[0]:
        equal({text(record[f"{record_set}/split"]) for record in records}, splits_of(files), "splits")
    return f"{len(records)} records"


def splits_of(files):
    return {file["split"] for file in files} - {None}


def text(value):
    return value.decode() if isinstance(value, bytes) else value


class Once(logging.Filter):
    """mlcroissant warns for every row that the split is no longer the whole path that it was taken from; once is enough."""

    def __init__(self):
        super().__init__()
        self.seen = set()

    def filter(self, record):
        message = record.getMessage()
        new = message not in self.seen
        self.seen.add(message)
        return new
