import type { Duplex } from "node:stream";
import { encodeHeader, FLAG, type Frame, GO_AWAY, TYPE } from "./frame.ts";
import { FrameReader } from "./frame-reader.ts";
import { YamuxStream } from "./stream.ts";

export interface SessionOptions {
  /** The side that connected is the client. */
  readonly role: "client" | "server";
  /** A stream that the other side opened. */
  readonly onStream: (stream: YamuxStream) => void;
  /** Milliseconds between two pings; default 30 s. */
  readonly keepAlive?: number;
  /** Milliseconds for the answer to a ping; default 30 s. */
  readonly pingLimit?: number;
}

/** Milliseconds. A busy machine may take a while: only what is truly dead must be given up. */
const KEEP_ALIVE = 30_000;
const PING_LIMIT = 30_000;

/** Milliseconds in which the last frames are sent when a session ends. */
const LINGER = 1000;

/** Streams of the other side at a time; more are reset. */
const MOST_INCOMING = 1024;
/** Bytes that wait for a socket that the other side does not read; above, what it sends is not read either. */
const MOST_UNSENT = 4 * 1024 * 1024;

/** Many streams over one connection, by the protocol of hashicorp/yamux. */
export class YamuxSession {
  readonly #socket: Duplex;
  readonly #options: SessionOptions;
  readonly #streams = new Map<number, YamuxStream>();
  readonly #ended = Promise.withResolvers<Error>();
  readonly #pings = new Map<number, () => void>();
  readonly #keepAlive: NodeJS.Timeout;
  #pingTimer: NodeJS.Timeout | undefined;
  #nextStream: number;
  #nextPing = 0;
  #incoming = 0;
  #goneAway = false;
  #over: Error | undefined;

