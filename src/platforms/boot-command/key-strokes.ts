import type { Json } from "../../sdk/json.ts";
import { type Key, leftShift } from "./keys.ts";

export interface KeyStroke {
  readonly key: Key;
  readonly down: boolean;
}

/** What one press of the key does to a keyboard, shift included. A shift that is held already is left alone. */
export function strokesOf(key: Key, shiftHeld: boolean): readonly KeyStroke[] {
  const stroke = [
    { key, down: true },
    { key, down: false },
  ];
  if (!key.shift || shiftHeld) return stroke;
  return [{ key: leftShift, down: true }, ...stroke, { key: leftShift, down: false }];
}

/** For a keyboard that is fed with bytes of set 1 (VirtualBox, Parallels). undefined: no such key there. */
export function scanCodesOf({ key, down }: KeyStroke): readonly number[] | undefined {
  if (!key.scanCodes || down) return key.scanCodes;
  return key.scanCodes.map((code, at, all) => (at === all.length - 1 ? code | 0x80 : code));
}

/** For QEMU's `input-send-event`. undefined: no such key there. */
export function qemuInputEvent({ key, down }: KeyStroke): { [name: string]: Json } | undefined {
  if (key.qcode === undefined) return undefined;
  return { type: "key", data: { down, key: { type: "qcode", data: key.qcode } } };
}

/** How many bytes a PC keyboard sends for it (set 2: one for down, two for up, and one more for the later keys). */
export function bytesOf({ key, down }: KeyStroke): number {
  return (key.scanCodes?.length ?? 1) + (down ? 0 : 1);
}
