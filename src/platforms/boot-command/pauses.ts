import type { Host } from "../../sdk/host.ts";

/** What the template asks for, in milliseconds. */
export interface BootKeyOptions {
  readonly boot_key_interval?: number | undefined;
  readonly boot_keygroup_interval?: number | undefined;
}

export interface Pauses {
  /** After each key event, in milliseconds. undefined: nobody said, the guest sets the pace. */
  readonly key: number | undefined;
  /** After each text of the list. */
  readonly group: number;
}

/** The template's word comes before `PACKER_KEY_INTERVAL`, which is a time as Go writes it. */
export function pausesOf(options: BootKeyOptions, { environment }: Pick<Host, "environment">): Pauses {
  return {
    key: options.boot_key_interval ?? goTime(environment.PACKER_KEY_INTERVAL),
    group: options.boot_keygroup_interval ?? 0,
  };
}

/** As Packer does it, what cannot be read counts as not set. */
function goTime(text: string | undefined): number | undefined {
  const [, count, unit = ""] = /^(\d+(?:\.\d+)?)(ms|s|m)$/.exec(text ?? "") ?? [];
  return count === undefined ? undefined : Number(count) * ({ ms: 1, s: 1000, m: 60_000 }[unit] ?? 0);
}
