/**
 * Exit codes. By default they are Packer's: 0, 1 for every failure, 3 for `fmt -check`, 127 for an unknown command.
 * With `-detailed-exitcode` a failure says which kind it was.
 */
export const EXIT = {
  ok: 0,
  failed: 1,
  unformatted: 3,
  unknownCommand: 127,
} as const;

export type FailureKind = "bad-template" | "build-failed" | "partial-success" | "cancelled" | "internal-bug" | "usage";

const DETAILED: Record<FailureKind, number> = {
  usage: 2,
  "bad-template": 10,
  "build-failed": 11,
  "partial-success": 12,
  cancelled: 13,
  "internal-bug": 70,
};

export function exitCodeOf(kind: FailureKind, detailed: boolean): number {
  return detailed ? DETAILED[kind] : EXIT.failed;
}
