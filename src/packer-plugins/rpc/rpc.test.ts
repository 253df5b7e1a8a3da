import { Duplex, PassThrough } from "node:stream";
import fc from "fast-check";
import { describe, expect, onTestFinished, test } from "vitest";
import { YamuxSession } from "../yamux/session.ts";
import { Broker } from "./broker.ts";
import { decodeWire, decodeWires, encodeWire, type Wire } from "./message-pack.ts";
import { RpcClient } from "./rpc-client.ts";
import { type Handler, serveRpc } from "./rpc-server.ts";

const never = new AbortController().signal;

describe("values", () => {
  const leaf = fc.oneof(
    fc.constant(null),
    fc.boolean(),
    fc.string({ unit: "binary" }),
    fc.double({ noNaN: true }).map((number) => number + 0),
    fc.integer(),
    fc.bigInt({ min: 2n ** 60n, max: 2n ** 63n - 1n }),
    fc.uint8Array({ maxLength: 40 }),
  );
  const value: fc.Arbitrary<Wire> = fc.letrec<{ value: Wire }>((tie) => ({
    value: fc.oneof(
      leaf,
      fc.array(tie("value"), { maxLength: 4 }),
      fc.dictionary(
        fc.string().filter((key) => key !== "__proto__"),
        tie("value"),
        { maxKeys: 4 },
      ),
    ),
  })).value;

  test("come back as they went, wherever the chunks end", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(value, { maxLength: 4 }), fc.integer({ min: 1, max: 30 }), async (values, size) => {
        const bytes = Buffer.concat(values.map(encodeWire));
        const seen: Wire[] = [];
        for await (const each of decodeWires(cut(bytes, size))) seen.push(each);
        expect(JSON.stringify(seen, plain)).toBe(JSON.stringify(values, plain));
      }),
    );
  });

  test.each([
    ["d1012c", 300],
    ["cd01ed", 493],
    ["cfffffffffffffffff", 2n ** 64n - 1n],
    ["81ff01", { "-1": 1 }],
    ["c403000102", Buffer.from([0, 1, 2])],
    ["d6ff5c5b4828", new Date("2019-02-06T20:46:00Z")],
  ] as const)("Go's %s is understood", (hex, expected) => {
    const got = decodeWire(Buffer.from(hex, "hex"));
    if (expected instanceof Date) expect(got).toBeInstanceOf(Date);
    else if (Buffer.isBuffer(expected)) expect(Buffer.from(got as Uint8Array)).toEqual(expected);
    else expect(got).toEqual(expected);
  });

  test("that are none throw", async () => {
    for (const hex of ["c1", "dfffffffff", "81c1"]) {
      await expect(Array.fromAsync(decodeWires(cut(Buffer.from(hex, "hex"), 9)))).rejects.toThrow();
    }
  });
});

