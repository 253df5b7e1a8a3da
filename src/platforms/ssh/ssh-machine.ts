import type { Communicator } from "../../sdk/communicator.ts";
import type { Work } from "../../sdk/component.ts";
import { formatGoDuration } from "../../spec/duration.ts";
import { addressText } from "./connecting/dial.ts";
import type { SshConnection } from "./connecting/ssh-connection.ts";
import { connectOnce, waitForSsh } from "./connecting/wait-for-ssh.ts";
import { type HostKeyTrust, hostKeyTrust } from "./keys/host-key-trust.ts";
import { knownHosts } from "./keys/known-hosts.ts";
import type { SshServer, SshSettings } from "./settings/ssh-settings.ts";
import { sshCommunicator } from "./ssh-communicator.ts";
import { openTunnels } from "./tunnels/open-tunnels.ts";

/** The way into one machine over all its connections: what is known of its host key outlives each of them. */
export interface SshMachine {
  /** Waits until the machine lets us in; `Machine.connect`. */
  connect(signal: AbortSignal): Promise<Communicator>;
  /** For builders that learn the key by a trusted path, and installers that restart into another system. */
  readonly hostKey: Pick<HostKeyTrust, "pin" | "expectChange">;
}

export interface SshMachineOptions {
  readonly settings: SshSettings;
  readonly work: Pick<Work, "host" | "say" | "warn">;
  /** What the machine shows (the end of its console): told when it cannot be connected to in time. */
  readonly evidence?: () => Promise<string | undefined>;
  readonly guest?: "posix" | "windows";
}

export function sshMachine({ settings, work, evidence, guest }: SshMachineOptions): SshMachine {
  const { host, say, warn } = work;
  const trust = trustOf(settings.server, warn);
  const bastionTrust = settings.bastion === undefined ? trust : trustOf(settings.bastion, warn);
  const waiting = { host, settings, trust, bastionTrust, warn, evidence };
  const withTunnels = async (connection: SshConnection): Promise<SshConnection> => {
    try {
      await openTunnels(host, connection, settings, warn);
      return connection;
    } catch (fault) {
      await connection.end();
      throw fault;
    }
  };
  return {
    async connect(signal) {
      say(`Using SSH communicator to connect: ${settings.server.host}`);
      say("Waiting for SSH to become available...");
      let connection = await waitForSsh(waiting, signal);
      if (settings.pause > 0) {
        await connection.end();
        say(`Pausing ${formatGoDuration(settings.pause)} before connecting...`);
        await host.sleep(settings.pause, signal);
        connection = await waitForSsh(waiting, signal);
      }
      say("Connected to SSH!");
      return sshCommunicator({
        host,
        settings,
        connection: await withTunnels(connection),
        again: async (again) => withTunnels(await connectOnce(waiting, again)),
        ...(guest && { guest }),
      });
    },
    hostKey: trust,
  };
}

function trustOf(server: SshServer, warn: (text: string) => void): HostKeyTrust {
  const { host, port, fingerprints, knownHosts: text } = server;
  const known = text === undefined ? undefined : knownHosts(text, host, port);
  return hostKeyTrust({ where: addressText(server), fingerprints, known, warn });
}
