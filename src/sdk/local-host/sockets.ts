import { connect, createServer, type Socket } from "node:net";
import type { Duplex } from "node:stream";
import { Failure } from "../failure.ts";
import type { Listener, SocketAddress } from "../host.ts";
import { errorCode } from "./system-failure.ts";

/** `Sockets.connect` of this machine. */
export function connectTcp(to: SocketAddress, signal: AbortSignal): Promise<Duplex> {
  signal.throwIfAborted();
  const { promise, resolve, reject } = Promise.withResolvers<Duplex>();
  const socket = connect({ ...to, noDelay: true });
  const stop = (): void => {
    socket.destroy();
    reject(signal.reason);
  };
  signal.addEventListener("abort", stop, { once: true });
  socket.once("error", reject);
  socket.once("connect", () => {
    socket.off("error", reject);
    resolve(socket);
  });
  return promise.finally(() => signal.removeEventListener("abort", stop));
}

/** `Sockets.listen` of this machine. Disposing ends the connections, too. */
export function listenTcp(port: number, onConnection: (socket: Duplex) => void, on = "127.0.0.1"): Promise<Listener> {
  const { promise, resolve, reject } = Promise.withResolvers<Listener>();
  const open = new Set<Socket>();
  const server = createServer({ noDelay: true }, (socket) => {
    open.add(socket);
    socket.once("close", () => open.delete(socket));
    onConnection(socket);
  });
  server.once("error", (error) => {
    const answer = errorCode(error) === "EADDRINUSE" ? "something else listens there" : error.message;
    reject(new Failure(`Cannot listen on ${on}:${port}: ${answer}`, { cause: error }));
  });
  server.listen(port, on, () => {
    const address = server.address();
    resolve({
      port: typeof address === "object" && address !== null ? address.port : port,
      async [Symbol.asyncDispose]() {
        for (const socket of open) socket.destroy();
        await new Promise<void>((closed) => server.close(() => closed()));
      },
    });
  });
  return promise;
}
