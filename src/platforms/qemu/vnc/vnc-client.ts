import type { Duplex } from "node:stream";
import { Failure } from "../../../sdk/failure.ts";
import { type ByteReader, byteReader } from "./byte-reader.ts";
import { shakeHands } from "./handshake.ts";
import { blankScreen, contains, copyWithin, paint, type Rectangle, type Screen } from "./screen.ts";

/** A connection to a guest's keyboard and screen (RFB 3.8). */
export interface Vnc {
  /** A key goes down or up; `keysym` as X defines them. Resolves when it was handed to the system. */
  key(keysym: number, down: boolean): Promise<void>;
  /** The screen as it is now, asked for anew. Its pixels are a copy. */
  screen(signal: AbortSignal): Promise<Screen>;
  /** Resolves when something on the screen has changed since `screen` was asked for, or the last change was told. */
  changed(signal: AbortSignal): Promise<void>;
  readonly closed: Promise<void>;
  close(): void;
}

const RAW = 0;
const COPY = 1;
const DESKTOP_SIZE = -223;

export async function openVnc(socket: Duplex, signal: AbortSignal, password?: string): Promise<Vnc> {
  const reader = byteReader(socket, "the VNC server");
  const closed = Promise.withResolvers<void>();
  socket.once("close", () => closed.resolve());
  const stop = (): void => reader.fail(signal.reason);
  signal.addEventListener("abort", stop, { once: true });
  if (signal.aborted) stop();
  try {
    const { width, height } = await shakeHands(socket, reader, password);
    socket.write(pixelFormat);
    socket.write(encodings([RAW, COPY, DESKTOP_SIZE]));
    return connected(socket, reader, blankScreen(width, height), closed.promise);
  } catch (fault) {
    socket.destroy();
    throw fault;
  } finally {
    signal.removeEventListener("abort", stop);
  }
}

function connected(socket: Duplex, reader: ByteReader, first: Screen, closed: Promise<void>): Vnc {
  let shown = first;
  let waiting: Waiting[] = [];
  let ended: { readonly fault: unknown } | undefined;
  const resized = (screen: Screen): void => {
    shown = screen;
  };
  const listen = async (): Promise<void> => {
    for (;;) {
      const before = shown;
      const painted = await receive(reader, () => shown, resized);
      // After a change of mode it shows nothing yet: who wanted all of it asks again.
      const all = shown !== before || (painted ?? 0) >= shown.width * shown.height;
      for (const one of painted === undefined ? [] : waiting) if (all || one.incremental) one.resolve();
    }
  };
  void listen().catch((fault: unknown) => {
    ended = { fault };
    socket.destroy();
    for (const { reject } of waiting) reject(fault);
  });

  const update = async (incremental: boolean, signal: AbortSignal): Promise<void> => {
    signal.throwIfAborted();
    if (ended) throw ended.fault;
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const one = { incremental, resolve, reject };
    const stop = (): void => reject(signal.reason);
    signal.addEventListener("abort", stop, { once: true });
    waiting.push(one);
    socket.write(updateRequest(incremental, shown));
    await promise.finally(() => {
      signal.removeEventListener("abort", stop);
      waiting = waiting.filter((other) => other !== one);
    });
  };
  return {
    key(keysym, down) {
      if (ended) return Promise.reject(ended.fault);
      const message = Buffer.alloc(8);
      message.set([4, down ? 1 : 0]);
      message.writeUInt32BE(keysym, 4);
      const { promise, resolve, reject } = Promise.withResolvers<void>();
      socket.write(message, (error) => (error ? reject(lost(error)) : resolve()));
      return promise;
    },
    async screen(signal) {
      let size: Screen;
      // A guest that changes its mode in between has only told its new size so far.
      do {
        size = shown;
        await update(false, signal);
      } while (size !== shown);
      return { ...shown, pixels: Buffer.from(shown.pixels) };
    },
    changed: (signal) => update(true, signal),
    closed,
    close: () => socket.destroy(),
  };
}

interface Waiting {
  /** Any change will do; else the whole screen is wanted. */
  readonly incremental: boolean;
  resolve(): void;
  reject(fault: unknown): void;
}

/** Takes one message of the server. Gives how many pixels it painted; undefined: it was no update of the screen. */
async function receive(
  reader: ByteReader,
  shown: () => Screen,
  resize: (screen: Screen) => void,
): Promise<number | undefined> {
  const kind = (await reader.take(1)).readUInt8(0);
  switch (kind) {
    case 0: {
      const count = (await reader.take(3)).readUInt16BE(1);
      let painted = 0;
      for (let left = count; left > 0; left--) painted += await receiveRectangle(reader, shown(), resize);
      return painted;
    }
    case 1:
      await reader.take((await reader.take(5)).readUInt16BE(3) * 6);
      return undefined;
    case 2:
      return undefined;
    case 3:
      await reader.take((await reader.take(7)).readUInt32BE(3));
      return undefined;
    default:
      throw new Failure(`The VNC server sent a message of an unknown kind (${kind})`);
  }
}

/** Gives how many pixels it painted. */
async function receiveRectangle(reader: ByteReader, screen: Screen, resize: (screen: Screen) => void): Promise<number> {
  const head = await reader.take(12);
  const [x, y, width, height] = [
    head.readUInt16BE(0),
    head.readUInt16BE(2),
    head.readUInt16BE(4),
    head.readUInt16BE(6),
  ];
  const place: Rectangle = { x, y, width, height };
  const encoding = head.readInt32BE(8);
  if (encoding === DESKTOP_SIZE) {
    if (width !== screen.width || height !== screen.height) resize(blankScreen(width, height));
    return 0;
  }
  if (!contains(screen, place)) throw new Failure("The VNC server painted beside its screen");
  if (encoding === RAW) {
    paint(screen, place, await reader.take(width * height * 4));
    return width * height;
  }
  if (encoding !== COPY) throw new Failure(`The VNC server used an encoding that was not offered (${encoding})`);
  const at = await reader.take(4);
  const from = { x: at.readUInt16BE(0), y: at.readUInt16BE(2) };
  if (!contains(screen, { ...place, ...from })) throw new Failure("The VNC server copied from beside its screen");
  copyWithin(screen, from, place);
  return width * height;
}

/** SetPixelFormat: 32 bits, 24 of them used, little-endian, blue first: the bytes of `Screen`. */
const pixelFormat = Buffer.from([0, 0, 0, 0, 32, 24, 0, 1, 0, 255, 0, 255, 0, 255, 16, 8, 0, 0, 0, 0]);

function encodings(wanted: readonly number[]): Buffer {
  const message = Buffer.alloc(4 + wanted.length * 4);
  message.writeUInt8(2, 0);
  message.writeUInt16BE(wanted.length, 2);
  wanted.forEach((encoding, at) => {
    message.writeInt32BE(encoding, 4 + at * 4);
  });
  return message;
}

function updateRequest(incremental: boolean, { width, height }: Screen): Buffer {
  const message = Buffer.alloc(10);
  message.set([3, incremental ? 1 : 0]);
  message.writeUInt16BE(width, 6);
  message.writeUInt16BE(height, 8);
  return message;
}

function lost(cause: unknown): Failure {
  return new Failure("The connection to the VNC server was lost", { cause });
}
