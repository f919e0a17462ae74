import { createInterface } from 'node:readline/promises';
import type { Writable } from 'node:stream';

type Output = Writable & { isTTY?: boolean };
export type Terminal = ReturnType<typeof createTerminal>;

const barWidth = 24;

/** Where a command writes: results to one stream, progress and complaints to the other, so that results can be piped. */
export function createTerminal(output: Output, errors: Output) {
  return {
    print(text: string): void {
      output.write(`${text}\n`);
    },
    complain(text: string): void {
      errors.write(`${text}\n`);
    },
    /** Asks yes or no; yes without a person to ask. */
    async confirm(question: string): Promise<boolean> {
      if (!process.stdin.isTTY || !errors.isTTY) return true;
      const dialogue = createInterface({ input: process.stdin, output: errors });
      const answer = await dialogue.question(`${question} [y/N] `);
      dialogue.close();
      return /^y(es)?$/i.test(answer.trim());
    },
    /** A bar that redraws itself; where nobody watches, a plain line at every tenth. */
    progress() {
      let tenth = 0;
      let drawn = false;
      return {
        show(share: number, text: string): void {
          const done = Math.max(0, Math.min(1, share));
          const percent = `${Math.floor(done * 100)}%`.padStart(4);
          if (errors.isTTY) {
            const bar = '█'.repeat(Math.round(done * barWidth)).padEnd(barWidth, '░');
            errors.write(`\r${bar}${percent}  ${text}\u001b[K`);
            drawn = true;
          } else if (Math.floor(done * 10) > tenth) {
            tenth = Math.floor(done * 10);
            errors.write(`${percent}  ${text}\n`);
          }
        },
        end(): void {
          if (drawn) errors.write('\n');
        },
      };
    },
  };
}

/** On one line and no wider than the terminal likes. */
export function oneLine(text: string, width: number): string {
  const flat = text.replace(/[\s\p{Cc}]+/gu, ' ').trim();
  return flat.length > width ? `${flat.slice(0, width - 1)}…` : flat;
}

export const count = (value: number) => value.toLocaleString('en');
/** `1 row`, `2 rows`. */
export const counted = (value: number, noun: string) => `${count(value)} ${noun}${value === 1 ? '' : 's'}`;
