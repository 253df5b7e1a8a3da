import type { DockerEngine } from "../engine/engine.ts";
import { readOutput } from "../exec/exec-stream.ts";
import { inspectContainer } from "./containers.ts";

/** The last lines that the container's own process wrote; empty where there are none or the engine keeps none. */
export async function lastOutput(engine: DockerEngine, container: string, signal: AbortSignal): Promise<string> {
  const chunks: Buffer[] = [];
  const keep = (chunk: Buffer) => void chunks.push(chunk);
  try {
    const tty = (await inspectContainer(engine, container, signal))?.Config.Tty === true;
    const what = `Could not read the output of the container ${container}`;
    const query = { stdout: true, stderr: true, tail: 5 };
    const logs = await engine.send({ what, method: "GET", path: `/containers/${container}/logs`, query }, signal);
    await readOutput(logs, { tty, onStdout: keep, onStderr: keep });
  } catch {
    // It is told only to explain another fault.
    signal.throwIfAborted();
  }
  return Buffer.concat(chunks).toString("utf8").trim();
}
