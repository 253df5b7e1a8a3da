import { Failure } from "../../../sdk/failure.ts";
import type { Host } from "../../../sdk/host.ts";
import type { Json } from "../../../sdk/json.ts";
import { type KeyStroke, qemuInputEvent } from "../../boot-command/key-strokes.ts";
import type { TypingTarget } from "../../boot-command/type-boot-command.ts";
import type { SerialConsole } from "../console/serial-console.ts";
import type { Qmp } from "../qmp/qmp-client.ts";
import { settledScreen } from "../vnc/settled-screen.ts";
import type { Vnc } from "../vnc/vnc-client.ts";
import { keysTaken } from "./keys-taken.ts";

export interface TypingInto {
  readonly qmp: Qmp;
  /** For waits on the screen. */
  readonly vnc?: Vnc | undefined;
  /** For waits on text. */
  readonly console?: SerialConsole | undefined;
}

/**
 * Types through QEMU's control channel, on a US keyboard; the guest's keyboard controller says when it took the keys.
 * (Through VNC alone nothing tells: a changed screen shows some key, not the last, and a busy guest then loses keys.)
 */
export function qmpTypingTarget(
  { qmp, vnc, console }: TypingInto,
  host: Pick<Host, "now" | "sleep">,
  signal: AbortSignal,
): TypingTarget {
  return {
    async send(stroke) {
      await qmp.execute("input-send-event", signal, { events: [inputEvent(stroke)] });
    },
    async taken(abort) {
      await keysTaken(qmp, host, abort);
    },
    ...(console && { waitForText: console.waitForText }),
    ...(vnc && {
      async waitForScreen(quiet, abort) {
        await settledScreen(vnc, host, abort, { quiet });
      },
    }),
  };
}

function inputEvent(stroke: KeyStroke): Json {
  const event = qemuInputEvent(stroke);
  if (event) return event;
  const character = `U+${(stroke.key.keysym & 0xffffff).toString(16).padStart(4, "0").toUpperCase()}`;
  throw new Failure(`The boot command types ${character}, which is on no key of a US keyboard`);
}
