import { Disconnected } from "../sdk/communicator.ts";
import type { FailureText } from "../sdk/events.ts";
import { Cancelled, Failure } from "../sdk/failure.ts";
import { tellsItsCause } from "../sdk/local-host/system-failure.ts";

/** The step in which a fault came up first, by fault: added on the way up, so that the fault itself stays what it was. */
const titles = new WeakMap<object, string>();

/** Says a fault as events and results carry it. The one place where something thrown becomes text. */
export function failureText(fault: unknown): FailureText {
  const title = isObject(fault) ? titles.get(fault) : undefined;
  const own = messageOf(fault);
  const message = title === undefined || own.startsWith(title) ? own : `${title}: ${own}`;
  const causes = causesOf(fault, own);
  const hint = fault instanceof Failure ? fault.hint : undefined;
  const bug = isBug(fault) ? stackOf(fault) : undefined;
  return {
    message,
    ...(hint !== undefined && { hint }),
    ...(causes.length > 0 && { causes }),
    ...(bug !== undefined && { bug }),
  };
}

/** Remembers in which step a fault came up; the innermost step stays. */
export function addStepTitle(fault: unknown, title: string): void {
  if (isObject(fault) && !titles.has(fault)) titles.set(fault, title);
}

/** Neither the world nor the user: a fault of Ingot or of a component. */
export function isBug(fault: unknown): boolean {
  if (fault instanceof AggregateError) return fault.errors.some(isBug);
  return !(fault instanceof Failure || fault instanceof Cancelled || fault instanceof Disconnected);
}

/** The user wanted it to end: not a failure. */
export function isCancel(signal: AbortSignal): boolean {
  return signal.aborted && signal.reason instanceof Cancelled;
}

/** What a component throws because its signal was aborted, rather than because of what it found. */
export function isOnlyTheAbort(fault: unknown, signal: AbortSignal): boolean {
  if (!signal.aborted) return false;
  if (fault === signal.reason || fault instanceof Cancelled) return true;
  return isObject(fault) && "name" in fault && fault.name === "AbortError";
}

/** A cancel and nothing else: no error to be shown. */
export function isOnlyCancel(fault: unknown, signal: AbortSignal): boolean {
  return isCancel(signal) && isOnlyTheAbort(fault, signal);
}

/** The message alone, as `Provisioner failed with "…"` quotes it. */
export function messageOf(fault: unknown): string {
  if (fault instanceof Error) return fault.message || fault.name;
  return typeof fault === "string" ? fault : `Something that is no error was thrown: ${String(fault)}`;
}

const LONGEST_CHAIN = 8;

function causesOf(fault: unknown, message: string): string[] {
  if (fault instanceof AggregateError) return fault.errors.map(messageOf).filter((text) => !message.includes(text));
  const causes: string[] = [];
  let said = message;
  let cause = causeOf(fault);
  for (let depth = 0; cause !== undefined && cause !== null && depth < LONGEST_CHAIN; depth++) {
    const text = messageOf(cause);
    if (!said.includes(text)) causes.push(text);
    said += text;
    cause = causeOf(cause);
  }
  return causes;
}

function causeOf(fault: unknown): unknown {
  return fault instanceof Error && !tellsItsCause(fault) ? fault.cause : undefined;
}

function stackOf(fault: unknown): string {
  if (fault instanceof AggregateError) return fault.errors.filter(isBug).map(stackOf).join("\n");
  return fault instanceof Error ? (fault.stack ?? fault.message) : messageOf(fault);
}

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}
