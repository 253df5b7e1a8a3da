import { decodeHeader, type Frame, HEADER_SIZE, TYPE } from "./frame.ts";

export interface FrameListener {
  /** The header of each frame, before its data. Throws to refuse it. */
  frame(frame: Frame): void;
  /** Data of the last frame, in one or more pieces as they arrive: they are parts of the chunks that were given. */
  data(stream: number, piece: Buffer): void;
}

/** Cuts what arrives into frames, wherever the chunks end. Holds no more than an unfinished header. */
export class FrameReader {
  readonly #listener: FrameListener;
  #header = Buffer.alloc(0);
  #stream = 0;
  #dataLeft = 0;

  constructor(listener: FrameListener) {
    this.#listener = listener;
  }

  /** Throws for a faulty header, and what the listener throws; after that it must not be used again. */
  push(chunk: Buffer): void {
    let rest = chunk;
    while (rest.length > 0) {
      if (this.#dataLeft > 0) {
        const piece = rest.subarray(0, this.#dataLeft);
        rest = rest.subarray(piece.length);
        this.#dataLeft -= piece.length;
        this.#listener.data(this.#stream, piece);
        continue;
      }
      const taken = rest.subarray(0, HEADER_SIZE - this.#header.length);
      rest = rest.subarray(taken.length);
      this.#header = this.#header.length === 0 ? Buffer.from(taken) : Buffer.concat([this.#header, taken]);
      if (this.#header.length < HEADER_SIZE) return;
      const frame = decodeHeader(this.#header);
      this.#header = Buffer.alloc(0);
      if (frame.type === TYPE.data) {
        this.#stream = frame.stream;
        this.#dataLeft = frame.length;
      }
      this.#listener.frame(frame);
    }
  }
}
