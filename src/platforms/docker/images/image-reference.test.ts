import { expect, test } from "vitest";
import { isImageId, parseImageReference } from "./image-reference.ts";

test.each([
  ["debian", { repository: "debian", registry: "docker.io" }],
  ["debian:12", { repository: "debian", tag: "12", registry: "docker.io" }],
  ["team/app:1", { repository: "team/app", tag: "1", registry: "docker.io" }],
  ["localhost/app", { repository: "localhost/app", registry: "localhost" }],
  ["reg.example:5000/app", { repository: "reg.example:5000/app", registry: "reg.example:5000" }],
  ["reg.example:5000/a/b:c", { repository: "reg.example:5000/a/b", tag: "c", registry: "reg.example:5000" }],
  ["quay.io/a@sha256:abc", { repository: "quay.io/a", digest: "sha256:abc", registry: "quay.io" }],
  ["a:1@sha256:abc", { repository: "a", tag: "1", digest: "sha256:abc", registry: "docker.io" }],
])("%s", (text, expected) => {
  expect(parseImageReference(text)).toEqual(expected);
});

test("ids are told from names", () => {
  expect([`sha256:${"a".repeat(64)}`, "0123456789ab", "f".repeat(64)].map(isImageId)).toEqual([true, true, true]);
  expect(["debian", "sha256:abc", "deadbeef", "a/b:c"].map(isImageId)).toEqual([false, false, false, false]);
});
