import { compareVersions, parseVersion, type Version } from "./version.ts";

export type ConstraintOperator = "=" | "!=" | ">" | "<" | ">=" | "<=" | "~>";

export interface Constraint {
  readonly operator: ConstraintOperator;
  readonly version: Version;
  /** As written, without spaces around it. */
  readonly text: string;
}

const FORM = /^\s*(?<operator>=|!=|>=|<=|>|<|~>)?\s*(?<version>\S+)\s*$/;

/** Reads "`>= 1.7, < 2.0`": all must hold. Gives the first part that is no constraint instead, where there is one. */
export function parseConstraints(text: string): readonly Constraint[] | { readonly bad: string } {
  const constraints: Constraint[] = [];
  for (const part of text.split(",")) {
    const groups = FORM.exec(part)?.groups;
    const version = parseVersion(groups?.version ?? "");
    if (!version) return { bad: part.trim() };
    const operator = (groups?.operator ?? "=") as ConstraintOperator; // The expression admits no other text.
    constraints.push({ operator, version, text: part.trim() });
  }
  return constraints;
}

export function satisfies(version: Version, constraints: readonly Constraint[]): boolean {
  return constraints.every((constraint) => CHECKS[constraint.operator](version, constraint.version));
}

const CHECKS: Record<ConstraintOperator, (version: Version, limit: Version) => boolean> = {
  "=": (version, limit) => compareVersions(version, limit) === 0,
  "!=": (version, limit) => compareVersions(version, limit) !== 0,
  ">": (version, limit) => comparable(version, limit) && compareVersions(version, limit) > 0,
  "<": (version, limit) => comparable(version, limit) && compareVersions(version, limit) < 0,
  ">=": (version, limit) => comparable(version, limit) && compareVersions(version, limit) >= 0,
  "<=": (version, limit) => comparable(version, limit) && compareVersions(version, limit) <= 0,
  "~>": isCloseTo,
};

/** A pre-release satisfies an ordering only where the limit is a pre-release of the same numbers. */
function comparable(version: Version, limit: Version): boolean {
  if (version.preRelease === "") return true;
  return limit.preRelease !== "" && sameNumbers(version, limit);
}

/** `~> 1.2.3`: at least that, and all numbers but the last one written are the same. */
function isCloseTo(version: Version, limit: Version): boolean {
  if (!comparable(version, limit)) return false;
  if (limit.preRelease !== "" && version.preRelease === "") return false;
  if (compareVersions(version, limit) < 0) return false;
  if (limit.segments.length > version.segments.length) return false;
  for (let index = 0; index < limit.written - 1; index++) {
    if (version.segments[index] !== limit.segments[index]) return false;
  }
  return true;
}

function sameNumbers(a: Version, b: Version): boolean {
  return compareVersions({ ...a, preRelease: "" }, { ...b, preRelease: "" }) === 0;
}
