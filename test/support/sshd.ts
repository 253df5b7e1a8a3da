import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { connect, createServer } from "node:net";
import { join } from "node:path";

const SSHD = "/usr/sbin/sshd";
const UID = 23_456;

/** Why tests against a real OpenSSH server cannot run here; undefined: they can. */
export const noSshd: string | undefined = whyNot();

export const PASSWORD = "correct horse";

export interface SshdOptions {
  /** Lines of sshd_config, before ours: the first of a kind counts. */
  readonly config?: readonly string[];
  readonly port?: number;
  /** Where it keeps its keys and users: that of one which was stopped makes the same machine again. */
  readonly root?: string;
  readonly hostKeyType?: "ed25519" | "rsa" | "ecdsa";
  /** How the user's shell is called; default /bin/sh. */
  readonly shell?: string;
}

/**
 * An OpenSSH server on loopback, in mount and process namespaces of its own: a machine with a user "tester", who has a
 * password and a key, and with a /tmp of its own.
 */
export class Sshd implements AsyncDisposable {
  readonly root: string;
  readonly port: number;
  readonly user: string = "tester";
  /** Path of the user's private key, and of others that let nobody in. */
  readonly key: string;
  readonly strangerKey: string;
  readonly #child: ChildProcess;
  readonly #keep: boolean;
  #log = "";

  private constructor(root: string, port: number, child: ChildProcess, keep: boolean) {
    this.root = root;
    this.port = port;
    this.key = join(root, "user");
    this.strangerKey = join(root, "stranger");
    this.#child = child;
    this.#keep = keep;
    child.stderr?.on("data", (chunk: Buffer) => {
      this.#log += chunk;
    });
  }

  static async start(options: SshdOptions = {}): Promise<Sshd> {
    const root = options.root ?? newMachine(options);
    const port = options.port ?? (await freePort());
    writeFileSync(join(root, "sshd_config"), configText(root, port, options.config ?? []));
    mkdirSync("/run/sshd", { recursive: true, mode: 0o755 });
    const script = [
      `mount --bind ${root}/passwd /etc/passwd`,
      `mount --bind ${root}/shadow /etc/shadow`,
      `mount --bind ${root}/tmp /tmp`,
      `exec ${SSHD} -D -e -f ${root}/sshd_config`,
    ].join(" && ");
    const child = spawn("unshare", ["--mount", "--pid", "--fork", "--kill-child", "sh", "-c", script], {
      stdio: ["ignore", "ignore", "pipe"],
    });
    const sshd = new Sshd(root, port, child, options.root !== undefined);
    await sshd.#listening();
    return sshd;
  }

  /** "SHA256:…" of its host key. */
  get fingerprint(): string {
    const shown = execFileSync("ssh-keygen", ["-lf", join(this.root, "host.pub")], { encoding: "utf8" });
    return shown.split(" ")[1] ?? "";
  }

  get hostPublicKey(): string {
    return readFileSync(join(this.root, "host.pub"), "utf8").trim();
  }

  get log(): string {
    return this.#log;
  }

