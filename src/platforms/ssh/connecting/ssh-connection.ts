import type { Duplex } from "node:stream";
import type { Client } from "ssh2";
import type { SshSettings } from "../settings/ssh-settings.ts";

/** A connection that is logged in. */
export interface SshConnection {
  readonly client: Client;
  /** Aborts when the connection is gone; its reason is an Error that says why. */
  readonly gone: AbortSignal;
  /** Milliseconds that one question and its answer took. */
  readonly roundTrip: number;
  /** Whether commands can use the agent of this machine; false once the server has refused that. */
  agentForwarding: boolean;
  /** Idempotent. Resolves when it is closed. */
  end(): Promise<void>;
}

/** Watches over a connection from its login on. */
export function openConnection(
  client: Client,
  stream: Duplex,
  { silence, forwardedAgent }: Pick<SshSettings, "silence" | "forwardedAgent">,
  roundTrip: number,
): SshConnection {
  const gone = new AbortController();
  let reason: Error | undefined;
  client.on("error", (error) => {
    reason ??= error;
  });
  const lost = (): void => gone.abort(reason ?? new Error("the other side closed the connection"));
  client.on("end", lost).on("close", lost);
  if (silence > 0) {
    limitSilence(stream, silence, () => {
      reason ??= new Error(`nothing came for ${silence / 1000} s (ssh_read_write_timeout)`);
      stream.destroy();
    });
  }
  return {
    client,
    gone: gone.signal,
    roundTrip,
    agentForwarding: forwardedAgent !== undefined,
    async end() {
      reason ??= new Error("the connection was closed");
      if (gone.signal.aborted) return;
      client.end();
      await new Promise<void>((resolve) => {
        const forced = setTimeout(() => stream.destroy(), CLOSING);
        client.once("close", () => {
          clearTimeout(forced);
          resolve();
        });
      });
    },
  };
}

/** Milliseconds that the other side has to close, too. */
const CLOSING = 500;

function limitSilence(stream: Duplex, limit: number, silent: () => void): void {
  const timer = setTimeout(silent, limit);
  stream.on("data", () => timer.refresh());
  stream.once("close", () => clearTimeout(timer));
}
