/** A guideline's first sentence without its Markdown and without a bold lead-in such as "**What belongs here.**": enough to choose by. */
export function firstSentence(markdown: string): string {
  const line = markdown.split('\n').find((each) => each.trim() !== '' && !each.startsWith('#')) ?? '';
  const said = line.replace(/^\s*(?:\*\*|__)(?:(?!\*\*|__).)+(?:\*\*|__)[\s:–—-]*(?=\S)/, '');
  const plain = said.replaceAll(/\[([^\]]*)\]\([^)]*\)/g, '$1').replaceAll(/[*_`]/g, '');
  return /^.*?[.!?。！？](?=\s|$)/.exec(plain)?.[0] ?? plain;
}
