import { characterKey, type Key, namedKey } from "./keys.ts";

export type BootAction =
  | { readonly kind: "press" | "down" | "up"; readonly key: Key; readonly name: string }
  | { readonly kind: "wait"; readonly milliseconds: number }
  | { readonly kind: "waitForText"; readonly text: string | RegExp; readonly limit: number }
  | { readonly kind: "waitForScreen"; readonly quiet: number; readonly limit: number };

/** Where the author can mend it: `offset` counts characters of the text. */
export interface BootCommandFault {
  readonly offset: number;
  readonly message: string;
}

export interface BootCommand {
  readonly actions: readonly BootAction[];
  readonly faults: readonly BootCommandFault[];
}

/** How long, in milliseconds, a wait for the guest lasts when the template does not say. */
const LIMIT = 5 * 60_000;
/** How long, in milliseconds, a screen must show nothing new. */
const QUIET = 1000;

/**
 * Reads a `boot_command` whose templates are rendered. Packer's own language: characters, `<enter>`, `<f1>`,
 * `<leftShiftOn>`, `<cOff>`, `<wait>`, `<wait10>`, `<wait1m20s>`, in any case of letters; what is no such word is typed as it
 * stands. And ours, which to Packer would be text to type: `<waitForText "login:">`, `<waitForText /ready|done/ 2m>` and
 * `<waitForScreen>`, `<waitForScreen 3s 10m>` (quiet time, limit).
 */
export function parseBootCommand(text: string): BootCommand {
  const actions: BootAction[] = [];
  const faults: BootCommandFault[] = [];
  for (let at = 0; at < text.length; ) {
    const word = wordAt(text, at);
    if (word) {
      if ("fault" in word) faults.push({ offset: at, message: word.fault });
      else actions.push(word.action);
      at += word.length;
    } else {
      const character = String.fromCodePoint(text.codePointAt(at) ?? 0);
      actions.push({ kind: "press", key: characterKey(character), name: character });
      at += character.length;
    }
  }
  return { actions, faults: [...faults, ...heldAtTheEnd(actions, text.length)] };
}

type Word = { readonly length: number } & ({ readonly action: BootAction } | { readonly fault: string });

function wordAt(text: string, at: number): Word | undefined {
  if (text[at] !== "<") return undefined;
  return ownWait(text, at) ?? packerWait(text, at) ?? keyWord(text, at) ?? toggledCharacter(text, at);
}

function packerWait(text: string, at: number): Word | undefined {
  const [all, time = ""] = matchAt(/<wait((?:\d+(?:\.\d*)?(?:ns|us|µs|ms|s|m|h))+|\d*)>/iy, text, at) ?? [];
  if (all === undefined) return undefined;
  return { length: all.length, action: { kind: "wait", milliseconds: milliseconds(time === "" ? "1" : time) } };
}

function keyWord(text: string, at: number): Word | undefined {
  const [all, name = ""] = matchAt(/<([a-z]+\d{0,2}(?:on|off)?)>/iy, text, at) ?? [];
  if (all === undefined) return undefined;
  const [, base = "", state = ""] = /^(.+?)(on|off)?$/i.exec(name) ?? [];
  const whole = namedKey(name.toLowerCase());
  if (whole) return { length: all.length, action: { kind: "press", key: whole, name } };
  const key = namedKey(base.toLowerCase());
  if (!key || state === "") return undefined;
  return { length: all.length, action: { kind: state.toLowerCase() === "on" ? "down" : "up", key, name: base } };
}

/** `<aOn>`, `</Off>`: any one character held or let go. */
function toggledCharacter(text: string, at: number): Word | undefined {
  const [all, character = "", state = ""] = matchAt(/<(.)(on|off)>/iuy, text, at) ?? [];
  if (all === undefined) return undefined;
  const kind = state.toLowerCase() === "on" ? "down" : "up";
  return { length: all.length, action: { kind, key: characterKey(character), name: character } };
}

function ownWait(text: string, at: number): Word | undefined {
  const screen = matchAt(/<waitForScreen((?: +[\w.]+){0,2}) *>/y, text, at);
  if (screen) {
    const [quiet = QUIET, limit = LIMIT] = (screen[1] ?? "").split(" ").filter(Boolean).map(milliseconds);
    if (Number.isNaN(quiet) || Number.isNaN(limit)) return { length: screen[0].length, fault: NO_TIME };
    return { length: screen[0].length, action: { kind: "waitForScreen", quiet, limit } };
  }
  const quoted =
    /<waitForText +(?:"((?:[^"\\]|\\.)*)"|'((?:[^'\\]|\\.)*)'|\/((?:[^/\\]|\\.)+)\/(i?))(?: +([\w.]+))? *>/y;
  const [all, double, single, pattern, flags, time] = matchAt(quoted, text, at) ?? [];
  if (all === undefined) return undefined;
  const limit = time === undefined ? LIMIT : milliseconds(time);
  if (Number.isNaN(limit)) return { length: all.length, fault: NO_TIME };
  try {
    const wanted =
      pattern === undefined ? (double ?? single ?? "").replaceAll(/\\(.)/g, "$1") : new RegExp(pattern, `${flags}m`);
    if (wanted === "") return { length: all.length, fault: "waitForText waits for no text" };
    return { length: all.length, action: { kind: "waitForText", text: wanted, limit } };
  } catch (error) {
    return { length: all.length, fault: `This is no regular expression: ${String(error)}` };
  }
}

const NO_TIME = 'A time here is a number with its unit: "500ms", "10s", "2m"';

const units: Readonly<Record<string, number>> = {
  ns: 1e-6,
  us: 1e-3,
  µs: 1e-3,
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
};

/** A time as Go writes it; a bare number counts seconds, as Packer has it. NaN: no time. */
function milliseconds(time: string): number {
  if (/^\d+$/.test(time)) return Number(time) * 1000;
  if (!/^(?:\d+(?:\.\d*)?(?:ns|us|µs|ms|s|m|h))+$/i.test(time)) return Number.NaN;
  const parts = time.matchAll(/(\d+(?:\.\d*)?)(ns|us|µs|ms|s|m|h)/gi);
  return [...parts].reduce((sum, [, count, unit = "s"]) => sum + Number(count) * (units[unit.toLowerCase()] ?? 0), 0);
}

/** A modifier that nobody lets go would garble all that comes later. */
function heldAtTheEnd(actions: readonly BootAction[], offset: number): BootCommandFault[] {
  const held = new Map<number, string>();
  for (const action of actions) {
    if (action.kind === "down") held.set(action.key.keysym, action.name);
    if (action.kind === "up") held.delete(action.key.keysym);
  }
  return [...held.values()].map((name) => ({ offset, message: `<${name}On> is never followed by <${name}Off>` }));
}

function matchAt(pattern: RegExp, text: string, at: number): RegExpExecArray | undefined {
  pattern.lastIndex = at;
  return pattern.exec(text) ?? undefined;
}
