// Exits 0 when a Docker-compatible engine answers, 1 when not.
// --wait SECONDS: keeps asking so long. --pid PID: gives up at once when that process has ended.
import { request } from "node:http";
import { parseArgs } from "node:util";

const { values } = parseArgs({ options: { wait: { type: "string", default: "0" }, pid: { type: "string" } } });
const deadline = Date.now() + Number(values.wait) * 1000;

process.exitCode = (await answersInTime()) ? 0 : 1;

async function answersInTime(): Promise<boolean> {
  for (;;) {
    if (await answers()) return true;
    if (Date.now() >= deadline || (values.pid !== undefined && !isAlive(Number(values.pid)))) return false;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

function answers(): Promise<boolean> {
  const host = process.env.DOCKER_HOST ?? "unix:///var/run/docker.sock";
  const target = host.startsWith("unix://")
    ? { socketPath: host.slice("unix://".length) }
    : { host: new URL(host).hostname, port: new URL(host).port || "2375" };
  return new Promise((resolve) => {
    const asked = request({ ...target, path: "/_ping", timeout: 3000 }, (response) => {
      response.resume();
      resolve(response.statusCode === 200);
    });
    asked.on("timeout", () => asked.destroy());
    asked.on("error", () => resolve(false));
    asked.end();
  });
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
