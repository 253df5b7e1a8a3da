import { execFileSync, spawn } from "node:child_process";
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { connect, createServer, type Server, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Disconnected } from "../../src/sdk/communicator.ts";
import { Failure } from "../../src/sdk/failure.ts";
import { machineOf, output } from "../support/ssh-machine.ts";
import { freePort, makeKey, newMachine, noSshd, PASSWORD, Sshd } from "../support/sshd.ts";

const never = new AbortController().signal;

describe.skipIf(noSshd !== undefined)(`connecting by SSH${noSshd ? ` (skipped: ${noSshd})` : ""}`, () => {
  let sshd: Sshd;
  let folder: string;
  beforeAll(async () => {
    sshd = await Sshd.start();
    folder = mkdtempSync(join(tmpdir(), "ingot-ssh-"));
  });
  afterAll(async () => {
    rmSync(folder, { recursive: true, force: true });
    await sshd?.[Symbol.asyncDispose]();
  });

  /** Who the machine says that we are. */
  async function login(...[server, options, more]: Parameters<typeof machineOf>): Promise<string> {
    const machine = await machineOf(server, options, more);
    const communicator = await machine.connect(never);
    try {
      return (await output(communicator, "id -un")).trim();
    } finally {
      await communicator.close();
    }
  }

  async function failureOf(...[server, options, more]: Parameters<typeof machineOf>): Promise<Failure> {
    const machine = await machineOf(server, options, more);
    try {
      await (await machine.connect(never)).close();
    } catch (fault) {
      if (fault instanceof Failure) return fault;
      throw fault;
    }
    throw new Error("It did connect");
  }

  describe("logging in", () => {
    test.each(["ed25519", "rsa", "ecdsa"])(
      "works with a key of the type %s, in OpenSSH's form and in PEM",
      async (type) => {
        await using other = await Sshd.start();
        for (const format of ["RFC4716", "PEM", "PKCS8"]) {
          // ssh-keygen writes Ed25519 only in its own form.
          if (type === "ed25519" && format !== "RFC4716") continue;
          const key = join(folder, `${type}-${format}`);
          execFileSync("ssh-keygen", ["-q", "-t", type, "-N", "", "-m", format, "-f", key]);
          writeFileSync(join(other.root, "home", ".ssh", "authorized_keys"), readFileSync(`${key}.pub`));
          expect(await login(other, { ssh_private_key_file: key })).toBe("tester");
        }
      },
    );

    test("works with an Ed25519 key in PKCS#8", async () => {
      await using other = await Sshd.start();
      const key = join(folder, "pkcs8");
      execFileSync("openssl", ["genpkey", "-algorithm", "ed25519", "-out", key]);
      const { parsePrivateKey } = await import("../../src/platforms/ssh/keys/private-key.ts");
      const { parsed } = parsePrivateKey(readFileSync(key, "utf8"), key);
      const line = `${parsed.type} ${parsed.getPublicSSH().toString("base64")}\n`;
      writeFileSync(join(other.root, "home", ".ssh", "authorized_keys"), line);
      expect(await login(other, { ssh_private_key_file: key })).toBe("tester");
    });

    test("works with a password", async () => {
      expect(await login(sshd, { ssh_password: PASSWORD })).toBe("tester");
    });

    test("works with an agent, whose keys are offered in turn", async () => {
      await using agent = await startAgent(folder, [sshd.strangerKey, sshd.key]);
      const environment = { SSH_AUTH_SOCK: agent.socket };
      expect(await login(sshd, { ssh_agent_auth: true }, { environment })).toBe("tester");
    });

    test("lends the agent to commands, unless the template says no", async () => {
      await using agent = await startAgent(folder, [sshd.strangerKey]);
      const environment = { SSH_AUTH_SOCK: agent.socket };
      const listed = async (options: Record<string, boolean>) => {
        const communicator = await (await machineOf(sshd, options, { environment })).connect(never);
        const said = await output(communicator, "ssh-add -l 2>&1");
        await communicator.close();
        return said;
      };
      expect(await listed({})).toContain("ED25519");
      expect(await listed({ ssh_disable_agent_forwarding: true })).not.toContain("ED25519");
    });

    test("works where the server forbids to lend the agent", async () => {
      await using agent = await startAgent(folder, [sshd.strangerKey]);
      await using strict = await Sshd.start({ config: ["AllowAgentForwarding no"] });
      expect(await login(strict, {}, { environment: { SSH_AUTH_SOCK: agent.socket } })).toBe("tester");
    });

    test.each(["ed25519", "rsa", "ecdsa"])("works with a certificate for a key of the type %s", async (type) => {
      // The machine's /tmp is its own.
      const root = newMachine();
      const authority = join(root, "authority");
      const key = join(folder, `certified-${type}`);
      makeKey(authority, "ed25519");
      makeKey(key, type);
      execFileSync("ssh-keygen", ["-q", "-s", authority, "-I", "test", "-n", "tester", `${key}.pub`]);
      await using trusting = await Sshd.start({ root, config: [`TrustedUserCAKeys ${authority}.pub`] });
      const certificate = { ssh_private_key_file: key, ssh_certificate_file: `${key}-cert.pub` };
      expect(await login(trusting, certificate)).toBe("tester");
      const fault = await failureOf(trusting, { ssh_private_key_file: key, ssh_handshake_attempts: 1 });
      expect(fault.message).toContain("refused to log in tester");
      rmSync(root, { recursive: true, force: true });
    });

    test("refuses a key with a passphrase, and says what to do", async () => {
      const key = join(folder, "encrypted");
      makeKey(key, "ed25519", "secret");
      await expect(machineOf(sshd, { ssh_private_key_file: key })).rejects.toThrow(
        "ssh_private_key_file is invalid: the private key is protected by a passphrase",
      );
    });

    test.each([
      ["key", { key: "stranger" }, /private key .*stranger \(ssh-ed25519 SHA256:[\w+/]{43}\)/],
      ["password", { ssh_password: "wrong" }, /tried: password.*It takes: publickey, password/s],
      ["user", { ssh_username: "nobody-here" }, /refused to log in nobody-here/],
    ])("says what was tried when the %s is wrong", async (_what, options, expected) => {
      const chosen = "key" in options ? { ssh_private_key_file: sshd.strangerKey } : options;
      const fault = await failureOf(sshd, { ...chosen, ssh_handshake_attempts: 1 });
      expect(fault.message).toMatch(/^Error waiting for SSH: 127\.0\.0\.1:\d+ refused to log in/);
      expect(fault.message).toMatch(expected);
    });
  });

  describe("host keys", () => {
    test("are trusted at first sight, with one warning that shows the fingerprint", async () => {
      const machine = await machineOf(sshd);
      for (let time = 0; time < 2; time++) await (await machine.connect(never)).close();
      expect(machine.warned).toEqual([expect.stringContaining(sshd.fingerprint)]);
      expect(machine.said).toEqual([
        "Using SSH communicator to connect: 127.0.0.1",
        "Waiting for SSH to become available...",
        "Connected to SSH!",
        "Using SSH communicator to connect: 127.0.0.1",
        "Waiting for SSH to become available...",
        "Connected to SSH!",
      ]);
    });

    test("that are pinned are trusted without a word, other ones refused", async () => {
      const pinned = await machineOf(sshd, { ssh_host_key_fingerprint: sshd.fingerprint });
      await (await pinned.connect(never)).close();
      expect(pinned.warned).toEqual([]);
      const fault = await failureOf(sshd, { ssh_host_key_fingerprint: `SHA256:${"A".repeat(43)}` });
      expect(fault.message).toContain("cannot be trusted");
      expect(fault.message).toContain(sshd.fingerprint);
    });

    test("that a builder learned are trusted without a word, whatever else the server could show", async () => {
      const machine = await machineOf(sshd);
      machine.hostKey.pin(sshd.hostPublicKey);
      await (await machine.connect(never)).close();
      expect(machine.warned).toEqual([]);
    });

    test("are looked up in a known_hosts file, with plain and hashed names", async () => {
      const file = join(folder, "known_hosts");
      writeFileSync(file, `# mine\n[127.0.0.1]:${sshd.port} ${sshd.hostPublicKey}\n`);
      expect(await login(sshd, { ssh_known_hosts_file: file })).toBe("tester");
      execFileSync("ssh-keygen", ["-q", "-H", "-f", file], { stdio: "ignore" });
      expect(await login(sshd, { ssh_known_hosts_file: file })).toBe("tester");
      writeFileSync(file, "other.example ssh-ed25519 AAAA\n");
      expect((await failureOf(sshd, { ssh_known_hosts_file: file })).message).toContain(
        "is not in the known hosts file",
      );
    });

    test("that change are refused, and noted where a restart was announced", async () => {
      const root = newMachine();
      const port = await freePort();
      const first = await Sshd.start({ root, port });
      const machine = await machineOf(first);
      await (await machine.connect(never)).close();
      await first.kill();
      first.changeHostKey();
      await using second = await Sshd.start({ root, port });
      await expect(machine.connect(never)).rejects.toThrow("its key has changed during the build");
      machine.hostKey.expectChange();
      await (await machine.connect(never)).close();
      expect(machine.warned.at(-1)).toContain(`changed with the restart, as expected: it is ${second.fingerprint}`);
      rmSync(root, { recursive: true, force: true });
    });
  });

  describe("waiting", () => {
    test("ends when the port answers, which it does not yet when the wait begins", async () => {
      const root = newMachine();
      const port = await freePort();
      const machine = await machineOf({ port, user: "tester", key: join(root, "user") });
      const connecting = machine.connect(never);
      await new Promise((done) => setTimeout(done, 700));
      await using late = await Sshd.start({ root, port });
      const communicator = await connecting;
      expect(await output(communicator, "echo here")).toBe("here\n");
      await communicator.close();
      await late.kill();
      rmSync(root, { recursive: true, force: true });
    });

    test("is not fooled by a forwarded port that accepts connections before the machine listens", async () => {
      let open = false;
      const port = await freePort();
      const forwarder = createServer((socket) => {
        socket.on("error", () => {});
        // What came too early hangs for good, as with QEMU's user network.
        if (!open) return;
        spawnPipe(socket, sshd.port);
      });
      await new Promise<void>((done) => forwarder.listen(port, "127.0.0.1", done));
      const machine = await machineOf({ ...server(sshd), port });
      const connecting = machine.connect(never);
      setTimeout(() => {
        open = true;
      }, 600);
      await (await connecting).close();
      forwarder.close();
    });

    test("says that nothing listens", async () => {
      const port = await freePort();
      const fault = await failureOf({ ...server(sshd), port }, { ssh_timeout: "400ms" });
      expect(fault.message).toBe("Timeout waiting for SSH.");
      expect(fault.hint).toContain(`127.0.0.1:${port} refuses connections: nothing listens on that port (layer: TCP)`);
    });

    test("says that a name is not known", async () => {
      const fault = await failureOf(sshd, { ssh_host: "no-such-host.invalid", ssh_timeout: "400ms" });
      expect(fault.hint).toContain("(layer: name)");
    });

    test("says that a port accepts connections, but never sends a banner, with what the machine shows", async () => {
      const silent = await listening((socket) => void socket.on("error", () => {}));
      const evidence = async () => "The console ends with: kernel panic";
      const fault = await failureOf({ ...server(sshd), port: silent.port }, { ssh_timeout: "1s" }, { evidence });
      expect(fault.hint).toContain("accepts connections, but has sent no SSH banner");
      expect(fault.hint).toContain("kernel panic");
      silent.server.close();
    });

    test("says what else answered", async () => {
      const web = await listening((socket) => void socket.end("HTTP/1.1 400 Bad Request\r\n\r\n"));
      const fault = await failureOf({ ...server(sshd), port: web.port }, { ssh_timeout: "400ms" });
      expect(fault.hint).toContain('does not speak SSH: it said "HTTP/1.1 400 Bad Request"');
      web.server.close();
    });

    test("says that there is no common algorithm, and which the server has", async () => {
      await using odd = await Sshd.start({ config: ["Ciphers aes256-cbc"] });
      const fault = await failureOf(odd);
      expect(fault.message).toMatch(/no C->S cipher in common.*\(remote\) C->S cipher: aes256-cbc/);
      expect(await login(odd, { ssh_ciphers: ["aes256-cbc"] })).toBe("tester");
    });

    test("refuses an algorithm that nobody knows", async () => {
      const fault = await failureOf(sshd, { ssh_key_exchange_algorithms: ["rot13"] });
      expect(fault.message).toContain("The algorithm rot13 is not supported");
    });

    test("works with a server of old algorithms", async () => {
      await using old = await Sshd.start({
        hostKeyType: "rsa",
        config: [
          "KexAlgorithms diffie-hellman-group14-sha1",
          "HostKeyAlgorithms ssh-rsa",
          "PubkeyAcceptedAlgorithms +ssh-rsa",
          "Ciphers aes128-ctr",
          "MACs hmac-sha1",
        ],
      });
      expect(await login(old)).toBe("tester");
    });

    test("ends when the build is cancelled", async () => {
      const port = await freePort();
      const controller = new AbortController();
      const connecting = (await machineOf({ ...server(sshd), port })).connect(controller.signal);
      setTimeout(() => controller.abort(new Error("enough")), 200);
      await expect(connecting).rejects.toThrow("enough");
    });
  });

  describe("roundabout ways", () => {
    test("lead through a bastion", async () => {
      await using bastion = await Sshd.start();
      const way = bastionOptions(bastion);
      expect(await login(sshd, way)).toBe("tester");
      const machine = await machineOf(sshd, { ...way, ssh_bastion_host_key_fingerprint: bastion.fingerprint });
      await (await machine.connect(never)).close();
      expect(machine.warned).toEqual([expect.stringContaining(sshd.fingerprint)]);
    });

    test("lead through a bastion to a machine that is not there yet", async () => {
      await using bastion = await Sshd.start();
      const port = await freePort();
      const fault = await failureOf({ ...server(sshd), port }, { ...bastionOptions(bastion), ssh_timeout: "1s" });
      expect(fault.hint).toContain(`The bastion cannot connect to 127.0.0.1:${port}`);
      expect(bastion.log.match(/Accepted/g)).toHaveLength(1);
    });

    test("end at a bastion that does not let us in", async () => {
      await using bastion = await Sshd.start();
      const fault = await failureOf(sshd, {
        ...bastionOptions(bastion),
        ssh_bastion_private_key_file: bastion.strangerKey,
      });
      expect(fault.message).toContain(`The bastion 127.0.0.1:${bastion.port} refused to log in tester`);
    });

    test("lead through a SOCKS5 proxy, with and without a password", async () => {
      for (const password of [undefined, "pass"]) {
        await using proxy = await socksProxy(password);
        const way = { ssh_proxy_host: "127.0.0.1", ssh_proxy_port: proxy.port };
        const user = password === undefined ? {} : { ssh_proxy_username: "me", ssh_proxy_password: password };
        expect(await login(sshd, { ...way, ...user })).toBe("tester");
        expect(proxy.asked()).toBeGreaterThan(0);
      }
    });

    test("end at a proxy that wants another password", async () => {
      await using proxy = await socksProxy("pass");
      const way = { ssh_proxy_host: "127.0.0.1", ssh_proxy_port: proxy.port };
      const fault = await failureOf(sshd, { ...way, ssh_proxy_username: "me", ssh_proxy_password: "no" });
      expect(fault.message).toContain("does not let us in: it refused the user or the password");
    });

    test("lead through an HTTP proxy", async () => {
      const proxy = await listening((socket) => {
        socket.on("error", () => {});
        socket.once("data", (head) => {
          const [, port] = /CONNECT 127\.0\.0\.1:(\d+)/.exec(head.toString()) ?? [];
          socket.write("HTTP/1.1 200 Connection established\r\n\r\n");
          spawnPipe(socket, Number(port));
        });
      });
      const way = { ssh_proxy_host: "127.0.0.1", ssh_proxy_port: proxy.port, ssh_proxy_type: "http" };
      expect(await login(sshd, way)).toBe("tester");
      proxy.server.close();
    });

    test("lead from a port here into the machine, and from a port there to here", async () => {
      const echo = await listening((socket) => void socket.pipe(socket));
      const [here, there] = [await freePort(), await freePort()];
      const tunnels = {
        ssh_local_tunnels: [`${here}:127.0.0.1:${echo.port}`],
        ssh_remote_tunnels: [`${there}:127.0.0.1:${here}`],
      };
      const communicator = await (await machineOf(sshd, tunnels)).connect(never);
      const line = `exec 3<>/dev/tcp/127.0.0.1/${there}; echo round >&3; read answer <&3; echo $answer`;
      expect(await output(communicator, `bash -c '${line}'`)).toBe("round\n");
      await communicator.close();
      echo.server.close();
    });
  });

  describe("a connection", () => {
    test("that is cut in the middle of a command is never a success", async () => {
      await using own = await Sshd.start();
      const communicator = await (await machineOf(own)).connect(never);
      const running = communicator.run({ line: "sleep 60" }, never);
      const lost = expect(running).rejects.toBeInstanceOf(Disconnected);
      await new Promise((done) => setTimeout(done, 200));
      own.dropConnections();
      await lost;
      // What begins afterwards gets a new one.
      expect(await output(communicator, "echo again")).toBe("again\n");
      await communicator.upload(Buffer.from("x"), "/tmp/after", {}, never);
      await communicator.close();
    });

    test("can be had again after the machine restarted", async () => {
      const root = newMachine();
      const port = await freePort();
      const first = await Sshd.start({ root, port });
      const machine = await machineOf(first);
      const before = await machine.connect(never);
      await first.kill();
      await before.close();
      const connecting = machine.connect(never);
      await using _second = await Sshd.start({ root, port });
      const after = await connecting;
      expect(await output(after, "echo back")).toBe("back\n");
      expect(machine.warned).toHaveLength(1);
      await after.close();
      rmSync(root, { recursive: true, force: true });
    });

    test("that is silent for longer than the template allows ends", async () => {
      const options = { ssh_read_write_timeout: "300ms", ssh_keep_alive_interval: "-1s" };
      const communicator = await (await machineOf(sshd, options)).connect(never);
      await expect(communicator.run({ line: "sleep 5" }, never)).rejects.toBeInstanceOf(Disconnected);
      await communicator.close();
    });

    test("that is kept alive is not silent", async () => {
      const options = { ssh_read_write_timeout: "500ms", ssh_keep_alive_interval: "100ms" };
      const communicator = await (await machineOf(sshd, options)).connect(never);
      expect((await communicator.run({ line: "sleep 1; exit 4" }, never)).exitCode).toBe(4);
      await communicator.close();
    });

    test("gives commands a terminal where the template asks for it, one that has no input", async () => {
      const communicator = await (await machineOf(sshd, { ssh_pty: true })).connect(never);
      expect(await output(communicator, "test -t 0 && test -t 1 && stty size; cat; echo end")).toBe("40 80\r\nend\r\n");
      await communicator.close();
    });

    test("tells a command that a signal ended by the exit code of shells", async () => {
      const communicator = await (await machineOf(sshd)).connect(never);
      expect((await communicator.run({ line: "kill -KILL $$" }, never)).exitCode).toBe(137);
      await communicator.close();
    });

    test("ends a cancelled command in the machine, too", async () => {
      const communicator = await (await machineOf(sshd)).connect(never);
      const controller = new AbortController();
      const running = communicator.run({ line: "trap '' TERM; sleep 4321; sleep 4321" }, controller.signal);
      setTimeout(() => controller.abort(new Error("enough")), 200);
      await expect(running).rejects.toThrow("enough");
      expect(await output(communicator, "pgrep -f 'sleep [4]321' || echo none")).toBe("none\n");
      await communicator.close();
    });
  });
});

