import type { Broker } from "../rpc/broker.ts";
import { type Handlers, serveRpc } from "../rpc/rpc-server.ts";

/** Services that a plugin may call while it works. */
export interface OfferedServices {
  /** For the call's arguments. */
  readonly id: number;
  /** Resolves at the plugin's first call, or a quarter of a second after it came: from then on it can be cancelled. */
  readonly ready: Promise<void>;
  withdraw(): void;
}

/** Milliseconds. */
const SETTLED = 250;

export function offerServices(broker: Broker, handlers: Handlers): OfferedServices {
  const offer = broker.offer();
  const { promise: ready, resolve } = Promise.withResolvers<void>();
  void offer.stream.then(
    async (stream) => {
      const timer = setTimeout(resolve, SETTLED);
      await serveRpc(stream, handlers, resolve);
      clearTimeout(timer);
      resolve();
    },
    () => resolve(),
  );
  return { id: offer.id, ready, withdraw: offer.withdraw };
}
