import type { Duplex, Readable, Writable } from "node:stream";

/** The machine that Ingot runs on, as components see it. What runs here today may run on another machine tomorrow. */
export interface Host {
  readonly platform: "linux" | "darwin" | "win32" | "freebsd" | "openbsd" | "other";
  readonly architecture: string;
  /** Absolute. Relative paths of options are resolved against it where Packer does so. */
  readonly cwd: string;
  readonly home: string;
  /** $TMPDIR or the system's. */
  readonly temporaryFolder: string;
  /** $PACKER_CACHE_DIR, or the XDG cache folder. Shared by all runs. */
  readonly cacheFolder: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly files: Files;
  readonly http: Http;
  readonly sockets: Sockets;
  now(): Date;
  /** Rejects with the signal's reason when aborted. */
  sleep(milliseconds: number, signal: AbortSignal): Promise<void>;
  /**
   * Resolves when the process has ended and its streams are drained. Throws a Failure only when it cannot be started.
   * When the signal aborts, the process group is ended first; then it throws the signal's reason.
   */
  run(command: HostCommand, signal: AbortSignal): Promise<HostProcessResult>;
  /** Free port on loopback, held by nobody: for servers that must be told their port. */
  freePort(): Promise<number>;
}

/** File access by path. Relative paths are relative to `Host.cwd`. Faults of the system become a Failure that names the path. */
export interface Files {
  resolve(...parts: string[]): string;
  exists(path: string): Promise<boolean>;
  /** Follows links (a link that leads nowhere is itself), unless told not to. undefined: no such file. */
  stat(path: string, options?: { follow: boolean }): Promise<FileStat | undefined>;
  read(path: string): Promise<Buffer>;
  readText(path: string): Promise<string>;
  list(path: string): Promise<string[]>;
  /** All files, folders and links below a folder, sorted, paths relative to it with `/`. Links are not followed. */
  walk(path: string): AsyncIterable<{ path: string; stat: FileStat }>;
  /** Whole or not at all: written beside and renamed. Makes parent folders. */
  write(path: string, content: string | Uint8Array, options?: { mode?: number }): Promise<void>;
  append(path: string, content: string | Uint8Array): Promise<void>;
  /** With its parents; one that is there already stays as it is. `mode` (default 0o777, less the umask) is the last folder's. */
  makeFolder(path: string, options?: { mode?: number }): Promise<void>;
  makeTemporaryFolder(prefix: string): Promise<string>;
  /** A file or a whole folder; nothing there is no fault. */
  remove(path: string): Promise<void>;
  rename(from: string, to: string): Promise<void>;
  /** A symbolic link at `path` that leads to `target`, which need not exist. */
  makeLink(path: string, target: string): Promise<void>;
  /** Permission bits and time of a file or folder. */
  setAttributes(path: string, attributes: { mode: number; modified: Date }): Promise<void>;
  reader(path: string): Readable;
  writer(path: string, options?: { mode?: number }): Writable;
  /** Paths that match a shell glob (`*`, `?`, `[]`, `**`, `{}`), sorted, relative where the pattern is. `*` matches leading dots, as in Go. */
  glob(pattern: string): Promise<string[]>;
  /**
   * Runs `work` while no other process, and nothing else in this one, holds the lock of that name. `path` is the lock
   * file itself, removed afterwards. The kernel frees it when its holder dies. Says whom it waits for after a while.
   */
  withLock<T>(path: string, signal: AbortSignal, work: () => Promise<T>): Promise<T>;
}

export interface FileStat {
  readonly kind: "file" | "folder" | "link" | "other";
  readonly size: number;
  readonly mode: number;
  readonly modified: Date;
  readonly linkTarget?: string;
}

export interface HostCommand {
  /** argv; never through a shell unless argv says so. */
  readonly argv: readonly [string, ...string[]];
  readonly cwd?: string;
  /** Added to the host's environment; undefined removes. */
  readonly environment?: Readonly<Record<string, string | undefined>>;
  readonly stdin?: string | Uint8Array | Readable;
  readonly onStdout?: (chunk: Buffer) => void;
  readonly onStderr?: (chunk: Buffer) => void;
  /** When the signal aborts, the whole process group gets SIGTERM and, this many milliseconds later, SIGKILL. Default 2000. */
  readonly killAfter?: number;
}

export interface HostProcessResult {
  /** null when a signal ended it. */
  readonly code: number | null;
  readonly signal: string | null;
  /** Captured only when no listener was given. */
  readonly stdout: string;
  readonly stderr: string;
}

/** Plain TCP and Unix sockets, for protocols that are not HTTP. */
export interface Sockets {
  /** Connects without delaying small packets. Rejects with the system's own error (its `code`), or the signal's reason. */
  connect(to: SocketAddress, signal: AbortSignal): Promise<Duplex>;
  /** Listens on `address`, without one on 127.0.0.1; 0: any free port. Throws a Failure where the port is taken. */
  listen(port: number, onConnection: (socket: Duplex) => void, address?: string): Promise<Listener>;
}

/** `path`: a Unix socket or named pipe. */
export type SocketAddress = { readonly host: string; readonly port: number } | { readonly path: string };

export interface Listener extends AsyncDisposable {
  readonly port: number;
}

/** HTTP by the user's proxies (HTTP_PROXY, HTTPS_PROXY, NO_PROXY) and certificate authorities (NODE_EXTRA_CA_CERTS, SSL_CERT_FILE). */
export interface Http {
  /** Throws a Failure when nothing answers; any status is an answer. */
  request(request: HttpRequest, signal: AbortSignal): Promise<HttpResponse>;
}

export interface HttpRequest {
  readonly url: string;
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array | Readable;
  /** Milliseconds until the headers of the answer; default 60 000. */
  readonly timeout?: number;
  /** How many redirects to follow; default 10. */
  readonly redirects?: number;
  /** A Unix socket or named pipe to speak through, rather than the host of the URL. No proxy then. */
  readonly socketPath?: string;
  readonly tls?: HttpTls;
  /** Asks to leave HTTP (`Connection: Upgrade`; name the protocol in `headers`). Where the server agrees, `HttpResponse.upgraded` is there. */
  readonly upgrade?: boolean;
}

/** PEM texts, for a server with an authority of its own or one that asks for a client certificate. */
export interface HttpTls {
  /** Trusted besides the user's. */
  readonly ca?: string;
  readonly cert?: string;
  readonly key?: string;
  readonly serverName?: string;
  /** The server's certificate is not checked. Only where the user asked for it. */
  readonly insecure?: boolean;
}

export interface HttpResponse {
  readonly status: number;
  readonly statusText: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: Readable;
  /** The whole body; a Failure when it is longer than `limit` bytes. */
  text(limit: number): Promise<string>;
  /** The raw connection after an upgrade, both ways; half-open: `end()` closes only our side. The caller ends it. */
  readonly upgraded?: Duplex;
}
