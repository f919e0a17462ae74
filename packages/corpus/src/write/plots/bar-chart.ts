/** One bar: what it is of, how long it is, and the number as it is to be read. */
export type Bar = { label: string; value: number; text: string };
export type BarGroup = { heading: string; bars: readonly Bar[] };
export type BarChart = {
  title: string;
  /** What the picture shows, for those who do not see it. */
  description: string;
  groups: readonly BarGroup[];
};

const width = 720;
const margin = 16;
const labelWidth = 200;
const valueWidth = 110;
const rowHeight = 24;
const barHeight = 14;
const headingHeight = 30;
const barsFrom = margin + labelWidth + 10;
const longestBar = width - barsFrom - valueWidth - margin;
/** Of an average letter at the size of the labels, in pixels. */
const letterWidth = 7;

/**
 * Horizontal bars with their labels and numbers, as an SVG file that stands alone: it brings its own paper, light or dark as the
 * reader has it, and tells its title and description to screen readers. The same chart gives the same bytes; no text can break out.
 */
export function renderBarChart({ title, description, groups }: BarChart): string {
  const longest = Math.max(0, ...groups.flatMap(({ bars }) => bars.map(({ value }) => value)));
  let y = margin + 34;
  const body: string[] = [];
  for (const { heading, bars } of groups) {
    if (heading !== '') {
      y += headingHeight;
      body.push(`<text font-weight="600" x="${margin}" y="${y - 10}">${escaped(heading)}</text>`);
    }
    for (const bar of bars) {
      body.push(renderBar(bar, y, longest));
      y += rowHeight;
    }
  }
  const height = y + margin;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-labelledby="title description" font-family="system-ui, sans-serif" font-size="13" fill="#2b2620">
<title id="title">${escaped(title)}</title>
<desc id="description">${escaped(description)}</desc>
<style>${style}</style>
<rect class="paper" fill="#fffdf8" width="${width}" height="${height}"/>
<text font-size="16" font-weight="600" x="${margin}" y="${margin + 18}">${escaped(title)}</text>
<line class="axis" stroke="#b8ad9c" x1="${barsFrom}" x2="${barsFrom}" y1="${margin + 34}" y2="${y}"/>
${body.join('\n')}
</svg>
`;
}

/** Only the dark colours: where a page's rules forbid styles, the light ones stand in the attributes. */
const style = `@media(prefers-color-scheme:dark){text{fill:#ece5d8}.number{fill:#bdb3a2}.paper{fill:#1c1a17}.bar{fill:#d9a441}.axis{stroke:#5a5247}}`;

function renderBar({ label, value, text }: Bar, y: number, longest: number): string {
  const share = longest === 0 ? 0 : value / longest;
  // What is there must be seen, however little it is.
  const length = value === 0 ? 0 : Math.max(1, Math.round(share * longestBar * 10) / 10);
  const middle = y + rowHeight / 2;
  return [
    `<text x="${barsFrom - 10}" y="${middle + 4}" text-anchor="end">${escaped(shortened(label))}</text>`,
    `<rect class="bar" fill="#a8761a" x="${barsFrom}" y="${middle - barHeight / 2}" width="${length}" height="${barHeight}"/>`,
    `<text class="number" fill="#5c5347" x="${barsFrom + length + 8}" y="${middle + 4}">${escaped(text)}</text>`,
  ].join('');
}

/** Cut to what the labels have room for; letters beyond Latin, Greek and Cyrillic are taken for twice as wide. */
function shortened(label: string): string {
  const flat = label.replace(/\s+/g, ' ').trim();
  let room = Math.floor(labelWidth / letterWidth);
  let kept = '';
  for (const character of flat) {
    room -= (character.codePointAt(0) ?? 0) > 0x52f ? 2 : 1;
    if (room < 1) return `${kept}…`;
    kept += character;
  }
  return kept;
}

/** XML has no control characters, not even escaped, and no halves of surrogate pairs. */
// oxlint-disable-next-line no-control-regex -- these are the ones to remove
const notXml = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g;
const escaped = (text: string) =>
  text
    .toWellFormed()
    .replace(notXml, '')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
