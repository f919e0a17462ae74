import { createHash } from 'node:crypto';

/** The names that Git gives to what it keeps, so that clients can check what they downloaded as they check it on the Hub. */

/** The text that Git holds in place of a file that lies in LFS. Source: the specification of Git LFS, version 1. */
export function lfsPointer(sha256: string, bytes: number): Buffer {
  return Buffer.from(`version https://git-lfs.github.com/spec/v1\noid sha256:${sha256}\nsize ${bytes}\n`);
}

/** Name of a file: 40 hex digits, as `git hash-object` prints them. */
export function blobId(content: Uint8Array): string {
  return objectId('blob', content);
}

export type TreeChild = { name: string; oid: string; isFolder: boolean };

/** Name of a folder with these files and folders in it, as `git write-tree` prints it. */
export function treeId(children: readonly TreeChild[]): string {
  const ordered = children
    .map(({ name, oid, isFolder }) => ({
      // Git compares folders as if their names ended in a slash.
      key: Buffer.from(isFolder ? `${name}/` : name),
      line: Buffer.concat([Buffer.from(`${isFolder ? '40000' : '100644'} ${name}\0`), Buffer.from(oid, 'hex')]),
    }))
    .sort((a, b) => Buffer.compare(a.key, b.key));
  return objectId('tree', Buffer.concat(ordered.map(({ line }) => line)));
}

function objectId(type: string, content: Uint8Array): string {
  return createHash('sha1').update(`${type} ${content.byteLength}\0`).update(content).digest('hex');
}
