import { readSshSettings } from "../../../platforms/ssh/settings/read-settings.ts";
import { sshMachine } from "../../../platforms/ssh/ssh-machine.ts";
import type { communicatorFields } from "../../../sdk/communicator-options.ts";
import type { Build } from "../../../sdk/component.ts";
import { Failure } from "../../../sdk/failure.ts";
import type { Machine } from "../../../sdk/machine.ts";
import { noneCommunicator } from "../../../sdk/none-communicator.ts";
import type { Config } from "../../../spec/field.ts";

/** The machine that the template names, or none. */
export async function existingMachine(config: Config<typeof communicatorFields>, build: Build): Promise<Machine> {
  const kind = config.communicator ?? "ssh";
  const about = { record: () => ({ builder: "null" }), facts: { ID: "Null", ConnType: kind } };
  if (kind === "none") return { ...about, connect: async () => noneCommunicator() };
  if (kind !== "ssh") {
    throw new Failure(`This version of Ingot cannot connect by ${kind} yet`, {
      permanent: true,
      hint: 'It can run shell-local and other provisioners of this machine with communicator = "none".',
    });
  }
  const settings = await readSshSettings(build.host, config);
  const { host, port, login } = settings.server;
  const { connect } = sshMachine({ settings, work: build });
  return {
    ...about,
    connect,
    facts: {
      ...about.facts,
      Host: host,
      Port: port,
      User: login.user,
      ...(login.password !== undefined && { Password: login.password }),
      ...(config.ssh_private_key_file !== undefined && { SSHPrivateKeyFile: config.ssh_private_key_file }),
      SSHAgentAuth: config.ssh_agent_auth,
    },
  };
}
