import { type Communicator, Disconnected } from "../../../sdk/communicator.ts";
import type { Provisioning } from "../../../sdk/component.ts";
import { Failure } from "../../../sdk/failure.ts";
import { formatGoDuration } from "../../../spec/duration.ts";

/** The way into a guest that may restart meanwhile. */
export interface GuestConnection {
  readonly communicator: Communicator;
  /** The connection is gone: the next work gets a new one. */
  lost(): void;
  /** Does the work; as long as the world says no, again on a new connection, for the time that the template grants. */
  insist<T>(work: (communicator: Communicator) => Promise<T>): Promise<T>;
}

/** Milliseconds between two attempts. */
const INTERVAL = 2000;

/** `patience` in milliseconds, for each work anew. */
export function guestConnection(provisioning: Provisioning, patience: number): GuestConnection {
  const { host, signal } = provisioning;
  let communicator = provisioning.communicator;
  let gone = false;
  return {
    get communicator() {
      return communicator;
    },
    lost() {
      gone = true;
    },
    async insist(work) {
      const deadline = host.now().getTime() + patience;
      for (let attempt = 1; ; attempt++) {
        try {
          if (gone) communicator = await provisioning.reconnect();
          gone = false;
          return await work(communicator);
        } catch (fault) {
          signal.throwIfAborted();
          if (!mayPass(fault) || host.now().getTime() >= deadline) throw fault;
          gone = true;
          if (attempt === 1) {
            const limit = formatGoDuration(patience);
            provisioning.warn(`${fault.message}. Trying again for up to ${limit} (start_retry_timeout)...`);
          }
          await host.sleep(INTERVAL, signal);
        }
      }
    },
  };
}

function mayPass(fault: unknown): fault is Error {
  return fault instanceof Disconnected || (fault instanceof Failure && !fault.permanent);
}
