import { createServer } from "node:http";
import { Failure } from "../../sdk/failure.ts";
import type { Host, Listener } from "../../sdk/host.ts";
import { answerRequest } from "./answer-request.ts";

/** What is served: a folder (`http_directory`), or texts by their path (`http_content`). */
export type Content = { readonly folder: string } | { readonly texts: Readonly<Record<string, string>> };

export interface ServeOptions {
  readonly content: Content;
  /** Packer's default is 8000 to 9000. */
  readonly ports: { readonly min: number; readonly max: number };
  /** Default 127.0.0.1: a guest of QEMU's own network reaches that as 10.0.2.2. Wider only where the guest needs it. */
  readonly address?: string | undefined;
  /** Told of each answer: "GET /preseed.cfg: 200, 1034 bytes". */
  readonly onAnswer?: (line: string) => void;
}

export interface ContentServer extends AsyncDisposable {
  readonly port: number;
}

/** Serves the guest its answer files until it is disposed; connections that are open then are cut. */
export async function serveContent(
  host: Pick<Host, "files" | "sockets">,
  options: ServeOptions,
): Promise<ContentServer> {
  const { content, onAnswer = () => {} } = options;
  if ("folder" in content && (await host.files.stat(content.folder))?.kind !== "folder") {
    throw new Failure(`Cannot serve ${content.folder}: there is no such folder`);
  }
  const server = createServer((request, response) => {
    void answerRequest(host.files, content, request, response).then(onAnswer, () => response.destroy());
  });
  const listener = await listenInRange(host, options, (socket) => void server.emit("connection", socket));
  return {
    port: listener.port,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await listener[Symbol.asyncDispose]();
    },
  };
}

/** Builds that start together begin at different places, so that they do not run after each other from port to port. */
async function listenInRange(
  host: Pick<Host, "sockets">,
  { ports: { min, max }, address }: ServeOptions,
  onConnection: Parameters<Host["sockets"]["listen"]>[1],
): Promise<Listener> {
  const count = max - min + 1;
  const start = Math.floor(Math.random() * count);
  let fault: unknown;
  for (let at = 0; at < count; at++) {
    const port = min + ((start + at) % count);
    try {
      return await host.sockets.listen(port, onConnection, address);
    } catch (error) {
      fault = error;
    }
  }
  throw new Failure(`No port from ${min} to ${max} is free for the HTTP server`, {
    cause: fault,
    hint: "Widen the range by `http_port_min` and `http_port_max`.",
  });
}
