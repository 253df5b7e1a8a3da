import type { Duplex } from "node:stream";

/**
 * What is written in one go leaves in one go: the SSH library writes each packet as three pieces, and without delay of
 * small packets (which commands need) each would be a packet of TCP of its own.
 */
export function batchWrites(stream: Duplex): void {
  const write = stream.write.bind(stream);
  let open = false;
  stream.write = ((...piece: Parameters<typeof write>) => {
    if (!open) {
      open = true;
      stream.cork();
      queueMicrotask(() => {
        open = false;
        stream.uncork();
      });
    }
    return write(...piece);
  }) as typeof stream.write; // Overloads do not survive `bind`.
}
