import { Failure } from "../../../sdk/failure.ts";
import type { Host } from "../../../sdk/host.ts";
import type { HostKeyTrust } from "../keys/host-key-trust.ts";
import type { SshSettings } from "../settings/ssh-settings.ts";
import { addressText } from "./dial.ts";
import { firstAnswer } from "./first-answer.ts";
import { logIn } from "./log-in.ts";
import { type Route, routeTo } from "./route.ts";
import type { SshConnection } from "./ssh-connection.ts";
import { SshFault } from "./ssh-fault.ts";

export interface WaitingForSsh {
  readonly host: Host;
  readonly settings: SshSettings;
  readonly trust: HostKeyTrust;
  readonly bastionTrust: HostKeyTrust;
  readonly warn: (text: string) => void;
  /** What the machine shows meanwhile (the end of its console), for the verdict. */
  readonly evidence?: (() => Promise<string | undefined>) | undefined;
}

/** Milliseconds after an attempt: short where nobody answers, longer where a login was refused. */
const SOON = 200;
const AFTER_REFUSAL = 2000;

/** Connects as soon as the machine lets us in. Throws a Failure that says how far it came and what answered. */
export async function waitForSsh(waiting: WaitingForSsh, signal: AbortSignal): Promise<SshConnection> {
  const { timeout } = waiting.settings;
  const limit = timeout === undefined ? undefined : AbortSignal.timeout(Math.min(timeout, LONGEST_TIMER));
  const last: { fault?: unknown } = {};
  try {
    return await untilConnected(waiting, last, limit === undefined ? signal : AbortSignal.any([signal, limit]));
  } catch (fault) {
    signal.throwIfAborted();
    if (limit?.aborted) throw await timedOut(waiting, last.fault);
    if (!(fault instanceof SshFault)) throw fault;
    throw new Failure(`Error waiting for SSH: ${fault.message}`, {
      cause: fault.cause,
      hint: fault.hint,
      permanent: fault.permanent,
    });
  }
}

const LONGEST_TIMER = 2 ** 31 - 1;

/** One attempt. */
export async function connectOnce(waiting: WaitingForSsh, signal: AbortSignal): Promise<SshConnection> {
  const route = routeTo(waiting, signal);
  try {
    return await attempt(waiting, route, signal);
  } catch (fault) {
    await route.end();
    throw fault;
  }
}

async function attempt(
  { settings, trust }: WaitingForSsh,
  route: Route,
  signal: AbortSignal,
  note: (soFar: SshFault) => void = () => {},
): Promise<SshConnection> {
  const where = addressText(settings.server);
  const stream = await firstAnswer(route.dial, where, signal, note);
  note(new SshFault("key exchange", `${where} speaks SSH, but key exchange and login have not ended`));
  const connection = await logIn({ stream, where, login: settings.server.login, trust, settings }, signal);
  connection.client.once("close", () => void route.end());
  return connection;
}

async function untilConnected(
  waiting: WaitingForSsh,
  last: { fault?: unknown },
  signal: AbortSignal,
): Promise<SshConnection> {
  const route = routeTo(waiting, signal);
  try {
    return await persistently(waiting, route, last, signal);
  } catch (fault) {
    await route.end();
    throw fault;
  }
}

async function persistently(
  waiting: WaitingForSsh,
  route: Route,
  last: { fault?: unknown },
  signal: AbortSignal,
): Promise<SshConnection> {
  const { host, settings, warn } = waiting;
  let refused = 0;
  let warned = "";
  while (true) {
    try {
      return await attempt(waiting, route, signal, (soFar) => {
        last.fault = soFar;
      });
    } catch (fault) {
      signal.throwIfAborted();
      if (!(fault instanceof SshFault) || fault.permanent) throw fault;
      last.fault = fault;
      if (fault.layer !== "authentication") {
        await host.sleep(fault.layer === "key exchange" ? AFTER_REFUSAL : SOON, signal);
        continue;
      }
      refused++;
      if (settings.attempts !== undefined && refused >= settings.attempts) throw fault;
      if (fault.message !== warned) warn(`${fault.message}. Trying again...`);
      warned = fault.message;
      await host.sleep(AFTER_REFUSAL, signal);
    }
  }
}

async function timedOut({ settings, evidence }: WaitingForSsh, fault: unknown): Promise<Failure> {
  const verdict = fault instanceof SshFault ? `${fault.message} (layer: ${fault.layer})` : undefined;
  const shown = await evidence?.().catch(() => undefined);
  const where = addressText(settings.server);
  const parts = [
    verdict ?? `${where} has not answered.`,
    fault instanceof SshFault ? fault.hint : undefined,
    `ssh_timeout is ${(settings.timeout ?? 0) / 1000} s.`,
    shown,
  ];
  return new Failure("Timeout waiting for SSH.", {
    cause: fault,
    hint: parts.filter((part) => part !== undefined).join("\n"),
  });
}
