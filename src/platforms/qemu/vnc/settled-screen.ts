import type { Host } from "../../../sdk/host.ts";
import { fingerprint, type Screen } from "./screen.ts";
import type { Vnc } from "./vnc-client.ts";

export interface SettleOptions {
  /** How long, in milliseconds, the screen must show the same. */
  readonly quiet: number;
  /**
   * A blinking cursor makes a text screen alternate: where it shows only pictures that it has shown within twice the
   * quiet time, it counts as the same. Default true.
   */
  readonly ignoreBlinking?: boolean;
}

/** How often, in milliseconds, the screen is looked at. */
const LOOK = 100;

/** Waits until the screen has shown nothing new for the quiet time, and gives what it shows. Ends only with the signal. */
export async function settledScreen(
  vnc: Vnc,
  host: Pick<Host, "now" | "sleep">,
  signal: AbortSignal,
  { quiet, ignoreBlinking = true }: SettleOptions,
): Promise<Screen> {
  let seen = new Map<string, number>();
  let last = "";
  let since = host.now().getTime();
  for (;;) {
    const screen = await vnc.screen(signal);
    const now = host.now().getTime();
    const print = fingerprint(screen);
    const known = ignoreBlinking ? seen.has(print) : print === last;
    if (!known) since = now;
    seen.set(print, now);
    seen = new Map([...seen].filter(([, at]) => now - at <= 2 * quiet));
    last = print;
    if (now - since >= quiet) return screen;
    await host.sleep(Math.min(LOOK, quiet), signal);
  }
}
