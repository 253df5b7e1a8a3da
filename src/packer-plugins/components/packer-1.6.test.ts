import { accessSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buffer, text } from "node:stream/consumers";
import { describe, expect, onTestFinished, test } from "vitest";
import type { Scope } from "../../hcl/evaluation/scope.ts";
import { Diagnostics } from "../../hcl/source/diagnostic.ts";
import { nativeBody } from "../../hcl/syntax/native-body.ts";
import { parseFile } from "../../hcl/syntax/parse.ts";
import type { Artifact } from "../../sdk/artifact.ts";
import type { Communicator } from "../../sdk/communicator.ts";
import { localHost } from "../../sdk/local-host/local-host.ts";
import type { Machine } from "../../sdk/machine.ts";
import { decodeFields } from "../../spec/decode.ts";
import { fieldsOfSpec } from "../specs/fields-of-spec.ts";
import { valueOfConfig } from "../specs/value-of-config.ts";
import { ctyJson } from "../values/cty-json.ts";
import { ComponentProcess, type PluginKind } from "./component-process.ts";
import { runPluginBuilder } from "./run-builder.ts";
import { runPluginPostProcessor } from "./run-post-processor.ts";
import { runPluginProvisioner } from "./run-provisioner.ts";

const packer = "/usr/bin/packer";
const noPacker = isMissing(packer);
const skipped = noPacker ? " (skipped: no packer here)" : "";
const host = localHost();
const never = new AbortController().signal;

/** All that Debian's Packer 1.6.6 can serve. */
const COMPONENTS = {
  builder: `alicloud-ecs amazon-chroot amazon-ebs amazon-ebssurrogate amazon-ebsvolume amazon-instance azure-arm
    azure-chroot azure-dtl cloudstack digitalocean docker file googlecompute hcloud hyperv-iso hyperv-vmcx jdcloud lxc
    lxd ncloud null oneandone openstack oracle-classic oracle-oci parallels-iso parallels-pvm profitbricks
    proxmox-clone proxmox-iso qemu scaleway tencentcloud-cvm triton vagrant virtualbox-iso virtualbox-ovf virtualbox-vm
    vmware-iso vmware-vmx vsphere-clone vsphere-iso`,
  "post-processor": `alicloud-import amazon-import artifice checksum compress digitalocean-import docker-import
    docker-push docker-save docker-tag exoscale-import googlecompute-export googlecompute-import manifest shell-local
    vagrant vagrant-cloud vsphere vsphere-template`,
  provisioner: `ansible ansible-local azure-dtlartifact breakpoint chef-client chef-solo converge file inspec powershell
    puppet-masterless puppet-server salt-masterless shell shell-local sleep windows-restart windows-shell`,
} as const;

