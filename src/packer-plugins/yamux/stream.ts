import { Duplex } from "node:stream";
import { FLAG, type Frame, INITIAL_WINDOW, TYPE } from "./frame.ts";

/** What a stream needs of its session. */
export interface StreamSession {
  /** `done` is called when the socket has taken it, or with why it cannot. */
  send(frame: Frame, data?: Buffer, done?: Callback): void;
  /** The stream is done with: frames for it mean nothing any more. */
  forget(stream: number): void;
}

type Callback = (error?: Error | null) => void;

/** Sent at once, in bytes; other streams get their turn in between. */
const LARGEST_DATA = 64 * 1024;
const LARGEST_WINDOW = 0xffff_ffff;

/**
 * One stream of a session. `end()` closes our side only; reading goes on until the other side ends its own. Back-pressure
 * reaches the other side: credit is given only for what was read. Destroying it resets it on both sides.
 */
export class YamuxStream extends Duplex {
  readonly id: number;
  readonly #session: StreamSession;
  /** What the other side may still send. */
  #receiveWindow = INITIAL_WINDOW;
  /** What we may still send. */
  #sendWindow = INITIAL_WINDOW;
  /** Arrived and not asked for yet: never more than a window. */
  #arrived: Buffer[] = [];
  #arrivedBytes = 0;
  #wanted = false;
  /** A write that waits for credit. */
  #waiting: (() => void) | undefined;
  #finSent = false;
  #finReceived = false;
  /** What is still to come of a data frame that ends the other half. */
  #lastData: number | undefined;
  #endPassedOn = false;
  /** Reset, or lost with the session: no frame may be sent any more. */
  #over = false;

  constructor(id: number, session: StreamSession) {
    super({ allowHalfOpen: true });
    this.id = id;
    this.#session = session;
    // Whoever holds the stream hears of a fault by what it does with it; held by nobody, it must not be a bug.
    this.on("error", () => {});
  }

  override _read(): void {
    this.#wanted = true;
    this.#passOn();
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: Callback): void {
    this.#write(chunk, done);
  }

  override _final(done: Callback): void {
    this.#finSent = true;
    if (!this.#over) this.#session.send({ type: TYPE.window, flags: FLAG.fin, stream: this.id, length: 0 });
    done();
  }

  override _destroy(error: Error | null, done: Callback): void {
    // A reset after both have ended, or a second one, would be for a stream that the other side has forgotten.
    if (!this.#over && !(this.#finSent && this.#finReceived)) {
      this.#session.send({ type: TYPE.window, flags: FLAG.rst, stream: this.id, length: 0 });
    }
    this.#over = true;
    this.#arrived = [];
    this.#waiting = undefined;
    this.#session.forget(this.id);
    done(error);
  }

  /** The other side gave credit. Throws where it is more than can be. */
  addCredit(bytes: number): void {
    this.#sendWindow += bytes;
    if (this.#sendWindow > LARGEST_WINDOW) throw new Error(`stream ${this.id} was given more credit than can be`);
    const waiting = this.#waiting;
    if (!waiting || this.#sendWindow === 0) return;
    this.#waiting = undefined;
    waiting();
  }

  /** The other side is about to send so much, and to end its half with that where `last`. Throws where it may not. */
  expectData(bytes: number, last: boolean): void {
    if (bytes > this.#receiveWindow) throw new Error(`stream ${this.id} received more than its window`);
    if (this.#finReceived && bytes > 0) throw new Error(`stream ${this.id} received data after its end`);
    this.#receiveWindow -= bytes;
    this.#lastData = last ? bytes : undefined;
    if (this.#lastData === 0) this.receiveEnd();
  }

  receive(piece: Buffer): void {
    if (this.#over) return;
    this.#arrived.push(piece);
    this.#arrivedBytes += piece.length;
    if (this.#lastData !== undefined) {
      this.#lastData -= piece.length;
    }
    if (this.#lastData === 0) this.receiveEnd();
    else this.#passOn();
  }

  /** The other side ended its half. Throws where it did already. */
  receiveEnd(): void {
    if (this.#finReceived) throw new Error(`stream ${this.id} was ended twice`);
    this.#finReceived = true;
    this.#lastData = undefined;
    this.#passOn();
  }

  /** The other side, or the end of the session, cut it off: what was not read is lost. */
  cutOff(error: Error): void {
    this.#over = true;
    this.destroy(error);
  }

  #write(chunk: Buffer, done: Callback): void {
    if (chunk.length === 0 || this.#over) {
      done();
      return;
    }
    if (this.#sendWindow === 0) {
      this.#waiting = () => this.#write(chunk, done);
      return;
    }
    const part = chunk.subarray(0, Math.min(this.#sendWindow, LARGEST_DATA));
    this.#sendWindow -= part.length;
    const sent: Callback = (error) => (error ? done(error) : this.#write(chunk.subarray(part.length), done));
    this.#session.send({ type: TYPE.data, flags: 0, stream: this.id, length: part.length }, part, sent);
  }

  #passOn(): void {
    while (this.#wanted && this.#arrived.length > 0) {
      const piece = this.#arrived.shift() ?? Buffer.alloc(0);
      this.#arrivedBytes -= piece.length;
      this.#wanted = this.push(piece);
    }
    this.#giveCredit();
    if (this.#arrived.length > 0 || !this.#finReceived || this.#endPassedOn) return;
    this.#endPassedOn = true;
    this.push(null);
  }

  /** As Go's peer does: half a window at a time, so that few frames are needed. */
  #giveCredit(): void {
    const credit = INITIAL_WINDOW - this.#arrivedBytes - this.#receiveWindow;
    if (credit < INITIAL_WINDOW / 2 || this.#finReceived || this.#over) return;
    this.#receiveWindow += credit;
    this.#session.send({ type: TYPE.window, flags: 0, stream: this.id, length: credit });
  }
}
