import type { Scalar } from './parquet-values.ts';

/** A dictionary that outgrows this has no use: what refers to it is as long as what it saves. */
const mostEntries = 4_096;
const mostCharacters = 256 * 1024;

/** Values that repeat, each with its place. */
export class ParquetDictionary {
  entries: Scalar[] = [];
  readonly #places = new Map<Scalar, number>();
  #characters = 0;
  #last: Scalar | undefined;
  #lastPlace = 0;

  /** Where the value stands, be it new or known. */
  placeOf(value: Scalar): number {
    // Most columns hold the same again and again.
    if (value === this.#last) return this.#lastPlace;
    let place = this.#places.get(value);
    if (place === undefined) {
      place = this.entries.length;
      this.#places.set(value, place);
      this.entries.push(value);
      this.#characters += typeof value === 'string' ? value.length : 8;
    }
    this.#last = value;
    this.#lastPlace = place;
    return place;
  }

  get isFull(): boolean {
    return this.entries.length > mostEntries || this.#characters > mostCharacters;
  }

  clear(): void {
    this.entries = [];
    this.#places.clear();
    this.#characters = 0;
    this.#last = undefined;
  }
}
