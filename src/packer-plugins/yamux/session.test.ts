import { Duplex, PassThrough, Readable } from "node:stream";
import { buffer } from "node:stream/consumers";
import { pipeline } from "node:stream/promises";
import fc from "fast-check";
import { describe, expect, onTestFinished, test } from "vitest";
import { encodeHeader, FLAG, type Frame, HEADER_SIZE, INITIAL_WINDOW, TYPE } from "./frame.ts";
import { FrameReader } from "./frame-reader.ts";
import { type SessionOptions, YamuxSession } from "./session.ts";
import type { YamuxStream } from "./stream.ts";

describe("frames", () => {
  const frame = fc.record({
    type: fc.constantFrom(0, 1, 2, 3),
    flags: fc.integer({ min: 0, max: 15 }),
    stream: fc.integer({ min: 0, max: 0xffff_ffff }),
    length: fc.integer({ min: 0, max: 300 }),
  });

  test("are read alike wherever the chunks end", () => {
    fc.assert(
      fc.property(fc.array(frame, { maxLength: 8 }), fc.array(fc.integer({ min: 1, max: 40 })), (frames, sizes) => {
        const bytes = Buffer.concat(
          frames.flatMap((each) => [encodeHeader(each), Buffer.alloc(each.type === TYPE.data ? each.length : 0, 7)]),
        );
        expect(readBy(bytes, sizes)).toEqual(frames.map((each) => [each, each.type === TYPE.data ? each.length : 0]));
      }),
    );
  });

  test("that are none are refused", () => {
    expect(() => readBy(Buffer.from("HTTP/1.1 200 OK\r\n"), [])).toThrow("version 72 of yamux is not known");
    expect(() => readBy(Buffer.from([0, 4, ...Array<number>(10).fill(0)]), [])).toThrow("cannot be of type 4");
  });

  test("look on the wire as Go writes them", () => {
    expect(encodeHeader({ type: 1, flags: FLAG.syn, stream: 3, length: 0 }).toString("hex")).toBe(
      "000100010000000300000000",
    );
  });
});

describe("two sessions", () => {
  test("carry streams both ways at once, wherever the chunks end", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.uint8Array({ maxLength: 2000 }), { minLength: 1, maxLength: 6 }),
        chunkSizes,
        echoAll,
      ),
      { numRuns: 30 },
    );
  });

  test("carry much more than a window", async () => {
    await echoAll([Buffer.alloc(3 * INITIAL_WINDOW + 17, "a"), Buffer.alloc(2 * INITIAL_WINDOW, "b")], [65_536]);
  });

  test("stop the writer of a stream that nobody reads, and no other", async () => {
    const incoming: YamuxStream[] = [];
    const { client } = pair([65_536], (stream) => incoming.push(stream));
    const stalled = client.open();
    let given = 0;
    const source = Readable.from(
      endless((bytes) => {
        given += bytes;
      }),
      { objectMode: false },
    );
    source.pipe(stalled);
    const other = client.open();
    other.end("hello");
    await expect.poll(() => incoming.length).toBe(2);
    expect(await buffer(incoming[1] as YamuxStream)).toEqual(Buffer.from("hello"));
    await expect.poll(() => stalled.writableNeedDrain).toBe(true);
    expect(given).toBeLessThan(2 * INITIAL_WINDOW);
  });

  test("end each half of a stream by itself", async () => {
    const { client } = pair([9], (stream) => {
      void buffer(stream).then((all) => stream.end(`got ${all}`));
    });
    const stream = client.open();
    stream.end("question");
    expect(String(await buffer(stream))).toBe("got question");
  });

  test("reset a stream on both sides when it is destroyed", async () => {
    const met = Promise.withResolvers<YamuxStream>();
    const { client } = pair([9], met.resolve);
    const stream = client.open();
    stream.write("x");
    const other = await met.promise;
    stream.destroy();
    await expect(buffer(other)).rejects.toThrow("the other side reset the stream");
  });

  test("lose their streams when the connection is lost", async () => {
    const { client, server } = pair([9], () => {});
    const stream = client.open();
    server.close();
    await expect(buffer(stream)).rejects.toThrow();
    const reason = await client.ended;
    expect(() => client.open()).toThrow(reason);
  });
});

