import type { Histogram } from '@granary/contract';

/** With commas and without a locale, which would differ between machines. */
export const number = (value: number) => String(value).replace(/\B(?=(?:\d{3})+$)/g, ',');
export const percent = (part: number, whole: number) => (whole === 0 ? '0 %' : `${((100 * part) / whole).toFixed(1)} %`);
/** `1 pair`, `2 pairs`. */
export const counted = (value: number, noun: string) => `${number(value)} ${noun}${value === 1 ? '' : 's'}`;
export const share = (value: number) => `${Math.round(value * 100)} %`;

/** A bin as a reader says it: "20 to below 50"; the last one "5,000 and more", or as it is named. */
export function binName({ from, to }: Histogram[number], written: (value: number) => string, last?: string): string {
  if (to !== null) return `${written(from)} to below ${written(to)}`;
  return last ?? `${written(from)} and more`;
}

const oneLine = (text: string) => text.replace(/\s+/g, ' ').trim();

/** What YAML has no plain way to write: readers of it refuse some of these characters and take others for line ends. */
// oxlint-disable-next-line no-control-regex -- these are the ones to remove
const notYaml = /[\u0000-\u001f\u007f-\u009f\u2028\u2029\ufeff\ufffe\uffff]+/g;
/** On one line, of characters that every reader of YAML takes. */
export const yamlText = (text: string) => oneLine(text.toWellFormed().replace(notYaml, ' '));

/** What readers of Markdown make links of without being asked: addresses that say how, or begin with `www.`, and those of mail. */
const bareAddress = /(?:(?:https?|ftp):\/\/|www\.)(?:[\w.~:/?#@!$&'()*+,;=%[\]-]*[\w/=&-])?|[\w.+-]{1,64}@[\w-]+\.(?:[\w.-]*[\w-])?/gi;

/** Text of somebody else's as text: nothing in it is taken for Markdown, HTML or a link. An address is shown as code, which is never linked. */
export function plain(text: string): string {
  const line = oneLine(text);
  let written = '';
  let from = 0;
  for (const { 0: address, index } of line.matchAll(bareAddress)) {
    written += `${escaped(line.slice(from, index))}${code(address)}`;
    from = index + address.length;
  }
  return written + escaped(line.slice(from));
}

const escaped = (line: string) =>
  line
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replace(/[\\`*_{}[\]()#|~!]/g, '\\$&');

/** A Markdown table whose cells, which are Markdown, cannot break out of it. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  return [tableLine(head), tableLine(head.map(() => '---')), ...rows.map(tableLine)].join('\n');
}
export const tableLine = (cells: readonly string[]) => `| ${cells.map((cell) => oneLine(cell).replace(/(?<!\\)\|/g, '\\|')).join(' | ')} |`;

/** Somebody's own words, set apart, so that their headings and fences stay inside; tags, which would not, are shown as text. */
export const quoted = (text: string) =>
  text
    .trim()
    .replaceAll('<', '&lt;')
    .split(/\r\n|[\n\r\u0085\u2028\u2029]/)
    .map((line) => `> ${line}`.trimEnd())
    .join('\n');

/** An identifier as code; the ones that the contract lets through hold no backtick. */
export const code = (text: string) => `\`${oneLine(text).replaceAll('`', "'")}\``;

export const licenceUrl = (licence: string) => `https://spdx.org/licenses/${licence}.html`;
/** Expressions such as "MIT OR Apache-2.0", and what came with an import, have no page of their own. */
export const hasLicencePage = (licence: string) => /^[A-Za-z0-9.+-]+$/.test(licence) && licence !== 'unknown';
export const licenceLink = (licence: string) => (hasLicencePage(licence) ? `[${licence}](${licenceUrl(licence)})` : plain(licence));

/** A link to an address that is one; else the address as text. */
export function link(text: string, url: string | null): string {
  if (url === null) return plain(text);
  // Inside a link no other is made.
  return isWebAddress(url) ? `[${escaped(oneLine(text))}](<${url}>)` : `${plain(text)} (${plain(url)})`;
}
export const isWebAddress = (url: string) => /^https?:\/\/[^\s<>\\]+$/.test(url) && URL.canParse(url);
