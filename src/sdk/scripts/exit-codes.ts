import { Failure } from "../failure.ts";

/** Throws a Failure, worded as Packer words it, unless the exit code is among those that mean success. */
export function checkExitCode(code: number, allowed: readonly number[]): void {
  if (allowed.includes(code)) return;
  throw new Failure(
    `Script exited with non-zero exit status: ${code}. Allowed exit codes are: [${allowed.join(" ")}]`,
    { hint: hints.get(code) },
  );
}

/** What shells mean by their own exit codes. */
const hints = new Map([
  [
    126,
    "Shells exit with 126 when they may not execute what they found: a missing execute permission, or a wrong #! line.",
  ],
  [127, "Shells exit with 127 when they do not find a command: it is not installed, or not on PATH."],
]);
