"""Reads everything that a server published with the tools that people use; says what it ran, and ends with 1 when something failed.

Run by `npm run interop`, which makes the server and this script's environment. Arguments are words in the names of the parts to run; without
any, all are run."""

import importlib.metadata
import sys

from files import check_croissant, check_exports, check_files
from hub import check_api, check_downloads, check_file_system
from loading import check_loading
from published import Published
from report import Report
from training import check_llama_factory, check_trl

tools = ["datasets", "huggingface_hub", "pandas", "polars", "pyarrow", "duckdb", "mlcroissant", "trl", "llamafactory", "transformers"]


def main():
    report, published = Report(), Published()
    print(f"Reading {published.repo} at {published.server} with", ", ".join(f"{tool} {importlib.metadata.version(tool)}" for tool in tools))
    checks = [
        check_api,
        check_downloads,
        check_file_system,
        check_loading,
        check_files,
        check_exports,
        check_croissant,
        check_trl,
        check_llama_factory,
    ]
    wanted = sys.argv[1:]
    for check in checks:
        if wanted and not any(word in check.__name__ for word in wanted):
            continue
        # A part that cannot even begin is one failure, and the others still run.
        try:
            check(report, published)
        except Exception as error:
            message = str(error)
            report.check(f"{check.__name__} as a whole", lambda: fail(message))
    report.end()


def fail(message):
    raise AssertionError(message)


main()
