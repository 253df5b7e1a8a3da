import type { Duplex } from "node:stream";
import { Failure } from "../../../sdk/failure.ts";
import type { Host, Listener } from "../../../sdk/host.ts";
import type { SshConnection } from "../connecting/ssh-connection.ts";
import type { SshSettings, Tunnel } from "../settings/ssh-settings.ts";

/** Opens the tunnels of the template; they end with the connection. Throws a Failure where a port cannot be had. */
export async function openTunnels(
  host: Host,
  connection: SshConnection,
  { localTunnels, remoteTunnels }: Pick<SshSettings, "localTunnels" | "remoteTunnels">,
  warn: (text: string) => void,
): Promise<void> {
  const listeners: Listener[] = [];
  connection.gone.addEventListener("abort", () => {
    for (const listener of listeners) void listener[Symbol.asyncDispose]();
  });
  for (const tunnel of localTunnels) {
    const to = (socket: Duplex) => intoGuest(connection, tunnel, socket, warn);
    listeners.push(await host.sockets.listen(tunnel.port, to));
  }
  if (remoteTunnels.length > 0) await openRemote(host, connection, remoteTunnels, warn);
}

function intoGuest(
  { client }: SshConnection,
  { port, host, hostPort }: Tunnel,
  socket: Duplex,
  warn: (text: string) => void,
): void {
  socket.on("error", () => {});
  try {
    client.forwardOut("127.0.0.1", port, host, hostPort, (error, channel) => {
      if (error) {
        warn(`The tunnel from port ${port} cannot reach ${host}:${hostPort} in the machine: ${error.message}`);
        socket.destroy();
      } else join(socket, channel);
    });
  } catch {
    // The connection was lost at this very moment: its end closes the tunnels.
    socket.destroy();
  }
}

async function openRemote(
  host: Host,
  { client, gone }: SshConnection,
  tunnels: readonly Tunnel[],
  warn: (text: string) => void,
): Promise<void> {
  client.on("tcp connection", ({ destPort }, accept, reject) => {
    const tunnel = tunnels.find(({ port }) => port === destPort);
    if (tunnel === undefined) return void reject();
    host.sockets.connect({ host: tunnel.host, port: tunnel.hostPort }, gone).then(
      (socket) => join(socket, accept()),
      (error: unknown) => {
        const why = error instanceof Error ? error.message : String(error);
        warn(`The tunnel from the machine's port ${destPort} cannot reach ${tunnel.host}:${tunnel.hostPort}: ${why}`);
        reject();
      },
    );
  });
  for (const { port } of tunnels) {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    client.forwardIn("localhost", port, (error) => (error ? reject(error) : resolve()));
    await promise.catch((error: unknown) => {
      throw new Failure(`The machine does not listen on its port ${port} for ssh_remote_tunnels`, {
        cause: error,
        hint: "Something may listen there already, or its sshd_config forbids it (AllowTcpForwarding).",
      });
    });
  }
}

function join(one: Duplex, other: Duplex): void {
  for (const [stream, partner] of [
    [one, other],
    [other, one],
  ] as const) {
    stream.on("error", () => partner.destroy());
    stream.once("close", () => partner.destroy());
    stream.pipe(partner);
  }
}
