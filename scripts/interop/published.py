"""What the server says it published, read from its own interface: the ground that the tools are checked against."""

import json
import os

import requests


class Published:
    def __init__(self):
        self.server = os.environ["GRANARY_SERVER"]
        self.slug = os.environ["GRANARY_DATASET"]
        self.repo = f"granary/{self.slug}"
        self.newest = int(os.environ["GRANARY_SNAPSHOTS"])
        self.command = json.loads(os.environ["GRANARY_COMMAND"])
        self.folder = os.environ["GRANARY_FOLDER"]
        self.base = f"{self.server}/api/v1/datasets/{self.slug}/snapshots"

    def manifest(self, number=None):
        return self.json(f"{self.files_url(number)}/manifest.json")

    def files_url(self, number=None):
        return f"{self.base}/{number or self.newest}/files"

    def snapshot(self, number=None):
        return self.json(f"{self.base}/{number or self.newest}")

    def files(self, number=None):
        """Every file, the manifest among them."""
        return self.snapshot(number)["files"]

    def with_rows(self, number=None):
        return [file for file in self.files(number) if file["encoding"] is not None]

    def content(self, name, number=None):
        return self.get(f"{self.files_url(number)}/{name}").content

    def json(self, url):
        return self.get(url).json()

    def get(self, url, **more):
        reply = requests.get(url, timeout=120, **more)
        reply.raise_for_status()
        return reply