  constructor(socket: Duplex, options: SessionOptions) {
    this.#socket = socket;
    this.#options = options;
    this.#nextStream = options.role === "client" ? 1 : 2;
    const reader = new FrameReader({
      frame: (frame) => this.#takeFrame(frame),
      data: (stream, piece) => this.#streams.get(stream)?.receive(piece),
    });
    socket.on("data", (chunk: Buffer) => {
      if (this.#over) return;
      try {
        reader.push(chunk);
      } catch (error) {
        this.#breakOff(error instanceof Error ? error : new Error(String(error)));
      }
      if (socket.writableLength > MOST_UNSENT) {
        socket.pause();
        socket.once("drain", () => socket.resume());
      }
    });
    socket.once("error", (error) => this.#end(error));
    socket.once("close", () => this.#end(new Error("the connection was closed")));
    socket.once("end", () => this.#end(new Error("the connection was closed by the other side")));
    this.#keepAlive = setInterval(() => this.#ping(), options.keepAlive ?? KEEP_ALIVE);
    this.#keepAlive.unref();
  }

  /** Why it ended, once it has. Never rejects. */
  get ended(): Promise<Error> {
    return this.#ended.promise;
  }

  /** Opens a stream; what is written to it is sent at once. Throws where no more can be opened. */
  open(): YamuxStream {
    if (this.#over) throw this.#over;
    if (this.#goneAway) throw new Error("the other side takes no more streams");
    const id = this.#nextStream;
    if (id > 0xffff_ffff) throw new Error("all streams of the session are used up");
    this.#nextStream += 2;
    const stream = this.#add(id);
    this.#send({ type: TYPE.window, flags: FLAG.syn, stream: id, length: 0 });
    return stream;
  }

  /** Ends the session and cuts off its streams. Idempotent. */
  close(reason: Error = new Error("the connection was closed")): void {
    this.#end(reason);
  }

  #add(id: number): YamuxStream {
    const incoming = this.#isIncoming(id);
    if (incoming) this.#incoming++;
    const stream = new YamuxStream(id, {
      send: (frame, data, done) => this.#send(frame, data, done),
      forget: (gone) => {
        if (this.#streams.delete(gone) && incoming) this.#incoming--;
      },
    });
    this.#streams.set(id, stream);
    return stream;
  }

  #isIncoming(id: number): boolean {
    return (id % 2 === 1) !== (this.#options.role === "client");
  }

  #send(frame: Frame, data?: Buffer, done?: (error?: Error | null) => void): void {
    if (this.#over) {
      done?.(this.#over);
      return;
    }
    if (!data) {
      this.#socket.write(encodeHeader(frame), done);
      return;
    }
    this.#socket.cork();
    this.#socket.write(encodeHeader(frame));
    this.#socket.write(data, done);
    this.#socket.uncork();
  }

  #takeFrame(frame: Frame): void {
    if (frame.type === TYPE.ping) this.#takePing(frame);
    else if (frame.type === TYPE.goAway) this.#takeGoAway(frame.length);
    else this.#takeStreamFrame(frame);
  }

  #takeStreamFrame(frame: Frame): void {
    if (frame.stream === 0) throw new Error("a frame of a stream came without its number");
    if (frame.flags & FLAG.syn) this.#takeOpening(frame.stream);
    const stream = this.#streams.get(frame.stream);
    // One that was reset here, or refused: what is still under way to it is skipped.
    if (!stream) return;
    if (frame.flags & FLAG.rst) {
      stream.cutOff(new Error("the other side reset the stream"));
      return;
    }
    if (frame.type === TYPE.window) stream.addCredit(frame.length);
    // It ends after this frame's data, which comes next; no data may come after the end.
    if (frame.type === TYPE.data) stream.expectData(frame.length, (frame.flags & FLAG.fin) !== 0);
    else if (frame.flags & FLAG.fin) stream.receiveEnd();
  }

  #takeOpening(id: number): void {
    if (!this.#isIncoming(id)) throw new Error(`the other side opened stream ${id}, a number of ours`);
    if (this.#streams.has(id)) throw new Error(`stream ${id} was opened twice`);
    if (this.#incoming >= MOST_INCOMING) {
      this.#send({ type: TYPE.window, flags: FLAG.rst, stream: id, length: 0 });
      return;
    }
    const stream = this.#add(id);
    this.#send({ type: TYPE.window, flags: FLAG.ack, stream: id, length: 0 });
    this.#options.onStream(stream);
  }

  #takePing({ flags, length }: Frame): void {
    if (flags & FLAG.syn) this.#send({ type: TYPE.ping, flags: FLAG.ack, stream: 0, length });
    else this.#pings.get(length)?.();
  }

  #takeGoAway(code: number): void {
    if (code !== GO_AWAY.normal) throw new Error(`the other side ended the session: ${goAwayText(code)}`);
    this.#goneAway = true;
  }

  #ping(): void {
    if (this.#pings.size > 0) return;
    const id = this.#nextPing;
    this.#nextPing = (id + 1) % 0x1_0000_0000;
    this.#pings.set(id, () => {
      clearTimeout(this.#pingTimer);
      this.#pings.delete(id);
    });
    this.#pingTimer = setTimeout(
      () => this.#end(new Error("the other side does not answer any more")),
      this.#options.pingLimit ?? PING_LIMIT,
    );
    this.#pingTimer.unref();
    this.#send({ type: TYPE.ping, flags: FLAG.syn, stream: 0, length: id });
  }

  /** The other side broke the protocol: it is told so. */
  #breakOff(error: Error): void {
    this.#send({ type: TYPE.goAway, flags: 0, stream: 0, length: GO_AWAY.protocolError });
    this.#end(error);
  }

  #end(error: Error): void {
    if (this.#over) return;
    clearInterval(this.#keepAlive);
    clearTimeout(this.#pingTimer);
    this.#over = error;
    for (const stream of [...this.#streams.values()]) stream.cutOff(error);
    this.#streams.clear();
    // What was said last (a go-away) is still sent, where the other side reads.
    this.#socket.end(() => this.#socket.destroy());
    setTimeout(() => this.#socket.destroy(), LINGER).unref();
    this.#ended.resolve(error);
  }
}

function goAwayText(code: number): string {
  if (code === GO_AWAY.protocolError) return "it says that the protocol was broken";
  return code === GO_AWAY.internalError ? "it has an internal error" : `code ${code}`;
}