describe.skipIf(noPacker)(`components of Packer 1.6${skipped}`, () => {
  test.each(["builder", "post-processor", "provisioner"] as const)(
    "tell the options of every %s",
    { timeout: 120_000 },
    async (kind) => {
      const names = COMPONENTS[kind].split(/\s+/);
      const sizes: [string, number][] = [];
      for (const name of names) {
        const process = await start(kind, name);
        const spec = await process.spec(never);
        sizes.push([name, Object.keys(fieldsOfSpec(spec)).length]);
        await process.close();
      }
      expect(sizes.filter(([, size]) => size === 0)).toEqual([]);
      expect(sizes).toHaveLength(names.length);
    },
  );

  test("a provisioner that refuses its configuration says why", async () => {
    const process = await start("provisioner", "shell");
    await expect(prepare(process, "inline = []")).rejects.toThrow(
      "Either a script file or inline script must be specified",
    );
  });

  test("the shell provisioner works on a machine of ours", async () => {
    const process = await start("provisioner", "shell");
    await prepare(
      process,
      'inline = ["echo hello $WHO", "exit 3"]\nenvironment_vars = ["WHO=world"]\nvalid_exit_codes = [3]',
    );
    const machine = scriptedMachine((line) =>
      line.includes("WHO=") ? { stdout: "hello world\n", exitCode: 3 } : { exitCode: 0 },
    );
    const { work, lines } = listener();
    await runPluginProvisioner(
      process,
      { ...work, communicator: machine.communicator, machine: { ID: "i-1" } },
      nobody,
    );
    expect(machine.uploads.map(String)[0]).toContain("echo hello $WHO\nexit 3\n");
    expect(machine.commands.some((line) => line.startsWith("chmod"))).toBe(true);
    expect(lines).toContain("hello world");
  });

  test("a command that fails fails the provisioner, with the plugin's words", async () => {
    const process = await start("provisioner", "shell");
    await prepare(process, 'inline = ["false"]');
    const machine = scriptedMachine((line) => ({ exitCode: line.includes("PACKER_BUILDER_TYPE") ? 7 : 0 }));
    const run = runPluginProvisioner(
      process,
      { ...listener().work, communicator: machine.communicator, machine: {} },
      nobody,
    );
    await expect(run).rejects.toThrow(/exit status: 7/);
  });

  test("the file provisioner uploads and downloads what is much larger than a window", async () => {
    const folder = temporaryFolder();
    const content = Buffer.alloc(3_000_000, "large ");
    writeFileSync(join(folder, "up"), content);
    const machine = scriptedMachine(() => ({ exitCode: 0 }), content);
    for (const config of [
      `source = "${folder}/up"\ndestination = "/tmp/there"`,
      `source = "/tmp/there"\ndestination = "${folder}/down"\ndirection = "download"`,
    ]) {
      const process = await start("provisioner", "file");
      await prepare(process, config);
      await runPluginProvisioner(
        process,
        { ...listener().work, communicator: machine.communicator, machine: {} },
        nobody,
      );
    }
    expect(machine.uploads[0]?.equals(content)).toBe(true);
    expect(readFileSync(join(folder, "down")).equals(content)).toBe(true);
  });

  test("a cancelled provisioner ends, and the reason is the signal's", async () => {
    const controller = new AbortController();
    const process = await start("provisioner", "shell-local");
    await prepare(process, 'inline = ["echo started; exec sleep 60"]');
    const { work } = listener((line) => {
      if (line.includes("started")) controller.abort(new Error("enough"));
    });
    const communicator = scriptedMachine(() => ({ exitCode: 0 })).communicator;
    const run = runPluginProvisioner(
      process,
      { ...work, signal: controller.signal, communicator, machine: {} },
      nobody,
    );
    await expect(run).rejects.toThrow("enough");
  });

  test("a plugin that dies while it works fails with its name and what became of it", async () => {
    const process = await start("provisioner", "shell-local");
    await prepare(process, 'inline = ["echo started; exec sleep 60"]');
    const { work } = listener((line) => {
      if (line.includes("started")) void process.connection.process.kill();
    });
    const communicator = scriptedMachine(() => ({ exitCode: 0 })).communicator;
    const run = runPluginProvisioner(process, { ...work, communicator, machine: {} }, nobody);
    await expect(run).rejects.toThrow(/^packer 1\.6 shell-local did not finish Provisioner\.Provision: it was killed/);
  });

  test("the manifest post-processor hands back the artifact that it was given", async () => {
    const folder = temporaryFolder();
    const process = await start("post-processor", "manifest");
    await prepare(process, `output = "${folder}/manifest.json"`);
    const { work } = listener();
    const input = artifactOf(`${folder}/image`);
    writeFileSync(`${folder}/image`, "image");
    const result = await runPluginPostProcessor(process, input, [`${folder}/image`], work, nobody);
    expect(result).toMatchObject({ keepInput: true, mustKeepInput: true });
    expect(result.artifact).toMatchObject({ builderId: "ours.image", id: "image-1", description: "An image" });
    const manifest = JSON.parse(readFileSync(`${folder}/manifest.json`, "utf8"));
    expect(manifest.builds[0]).toMatchObject({ artifact_id: "image-1", files: [{ size: 5 }] });
  });

  test("the checksum post-processor makes an artifact of its own, which can be destroyed", async () => {
    const folder = temporaryFolder();
    writeFileSync(`${folder}/image`, "image");
    const process = await start("post-processor", "checksum");
    await prepare(process, `checksum_types = ["md5"]\noutput = "${folder}/sums"`);
    const result = await runPluginPostProcessor(
      process,
      artifactOf(`${folder}/image`),
      [`${folder}/image`],
      listener().work,
      nobody,
    );
    expect(result.artifact?.files.map(({ path }) => path)).toContain(`${folder}/sums`);
    expect(readFileSync(`${folder}/sums`, "utf8")).toMatch(/^[0-9a-f]{32}\timage/);
    await result.artifact?.destroy(host, never);
    expect(isMissing(`${folder}/sums`)).toBe(true);
  });

  test("a post-processor that fails says why", async () => {
    const process = await start("post-processor", "shell-local");
    await prepare(process, 'inline = ["exit 7"]');
    const run = runPluginPostProcessor(process, artifactOf("x"), ["x"], listener().work, nobody);
    await expect(run).rejects.toThrow(/non-zero exit status: 7/);
  });

  test("the file builder makes its artifact, and runs our provisioners", async () => {
    const folder = temporaryFolder();
    const process = await start("builder", "file");
    await prepare(process, `content = "hi"\ntarget = "${folder}/out"`);
    const met: Machine[] = [];
    const artifact = await runPluginBuilder(process, { ...listener().work, provision: remember(met) }, nobody);
    expect(artifact).toMatchObject({ builderId: "packer.file", files: [{ path: `${folder}/out` }] });
    expect(met).toHaveLength(1);
    await artifact?.destroy(host, never);
    expect(isMissing(`${folder}/out`)).toBe(true);
    await expect(artifact?.destroy(host, never)).rejects.toThrow(/no such file/);
  });

  test("the null builder makes nothing, and what a provisioner throws comes back as it was", async () => {
    const process = await start("builder", "null");
    await prepare(process, 'communicator = "none"');
    const met: Machine[] = [];
    const { work } = listener();
    expect(await runPluginBuilder(process, { ...work, provision: remember(met) }, nobody)).toMatchObject({
      builderId: "fnoeding.null",
    });
    expect(met).toHaveLength(1);
    const fault = new Error("as it was");
    const failing = { ...work, provision: () => Promise.reject(fault) };
    await expect(runPluginBuilder(process, failing, nobody)).rejects.toBe(fault);
  });
});

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

