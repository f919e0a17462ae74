"""huggingface_hub: its API client, downloads and file system."""

import hashlib
import os
import subprocess
import sys

from huggingface_hub import HfApi, HfFileSystem, hf_hub_download, snapshot_download
from huggingface_hub.errors import EntryNotFoundError, RepositoryNotFoundError, RevisionNotFoundError

from report import equal, raises, true


def check_api(report, published):
    report.section("huggingface_hub: HfApi")
    api = HfApi()
    repo = published.repo
    names = sorted(file["name"] for file in published.files())
    manifests = {number: hashlib.sha256(published.content("manifest.json", number)).hexdigest()[:40] for number in range(1, published.newest + 1)}

    def info():
        found = api.dataset_info(repo, files_metadata=True)
        equal(found.sha, manifests[published.newest], "commit")
        equal({s.rfilename: s.size for s in found.siblings}, {f["name"]: f["bytes"] for f in published.files()}, "sizes")
        true(found.card_data.license, "the card names no licence")
        return f"{found.id} at {found.sha[:7]}, tags {', '.join(found.tags[:4])} …"

    def revisions():
        for number, commit in manifests.items():
            for revision in (f"v{number}", str(number), commit):
                equal(api.dataset_info(repo, revision=revision).sha, commit, revision)
        return f"{len(manifests)} snapshots, by tag, number and commit"

    def tree():
        entries = list(api.list_repo_tree(repo, repo_type="dataset", recursive=True, expand=True))
        files = [entry for entry in entries if hasattr(entry, "blob_id")]
        equal(sorted(entry.path for entry in files), names, "paths")
        true(all(entry.last_commit.oid == manifests[published.newest] for entry in entries), "an entry of another commit")
        return f"{len(files)} files, {len(entries) - len(files)} folders"

    def refs():
        found = api.list_repo_refs(repo, repo_type="dataset")
        equal({tag.name: tag.target_commit for tag in found.tags}, {f"v{n}": sha for n, sha in manifests.items()}, "tags")
        equal([(b.name, b.target_commit) for b in found.branches], [("main", manifests[published.newest])], "branches")

    def commits():
        found = api.list_repo_commits(repo, repo_type="dataset")
        equal([commit.commit_id for commit in found], [manifests[n] for n in sorted(manifests, reverse=True)], "commits")
        return ", ".join(commit.title for commit in found)

    def paths():
        found = api.get_paths_info(repo, ["README.md", "data", "nothing"], repo_type="dataset", revision="v1", expand=True)
        equal(sorted(entry.path for entry in found), ["README.md", "data"], "paths")

    def search():
        equal([d.id for d in api.list_datasets(search=published.slug)], [repo], "search")
        equal([d.id for d in api.list_datasets(author="granary", language="en", full=True)], [repo], "filter")
        equal(list(api.list_datasets(search="nothing-of-that-name")), [], "search")

    def exist():
        equal(api.repo_exists(repo, repo_type="dataset"), True, "repo_exists")
        equal(api.repo_exists("granary/nothing", repo_type="dataset"), False, "repo_exists")
        equal(api.revision_exists(repo, "v99", repo_type="dataset"), False, "revision_exists")
        equal(api.file_exists(repo, "README.md", repo_type="dataset"), True, "file_exists")
        equal(api.file_exists(repo, "nothing", repo_type="dataset"), False, "file_exists")
        api.auth_check(repo, repo_type="dataset")

    def errors():
        raises(RepositoryNotFoundError, lambda: api.dataset_info("granary/nothing"))
        raises(RevisionNotFoundError, lambda: api.dataset_info(repo, revision="v99"))
        raises(RepositoryNotFoundError, lambda: hf_hub_download("granary/nothing", "README.md", repo_type="dataset"))
        raises(RevisionNotFoundError, lambda: hf_hub_download(repo, "README.md", repo_type="dataset", revision="other"))
        raises(EntryNotFoundError, lambda: hf_hub_download(repo, "nothing", repo_type="dataset"))

    report.check("dataset_info", info)
    report.check("dataset_info of every revision", revisions)
    report.check("list_repo_files", lambda: equal(sorted(api.list_repo_files(repo, repo_type="dataset")), names, "files"))
    report.check("list_repo_tree", tree)
    report.check("list_repo_refs", refs)
    report.check("list_repo_commits", commits)
    report.check("get_paths_info", paths)
    report.check("list_datasets", search)
    report.check("repo_exists, revision_exists, file_exists, auth_check", exist)
    report.check("errors are the client's own for what is missing", errors)


