import type { DockerEngine } from "../engine/engine.ts";
import { isMissing } from "../engine/engine-failure.ts";
import { bodyText } from "../engine/exchange.ts";
import { linesOf } from "../engine/messages.ts";
import type { Container } from "./containers.ts";

/**
 * Resolves when no commit of the container runs. The engine finishes a commit even when whoever asked for it has died;
 * a container is paused exactly as long as it is committed.
 */
export async function untilCommitted(engine: DockerEngine, container: string, signal: AbortSignal): Promise<void> {
  for (;;) {
    const paused = await pausedSince(engine, container, signal);
    if (paused === undefined) return;
    await nextEvent(engine, container, paused.since, signal);
  }
}

/** undefined: it is not paused, or there is no such container. `since`: seconds by the engine's clock. */
async function pausedSince(
  engine: DockerEngine,
  container: string,
  signal: AbortSignal,
): Promise<{ since: number | undefined } | undefined> {
  const what = `Could not inspect the container ${container}`;
  try {
    const answer = await engine.send({ what, method: "GET", path: `/containers/${container}/json` }, signal);
    const { State }: Container = JSON.parse(await bodyText(what, engine.endpoint, answer, 16 * 1024 * 1024));
    if (State.Paused !== true) return undefined;
    const date = Date.parse(answer.headers.date ?? "");
    return { since: Number.isNaN(date) ? undefined : Math.floor(date / 1000) };
  } catch (fault) {
    if (isMissing(fault)) return undefined;
    throw fault;
  }
}

async function nextEvent(
  engine: DockerEngine,
  container: string,
  since: number | undefined,
  signal: AbortSignal,
): Promise<void> {
  const what = `Could not wait for the container ${container}`;
  const event = ["unpause", "die", "died", "destroy", "remove"];
  const filters = JSON.stringify({ type: ["container"], container: [container], event });
  const events = await engine.send({ what, method: "GET", path: "/events", query: { filters, since } }, signal);
  for await (const _ of linesOf(engine, what, events)) break;
  events.destroy();
}
