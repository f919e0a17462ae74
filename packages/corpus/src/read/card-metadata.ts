import { parse } from 'yaml';

/** The YAML block at the head of a dataset card; empty when there is none. Throws when it is there and is not YAML. */
export function readCardMetadata(card: string): Record<string, unknown> {
  const block = /^---\r?\n([\s\S]*?)\r?\n---(?:\r?\n|$)/.exec(card)?.[1];
  const metadata: unknown = block === undefined ? null : parse(block, { schema: 'core' });
  return typeof metadata === 'object' && metadata !== null && !Array.isArray(metadata) ? { ...metadata } : {};
}