def check_downloads(report, published):
    report.section("huggingface_hub: downloads")
    repo = published.repo
    target = os.path.join(published.folder, "snapshot-v1")

    def one():
        path = hf_hub_download(repo, "README.md", repo_type="dataset")
        with open(path, "rb") as file:
            equal(file.read(), published.content("README.md"), "bytes")

    def whole():
        snapshot_download(repo, repo_type="dataset", revision="v1", local_dir=target)
        for file in published.files(1):
            with open(os.path.join(target, file["name"]), "rb") as content:
                equal(hashlib.sha256(content.read()).hexdigest(), file["sha256"], file["name"])
        return f"{len(published.files(1))} files with the SHA-256 that the server names"

    def command():
        folder = os.path.join(published.folder, "by-command")
        program = os.path.join(os.path.dirname(sys.executable), "hf")
        args = ["download", repo, "--repo-type", "dataset", "--revision", "v1", "--local-dir", folder]
        done = subprocess.run([program, *args], capture_output=True, text=True)
        equal(done.returncode, 0, f"exit code ({done.stderr[-500:]})")
        for file in published.files(1):
            true(os.path.getsize(os.path.join(folder, file["name"])) == file["bytes"], f"the size of {file['name']}")

    def trained_on():
        """What the documentation advises for a process that also needs models: the folder, without HF_ENDPOINT."""
        program = "import sys, datasets; print(datasets.load_dataset(sys.argv[1], name='dpo', split='train').num_rows)"
        env = {name: value for name, value in os.environ.items() if name != "HF_ENDPOINT"}
        done = subprocess.run([sys.executable, "-c", program, os.path.join(published.folder, "by-command")], env=env, capture_output=True, text=True)
        rows = sum(file["rows"] for file in published.with_rows(1) if file["format"] == "dpo" and file["split"] == "train")
        equal((done.returncode, done.stdout.strip()), (0, str(rows)), f"exit code and rows ({done.stderr[-500:]})")
        return f"{rows} rows"

    def cached():
        first = snapshot_download(repo, repo_type="dataset")
        equal(snapshot_download(repo, repo_type="dataset"), first, "folder")
        equal(snapshot_download(repo, repo_type="dataset", local_files_only=True), first, "folder")

    def checksums():
        found = HfApi().verify_repo_checksums(repo, repo_type="dataset", revision="v1", local_dir=target)
        equal((found.mismatches, found.missing_paths), ([], []), "differences")
        equal(found.checked_count, len(published.files(1)), "files checked")
        return f"{found.checked_count} files, by SHA-256 and by Git's names"

    def verify():
        done = subprocess.run([*published.command, "verify", target], capture_output=True, text=True)
        equal(done.returncode, 0, f"exit code ({(done.stdout + done.stderr).strip()})")
        return done.stdout.strip().splitlines()[-1]

    def verify_broken():
        name = published.with_rows(1)[0]["name"]
        path = os.path.join(target, name)
        with open(path, "r+b") as file:
            file.seek(-1, os.SEEK_END)
            last = file.read(1)
            file.seek(-1, os.SEEK_END)
            file.write(bytes([last[0] ^ 1]))
        done = subprocess.run([*published.command, "verify", target], capture_output=True, text=True)
        true(done.returncode == 1 and name in done.stdout + done.stderr, f"exit code {done.returncode}: {done.stdout}{done.stderr}")

    report.check("hf_hub_download", one)
    report.check("snapshot_download of v1 into a folder", whole)
    report.check("hf download", command)
    report.check("load_dataset of that folder, without the server", trained_on)
    report.check("snapshot_download into the cache, again, and without the server", cached)
    report.check("verify_repo_checksums", checksums)
    report.check("granary verify, of that folder", verify)
    report.check("granary verify finds a changed byte", verify_broken)


def check_file_system(report, published):
    report.section("huggingface_hub: HfFileSystem")
    fs = HfFileSystem()
    root = f"datasets/{published.repo}"
    names = {file["name"] for file in published.files()}
    largest = max(published.with_rows(), key=lambda file: file["bytes"])

    def ls():
        top = {path.removeprefix(f"{root}/") for path in fs.ls(root, detail=False)}
        equal(top, {name.split("/")[0] for name in names}, "entries")

    def ranges():
        content = published.content(largest["name"])
        with fs.open(f"{root}/{largest['name']}", "rb", block_size=64) as file:
            file.seek(10)
            equal(file.read(50), content[10:60], "bytes 10 to 59")
            file.seek(-16, 2)
            equal(file.read(), content[-16:], "last bytes")
        equal(fs.cat_file(f"{root}@v{published.newest}/{largest['name']}"), content, "whole file")
        return largest["name"]

    def info():
        found = fs.info(f"{root}/{largest['name']}")
        equal((found["size"], found["lfs"]["sha256"]), (largest["bytes"], largest["sha256"]), "size and SHA-256")
        raises(FileNotFoundError, lambda: fs.info(f"{root}/nothing"))

    report.check("ls", ls)
    report.check("find", lambda: equal({path.removeprefix(f"{root}/") for path in fs.find(root)}, names, "files"))
    report.check("glob", lambda: true(fs.glob(f"{root}@v1/data/**"), "nothing found"))
    report.check("info", info)
    report.check("open, with ranges", ranges)
