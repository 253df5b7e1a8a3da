import { readdirSync, readFileSync } from "node:fs";
import { localHost } from "../../../sdk/local-host/local-host.ts";
import { startPlugin } from "../plugin-process.ts";

/** Hosts a plugin, prints the plugin's process id, and waits to be killed. */
const packer = process.argv[2] ?? "packer";
await startPlugin(
  localHost(),
  { label: "plugin", argv: [packer, "plugin", "packer-builder-null"], withoutMinor: true },
  new AbortController().signal,
);
const child = readdirSync("/proc")
  .filter((name) => /^\d+$/.test(name))
  .find((pid) => parentOf(pid) === process.pid);
process.stdout.write(`${child}\n`);
setInterval(() => {}, 60_000);

function parentOf(pid: string): number {
  try {
    return Number(/^PPid:\s*(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1]);
  } catch {
    return 0;
  }
}