function server({ user, key }: Sshd): { user: string; key: string } {
  return { user, key };
}

function bastionOptions(bastion: Sshd): Record<string, string | number> {
  const copy = join(bastion.root, "copied");
  copyFileSync(bastion.key, copy);
  return {
    ssh_bastion_host: "127.0.0.1",
    ssh_bastion_port: bastion.port,
    ssh_bastion_username: "tester",
    ssh_bastion_private_key_file: copy,
  };
}

async function startAgent(folder: string, keys: readonly string[]): Promise<AsyncDisposable & { socket: string }> {
  const socket = join(folder, `agent-${Math.random().toString(36).slice(2)}`);
  const child = spawn("ssh-agent", ["-D", "-a", socket], { stdio: ["ignore", "pipe", "ignore"] });
  await new Promise((done) => child.stdout.once("data", done));
  const environment = { ...process.env, SSH_AUTH_SOCK: socket };
  for (const key of keys) execFileSync("ssh-add", ["-q", key], { env: environment, stdio: "ignore" });
  return {
    socket,
    async [Symbol.asyncDispose]() {
      const ended = new Promise((done) => child.once("close", done));
      child.kill();
      await ended;
    },
  };
}

async function listening(onConnection: (socket: Socket) => void): Promise<{ server: Server; port: number }> {
  const port = await freePort();
  const listener = createServer(onConnection);
  await new Promise<void>((done) => listener.listen(port, "127.0.0.1", done));
  return { server: listener, port };
}

