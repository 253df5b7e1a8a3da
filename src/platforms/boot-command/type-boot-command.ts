import { Failure, TimedOut } from "../../sdk/failure.ts";
import type { Host } from "../../sdk/host.ts";
import { bytesOf, type KeyStroke, strokesOf } from "./key-strokes.ts";
import type { BootAction } from "./parse-boot-command.ts";
import type { Pauses } from "./pauses.ts";

/** What a boot command is typed at. */
export interface TypingTarget {
  send(stroke: KeyStroke): Promise<void>;
  /** The guest has taken what was sent, as far as can be seen; ends after a short while in any case. */
  taken(signal: AbortSignal): Promise<void>;
  /** The console has shown the text since the last such wait. Where missing, there is no console. */
  waitForText?(text: string | RegExp, signal: AbortSignal): Promise<void>;
  waitForScreen?(quiet: number, signal: AbortSignal): Promise<void>;
}

/** The buffer of a PC keyboard holds 16 bytes; what comes when it is full is lost. */
const BUFFER = 16;

/**
 * Types in the order of the text. Where the template sets no pause, the guest sets the pace: never is more sent than a
 * keyboard's buffer holds before the guest has taken it. Keys that are still held are let go at the end, also after a fault.
 */
export async function typeBootCommand(
  groups: readonly (readonly BootAction[])[],
  target: TypingTarget,
  pauses: Pauses,
  host: Pick<Host, "sleep">,
  signal: AbortSignal,
): Promise<void> {
  const held = new Map<number, KeyStroke>();
  let pending = 0;
  const taken = async (): Promise<void> => {
    if (pending > 0) await target.taken(signal);
    pending = 0;
  };
  const send = async (stroke: KeyStroke): Promise<void> => {
    signal.throwIfAborted();
    await target.send(stroke);
    if (stroke.down) held.set(stroke.key.keysym, stroke);
    else held.delete(stroke.key.keysym);
    if (pauses.key !== undefined) await host.sleep(pauses.key, signal);
  };
  /** All of a press fits, or it waits: no key is down while the guest is waited for. */
  const sendAll = async (strokes: readonly KeyStroke[]): Promise<void> => {
    const bytes = strokes.reduce((sum, stroke) => sum + bytesOf(stroke), 0);
    if (pauses.key === undefined && pending + bytes > BUFFER) await taken();
    pending += bytes;
    for (const stroke of strokes) await send(stroke);
  };
  const act = async (action: BootAction): Promise<void> => {
    switch (action.kind) {
      case "press":
        return await sendAll(strokesOf(action.key, shiftIsHeld(held)));
      case "down":
      case "up":
        return await sendAll([{ key: action.key, down: action.kind === "down" }]);
      case "wait":
        pending = 0;
        return await host.sleep(action.milliseconds, signal);
      case "waitForText":
      case "waitForScreen":
        pending = 0;
        return await waitForGuest(action, target, signal);
    }
  };
  try {
    for (const group of groups) {
      for (const action of group) await act(action);
      if (pauses.group > 0) await host.sleep(pauses.group, signal);
    }
    if (pauses.key === undefined) await taken();
  } finally {
    for (const { key } of held.values()) await target.send({ key, down: false }).catch(() => {});
  }
}

const SHIFTS: readonly number[] = [0xffe1, 0xffe2];

function shiftIsHeld(held: ReadonlyMap<number, KeyStroke>): boolean {
  return SHIFTS.some((shift) => held.has(shift));
}

async function waitForGuest(
  action: Extract<BootAction, { readonly kind: "waitForText" | "waitForScreen" }>,
  target: TypingTarget,
  signal: AbortSignal,
): Promise<void> {
  const limit = AbortSignal.timeout(action.limit);
  const both = AbortSignal.any([signal, limit]);
  const what = action.kind === "waitForText" ? `the text ${shown(action.text)} on the console` : "the screen to settle";
  const wait =
    action.kind === "waitForText"
      ? target.waitForText?.(action.text, both)
      : target.waitForScreen?.(action.quiet, both);
  if (!wait) throw new Failure(`The boot command waits for ${what}, which this machine does not have`);
  await wait.catch((fault: unknown) => {
    signal.throwIfAborted();
    throw limit.aborted ? new TimedOut(`Waiting for ${what}`, action.limit) : fault;
  });
}

function shown(text: string | RegExp): string {
  return typeof text === "string" ? JSON.stringify(text) : String(text);
}