describe("a session", () => {
  test.each<[string, Partial<Frame>[], string]>([
    ["a second end", [{ flags: FLAG.fin }, { flags: FLAG.fin }], "stream 2 was ended twice"],
    ["a second opening", [{ flags: FLAG.syn }], "stream 2 was opened twice"],
    ["a number of ours", [{ flags: FLAG.syn, stream: 1 }], "the other side opened stream 1, a number of ours"],
    ["more than the window", [{ type: 0, length: INITIAL_WINDOW + 1 }], "stream 2 received more than its window"],
    ["data after the end", [{ flags: FLAG.fin }, { type: 0, length: 1 }], "stream 2 received data after its end"],
    ["too much credit", [{ length: 0xffff_ffff }], "stream 2 was given more credit than can be"],
    ["a go-away for a fault", [{ type: 3, stream: 0, length: 1 }], "it says that the protocol was broken"],
  ])("ends at %s", async (_, frames, message) => {
    const peer = rawPeer();
    peer.send({ flags: FLAG.syn });
    for (const frame of frames) peer.send(frame);
    expect((await peer.session.ended).message).toMatch(message);
  });

  test("answers pings, and ends when its own are not answered", async () => {
    const peer = rawPeer({ keepAlive: 20, pingLimit: 50 });
    peer.send({ type: TYPE.ping, flags: FLAG.syn, stream: 0, length: 77 });
    expect((await peer.session.ended).message).toBe("the other side does not answer any more");
    expect(peer.received()).toContainEqual({ type: TYPE.ping, flags: FLAG.ack, stream: 0, length: 77 });
  });

  test("opens no stream after a go-away, and keeps those that are open", async () => {
    const peer = rawPeer();
    const stream = peer.session.open();
    peer.send({ type: TYPE.goAway, stream: 0 });
    peer.send({ type: TYPE.data, flags: FLAG.fin, stream: stream.id, length: 2 }, Buffer.from("ok"));
    expect(String(await buffer(stream))).toBe("ok");
    expect(() => peer.session.open()).toThrow("the other side takes no more streams");
  });

  test("skips what comes for a stream that it reset", async () => {
    const peer = rawPeer();
    peer.session.open().destroy();
    peer.send({ type: TYPE.data, stream: 1, length: 5 }, Buffer.from("late!"));
    peer.send({ type: TYPE.data, flags: FLAG.syn | FLAG.fin, length: 2 }, Buffer.from("ok"));
    const [stream] = await peer.streams(1);
    expect(String(await buffer(stream as YamuxStream))).toBe("ok");
  });

  test("sends the end of a stream once, and nothing after a reset", async () => {
    const peer = rawPeer();
    const stream = peer.session.open();
    stream.end("x");
    peer.send({ type: TYPE.window, flags: FLAG.fin, stream: 1 });
    stream.resume();
    await new Promise((resolve) => stream.once("close", resolve));
    const reset = peer.session.open();
    peer.send({ flags: FLAG.rst, stream: 3 });
    await new Promise((resolve) => reset.once("close", resolve));
    await expect.poll(() => peer.received().map(({ flags }) => flags)).toEqual([1, 0, 4, 1]);
  });

  test("survives any bytes", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.uint8Array({ maxLength: 64 })), async (chunks) => {
        const peer = rawPeer();
        for (const chunk of chunks) peer.raw(Buffer.from(chunk));
        peer.raw(Buffer.from("x".repeat(HEADER_SIZE)));
        peer.end();
        expect(await peer.session.ended).toBeInstanceOf(Error);
      }),
    );
  });
});

const chunkSizes = fc.array(fc.integer({ min: 1, max: 3000 }), { minLength: 1, maxLength: 5 });

function readBy(bytes: Buffer, sizes: readonly number[]): [Frame, number][] {
  const seen: [Frame, number][] = [];
  const reader = new FrameReader({
    frame: (each) => void seen.push([each, 0]),
    data: (_, piece) => {
      const last = seen.at(-1);
      if (last) last[1] += piece.length;
    },
  });
  let rest = bytes;
  for (let index = 0; rest.length > 0; index++) {
    const size = sizes[index % sizes.length] ?? bytes.length;
    reader.push(rest.subarray(0, size));
    rest = rest.subarray(size);
  }
  return seen;
}

async function echoAll(payloads: readonly Uint8Array[], sizes: readonly number[]): Promise<void> {
  const { client, server } = pair(sizes, (stream) => void pipeline(stream, stream));
  const answers = await Promise.all(
    payloads.map(async (payload) => {
      const stream = client.open();
      stream.end(Buffer.from(payload));
      return await buffer(stream);
    }),
  );
  expect(answers.map((answer, index) => answer.equals(Buffer.from(payloads[index] ?? [])))).toEqual(
    payloads.map(() => true),
  );
  client.close();
  server.close();
}

function pair(sizes: readonly number[], onStream: (stream: YamuxStream) => void) {
  const there = new PassThrough();
  const back = new PassThrough();
  const client = new YamuxSession(Duplex.from({ readable: rechunked(back, sizes), writable: there }), {
    role: "client",
    onStream: () => {},
  });
  const server = new YamuxSession(Duplex.from({ readable: rechunked(there, sizes), writable: back }), {
    role: "server",
    onStream,
  });
  onTestFinished(() => {
    client.close();
    server.close();
  });
  return { client, server };
}

function rechunked(source: Readable, sizes: readonly number[]): Readable {
  async function* cut() {
    let index = 0;
    for await (const chunk of source) {
      for (let rest: Buffer = chunk; rest.length > 0; index++) {
        const size = sizes[index % sizes.length] ?? rest.length;
        yield rest.subarray(0, size);
        rest = rest.subarray(size);
      }
    }
  }
  return Readable.from(cut(), { objectMode: false });
}

/** The other side of a session, frame by frame. The session is the client's. */
function rawPeer(options: Partial<SessionOptions> = {}) {
  const incoming: YamuxStream[] = [];
  const toSession = new PassThrough();
  const received: Frame[] = [];
  const reader = new FrameReader({ frame: (frame) => void received.push(frame), data: () => {} });
  const fromSession = new PassThrough().on("data", (chunk) => reader.push(chunk));
  const session = new YamuxSession(Duplex.from({ readable: toSession, writable: fromSession }), {
    role: "client",
    onStream: (stream) => void incoming.push(stream),
    ...options,
  });
  onTestFinished(() => session.close());
  return {
    session,
    send: (frame: Partial<Frame>, data?: Buffer) => {
      toSession.write(encodeHeader({ type: TYPE.window, flags: 0, stream: 2, length: 0, ...frame }));
      if (data) toSession.write(data);
    },
    raw: (bytes: Buffer) => toSession.write(bytes),
    end: () => toSession.end(),
    received: () => received,
    streams: async (count: number) => {
      await expect.poll(() => incoming.length).toBe(count);
      return incoming;
    },
  };
}

async function* endless(onGiven: (bytes: number) => void) {
  for (;;) {
    await new Promise(setImmediate);
    onGiven(16_384);
    yield Buffer.alloc(16_384, "z");
  }
}
