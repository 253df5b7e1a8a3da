import type { Duplex } from "node:stream";
import { Failure } from "../../sdk/failure.ts";
import { within } from "../within.ts";
import type { YamuxSession } from "../yamux/session.ts";
import { readExactly } from "./read-exactly.ts";

/** A stream that the other side is invited to open. */
export interface Offer {
  /** The number that the other side dials, in a call's arguments. */
  readonly id: number;
  /** The stream, once dialled. Rejects when the session ends first, or the offer is withdrawn. */
  readonly stream: Promise<Duplex>;
  /** The other side will not come any more, or need not. */
  withdraw(): void;
}

/** Milliseconds. A Go peer gives up an offer after 5 s, so what is dialled later fails. */
const DIAL_LIMIT = 10_000;
const ID_SIZE = 4;

/**
 * Gives streams numbers, so that a call can name one: whoever accepts a stream has chosen its number. Both sides write
 * the number (32 bits, little-endian) first thing on the stream.
 */
export class Broker {
  readonly #session: YamuxSession;
  readonly #offers = new Map<number, PromiseWithResolvers<Duplex>>();
  #last = 0;

  /** `session` must hand the streams that the other side opens to `take`. */
  constructor(session: YamuxSession) {
    this.#session = session;
    void session.ended.then((error) => {
      for (const offer of this.#offers.values()) offer.reject(error);
      this.#offers.clear();
    });
  }

  /** Must be made before the call that carries its number is sent. */
  offer(): Offer {
    const id = ++this.#last;
    const offer = Promise.withResolvers<Duplex>();
    offer.promise.catch(() => {}); // Whoever offers may have lost interest by then.
    this.#offers.set(id, offer);
    const withdraw = (): void => {
      if (this.#offers.delete(id)) offer.reject(new Error("the stream is not offered any more"));
    };
    return { id, stream: offer.promise, withdraw };
  }

  /** Opens the stream that the other side offers under the number: 0 is where a plugin serves its component. */
  async dial(id: number, signal: AbortSignal): Promise<Duplex> {
    signal.throwIfAborted();
    const bytes = Buffer.alloc(ID_SIZE);
    bytes.writeUInt32LE(id);
    let stream: Duplex | undefined;
    try {
      stream = this.#session.open();
      stream.write(bytes);
      const answer = await within(readExactly(stream, ID_SIZE), `Opening stream ${id}`, DIAL_LIMIT, signal);
      if (!answer.equals(bytes)) throw new Error(`stream ${id} was answered as ${answer.readUInt32LE()}`);
      return stream;
    } catch (error) {
      stream?.destroy();
      signal.throwIfAborted();
      if (error instanceof Failure) throw error;
      throw new Failure(`Stream ${id} of the plugin cannot be opened: ${messageOf(error)}`, { cause: error });
    }
  }

  /** A stream that the other side opened. One that nobody offered is reset. */
  async take(stream: Duplex): Promise<void> {
    try {
      const bytes = await within(readExactly(stream, ID_SIZE), "A stream's number", DIAL_LIMIT, NEVER);
      const id = bytes.readUInt32LE();
      const offer = this.#offers.get(id);
      if (!offer) throw new Error(`stream ${id} was never offered`);
      this.#offers.delete(id);
      stream.write(bytes);
      offer.resolve(stream);
    } catch {
      stream.destroy();
    }
  }
}

const NEVER = new AbortController().signal;

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
