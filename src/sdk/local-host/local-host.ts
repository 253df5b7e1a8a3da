import { arch } from "node:os";
import { setTimeout as wait } from "node:timers/promises";
import type { Host } from "../host.ts";
import { localFiles } from "./files.ts";
import { cacheFolder, homeFolder, temporaryFolder } from "./folders.ts";

export interface LocalHostOptions {
  /** Default: the process's. */
  readonly cwd?: string;
  /** Default: the process's. Children of `run` get it too. */
  readonly environment?: Readonly<Record<string, string | undefined>>;
  /** Told when something waits for another process ("Waiting for x, held by process 123"). */
  readonly onWait?: (text: string) => void;
}

/** This machine: the one place where Ingot touches files, processes, the network and the clock. */
export function localHost(options: LocalHostOptions = {}): Host {
  const cwd = options.cwd ?? process.cwd();
  const environment = options.environment ?? process.env;
  const temporary = temporaryFolder(environment, cwd);
  return {
    platform: platform(),
    architecture: arch(),
    cwd,
    home: homeFolder(environment),
    temporaryFolder: temporary,
    cacheFolder: cacheFolder(environment, cwd),
    environment,
    files: localFiles({ cwd, temporaryFolder: temporary, onWait: options.onWait ?? (() => {}) }),
    http: lazyHttp(environment),
    sockets: {
      connect: async (to, signal) => (await import("./sockets.ts")).connectTcp(to, signal),
      listen: async (port, onConnection, address) =>
        (await import("./sockets.ts")).listenTcp(port, onConnection, address),
    },
    now: () => new Date(),
    sleep,
    run: async (command, signal) => (await import("./run.ts")).run(command, signal, { cwd, environment }),
    freePort,
  };
}

/** Node's HTTP takes 20 ms to load, and most commands never speak it. */
function lazyHttp(environment: Host["environment"]): Host["http"] {
  let http: Promise<Host["http"]> | undefined;
  return {
    async request(request, signal) {
      http ??= import("./http/http.ts").then(({ localHttp }) => localHttp(environment));
      return (await http).request(request, signal);
    },
  };
}

/** What a timer can count at most; what is longer would fire at once. */
const LONGEST = 2 ** 31 - 1;

async function sleep(milliseconds: number, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted();
  for (let left = milliseconds; left > 0; left -= LONGEST) {
    await wait(Math.min(left, LONGEST), undefined, { signal }).catch(() => signal.throwIfAborted());
  }
}

const known: readonly string[] = ["linux", "darwin", "win32", "freebsd", "openbsd"] satisfies Host["platform"][];

function platform(): Host["platform"] {
  return isKnown(process.platform) ? process.platform : "other";
}

function isKnown(name: string): name is Host["platform"] {
  return known.includes(name);
}

async function freePort(): Promise<number> {
  const { createServer } = await import("node:net");
  const { promise, resolve, reject } = Promise.withResolvers<number>();
  const server = createServer();
  server.once("error", reject);
  server.listen(0, "127.0.0.1", () => {
    const address = server.address();
    const port = typeof address === "object" && address !== null ? address.port : 0;
    server.close(() => resolve(port));
  });
  return promise;
}
