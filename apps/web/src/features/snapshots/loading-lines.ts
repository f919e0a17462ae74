import type { Snapshot } from '@granary/contract';

export const tools = ['datasets', 'trl', 'axolotl', 'llamafactory', 'pandas', 'duckdb', 'curl'] as const;
export type Tool = (typeof tools)[number];
type Parts = {
  slug: string;
  number: number;
  files: readonly Pick<Snapshot['files'][number], 'name' | 'format' | 'encoding' | 'split' | 'sha256'>[];
};
/** Where the rows of a format can be had, and what DuckDB and others call what is in the files. */
type Found = { reader: 'parquet' | 'json'; urls: string[] };

/**
 * What one types to load a snapshot into a tool, for each that its files suit. `origin` is this server's: the Hub's clients find it by
 * `HF_ENDPOINT`, which must be set before they are imported. Tools that also fetch a model from the real Hub must not see it.
 */
export function loadingLines(origin: string, snapshot: Parts): Partial<Record<Tool, string>> {
  const chat = find(origin, snapshot, 'messages');
  const dolly = find(origin, snapshot, 'dolly');
  const table = dolly ?? chat;
  const lines: Record<Tool, string | null> = {
    datasets: snapshot.files.some(({ encoding }) => encoding === 'parquet') ? fromHub(origin, snapshot) : table && fromFiles(table),
    trl: chat?.reader === 'parquet' ? trl(origin, snapshot) : null,
    axolotl: chat && axolotl(chat),
    llamafactory: chat && llamaFactory(snapshot, chat),
    pandas: table && pandas(table),
    duckdb: table && `SELECT * FROM read_${table.reader}(${list(table.urls, "'")}) LIMIT 10;`,
    curl: curl(origin, snapshot),
  };
  return Object.fromEntries(tools.flatMap((tool) => (lines[tool] === null ? [] : [[tool, lines[tool]]])));
}

const urlOf = (origin: string, { slug, number }: Parts, name: string) =>
  `${origin}/api/v1/datasets/${slug}/snapshots/${number}/files/${name}`;

/** The training rows of a format: all shards of its Parquet, else its one file of lines. */
function find(origin: string, snapshot: Parts, format: string): Found | null {
  const named = (encoding: string) =>
    snapshot.files.filter((file) => file.format === format && file.encoding === encoding && (file.split ?? 'train') === 'train');
  const parquet = named('parquet');
  const files = parquet.length > 0 ? parquet : named('jsonl.gz').slice(0, 1);
  if (files.length === 0) return null;
  return { reader: parquet.length > 0 ? 'parquet' : 'json', urls: files.map(({ name }) => urlOf(origin, snapshot, name)) };
}

function list(urls: readonly string[], quote: string): string {
  const quoted = urls.map((url) => `${quote}${url}${quote}`);
  return quoted.length === 1 ? String(quoted[0]) : `[\n  ${quoted.join(',\n  ')},\n]`;
}

const fromHub = (origin: string, { slug, number }: Parts) => `import os
os.environ["HF_ENDPOINT"] = "${origin}"
from datasets import load_dataset

pairs = load_dataset("granary/${slug}", "dolly", revision="v${number}", split="train")`;

/** For snapshots without Parquet, which the Hub's protocol does not offer as datasets. */
const fromFiles = ({ reader, urls }: Found) => `# pip install datasets requests aiohttp
from datasets import load_dataset

pairs = load_dataset("${reader}", data_files=${list(urls, '"')}, split="train")`;

const trl = (origin: string, { slug, number }: Parts) => `from datasets import load_dataset
from huggingface_hub import snapshot_download
from trl import SFTTrainer

folder = snapshot_download(
    "granary/${slug}",
    repo_type="dataset",
    revision="v${number}",
    endpoint="${origin}",
    allow_patterns="data/messages/*",
)
pairs = load_dataset("parquet", data_files=f"{folder}/data/messages/train-*.parquet", split="train")
trainer = SFTTrainer(model="Qwen/Qwen2.5-0.5B", train_dataset=pairs)
trainer.train()`;

function pandas({ reader, urls }: Found): string {
  const read = (url: string) => (reader === 'parquet' ? `pd.read_parquet(${url})` : `pd.read_json(${url}, lines=True)`);
  const [only] = urls;
  if (urls.length === 1) return `import pandas as pd\n\npairs = ${read(`"${only}"`)}`;
  return `import pandas as pd\n\npairs = pd.concat(${read('url')} for url in ${list(urls, '"')})`;
}

/** One entry per shard, from files that are fetched first. */
function axolotl({ reader, urls }: Found): string {
  const fetched = urls.map((url) => `# curl -fL --create-dirs -o data/${fileNameOf(url)} ${url}\n`).join('');
  const entry = (url: string) => `  - path: data/${fileNameOf(url)}
    ds_type: ${reader}
    type: chat_template
    field_messages: messages
    message_property_mappings:
      role: role
      content: content`;
  return `${fetched}datasets:\n${urls.map(entry).join('\n')}`;
}

/** LLaMA-Factory reads a file or a folder beside its `dataset_info.json`. */
function llamaFactory({ slug, number }: Parts, { urls }: Found): string {
  const name = `${slug}-v${number}`;
  const fetched = urls.map((url) => `curl -fL --create-dirs -o data/${name}/${fileNameOf(url)} ${url}`).join('\n');
  const info = {
    [name]: {
      file_name: name,
      formatting: 'sharegpt',
      columns: { messages: 'messages' },
      tags: { role_tag: 'role', content_tag: 'content', user_tag: 'user', assistant_tag: 'assistant' },
    },
  };
  return `${fetched}\n\n# data/dataset_info.json\n${JSON.stringify(info, null, 2)}`;
}

/** Everything Dolly has in one file, checked against what this page says. */
function curl(origin: string, snapshot: Parts): string | null {
  const file = snapshot.files.find(({ name }) => name === 'dolly.jsonl.gz');
  return file === undefined
    ? null
    : `curl -fLO ${urlOf(origin, snapshot, file.name)}\necho "${file.sha256}  ${file.name}" | sha256sum --check`;
}

const fileNameOf = (url: string) => url.slice(url.lastIndexOf('/') + 1);
