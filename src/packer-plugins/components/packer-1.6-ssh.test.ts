import { accessSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Readable, Writable } from "node:stream";
import { describe, expect, onTestFinished, test } from "vitest";
import { noSshd, PASSWORD, Sshd } from "../../../test/support/sshd.ts";
import type { Communicator } from "../../sdk/communicator.ts";
import { localHost } from "../../sdk/local-host/local-host.ts";
import { ComponentProcess, type PluginKind } from "./component-process.ts";
import { runPluginBuilder } from "./run-builder.ts";
import { runPluginProvisioner } from "./run-provisioner.ts";

const packer = "/usr/bin/packer";
const whyNot = noSshd ?? (isMissing(packer) ? "no packer here" : undefined);
const host = localHost();
const never = new AbortController().signal;

describe.skipIf(whyNot !== undefined)(
  `the machine of Go's null builder${whyNot ? ` (skipped: ${whyNot})` : ""}`,
  () => {
    test("runs commands, with their input, outputs and status", { timeout: 60_000 }, async () => {
      await onMachine(async (communicator) => {
        const seen = { out: "", err: "" };
        const result = await communicator.run(
          {
            line: "cat; echo error >&2; exit 42",
            stdin: Readable.from([Buffer.from("first "), Buffer.from("second")]),
            onStdout: (chunk) => (seen.out += chunk),
            onStderr: (chunk) => (seen.err += chunk),
          },
          never,
        );
        expect(result).toEqual({ exitCode: 42 });
        expect(seen).toEqual({ out: "first second", err: "error\n" });
        expect(await communicator.run({ line: "true" }, never)).toEqual({ exitCode: 0 });

        let bytes = 0;
        await communicator.run(
          { line: "head -c 5000000 /dev/zero", onStdout: (chunk) => (bytes += chunk.length) },
          never,
        );
        expect(bytes).toBe(5_000_000);
      });
    });

    test("does not wait for the input of a command that has ended", { timeout: 60_000 }, async () => {
      await onMachine(async (communicator) => {
        const endless = new Readable({ read: () => {} });
        expect(await communicator.run({ line: "exit 3", stdin: endless }, never)).toEqual({ exitCode: 3 });
      });
    });

    test("takes and gives files and folders", { timeout: 60_000 }, async () => {
      await onMachine(async (communicator, sshd) => {
        const content = Buffer.alloc(1_500_000, "content ");
        await communicator.upload(content, "/tmp/large", { size: content.length, mode: 0o755 }, never);
        const got: Buffer[] = [];
        const into = new Writable({
          write(chunk, _, done) {
            got.push(chunk);
            done();
          },
        });
        await communicator.download("/tmp/large", into, never);
        expect(Buffer.concat(got).equals(content)).toBe(true);
        await expect(communicator.download("/tmp/nothing", new Writable(), never)).rejects.toThrow();

        const folder = join(sshd.root, "folder");
        mkdirSync(folder);
        writeFileSync(join(folder, "a"), "in the folder");
        await communicator.uploadFolder(folder, "/tmp", {}, never);
        expect(readFileSync(join(sshd.root, "tmp/folder/a"), "utf8")).toBe("in the folder");
        await communicator.downloadFolder("/tmp/folder/", join(sshd.root, "back"), {}, never);
        // Their scp knows nothing of the rule about the slash.
        expect(readFileSync(join(sshd.root, "back/folder/a"), "utf8")).toBe("in the folder");
      });
    });

    test("stops waiting for a command when the signal aborts", { timeout: 60_000 }, async () => {
      await onMachine(async (communicator) => {
        const controller = new AbortController();
        const run = communicator.run(
          { line: "echo up; exec sleep 600", onStdout: () => controller.abort(new Error("enough")) },
          controller.signal,
        );
        await expect(run).rejects.toThrow("enough");
      });
    });

    test("serves Go's provisioners: theirs to theirs, through us", { timeout: 60_000 }, async () => {
      await onMachine(async (communicator, sshd) => {
        const process = await start("provisioner", "shell");
        await process.prepare(
          [{ inline: ["echo hello > /tmp/greeting", "head -c 3000000 /dev/zero | tr '\\\\0' x"] }],
          never,
        );
        let bytes = 0;
        const say = (text: string): void => {
          bytes += text.length;
        };
        const work = { say, warn: say, progress: () => ({ update: () => {}, done: () => {} }), signal: never };
        await runPluginProvisioner(process, { ...work, communicator, machine: { ID: "x" } }, nobody);
        expect(readFileSync(join(sshd.root, "tmp/greeting"), "utf8")).toBe("hello\n");
        expect(bytes).toBeGreaterThanOrEqual(3_000_000);
      });
    });
  },
);

/** Works on the machine in the midst of a build. */
async function onMachine(work: (communicator: Communicator, sshd: Sshd) => Promise<void>): Promise<void> {
  await using sshd = await Sshd.start();
  const builder = await start("builder", "null");
  const login = { ssh_host: "127.0.0.1", ssh_port: sshd.port, ssh_username: sshd.user, ssh_password: PASSWORD };
  await builder.prepare([login], never);
  const build = {
    say: () => {},
    warn: () => {},
    progress: () => ({ update: () => {}, done: () => {} }),
    signal: never,
    provision: async (machine: Parameters<Parameters<typeof runPluginBuilder>[1]["provision"]>[0]) => {
      expect(machine.facts).toMatchObject({ ConnType: "ssh", Host: "127.0.0.1", Port: sshd.port, User: sshd.user });
      await work(await machine.connect(never), sshd);
      return machine;
    },
  };
  expect(await runPluginBuilder(builder, build, nobody)).toMatchObject({ builderId: "fnoeding.null" });
}

async function start(kind: PluginKind, name: string): Promise<ComponentProcess> {
  const command = {
    label: `packer 1.6 ${name}`,
    argv: [packer, "plugin", `packer-${kind}-${name}`],
    environment: { CHECKPOINT_DISABLE: "1" },
    withoutMinor: true,
  } as const;
  const process = await ComponentProcess.start(host, { kind, protobuf: false, command }, never);
  onTestFinished(() => process.close());
  return process;
}

const nobody = (): Promise<string> => Promise.reject(new Error("nobody to ask"));

function isMissing(path: string): boolean {
  try {
    accessSync(path);
    return false;
  } catch {
    return true;
  }
}