  /** Ends at once, with everything that runs in it, as a machine without power. */
  async kill(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const ended = new Promise((done) => this.#child.once("close", done));
    this.#child.kill("SIGKILL");
    await ended;
  }

  /** Ends the connections; it goes on listening. */
  dropConnections(): void {
    const [listener] = childrenOf(this.#child.pid ?? 0);
    const connections = childrenOf(listener ?? 0);
    // Each is two processes, and both hold the connection.
    for (const pid of [...connections.flatMap(childrenOf), ...connections]) process.kill(pid, "SIGKILL");
  }

  /** Another host key, as after an installation. */
  changeHostKey(): void {
    for (const name of ["host", "host.pub"]) rmSync(join(this.root, name));
    makeKey(join(this.root, "host"), "ed25519");
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.kill();
    if (!this.#keep) rmSync(this.root, { recursive: true, force: true });
  }

  async #listening(): Promise<void> {
    for (let attempt = 0; attempt < 200; attempt++) {
      if (this.#child.exitCode !== null) throw new Error(`sshd ended: ${this.#log}`);
      if (await answers(this.port)) return;
      await new Promise((done) => setTimeout(done, 25));
    }
    throw new Error(`sshd does not listen: ${this.#log}`);
  }
}

/** A machine that is off: its keys and users. */
export function newMachine({ hostKeyType = "ed25519", shell = "/bin/sh" }: SshdOptions = {}): string {
  // Its /tmp hides the host's, so it cannot lie there.
  const root = mkdtempSync("/var/tmp/ingot-sshd-");
  chmodSync(root, 0o755);
  const home = join(root, "home");
  for (const folder of [home, join(home, ".ssh"), join(root, "tmp")]) mkdirSync(folder);
  makeKey(join(root, "host"), hostKeyType);
  makeKey(join(root, "user"), "ed25519");
  makeKey(join(root, "stranger"), "ed25519");
  writeFileSync(join(home, ".ssh", "authorized_keys"), readFileSync(join(root, "user.pub")));
  for (const path of [home, join(home, ".ssh"), join(home, ".ssh", "authorized_keys")]) chownSync(path, UID, UID);
  chmodSync(join(root, "tmp"), 0o1777);
  const hash = execFileSync("openssl", ["passwd", "-6", PASSWORD], { encoding: "utf8" }).trim();
  const passwd = readFileSync("/etc/passwd", "utf8");
  writeFileSync(join(root, "passwd"), `${passwd}tester:x:${UID}:${UID}::${home}:${shell}\n`);
  writeFileSync(
    join(root, "shadow"),
    `sshd:*:19000:0:99999:7:::\nroot:*:19000:0:99999:7:::\ntester:${hash}:19000:0:99999:7:::\n`,
    { mode: 0o640 },
  );
  return root;
}

export function makeKey(path: string, type: string, passphrase = ""): void {
  execFileSync("ssh-keygen", ["-q", "-t", type, "-N", passphrase, "-f", path, "-C", "test"], { stdio: "ignore" });
}

export function freePort(): Promise<number> {
  return new Promise((done) => {
    const server = createServer();
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      server.close(() => done(typeof address === "object" && address !== null ? address.port : 0));
    });
  });
}

function configText(root: string, port: number, more: readonly string[]): string {
  return [
    ...more,
    `Port ${port}`,
    "ListenAddress 127.0.0.1",
    `HostKey ${root}/host`,
    "PidFile none",
    "UsePAM no",
    "StrictModes no",
    "PasswordAuthentication yes",
    "MaxAuthTries 20",
    "MaxStartups 100",
    "MaxSessions 30",
    ...(more.some((line) => line.startsWith("Subsystem")) ? [] : ["Subsystem sftp internal-sftp"]),
    "",
  ].join("\n");
}

function childrenOf(pid: number): number[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .filter((name) => {
      try {
        return (
          readFileSync(`/proc/${name}/stat`, "utf8")
            .replace(/^.*\) /s, "")
            .split(" ")[1] === String(pid)
        );
      } catch {
        return false;
      }
    })
    .map(Number);
}

function answers(port: number): Promise<boolean> {
  return new Promise((done) => {
    const socket = connect(port, "127.0.0.1");
    socket.once("error", () => done(false));
    socket.once("data", () => {
      socket.destroy();
      done(true);
    });
  });
}

function whyNot(): string | undefined {
  if (!existsSync(SSHD)) return "there is no OpenSSH server";
  if (process.getuid?.() !== 0) return "an OpenSSH server with users of its own needs root";
  try {
    execFileSync("unshare", ["--mount", "--pid", "--fork", "true"], { stdio: "ignore" });
    return undefined;
  } catch {
    return "namespaces cannot be made here";
  }
}
