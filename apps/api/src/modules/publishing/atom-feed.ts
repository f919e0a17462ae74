import type { ChangeCounts } from '@granary/contract';
import { snapshotFilePath } from '../snapshots/service.ts';

export type FeedSnapshot = {
  id: string;
  number: number;
  publishedAt: Date;
  publishedBy: string;
  notes: string;
  pairs: number;
  changes: (ChangeCounts & { since: number }) | null;
  files: readonly { name: string; mediaType: string; bytes: number }[];
};
export type Feed = {
  id: string;
  slug: string;
  title: string;
  description: string;
  licence: string;
  createdAt: Date;
  /** Newest first. */
  snapshots: readonly FeedSnapshot[];
};

/**
 * The published snapshots of a dataset as an Atom feed (RFC 4287). Ids are those of the rows: they outlive every address.
 * Links begin with `origin`; with '' they are relative to the feed's own address.
 */
export function atomFeed(feed: Feed, origin: string): string {
  const { id, slug, title, description, licence, createdAt, snapshots } = feed;
  const times = snapshots.map(({ publishedAt }) => publishedAt.getTime());
  const updated = times.length === 0 ? createdAt : new Date(Math.max(...times));
  return [
    '<?xml version="1.0" encoding="utf-8"?>',
    '<feed xmlns="http://www.w3.org/2005/Atom">',
    `  <id>urn:uuid:${id}</id>`,
    `  <title>${escape(`${title}: snapshots`)}</title>`,
    ...(description === '' ? [] : [`  <subtitle>${escape(description)}</subtitle>`]),
    `  <updated>${updated.toISOString()}</updated>`,
    `  <rights>${escape(licence)}</rights>`,
    '  <generator>Granary</generator>',
    link('self', `${origin}/api/v1/datasets/${slug}/snapshots/feed.atom`, 'application/atom+xml'),
    link('alternate', `${origin}/datasets/${slug}/snapshots`, 'text/html'),
    ...snapshots.map((snapshot) => entry(snapshot, feed, origin)),
    '</feed>',
    '',
  ].join('\n');
}

function entry({ id, number, publishedAt, publishedBy, notes, pairs, changes, files }: FeedSnapshot, feed: Feed, origin: string): string {
  const time = publishedAt.toISOString();
  const text = [`${counted(pairs, 'pair')}.`, changes && changesText(changes), notes].filter(Boolean).join('\n\n');
  return [
    '  <entry>',
    `    <id>urn:uuid:${id}</id>`,
    `    <title>${escape(`${feed.title} v${number}`)}</title>`,
    `    <updated>${time}</updated>`,
    `    <published>${time}</published>`,
    `    <author><name>${escape(publishedBy)}</name></author>`,
    indent(link('alternate', `${origin}/datasets/${feed.slug}/snapshots/${number}`, 'text/html')),
    ...files.map(({ name, mediaType, bytes }) =>
      indent(link('enclosure', origin + snapshotFilePath(feed.slug, number, name), mediaType, { length: String(bytes), title: name })),
    ),
    `    <content type="text">${escape(text)}</content>`,
    '  </entry>',
  ].join('\n');
}

const changesText = ({ since, added, edited, retracted, removed }: ChangeCounts & { since: number }) =>
  `Since v${since}: ${added} added, ${edited} edited, ${retracted} retracted, ${removed} removed.`;
const counted = (n: number, noun: string) => `${n} ${noun}${n === 1 ? '' : 's'}`;
const indent = (line: string) => `  ${line}`;

function link(rel: string, href: string, type: string, more: Record<string, string> = {}): string {
  const attributes = Object.entries({ rel, href, type, ...more }).map(([name, value]) => ` ${name}="${escape(value)}"`);
  return `  <link${attributes.join('')}/>`;
}

const entities: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&apos;' };

/** As text or attribute of XML 1.0; characters that no XML document may hold (controls, lone surrogates, U+FFFE and U+FFFF) become U+FFFD. */
function escape(text: string): string {
  return text
    .toWellFormed()
    .replace(/[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu, '\uFFFD')
    .replace(/[&<>"']/g, (character) => entities[character] ?? character);
}
