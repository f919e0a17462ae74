const firstBytes = 4096;
/** UTF-8 takes at most so many bytes for a unit of UTF-16. */
const bytesPerUnit = 3;
/** Up to this length a loop is faster than a call that leaves JavaScript. */
const shortText = 64;

/** Bytes that are added one after the other, as Parquet lays them out: little-endian, lengths as variable integers. */
export class ParquetBytes {
  length = 0;
  #bytes = Buffer.allocUnsafeSlow(firstBytes);

  byte(value: number): void {
    this.#leaveRoom(1);
    this.#bytes[this.length++] = value;
  }

  /** A whole number of 0 or more in groups of 7 bits, the lowest first (ULEB128). */
  varint(value: number): void {
    let rest = value;
    while (rest > 0x7f) {
      this.byte((rest % 0x80) | 0x80);
      rest = Math.floor(rest / 0x80);
    }
    this.byte(rest);
  }

  /** The lowest `width` bytes of a whole number below 2^32. */
  low(value: number, width: number): void {
    for (let index = 0; index < width; index += 1) this.byte((value >>> (8 * index)) & 0xff);
  }

  int64(value: number): void {
    this.#leaveRoom(8);
    this.#bytes.writeInt32LE(value | 0, this.length);
    this.#bytes.writeInt32LE(Math.floor(value / 2 ** 32), this.length + 4);
    this.length += 8;
  }

  double(value: number): void {
    this.#leaveRoom(8);
    this.#bytes.writeDoubleLE(value, this.length);
    this.length += 8;
  }

  /** A text in UTF-8 behind its length in 4 bytes. What no text may hold, half a pair of UTF-16, becomes U+FFFD. */
  sizedText(text: string): void {
    this.#leaveRoom(4 + text.length * bytesPerUnit);
    const start = this.length + 4;
    const size = this.#ascii(text, start) ? text.length : this.#bytes.write(text, start, 'utf8');
    this.#bytes.writeUInt32LE(size, this.length);
    this.length = start + size;
  }

  append(bytes: Uint8Array): void {
    this.#leaveRoom(bytes.length);
    this.#bytes.set(bytes, this.length);
    this.length += bytes.length;
  }

  /** What was added since; it is the caller's own. */
  take(): Uint8Array<ArrayBuffer> {
    const taken = new Uint8Array(this.#bytes.subarray(0, this.length));
    this.length = 0;
    return taken;
  }

  /** Writes a short text of ASCII; false where it is another one. */
  #ascii(text: string, start: number): boolean {
    if (text.length > shortText) return false;
    const bytes = this.#bytes;
    for (let index = 0; index < text.length; index += 1) {
      const unit = text.charCodeAt(index);
      if (unit > 0x7f) return false;
      bytes[start + index] = unit;
    }
    return true;
  }

  #leaveRoom(count: number): void {
    const most = this.length + count;
    if (most <= this.#bytes.length) return;
    const larger = Buffer.allocUnsafeSlow(Math.max(most, this.#bytes.length * 2));
    this.#bytes.copy(larger, 0, 0, this.length);
    this.#bytes = larger;
  }
}
