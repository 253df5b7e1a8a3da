import { Cancelled } from "../../sdk/failure.ts";

/** The two ends that a person (or a CI system) can put to a run. */
export interface StopSignals {
  /** Aborts at the first SIGINT, SIGTERM or SIGHUP; the reason is a Cancelled with the signal's name in words ("interrupt"). */
  readonly orderly: AbortSignal;
  /** Aborts at the second: the undo ends too. */
  readonly now: AbortSignal;
  /** Gives the signals back to the system. */
  release(): void;
}

const WORDS: Readonly<Record<string, string>> = {
  SIGINT: "interrupt",
  SIGTERM: "terminated",
  SIGHUP: "hangup",
  SIGBREAK: "interrupt",
};

export function listenForStop(): StopSignals {
  const orderly = new AbortController();
  const now = new AbortController();
  const onSignal = (signal: NodeJS.Signals) => {
    const word = WORDS[signal] ?? signal;
    if (!orderly.signal.aborted) orderly.abort(new Cancelled(word));
    else now.abort(new Cancelled(word));
  };
  // Windows has no SIGTERM or SIGHUP of its own; Ctrl-Break is its second interrupt.
  const names: NodeJS.Signals[] =
    process.platform === "win32" ? ["SIGINT", "SIGBREAK", "SIGHUP"] : ["SIGINT", "SIGTERM", "SIGHUP"];
  for (const name of names) process.on(name, onSignal);
  return {
    orderly: orderly.signal,
    now: now.signal,
    release() {
      for (const name of names) process.off(name, onSignal);
    },
  };
}