function spawnPipe(socket: Socket, port: number): void {
  const onward = connect(port, "127.0.0.1");
  onward.on("error", () => socket.destroy());
  socket.on("error", () => onward.destroy());
  socket.pipe(onward).pipe(socket);
}

/** A SOCKS5 proxy for one kind of request: CONNECT to an IPv4 address. */
async function socksProxy(password: string | undefined): Promise<AsyncDisposable & { port: number; asked(): number }> {
  let asked = 0;
  const { server: listener, port } = await listening((socket) => {
    socket.on("error", () => {});
    let stage = password === undefined ? "request" : "login";
    socket.once("data", () => {
      socket.write(Buffer.from([5, password === undefined ? 0 : 2]));
      socket.on("data", function next(bytes: Buffer) {
        if (stage === "login") {
          const right = bytes.subarray(3 + (bytes[1] ?? 0)).toString() === password;
          socket.write(Buffer.from([1, right ? 0 : 1]));
          stage = "request";
          return;
        }
        asked++;
        socket.off("data", next);
        socket.write(Buffer.from([5, 0, 0, 1, 0, 0, 0, 0, 0, 0]));
        spawnPipe(socket, bytes.readUInt16BE(8));
      });
    });
  });
  return {
    port,
    asked: () => asked,
    async [Symbol.asyncDispose]() {
      listener.close();
    },
  };
}
