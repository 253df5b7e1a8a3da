import { describe, expect, test } from "vitest";
import { parseConstraints, satisfies } from "./constraint.ts";
import { compareVersions, parseVersion, type Version } from "./version.ts";

describe("versions", () => {
  test.each([
    ["1.2.3", "1.2.3", 0],
    ["1.2", "1.2.0", 0],
    ["v1.2.0", "1.2", 0],
    ["1.2.0+linux", "1.2.0+darwin", 0],
    ["1.10.0", "1.9.9", 1],
    ["1.2.0-rc1", "1.2.0", -1],
    ["1.2.0-rc.2", "1.2.0-rc.10", -1],
    ["1.2.0-1", "1.2.0-rc", -1],
    ["1.2.0-rc", "1.2.0-rc.1", -1],
    ["1.2.3.4", "1.2.3", 1],
    ["20250101000000000000000000.0", "20250101000000000000000001", -1],
  ])("%s compared with %s is %i", (a, b, expected) => {
    expect(Math.sign(compareVersions(version(a), version(b)))).toBe(expected);
    expect(Math.sign(compareVersions(version(b), version(a)))).toBe(expected === 0 ? 0 : -expected);
  });

  test.each(["", "latest", "1.x", "1..2", "1.2.", ".5", "1.2 3"])("%j is no version", (text) => {
    expect(parseVersion(text)).toBeUndefined();
  });
});

describe("constraints", () => {
  test.each([
    ["1.16.0", ">= 1.7.0", true],
    ["1.16.0", ">= 1.7.0, < 2.0.0", true],
    ["1.16.0", ">=1.7,<1.16", false],
    ["1.16.0", "~> 1.7", true],
    ["1.16.0", "~> 1.16.0", true],
    ["1.16.0", "~> 1.7.0", false],
    ["2.0.0", "~> 1", true],
    ["2.0.0", "~> 1.0", false],
    ["1.16.0", "1.16", true],
    ["1.16.0", "= v1.16.0", true],
    ["1.16.0", "!= 1.16.0", false],
    ["1.16.0", "> 1.16.0-dev", true],
    ["1.16.0", "~> 1.16.0-dev", false],
    ["1.17.0-dev", ">= 1.7.0", false],
    ["1.17.0-dev", ">= 1.17.0-alpha", true],
    ["1.17.0-dev", "= 1.17.0-dev", true],
    ["1.16.0", "~> 1.16.0.1", false],
  ])("%s against %s is %s", (text, constraint, expected) => {
    const constraints = parseConstraints(constraint);
    if ("bad" in constraints) throw new Error(constraints.bad);
    expect(satisfies(version(text), constraints)).toBe(expected);
  });

  test.each([
    ["", ""],
    ["latest", "latest"],
    [">= 1.0, ", ""],
    ["=> 1.0", "=> 1.0"],
    ["~> 1.x", "~> 1.x"],
    ["> 1.0 < 2.0", "> 1.0 < 2.0"],
  ])("%j is no constraint, because of %j", (text, bad) => {
    expect(parseConstraints(text)).toEqual({ bad });
  });
});

function version(text: string): Version {
  const parsed = parseVersion(text);
  if (!parsed) throw new Error(text);
  return parsed;
}
