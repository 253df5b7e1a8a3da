import { Failure } from "../failure.ts";
import { BLOCK, cleanPath, decodeHeader, decodeRecords, paddingOf, type TarHeader } from "./header.ts";

export interface ReadEntry {
  readonly header: TarHeader;
  /** To be read before the next entry is asked for; what is left is skipped. */
  readonly content: AsyncIterable<Buffer>;
}

/** The longest name or set of records that is taken for one. */
const LONGEST_EXTRA = 1024 * 1024;

/** The entries of an archive in order. `what` starts the Failure that a broken archive becomes. */
export async function* readTar(what: string, archive: AsyncIterable<Buffer>): AsyncGenerator<ReadEntry> {
  const source = new ByteSource(what, archive);
  let extra = new Map<string, string>();
  while (true) {
    const bytes = await source.take(BLOCK);
    const plain = bytes === undefined ? undefined : decodeHeader(bytes);
    if (plain === undefined) return await source.drain();
    if ("xgLK".includes(plain.type)) {
      const content = await source.takeContent(plain.size, LONGEST_EXTRA);
      if (plain.type === "x") extra = new Map([...extra, ...decodeRecords(content)]);
      else if (plain.type !== "g")
        extra.set(plain.type === "L" ? "path" : "linkpath", content.toString("utf8").replace(/\0+$/, ""));
      continue;
    }
    const header = withExtra(plain, extra);
    extra = new Map();
    yield { header, content: source.content(header.size) };
    await source.skipContent();
  }
}

function withExtra(header: TarHeader, extra: ReadonlyMap<string, string>): TarHeader {
  const path = extra.get("path");
  const linkTarget = extra.get("linkpath");
  const size = extra.get("size");
  const modified = extra.get("mtime");
  return {
    ...header,
    ...(path !== undefined && { path: cleanPath(path) }),
    ...(linkTarget !== undefined && { linkTarget }),
    ...(size !== undefined && { size: Number(size) }),
    ...(modified !== undefined && { modified: Number(modified) }),
  };
}

/** Cuts a stream of chunks to measure. */
class ByteSource {
  readonly #what: string;
  readonly #chunks: AsyncIterator<Buffer>;
  #chunk: Buffer = Buffer.alloc(0);
  /** Of the current entry: content not read yet, and the zeros after it. */
  #left = 0;
  #padding = 0;

  constructor(what: string, archive: AsyncIterable<Buffer>) {
    this.#what = what;
    this.#chunks = archive[Symbol.asyncIterator]();
  }

  /** undefined: the stream is at its end. */
  async take(length: number): Promise<Buffer | undefined> {
    const parts: Buffer[] = [];
    let missing = length;
    while (missing > 0) {
      const part = await this.#next(missing);
      if (part === undefined) {
        if (missing === length) return undefined;
        throw new Failure(`${this.#what}: the archive ends in the middle of an entry`);
      }
      parts.push(part);
      missing -= part.length;
    }
    return parts.length === 1 ? parts[0] : Buffer.concat(parts);
  }

  async takeContent(size: number, limit: number): Promise<Buffer> {
    if (size > limit) throw new Failure(`${this.#what}: the archive has a header of ${size} bytes`);
    const content = await this.take(size + paddingOf(size));
    return content?.subarray(0, size) ?? Buffer.alloc(0);
  }

  /** Of the entry that begins here. */
  content(size: number): AsyncGenerator<Buffer> {
    this.#left = size;
    this.#padding = paddingOf(size);
    return this.#content();
  }

  async skipContent(): Promise<void> {
    for await (const _ of this.#content());
    await this.take(this.#padding);
    this.#padding = 0;
  }

  async drain(): Promise<void> {
    while (!(await this.#chunks.next()).done);
  }

  async *#content(): AsyncGenerator<Buffer> {
    while (this.#left > 0) {
      const part = await this.#next(this.#left);
      if (part === undefined) throw new Failure(`${this.#what}: the archive ends in the middle of a file`);
      this.#left -= part.length;
      yield part;
    }
  }

  async #next(most: number): Promise<Buffer | undefined> {
    while (this.#chunk.length === 0) {
      const next = await this.#chunks.next();
      if (next.done) return undefined;
      this.#chunk = next.value;
    }
    const part = this.#chunk.subarray(0, most);
    this.#chunk = this.#chunk.subarray(part.length);
    return part;
  }
}
