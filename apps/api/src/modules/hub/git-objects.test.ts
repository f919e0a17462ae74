import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { blobId, lfsPointer, treeId } from './git-objects.ts';
import { buildTree } from './tree.ts';

// Names as `git hash-object` and `git mktree` (2.39) print them.
test('a file and a pointer are named as Git names them', () => {
  expect(blobId(Buffer.from('hello\n'))).toBe('ce013625030ba8dba906f756967f9e9ca394464a');
  expect(blobId(Buffer.alloc(0))).toBe('e69de29bb2d1d6434b8b29ae775ad8c2e48c5391');
  expect(treeId([])).toBe('4b825dc642cb6eb9a060e54bf8d69288fbee4904');
  expect(lfsPointer('0'.repeat(64), 12).toString()).toBe(
    `version https://git-lfs.github.com/spec/v1\noid sha256:${'0'.repeat(64)}\nsize 12\n`,
  );
});

test('folders are named as a real Git names them, also where names sort differently with a slash', ({ skip }) => {
  const folder = mkdtempSync(join(tmpdir(), 'granary-git-'));
  const git = (...args: string[]) => execFileSync('git', args, { cwd: folder, encoding: 'utf8' }).trim();
  try {
    try {
      git('init', '--quiet');
    } catch {
      skip('Git is not at hand');
    }
    const names = ['README.md', 'data.txt', 'data/dolly/train.jsonl', 'data/full/a.jsonl', 'data/full/b.jsonl', 'data-x/y', 'data0/z'];
    const contents = new Map(names.map((name) => [name, Buffer.from(`This is ${name}.\n`)]));
    for (const [name, content] of contents) {
      mkdirSync(join(folder, name, '..'), { recursive: true });
      writeFileSync(join(folder, name), content);
    }
    git('add', '--all');
    const root = git('write-tree');
    const ofGit = git('ls-tree', '-r', '-t', root)
      .split('\n')
      .map((line) => /^\d+ (\w+) ([0-9a-f]{40})\t(.*)$/.exec(line)!)
      .map(([, type, oid, path]) => ({ path, oid, type: type === 'tree' ? 'directory' : 'file' }));
    const files = [...contents].map(([path, content]) => ({ type: 'file' as const, path, size: content.length, oid: blobId(content) }));
    const tree = buildTree(files).map(({ path, oid, type }) => ({ path, oid, type }));
    expect(tree.toSorted((a, b) => (a.path < b.path ? -1 : 1))).toEqual(ofGit.toSorted((a, b) => (a.path! < b.path! ? -1 : 1)));
    const top = tree
      .filter(({ path }) => !path.includes('/'))
      .map(({ path: name, oid, type }) => ({ name, oid, isFolder: type === 'directory' }));
    expect(treeId(top)).toBe(root);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