describe("calls", () => {
  test("are answered in any order, each to its caller", async () => {
    const waiting = new Map<number, () => void>();
    const { client } = pair({
      "X.Wait": async (argument) => {
        await new Promise<void>((resolve) => waiting.set(Number(argument), resolve));
        return [argument];
      },
    });
    const calls = [1, 2, 3].map((number) => client.call("X.Wait", number, never));
    await expect.poll(() => waiting.size).toBe(3);
    for (const number of [3, 1, 2]) waiting.get(number)?.();
    expect(await Promise.all(calls)).toEqual([[1], [2], [3]]);
  });

  test("fail with the other side's text, and the stream stays of use", async () => {
    const { client } = pair({
      "Ui/a.b.Add": () => 7,
      "X.Fail": () => {
        throw new Error("no such bucket");
      },
    });
    await expect(client.call("X.Fail", null, never)).rejects.toMatchObject({
      name: "RemoteFailure",
      message: "no such bucket",
    });
    await expect(client.call("X.Nope", null, never)).rejects.toThrow("rpc: can't find method X.Nope");
    await expect(client.call("Y.Nope", null, never)).rejects.toThrow("rpc: can't find service Y.Nope");
    expect(await client.call("Ui/a.b.Add", null, never)).toBe(7);
  });

  test("stop waiting when they are cancelled, and later answers are no fault", async () => {
    const gate = Promise.withResolvers<void>();
    const { client } = pair({ "X.Slow": () => gate.promise.then(() => "late"), "X.Quick": () => "quick" });
    const controller = new AbortController();
    const slow = client.call("X.Slow", null, controller.signal);
    controller.abort(new Error("enough"));
    await expect(slow).rejects.toThrow("enough");
    gate.resolve();
    expect(await client.call("X.Quick", null, never)).toBe("quick");
  });

  test("fail when the stream is lost, and those that work are told", async () => {
    const told = Promise.withResolvers<void>();
    const { client, stream } = pair({
      "X.Wait": async (_, signal) => {
        signal.addEventListener("abort", () => told.resolve());
        stream.destroy();
        await told.promise;
        return null;
      },
    });
    await expect(client.call("X.Wait", null, never)).rejects.toThrow();
    await told.promise;
    await expect(client.call("X.Wait", null, never)).rejects.toThrow();
  });

  test.each(["c1c1", "c0c0", "81a0c0c0"])("bytes %s end the stream on both sides", async (hex) => {
    const [one, other] = duplexPair();
    const served = serveRpc(other, new Map());
    one.write(Buffer.from(hex, "hex"));
    one.end();
    await served;
    expect(other.destroyed).toBe(true);

    const [here, there] = duplexPair();
    const client = new RpcClient(here);
    const call = client.call("X.Y", null, never);
    there.write(Buffer.from(hex, "hex"));
    there.end();
    await expect(call).rejects.toThrow();
  });
});

describe("numbered streams", () => {
  test("meet who offered them, with all that was sent", async () => {
    const { near, far } = brokers();
    const offers = [near.offer(), near.offer(), near.offer()];
    for (const { id } of offers.toReversed()) (await far.dial(id, never)).end(`to ${id}`);
    const texts = await Promise.all(
      offers.map(async ({ stream }) => String(Buffer.concat(await Array.fromAsync(await stream)))),
    );
    expect(texts).toEqual(["to 1", "to 2", "to 3"]);
  });

  test("that nobody offered, offers no more, or offered once already, cannot be opened", async () => {
    const { near, far } = brokers();
    const withdrawn = near.offer();
    withdrawn.withdraw();
    const used = near.offer();
    await far.dial(used.id, never);
    for (const id of [9, withdrawn.id, used.id]) await expect(far.dial(id, never)).rejects.toThrow("reset");
  });

  test("offered to one who is gone fail", async () => {
    const { near, sessions } = brokers();
    const offer = near.offer();
    sessions.client.close();
    await expect(offer.stream).rejects.toThrow("closed");
  });
});

async function* cut(bytes: Buffer, size: number) {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

function plain(_: string, value: unknown): unknown {
  if (typeof value === "bigint") return `${value}n`;
  if (
    value instanceof Uint8Array ||
    (typeof value === "object" && value !== null && "type" in value && value.type === "Buffer")
  ) {
    return "data" in value ? value.data : [...(value as Uint8Array)];
  }
  return value;
}

function pair(handlers: Readonly<Record<string, Handler>>) {
  const [here, there] = duplexPair();
  void serveRpc(there, new Map(Object.entries(handlers)));
  return { client: new RpcClient(here), stream: there };
}

function duplexPair(): [Duplex, Duplex] {
  const { near, far } = sessionsOf();
  return [near, far];

  function sessionsOf() {
    const a = new PassThrough();
    const b = new PassThrough();
    const one = Duplex.from({ readable: a, writable: b }).on("error", () => {});
    const two = Duplex.from({ readable: b, writable: a }).on("error", () => {});
    return { near: one, far: two };
  }
}

function brokers() {
  const [a, b] = duplexPair();
  const made: { near?: Broker; far?: Broker } = {};
  const client = new YamuxSession(a, { role: "client", onStream: (stream) => void made.near?.take(stream) });
  const server = new YamuxSession(b, { role: "server", onStream: (stream) => void made.far?.take(stream) });
  const near = new Broker(client);
  const far = new Broker(server);
  Object.assign(made, { near, far });
  onTestFinished(() => {
    client.close();
    server.close();
  });
  return { near, far, sessions: { client, server } };
}
