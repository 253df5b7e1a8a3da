import { createHash, randomBytes } from "node:crypto";
import {
  chmodSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable, Writable } from "node:stream";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Communicator, Disconnected } from "../../src/sdk/communicator.ts";
import { Failure } from "../../src/sdk/failure.ts";

/** A machine to try a communicator on: a POSIX system with the usual commands. */
export interface CommunicatorRig extends AsyncDisposable {
  readonly communicator: Communicator;
  /** Makes the machine disappear, abruptly. */
  vanish(): Promise<void>;
}

export interface CommunicatorSuite {
  /** Why it cannot run here; undefined: it can. */
  readonly skipped?: string | undefined;
}

/** What every communicator keeps to. `make` gives a fresh machine. */
export function describeCommunicator(
  name: string,
  make: () => Promise<CommunicatorRig>,
  { skipped }: CommunicatorSuite = {},
): void {
  describe.skipIf(skipped !== undefined)(`the ${name} communicator${skipped ? ` (skipped: ${skipped})` : ""}`, () => {
    let rig: CommunicatorRig;
    let folder: string;
    const never = new AbortController().signal;

    beforeAll(async () => {
      rig = await make();
      folder = mkdtempSync(join(tmpdir(), "ingot-communicator-"));
    });
    afterAll(async () => {
      rmSync(folder, { recursive: true, force: true });
      await rig?.[Symbol.asyncDispose]();
    });

    /** Runs a command and gathers its output. */
    async function run(line: string, stdin?: Readable) {
      const stdout: Buffer[] = [];
      const stderr: Buffer[] = [];
      const { exitCode } = await rig.communicator.run(
        { line, stdin, onStdout: (chunk) => stdout.push(chunk), onStderr: (chunk) => stderr.push(chunk) },
        never,
      );
      return { exitCode, stdout: Buffer.concat(stdout), stderr: Buffer.concat(stderr).toString() };
    }

    const text = async (line: string) => (await run(line)).stdout.toString();
    const remote = (): string => `/tmp/conformance-${randomBytes(6).toString("hex")}`;

    async function download(path: string): Promise<Buffer> {
      const chunks: Buffer[] = [];
      const into = new Writable({
        write(chunk, _encoding, done) {
          chunks.push(chunk);
          done();
        },
      });
      await rig.communicator.download(path, into, never);
      return Buffer.concat(chunks);
    }

    test.each([0, 1, 42, 126, 127, 255])("tells exit code %i", async (code) => {
      expect((await run(`exit ${code}`)).exitCode).toBe(code);
    });

    test("gives the line to a shell as it is", async () => {
      const line = `printf '%s|' "a  b" '$HOME' "it's" \\"q\\" 'ä€😀' "$((1 + 2))"`;
      expect(await text(line)).toBe(`a  b|$HOME|it's|"q"|ä€😀|3|`);
    });

    test("keeps stdout and stderr apart, each complete and in order", async () => {
      const { stdout, stderr } = await run("for i in 1 2 3; do echo out$i; echo err$i >&2; done; printf last");
      expect(stdout.toString()).toBe("out1\nout2\nout3\nlast");
      expect(stderr).toBe("err1\nerr2\nerr3\n");
    });

    test("hands on every byte of 10 MB of output before it resolves", async () => {
      const { stdout, exitCode } = await run("head -c 10000000 /dev/zero | tr '\\0' 'x'; exit 5");
      expect(stdout.length).toBe(10_000_000);
      expect(stdout.every((byte) => byte === 0x78)).toBe(true);
      expect(exitCode).toBe(5);
    });

    test("passes binary output through unharmed", async () => {
      const { stdout } = await run("printf '\\000\\001\\377\\r\\n\\033'");
      expect([...stdout]).toEqual([0, 1, 255, 13, 10, 27]);
    });

    test("passes binary input through unharmed, and its end", async () => {
      const input = randomBytes(300_000);
      const { stdout } = await run("cat", Readable.from([input.subarray(0, 7), input.subarray(7)]));
      expect(digest(stdout)).toBe(digest(input));
    });

    test("survives a command that does not read its input", async () => {
      const { exitCode } = await run("exit 3", Readable.from(chunks(200, 64 * 1024)));
      expect(exitCode).toBe(3);
    });

    test("gives a command that reads without input an end of file at once", async () => {
      expect((await run("cat; echo done")).stdout.toString()).toBe("done\n");
    });

    test("waits for a command that closes its output early", async () => {
      expect((await run("exec >&- 2>&-; sleep 0.3; exit 9")).exitCode).toBe(9);
    });

    test("runs several commands at once", async () => {
      const codes = await Promise.all(
        [1, 2, 3, 4].map(async (code) => (await run(`sleep 0.1; exit ${code}`)).exitCode),
      );
      expect(codes).toEqual([1, 2, 3, 4]);
    });

    test("ends within a second of being cancelled, with the reason", async () => {
      const controller = new AbortController();
      const reason = new Error("enough");
      const running = rig.communicator.run({ line: "sleep 60", onStdout() {} }, controller.signal);
      setTimeout(() => controller.abort(reason), 200);
      const cancelledAt = Date.now() + 200;
      await expect(running).rejects.toBe(reason);
      expect(Date.now() - cancelledAt).toBeLessThan(1500);
    });

    test("can be used after a command was cancelled", async () => {
      expect(await text("echo still here")).toBe("still here\n");
    });

    test("starts nothing when it is cancelled already", async () => {
      const path = remote();
      await expect(rig.communicator.run({ line: `touch ${path}` }, AbortSignal.abort(new Error("no")))).rejects.toThrow(
        "no",
      );
      expect((await run(`test -e ${path}`)).exitCode).toBe(1);
    });

    test.each([
      ["empty", Buffer.alloc(0)],
      ["of one byte", Buffer.from([0])],
      ["binary", randomBytes(100_003)],
    ])("uploads and downloads a file that is %s", async (_what, content) => {
      const path = remote();
      await rig.communicator.upload(content, path, {}, never);
      expect(digest(await download(path))).toBe(digest(content));
    });

    test("uploads a stream of known length, and one of unknown length", async () => {
      const content = randomBytes(3_000_000);
      const [known, unknown] = [remote(), remote()];
      await rig.communicator.upload(Readable.from(cut(content)), known, { size: content.length }, never);
      await rig.communicator.upload(Readable.from(cut(content)), unknown, {}, never);
      expect(await text(`sha256sum ${known} ${unknown} | cut -c1-64 | uniq`)).toBe(`${digest(content)}\n`);
    });

    test("uploads 256 MiB without holding them in memory, and tells how far it is", async () => {
      const size = 256 * 1024 * 1024;
      const path = remote();
      const before = process.memoryUsage().arrayBuffers;
      let most = 0;
      let told = 0;
      const onProgress = (bytes: number) => {
        most = Math.max(most, process.memoryUsage().arrayBuffers - before);
        told = bytes;
      };
      await rig.communicator.upload(Readable.from(chunks(4096, 64 * 1024)), path, { size, onProgress }, never);
      expect(told).toBe(size);
      expect(await text(`stat -c %s ${path}`)).toBe(`${size}\n`);
      expect(most).toBeLessThan(size / 2);
      await run(`rm ${path}`);
    });

    test.each([0o600, 0o644, 0o755, 0o4750])("uploads with mode %o", async (mode) => {
      const path = remote();
      await rig.communicator.upload(Buffer.from("x"), path, { mode }, never);
      expect(await text(`stat -c %a ${path}`)).toBe(`${mode.toString(8)}\n`);
    });

    test("uploads over a file that exists", async () => {
      const path = remote();
      await rig.communicator.upload(Buffer.from("a longer first version"), path, {}, never);
      await rig.communicator.upload(Buffer.from("second"), path, {}, never);
      expect((await download(path)).toString()).toBe("second");
    });

    test("takes names with spaces, quotes and letters of any script", async () => {
      const path = `${remote()} it's "ä 日本 $x;`;
      await rig.communicator.upload(Buffer.from("content"), path, {}, never);
      expect((await download(path)).toString()).toBe("content");
    });

    test("refuses to upload into a folder that does not exist, and says where", async () => {
      const path = `${remote()}/none/file`;
      const fault = await failureOf(rig.communicator.upload(Buffer.from("x"), path, {}, never));
      expect(fault.message).toContain(path);
    });

    test("refuses to replace a folder by a file", async () => {
      const path = remote();
      await run(`mkdir ${path}`);
      await failureOf(rig.communicator.upload(Buffer.from("x"), path, {}, never));
      expect((await run(`test -d ${path}`)).exitCode).toBe(0);
    });

    test("refuses to download what does not exist, and says what", async () => {
      const path = remote();
      const fault = await failureOf(download(path));
      expect(fault.message).toContain(path);
    });

    test("downloads what a link leads to", async () => {
      const path = remote();
      await run(`echo target > ${path}; ln -s ${path} ${path}.link; ln -s ${path}.link ${path}.two`);
      expect((await download(`${path}.two`)).toString()).toBe("target\n");
    });

    describe("with folders", () => {
      let source: string;
      /** Of every entry: kind, mode, time, and content or target. */
      const expected =
        "d 755 a\nd 700 a/empty dir\nf 644 a/plain\nf 750 a/run.sh\nf 600 ünï cödé\nl 777 a/link -> plain\nl 777 dangling -> nowhere/at all\n";
      const listing = (path: string) =>
        text(
          `cd ${path} && find . -mindepth 1 \\( -type l -printf 'l %m %P -> %l\\n' -o -type d -printf 'd %m %P\\n' -o -printf 'f %m %P\\n' \\) | sort -k1,1 -k3`,
        );

      beforeAll(() => {
        source = join(folder, "source");
        mkdirSync(join(source, "a", "empty dir"), { recursive: true });
        chmodSync(join(source, "a", "empty dir"), 0o700);
        chmodSync(join(source, "a"), 0o755);
        writeFileSync(join(source, "a", "plain"), "plain\n", { mode: 0o644 });
        writeFileSync(join(source, "a", "run.sh"), "#!/bin/sh\n", { mode: 0o750 });
        chmodSync(join(source, "a", "run.sh"), 0o750);
        writeFileSync(join(source, "ünï cödé"), "text", { mode: 0o600 });
        symlinkSync("plain", join(source, "a", "link"));
        symlinkSync("nowhere/at all", join(source, "dangling"));
      });

      test("uploads what is in `from/`, with modes, links and times", async () => {
        const to = remote();
        await run(`mkdir ${to}`);
        await rig.communicator.uploadFolder(`${source}/`, to, {}, never);
        expect(await listing(to)).toBe(expected);
        const modified = Math.floor(lstatSync(join(source, "a", "plain")).mtimeMs / 1000);
        expect(await text(`stat -c %Y ${to}/a/plain`)).toBe(`${modified}\n`);
      });

      test("uploads `from` itself into a folder that exists", async () => {
        const to = remote();
        await run(`mkdir ${to}`);
        await rig.communicator.uploadFolder(source, to, {}, never);
        expect(await text(`ls ${to}`)).toBe("source\n");
        expect(await listing(`${to}/source`)).toBe(expected);
      });

      test("uploads `from` as a folder that does not exist yet", async () => {
        const to = remote();
        await rig.communicator.uploadFolder(source, to, {}, never);
        expect(await listing(to)).toBe(expected);
      });

      test("leaves the mode of a folder that exists, and what else is in it", async () => {
        const to = remote();
        await run(`mkdir -m 1777 ${to}; touch ${to}/other`);
        await rig.communicator.uploadFolder(`${source}/`, to, {}, never);
        expect(await text(`stat -c %a ${to}; ls ${to}/other`)).toBe(`1777\n${to}/other\n`);
      });

      test("follows a link to the folder that is uploaded into", async () => {
        const to = remote();
        await run(`mkdir ${to}; ln -s ${to} ${to}.link`);
        await rig.communicator.uploadFolder(`${source}/`, `${to}.link`, {}, never);
        expect(await listing(to)).toBe(expected);
        expect((await run(`test -L ${to}.link`)).exitCode).toBe(0);
      });

      test("leaves out what is excluded", async () => {
        const to = remote();
        await rig.communicator.uploadFolder(source, to, { exclude: ["a/*.sh", "**/empty*", "dangling"] }, never);
        expect(await text(`cd ${to} && find . -mindepth 1 | sort`)).toBe("./a\n./a/link\n./a/plain\n./ünï cödé\n");
      });

      test("names longer than an archive's header holds arrive", async () => {
        const deep = join(folder, "deep");
        const long = join("d".repeat(90), "e".repeat(90), `${"f".repeat(90)}-ä`);
        mkdirSync(join(deep, long), { recursive: true });
        symlinkSync("t".repeat(150), join(deep, long, "link"));
        writeFileSync(join(deep, long, "file"), "deep down");
        const to = remote();
        await rig.communicator.uploadFolder(`${deep}/`, to, {}, never);
        expect(await text(`cat "${to}/${long}/file"; readlink "${to}/${long}/link"`)).toBe(
          `deep down${"t".repeat(150)}\n`,
        );
      });

      test("refuses to upload a folder that does not exist here", async () => {
        const missing = join(folder, "missing");
        const fault = await failureOf(rig.communicator.uploadFolder(missing, remote(), {}, never));
        expect(fault.message).toContain(missing);
      });

      test("downloads what is in `from/`, with modes, links and times", async () => {
        const from = remote();
        await rig.communicator.uploadFolder(source, from, {}, never);
        const to = join(folder, "down");
        await rig.communicator.downloadFolder(`${from}/`, to, {}, never);
        expect(readFileSync(join(to, "a", "plain"), "utf8")).toBe("plain\n");
        expect(lstatSync(join(to, "a", "run.sh")).mode & 0o777).toBe(0o750);
        expect(lstatSync(join(to, "a", "empty dir")).mode & 0o777).toBe(0o700);
        expect(readlinkSync(join(to, "dangling"))).toBe("nowhere/at all");
        const seconds = (path: string) => Math.floor(lstatSync(path).mtimeMs / 1000);
        expect(seconds(join(to, "a", "plain"))).toBe(seconds(join(source, "a", "plain")));
      });

      test("downloads `from` itself into a folder that exists", async () => {
        const from = remote();
        await rig.communicator.uploadFolder(source, from, {}, never);
        const to = mkdtempSync(join(folder, "into-"));
        await rig.communicator.downloadFolder(from, to, {}, never);
        expect(readFileSync(join(to, from.split("/").at(-1) ?? "", "a", "plain"), "utf8")).toBe("plain\n");
      });

      test("downloads nothing through a link that the guest laid", async () => {
        const from = remote();
        const outside = mkdtempSync(join(folder, "outside-"));
        await run(`mkdir ${from}; ln -s ${outside} ${from}/a`);
        const to = join(folder, "trap");
        await rig.communicator.downloadFolder(`${from}/`, to, {}, never);
        await run(`rm ${from}/a; mkdir ${from}/a; echo planted > ${from}/a/file`);
        await rig.communicator.downloadFolder(`${from}/`, to, {}, never).catch(() => {});
        expect(() => readFileSync(join(outside, "file"))).toThrow();
      });
    });

    test("closing twice is fine", async () => {
      await using other = await make();
      await other.communicator.close();
      await other.communicator.close();
    });

    test("tells at once when the machine vanishes under a command", async () => {
      await using other = await make();
      const running = other.communicator.run({ line: "sleep 60" }, never);
      const fault = expect(running).rejects.toBeInstanceOf(Disconnected);
      // The command must have begun; what it prints says so.
      await new Promise((resolve) => setTimeout(resolve, 300));
      await other.vanish();
      await fault;
    });

    test("cannot start a command on a machine that has vanished, and says so", async () => {
      await using other = await make();
      await other.vanish();
      await failureOf(other.communicator.run({ line: "true" }, never));
    });

    test("cannot copy to or from a machine that has vanished, and says so", async () => {
      await using other = await make();
      await other.vanish();
      await failureOf(other.communicator.upload(Buffer.from("x"), "/tmp/x", {}, never));
      await failureOf(other.communicator.download("/etc/passwd", new Writable(), never));
    });
  });
}

function digest(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}

function* cut(content: Buffer): Generator<Buffer> {
  for (let at = 0; at < content.length; at += 50_000) yield content.subarray(at, at + 50_000);
}

function* chunks(count: number, size: number): Generator<Buffer> {
  for (let index = 0; index < count; index++) yield Buffer.alloc(size, index % 251);
}

async function failureOf(work: Promise<unknown>): Promise<Failure> {
  try {
    await work;
  } catch (fault) {
    if (fault instanceof Failure) return fault;
    throw fault;
  }
  throw new Error("It did not fail");
}
