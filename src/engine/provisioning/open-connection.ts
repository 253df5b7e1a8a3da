import type { Communicator } from "../../sdk/communicator.ts";
import type { Machine } from "../../sdk/machine.ts";

/** The way into a machine that several provisioners use one after the other. */
export interface OpenConnection {
  readonly current: Communicator;
  /** Closes the old one first. */
  reconnect(signal: AbortSignal): Promise<Communicator>;
  close(): Promise<void>;
}

/** How long to try is the machine's own business: it knows whether it boots, and its options say how long that may take. */
export async function openConnection(machine: Machine, signal: AbortSignal): Promise<OpenConnection> {
  let current = await machine.connect(signal);
  return {
    get current() {
      return current;
    },
    async reconnect(signal) {
      await current.close();
      current = await machine.connect(signal);
      return current;
    },
    close: () => current.close(),
  };
}
