import type { IncomingMessage } from "node:http";
import { Failure } from "../../../sdk/failure.ts";
import type { DockerEngine } from "../engine/engine.ts";
import { bodyText } from "../engine/exchange.ts";
import { linesOf } from "../engine/messages.ts";

interface Exec {
  readonly Running: boolean;
  readonly ExitCode: number | null;
}

interface ContainerEvent {
  readonly Action?: string;
  readonly status?: string;
  readonly Actor?: { readonly Attributes?: Readonly<Record<string, string>> };
}

/** Milliseconds that the engine may need to notice the end of a command whose output it has closed. */
const GRACE = 2_000;

/**
 * The exit code of a command whose output has ended; undefined where the container ended and took it along, or where
 * the command runs on: an engine keeps the output open as long as the command runs, so the connection was lost.
 */
export async function execEnd(
  engine: DockerEngine,
  container: string,
  id: string,
  signal: AbortSignal,
): Promise<number | undefined> {
  const what = `Could not learn how a command in the container ${container} ended`;
  const answer = await engine.send({ what, method: "GET", path: `/exec/${id}/json` }, signal);
  const exec = parse<Exec>(what, await bodyText(what, engine.endpoint, answer, 1024 * 1024));
  if (!exec.Running) return exec.ExitCode ?? undefined;

  // The engine's clock, not ours, says since when its events matter.
  const date = Date.parse(answer.headers.date ?? "");
  const since = Number.isNaN(date) ? undefined : Math.floor(date / 1000) - 1;
  const filters = JSON.stringify({
    type: ["container"],
    container: [container],
    event: ["exec_die", "exec_died", "die", "died"],
  });
  const limit = AbortSignal.timeout(GRACE);
  const query = { filters, since };
  const limited = AbortSignal.any([signal, limit]);
  let events: IncomingMessage | undefined;
  try {
    events = await engine.send({ what, method: "GET", path: "/events", query }, limited);
    for await (const line of linesOf(engine, what, events)) {
      const event = parse<ContainerEvent>(what, line);
      const action = event.Action ?? event.status;
      if (action === "die" || action === "died") return undefined;
      const attributes = event.Actor?.Attributes;
      if (attributes?.execID === id) return Number(attributes.exitCode);
    }
  } catch (fault) {
    if (!limit.aborted) throw fault;
  } finally {
    events?.destroy();
  }
  signal.throwIfAborted();
  return undefined;
}

function parse<T>(what: string, text: string): T {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new Failure(`${what}: the Docker engine's answer is no JSON`, { cause });
  }
}
