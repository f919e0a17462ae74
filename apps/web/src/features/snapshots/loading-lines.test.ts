import { describe, expect, test } from 'vitest';
import { loadingLines, tools } from './loading-lines.ts';

const origin = 'https://granary.example';
const files = `${origin}/api/v1/datasets/demo/snapshots/3/files`;
const sha256 = 'a'.repeat(64);
const file = (name: string, format: string, encoding: string | null, split: 'train' | 'test' | null) => ({
  name,
  format,
  encoding,
  split,
  sha256,
});
const whole = file('dolly.jsonl.gz', 'dolly', 'jsonl.gz', null);
const parquet = (format: string, shard: number, count: number) =>
  file(`data/${format}/train-0000${shard}-of-0000${count}.parquet`, format, 'parquet', 'train');
const newSnapshot = {
  slug: 'demo',
  number: 3,
  files: [
    whole,
    parquet('dolly', 0, 1),
    file('data/dolly/test-00000-of-00001.parquet', 'dolly', 'parquet', 'test'),
    parquet('messages', 0, 2),
    parquet('messages', 1, 2),
    file('README.md', 'card', null, null),
  ],
};
const oldSnapshot = { slug: 'demo', number: 3, files: [whole, file('README.md', 'card', null, null)] };

describe('the lines of a snapshot with Parquet', () => {
  const lines = loadingLines(origin, newSnapshot);

  test('are there for every tool', () => {
    expect(Object.keys(lines)).toEqual([...tools]);
  });

  test('datasets finds this server before it is imported', () => {
    expect(lines.datasets).toBe(
      'import os\nos.environ["HF_ENDPOINT"] = "https://granary.example"\nfrom datasets import load_dataset\n\npairs = load_dataset("granary/demo", "dolly", revision="v3", split="train")',
    );
  });

  test('TRL asks this server for the data only', () => {
    expect(lines.trl).toContain('endpoint="https://granary.example"');
    expect(lines.trl).not.toContain('HF_ENDPOINT');
  });

  test('tools that read files get every shard of the training rows, and nothing else', () => {
    expect(lines.axolotl?.match(/path: .*/g)).toEqual([
      'path: data/train-00000-of-00002.parquet',
      'path: data/train-00001-of-00002.parquet',
    ]);
    expect(lines.llamafactory).toContain(
      `curl -fL --create-dirs -o data/demo-v3/train-00001-of-00002.parquet ${files}/data/messages/train-00001-of-00002.parquet`,
    );
    expect(JSON.parse(lines.llamafactory?.split('dataset_info.json\n')[1] ?? '')).toMatchObject({
      'demo-v3': { file_name: 'demo-v3', formatting: 'sharegpt' },
    });
    expect(lines.pandas).toBe(`import pandas as pd\n\npairs = pd.read_parquet("${files}/data/dolly/train-00000-of-00001.parquet")`);
    expect(lines.duckdb).toBe(`SELECT * FROM read_parquet('${files}/data/dolly/train-00000-of-00001.parquet') LIMIT 10;`);
  });

  test('curl checks what came', () => {
    expect(lines.curl).toBe(`curl -fLO ${files}/dolly.jsonl.gz\necho "${sha256}  dolly.jsonl.gz" | sha256sum --check`);
  });
});

test('several shards are read as one', () => {
  const chatOnly = { ...newSnapshot, files: newSnapshot.files.filter(({ format }) => format === 'messages') };
  const lines = loadingLines(origin, chatOnly);
  const urls = [0, 1].map((shard) => `${files}/data/messages/train-0000${shard}-of-00002.parquet`);
  expect(lines.pandas).toBe(
    `import pandas as pd\n\npairs = pd.concat(pd.read_parquet(url) for url in [\n  "${urls[0]}",\n  "${urls[1]}",\n])`,
  );
  expect(lines.duckdb).toBe(`SELECT * FROM read_parquet([\n  '${urls[0]}',\n  '${urls[1]}',\n]) LIMIT 10;`);
  expect(lines.curl).toBeUndefined();
});

test('a snapshot from before there was Parquet is read from its lines', () => {
  const lines = loadingLines(origin, oldSnapshot);
  expect(Object.keys(lines)).toEqual(['datasets', 'pandas', 'duckdb', 'curl']);
  expect(lines.datasets).toContain(`load_dataset("json", data_files="${files}/dolly.jsonl.gz", split="train")`);
  expect(lines.pandas).toContain(`pd.read_json("${files}/dolly.jsonl.gz", lines=True)`);
});

test('a snapshot without rows has no lines', () => {
  expect(loadingLines(origin, { slug: 'demo', number: 3, files: [] })).toEqual({});
});
