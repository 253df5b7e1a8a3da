import { expect, test } from "vitest";
import { parseGlob } from "./glob.ts";

test.each([
  ["docker.web", "docker.web", true],
  ["docker.web", "dockerxweb", false],
  ["web.*", "web.docker.base", true],
  ["*", "web.docker.base", true],
  ["**.base", "web.docker.base", true],
  ["*chocolate*", "file.chocolate", true],
  ["file.b?t", "file.bat", true],
  ["file.b?t", "file.bt", false],
  ["file.[a-c]", "file.b", true],
  ["file.[!a-c]", "file.b", false],
  ["file.[xyz]", "file.y", true],
  ["{file,null}.a", "null.a", true],
  ["{file,null*}.a", "nulls.a", true],
  ["a{b,c{d,e}}f", "acef", true],
  ["file.\\*", "file.x", false],
  ["file.\\*", "file.*", true],
  ["a(b|c)", "ab", false],
  ["amazon-ebs.my-image", "amazon-ebs.my-image", true],
  ["file.[a-]", "file.-", true],
  ["", "file.a", false],
])("%j against %j is %s", (pattern, name, expected) => {
  const glob = parseGlob(pattern);
  if ("fault" in glob) throw new Error(glob.fault);
  expect(glob.matches(name)).toBe(expected);
});

test.each(["file.[a", "{a,b", "a\\", "[]", "[z-a]"])("%j is no glob", (pattern) => {
  expect(parseGlob(pattern)).toHaveProperty("fault");
});
