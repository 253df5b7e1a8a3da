import { describe, expect, test } from "vitest";
import { decodeBuildTrace } from "./build-trace.ts";
import { parseIgnoreFile } from "./ignore-file.ts";
import { imagesFrom } from "./images-from.ts";

describe("an ignore file", () => {
  test.each([
    ["*.log", ["a.log"], ["b/a.log", "log"]],
    ["**/*.log", ["a.log", "b/a.log", "b/c/a.log"], ["a.logs"]],
    ["node_modules", ["node_modules", "node_modules/a/b"], ["a/node_modules"]],
    ["/a/", ["a", "a/b"], ["b/a"]],
    ["a/*/c", ["a/b/c", "a/b/c/d"], ["a/c", "a/b/b/c"]],
    ["a/**/c", ["a/c", "a/b/c", "a/b/b/c"], ["ac"]],
    ["file?.[ch]", ["file1.c", "filex.h"], ["file.c", "file1.o"]],
    ["[^a]*", ["b", "bc"], ["a"]],
    ["*\n!keep\n!dir/keep", ["a", "dir/other"], ["keep", "dir/keep", "keep/in"]],
    ["!a\na", ["a"], []],
    ["# comment\n\n  spaced  \n", ["spaced"], ["# comment", "comment"]],
    ["a/../b", ["b"], ["a", "a/b"]],
    ["a\\*b", ["a*b"], ["axb"]],
    ["a.b+c(d)", ["a.b+c(d)"], ["axb+c(d)"]],
  ])("with %j", (text, ignored, kept) => {
    const ignores = parseIgnoreFile(text);
    expect(ignored.filter((path) => !ignores(path))).toEqual([]);
    expect(kept.filter(ignores)).toEqual([]);
  });
});

test("the images of a Dockerfile are those that its stages start from, not the stages", () => {
  const dockerfile = `# syntax=docker/dockerfile:1
ARG VERSION=12
ARG OTHER
FROM --platform=$BUILDPLATFORM debian:\${VERSION} AS base
ARG VERSION=99
FROM base AS next
from reg.example/x:\${TAG:-latest}
FROM \\
  \${OTHER}
FROM $UNKNOWN
FROM scratch
COPY --from=base /a /b
`;
  expect(imagesFrom(dockerfile, { OTHER: "alpine" })).toEqual(["debian:12", "reg.example/x:latest", "alpine"]);
  expect(imagesFrom(dockerfile, { OTHER: "alpine", VERSION: "13" })[0]).toBe("debian:13");
});

test("a BuildKit trace is read for its steps and their output", () => {
  // As an engine sent it: a step that starts, then a line of its output.
  const step =
    "CpABCkdzaGEyNTY6MTI5ODM4ZGNhYWQ2NWVkYTZlNzM2YWQ0YmU5ZjIyNjliNDYyZDk3NTkzOTVhZGU5M2M3ODRmOWY0NGQ4YzJjOBopWzEvMl0gRlJPTSBkb2NrZXIuaW8vaW5nb3QtdGVzdC9kZWJpYW46MTIqDAiAoo/YBhCPnNnyATIMCICij9gGEMT1ofQB";
  const log =
    "Gl8KR3NoYTI1NjozZjUxN2YwYWYwMTdkNjA2NDcwYzE5NDNhMGIyOWM1NTBjZWExZGQyMDNiODYxNmIzMzhkOWI0N2NmN2QzODEyEgwIgKKP2AYQtr/nwQIYAiIEZXJyCg==";
  expect(decodeBuildTrace(Buffer.from(step, "base64")).steps).toEqual([
    {
      digest: expect.stringMatching(/^sha256:/),
      name: "[1/2] FROM docker.io/ingot-test/debian:12",
      started: true,
      cached: false,
    },
  ]);
  const [line] = decodeBuildTrace(Buffer.from(log, "base64")).logs;
  expect([line?.stream, line?.text.toString()]).toEqual([2, "err\n"]);
});
