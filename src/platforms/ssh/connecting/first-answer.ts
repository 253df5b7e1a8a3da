import type { Duplex } from "node:stream";
import { SshFault } from "./ssh-fault.ts";
import { untilBanner } from "./until-banner.ts";

/** Opens a connection to the server, by whatever way. */
export type Dial = (signal: AbortSignal) => Promise<Duplex>;

/** Milliseconds. The first connection is patient: a slow server may take long for its banner. */
const PATIENCE = 30_000;
/**
 * A port that is forwarded (QEMU's, a balancer's) accepts connections long before the machine behind it listens, and such
 * a connection may hang for good: others are tried beside it.
 */
const NEXT = 300;
const BRIEF = 2000;

/**
 * The first of several connections on which the server says that it speaks SSH. `note` is told how far one came, should
 * the time be up while it waits.
 */
export async function firstAnswer(
  dial: Dial,
  where: string,
  signal: AbortSignal,
  note: (soFar: SshFault) => void = () => {},
): Promise<Duplex> {
  const over = new AbortController();
  const either = AbortSignal.any([signal, over.signal]);
  const running = new Set<Promise<Outcome>>();
  const begin = (limit: number): Promise<Outcome> => {
    const attempt: Promise<Outcome> = open(dial, where, limit, note, either)
      .then((stream): Outcome => {
        // Another one was faster.
        if (over.signal.aborted) stream.destroy();
        return { stream };
      })
      .catch((fault: unknown): Outcome => ({ fault }))
      .finally(() => running.delete(attempt));
    running.add(attempt);
    return attempt;
  };
  const patient = begin(PATIENCE);
  let timer: NodeJS.Timeout | undefined;
  try {
    while (true) {
      const pause = new Promise<"next">((resolve) => {
        timer = setTimeout(() => resolve("next"), NEXT);
      });
      const outcome = await Promise.race([pause, ...running]);
      clearTimeout(timer);
      signal.throwIfAborted();
      if (outcome === "next") void begin(BRIEF);
      else if ("stream" in outcome) return outcome.stream;
      // A brief one that ends says nothing as long as the patient one waits; when that ends, it is the answer.
      else if (!running.has(patient)) throw outcome.fault;
    }
  } finally {
    clearTimeout(timer);
    over.abort(new Error("Another connection was faster"));
  }
}

type Outcome = { readonly stream: Duplex } | { readonly fault: unknown };

async function open(
  dial: Dial,
  where: string,
  limit: number,
  note: (soFar: SshFault) => void,
  signal: AbortSignal,
): Promise<Duplex> {
  const timeout = AbortSignal.timeout(limit);
  const stream = await dial(AbortSignal.any([signal, timeout]));
  // It has nobody to listen until the session does.
  stream.on("error", () => {});
  note(new SshFault("banner", `${where} accepts connections, but has sent no SSH banner`));
  try {
    await untilBanner(stream, where, limit, signal);
    return stream;
  } catch (fault) {
    stream.destroy();
    throw fault;
  }
}
