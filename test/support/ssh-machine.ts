import { readSshSettings } from "../../src/platforms/ssh/settings/read-settings.ts";
import type { SshMachine, SshMachineOptions } from "../../src/platforms/ssh/ssh-machine.ts";
import { sshMachine } from "../../src/platforms/ssh/ssh-machine.ts";
import type { Communicator } from "../../src/sdk/communicator.ts";
import { communicatorFields } from "../../src/sdk/communicator-options.ts";
import { defineBuilder } from "../../src/sdk/component.ts";
import { localHost } from "../../src/sdk/local-host/local-host.ts";
import { decodeConfig, type Plain } from "./decode-config.ts";
import type { Sshd } from "./sshd.ts";

/** Decodes the options of communicators as a template would give them. */
const anyBuilder = defineBuilder({
  name: "any",
  doc: "",
  fields: communicatorFields,
  generates: [],
  owns: [],
  ownership: "journaled",
  run: async () => undefined,
});

export interface HeardMachine extends SshMachine {
  readonly said: string[];
  readonly warned: string[];
}

/** The way to a server with its user's key, unless the options say otherwise. No agent of the tester's is used. */
export async function machineOf(
  sshd: Pick<Sshd, "port" | "user" | "key">,
  options: Readonly<Record<string, Plain>> = {},
  more: Partial<Pick<SshMachineOptions, "evidence">> & { environment?: Record<string, string> } = {},
): Promise<HeardMachine> {
  const { environment = {}, ...rest } = more;
  const host = localHost({ environment: { PATH: process.env.PATH, HOME: "/nonexistent", ...environment } });
  const byPassword = "ssh_password" in options || "ssh_agent_auth" in options;
  const { config, faults } = await decodeConfig(
    anyBuilder,
    {
      ssh_host: "127.0.0.1",
      ssh_port: sshd.port,
      ssh_username: sshd.user,
      ...(!byPassword && { ssh_private_key_file: sshd.key }),
      ...options,
    },
    host,
  );
  if (faults.length > 0) throw new Error(faults.join("\n"));
  const [said, warned]: [string[], string[]] = [[], []];
  const work = { host, say: (text: string) => void said.push(text), warn: (text: string) => void warned.push(text) };
  const machine = sshMachine({ settings: await readSshSettings(host, config), work, ...rest });
  return { ...machine, said, warned };
}

/** What a command prints. */
export async function output(communicator: Communicator, line: string): Promise<string> {
  const chunks: Buffer[] = [];
  await communicator.run({ line, onStdout: (chunk) => chunks.push(chunk) }, new AbortController().signal);
  return Buffer.concat(chunks).toString();
}
