import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { hostname, uptime } from "node:os";

/** Which machine, which start of it, and which process of it this is. */
export interface Identity {
  /** Stays the same over reboots; no two machines or containers have the same. */
  readonly hostId: string;
  /** As people call it. */
  readonly hostName: string;
  /** Another one after every start of the machine. */
  readonly bootId: string;
  readonly pid: number;
}

/** Of the process that asks. The same on every call. */
export function identity(): Promise<Identity> {
  known ??= learn();
  return known;
}

let known: Promise<Identity> | undefined;

async function learn(): Promise<Identity> {
  const hostName = hostname();
  const machine = await machineId();
  // Containers of one image may share its machine id, and a laptop changes its name with the network it is on: so the
  // name counts only where the id alone does not say enough.
  const inContainer = existsSync("/.dockerenv") || existsSync("/run/.containerenv");
  const parts = machine === undefined || inContainer ? [machine ?? "", hostName] : [machine];
  const hostId = createHash("sha256")
    .update(`ingot\n${parts.join("\n")}`)
    .digest("hex")
    .slice(0, 16);
  return { hostId, hostName, bootId: await bootId(), pid: process.pid };
}

/** The system's own id of this machine. Hashed before it is used: systemd asks for it to stay on the machine. */
async function machineId(): Promise<string | undefined> {
  if (process.platform === "darwin") return match(await answerOf("/usr/sbin/sysctl", ["-n", "kern.uuid"]), /^(\S+)/);
  if (process.platform === "win32") {
    const key = "HKLM\\SOFTWARE\\Microsoft\\Cryptography";
    return match(await answerOf("reg.exe", ["query", key, "/v", "MachineGuid"]), /REG_SZ\s+(\S+)/);
  }
  for (const path of ["/etc/machine-id", "/var/lib/dbus/machine-id", "/etc/hostid"]) {
    const id = match(await readFile(path, "utf8").catch(() => ""), /^([0-9a-f-]{8,})\s*$/);
    if (id !== undefined) return id;
  }
  return undefined;
}

async function bootId(): Promise<string> {
  const linux = await readFile("/proc/sys/kernel/random/boot_id", "utf8").catch(() => "");
  if (linux !== "") return linux.trim();
  return `started-${Math.round((Date.now() / 1000 - uptime()) / 60)}`;
}

function match(text: string, pattern: RegExp): string | undefined {
  return pattern.exec(text)?.[1];
}

function answerOf(command: string, args: readonly string[]): Promise<string> {
  return new Promise((resolve) => {
    execFile(command, args, { timeout: 5000, windowsHide: true }, (error, stdout) => resolve(error ? "" : stdout));
  });
}
