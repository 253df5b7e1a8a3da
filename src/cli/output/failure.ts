import type { Failure } from "../../sdk/failure.ts";

/** A failure as people read it: what the world said no to, and what they may do. */
export function failureText({ message, hint }: Failure): string {
  return `Error: ${message}${hint === undefined ? "" : `\n\n${hint}`}`;
}