const scope: Scope = { variables: new Map(), functions: new Map() };

async function prepare(process: ComponentProcess, hcl: string): Promise<void> {
  const diagnostics = new Diagnostics();
  const spec = await process.spec(never);
  const context = { scope, interpolate: () => ({ error: "not here" }), secret: () => {} };
  const body = nativeBody(parseFile({ name: "x", text: hcl }, diagnostics));
  const decoded = decodeFields(body, fieldsOfSpec(spec), context, diagnostics);
  expect(diagnostics.all).toEqual([]);
  const facts = {
    packer_build_name: "b",
    packer_builder_type: "null",
    packer_core_version: "1.16.0",
    packer_debug: "false",
    packer_force: "false",
    packer_on_error: "",
  };
  await process.prepare([facts, Buffer.from(ctyJson(valueOfConfig(spec, decoded)))], never);
}

const nobody = (): Promise<string> => Promise.reject(new Error("nobody to ask"));

function listener(onLine: (line: string) => void = () => {}) {
  const lines: string[] = [];
  const say = (line: string): void => {
    lines.push(line);
    onLine(line);
  };
  const progress = () => ({ update: () => {}, done: () => {} });
  return { lines, work: { host, say, warn: say, progress, signal: never } };
}

function remember(met: Machine[]) {
  return async (machine: Machine): Promise<Machine> => {
    met.push(machine);
    return machine;
  };
}

interface Answer {
  readonly stdout?: string;
  readonly exitCode: number;
}

function scriptedMachine(answer: (line: string) => Answer, downloaded: Buffer = Buffer.alloc(0)) {
  const commands: string[] = [];
  const uploads: Buffer[] = [];
  const communicator: Communicator = {
    guest: "posix",
    run: async ({ line, onStdout, stdin }) => {
      commands.push(line);
      if (stdin) await text(stdin);
      const { stdout, exitCode } = answer(line);
      if (stdout) onStdout?.(Buffer.from(stdout));
      return { exitCode };
    },
    upload: async (content) => {
      uploads.push(content instanceof Uint8Array ? Buffer.from(content) : await buffer(content));
    },
    download: async (_, into) => {
      await new Promise<void>((resolve) => into.write(downloaded, () => resolve()));
    },
    uploadFolder: async () => {},
    downloadFolder: async () => {},
    close: async () => {},
  };
  return { communicator, commands, uploads };
}

function artifactOf(path: string): Artifact {
  return {
    builderId: "ours.image",
    id: "image-1",
    description: "An image",
    files: [{ path, root: "cwd" }],
    state: { generated_data: { ID: "i-1" } },
    destroy: async () => {},
  };
}

function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "plugin-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

function isMissing(path: string): boolean {
  try {
    accessSync(path);
    return false;
  } catch {
    return true;
  }
}
