/** Takes the plain things of gob off a run of bytes. Throws GobFault where they end too early or are none. */
export class GobBytes {
  readonly #bytes: Buffer;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  get left(): number {
    return this.#bytes.length - this.#at;
  }

  /** One byte below 128; else a byte that says how many follow (256 less it), big-endian. */
  unsigned(): bigint {
    const first = this.#take(1).readUInt8(0);
    if (first < 128) return BigInt(first);
    const size = 256 - first;
    if (size > 8) throw new GobFault(`a number of ${size} bytes`);
    return BigInt(`0x${this.#take(size).toString("hex")}`);
  }

  signed(): bigint {
    const number = this.unsigned();
    return number & 1n ? -(number >> 1n) - 1n : number >> 1n;
  }

  /** The bytes of the double, in reverse, as an unsigned number. */
  float(): number {
    const bytes = Buffer.alloc(8);
    bytes.writeBigUInt64BE(this.unsigned());
    return bytes.readDoubleLE(0);
  }

  /** A count of things of at least one byte each: more than the bytes that are left cannot be. */
  count(): number {
    const count = this.unsigned();
    if (count > BigInt(this.left)) throw new GobFault(`${count} items in ${this.left} bytes`);
    return Number(count);
  }

  bytes(): Buffer {
    return this.#take(this.count());
  }

  text(): string {
    return this.bytes().toString("utf8");
  }

  #take(size: number): Buffer {
    if (size > this.left) throw new GobFault("it ends too early");
    this.#at += size;
    return this.#bytes.subarray(this.#at - size, this.#at);
  }
}

/** The bytes are no gob stream, or one with what is not read here. */
export class GobFault extends Error {
  constructor(what: string) {
    super(`not readable as gob: ${what}`);
    this.name = "GobFault";
  }
}
