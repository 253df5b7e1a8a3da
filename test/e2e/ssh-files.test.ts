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
import type { Communicator } from "../../src/sdk/communicator.ts";
import { type CommunicatorRig, describeCommunicator } from "../conformance/describe-communicator.ts";
import { machineOf, output } from "../support/ssh-machine.ts";
import { noSshd, Sshd, type SshdOptions } from "../support/sshd.ts";

const never = new AbortController().signal;
const because = noSshd ? ` (skipped: ${noSshd})` : "";

/** Its sshd_config names a subsystem that is not there. */
const WITHOUT_SFTP: SshdOptions = { config: ["Subsystem sftp /nonexistent/sftp-server"] };

describeCommunicator("ssh, without sftp,", () => startRig(WITHOUT_SFTP), { skipped: noSshd });

describe.skipIf(noSshd !== undefined)(`files over SSH${because}`, () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "ingot-ssh-files-"));
    mkdirSync(join(folder, "source", "inner"), { recursive: true });
    writeFileSync(join(folder, "source", "inner", "run"), "run\n");
    chmodSync(join(folder, "source", "inner", "run"), 0o750);
    writeFileSync(join(folder, "source", "big"), Buffer.alloc(400_000, 7));
    writeFileSync(join(folder, "source", "empty"), "");
    symlinkSync("inner/run", join(folder, "source", "link"));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  test("folders are copied where the machine has no tar", async () => {
    // A PATH of our own, without tar, for every command.
    await using rig = await startRig({ config: ["SetEnv PATH=/nonexistent"] });
    expect(await output(rig.communicator, "command -v tar || echo none")).toBe("none\n");
    await rig.communicator.uploadFolder(join(folder, "source"), "/tmp/copy", {}, never);
    await rig.communicator.uploadFolder(`${join(folder, "source")}/`, "/tmp/copy", {}, never);
    const back = join(folder, "back");
    await rig.communicator.downloadFolder("/tmp/copy", back, { exclude: ["empty"] }, never);
    expect(readFileSync(join(back, "inner", "run"), "utf8")).toBe("run\n");
    expect(lstatSync(join(back, "inner", "run")).mode & 0o777).toBe(0o750);
    expect(readFileSync(join(back, "big"))).toEqual(Buffer.alloc(400_000, 7));
    expect(readlinkSync(join(back, "link"))).toBe("inner/run");
    expect(() => lstatSync(join(back, "empty"))).toThrow();
    const seconds = (path: string) => Math.floor(lstatSync(path).mtimeMs / 1000);
    expect(seconds(join(back, "inner", "run"))).toBe(seconds(join(folder, "source", "inner", "run")));
  });

  test("only sftp is used where the template says so", async () => {
    await using sshd = await Sshd.start(WITHOUT_SFTP);
    const communicator = await (await machineOf(sshd, { ssh_file_transfer_method: "sftp" })).connect(never);
    await expect(communicator.upload(Buffer.from("x"), "/tmp/x", {}, never)).rejects.toThrow("has no SFTP");
    await communicator.close();
  });

  test("`~` is the home folder", async () => {
    for (const options of [{}, WITHOUT_SFTP]) {
      await using rig = await startRig(options);
      await rig.communicator.upload(Buffer.from("home\n"), "~/in home", {}, never);
      await rig.communicator.uploadFolder(`${join(folder, "source")}/`, "~/folder", {}, never);
      expect(await output(rig.communicator, 'cat ~/"in home"; cat ~/folder/inner/run')).toBe("home\nrun\n");
    }
  });

  test("files that do not tell their size are downloaded whole", async () => {
    await using rig = await startRig();
    const chunks: Buffer[] = [];
    const into = new Writable({
      write(chunk, _encoding, done) {
        chunks.push(chunk);
        done();
      },
    });
    await rig.communicator.download("/proc/self/status", into, never);
    expect(Buffer.concat(chunks).toString()).toContain("Pid:");
  });

  test("a copy that is cancelled ends, and the next one works", async () => {
    await using rig = await startRig();
    const controller = new AbortController();
    const endless = async function* () {
      for (;;) yield Buffer.alloc(65_536);
    };
    const copying = rig.communicator.upload(Readable.from(endless()), "/tmp/endless", {}, controller.signal);
    setTimeout(() => controller.abort(new Error("enough")), 200);
    await expect(copying).rejects.toThrow("enough");
    await rig.communicator.upload(Buffer.from("x"), "/tmp/next", {}, never);
  });
});

async function startRig(options: SshdOptions = {}): Promise<CommunicatorRig & { communicator: Communicator }> {
  const sshd = await Sshd.start(options);
  const communicator = await (await machineOf(sshd)).connect(never);
  return {
    communicator,
    vanish: () => sshd.kill(),
    async [Symbol.asyncDispose]() {
      await communicator.close();
      await sshd[Symbol.asyncDispose]();
    },
  };
}
