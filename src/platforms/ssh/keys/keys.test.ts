import { createHmac } from "node:crypto";
import { expect, test } from "vitest";
import { Failure } from "../../../sdk/failure.ts";
import { hostKeyTrust } from "./host-key-trust.ts";
import { knownHosts } from "./known-hosts.ts";
import { parsePrivateKey } from "./private-key.ts";
import { makeTemporaryKeyPair } from "./temporary-key-pair.ts";
import { encodeFields, fingerprintOf } from "./wire.ts";

test.each([
  ["ed25519", 0, "ssh-ed25519"],
  ["rsa", 2048, "ssh-rsa"],
  ["ecdsa", 256, "ecdsa-sha2-nistp256"],
  ["ecdsa", 0, "ecdsa-sha2-nistp521"],
] as const)("a key pair of the type %s with %i bits can be read again", async (type, bits, name) => {
  const pair = await makeTemporaryKeyPair({ type, bits, comment: "packer_1" });
  expect(parsePrivateKey(pair.privateKey, "here").fingerprint).toBe(pair.fingerprint);
  expect(pair.publicKey.split(" ")).toEqual([name, expect.any(String), "packer_1"]);
  expect(fingerprintOf(Buffer.from(pair.publicKey.split(" ")[1] ?? "", "base64"))).toBe(pair.fingerprint);
});

test.each([
  ["dsa", 0, "no longer take dsa keys"],
  ["rsa", 512, "at least 1024 bits"],
  ["ecdsa", 100, "256, 384 or 521 bits"],
] as const)("a key pair of the type %s with %i bits is refused", async (type, bits, why) => {
  await expect(makeTemporaryKeyPair({ type, bits, comment: "" })).rejects.toThrow(why);
});

test.each(["", "hello", "ssh-ed25519 AAAA", "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n"])(
  "%j is no private key",
  (text) => {
    expect(() => parsePrivateKey(text, "here")).toThrow(Failure);
  },
);

const KEY = encodeFields("ssh-ed25519", Buffer.alloc(32, 1));
const OTHER = encodeFields("ssh-ed25519", Buffer.alloc(32, 2));
const line = (names: string, key = KEY) => `${names} ssh-ed25519 ${key.toString("base64")} comment`;

test.each([
  ["box", 22, "box", 1],
  ["box", 22, "BOX,other", 1],
  ["box", 2222, "box", 0],
  ["box", 2222, "[box]:2222", 1],
  ["a.example", 22, "*.example", 1],
  ["a.example", 22, "*.example,!a.example", 0],
  ["ab", 22, "a?", 1],
  ["abc", 22, "a?", 0],
])("the host %s at port %i is looked up in %s: %i keys", (host, port, names, count) => {
  expect(knownHosts(`# a comment\n\n${line(names)}\n`, host, port)).toHaveLength(count);
});

test("hashed names are found, authorities passed over, revoked keys marked", () => {
  const salt = Buffer.alloc(20, 5);
  const hashed = `|1|${salt.toString("base64")}|${createHmac("sha1", salt).update("box").digest("base64")}`;
  expect(knownHosts(line(hashed), "box", 22)).toHaveLength(1);
  expect(knownHosts(`@cert-authority ${line("*")}`, "box", 22)).toEqual([]);
  expect(knownHosts(`@revoked ${line("*")}`, "box", 22)).toEqual([{ key: KEY, type: "ssh-ed25519", revoked: true }]);
});

function trust(changes: Partial<Parameters<typeof hostKeyTrust>[0]> = {}) {
  const warned: string[] = [];
  const options = {
    where: "box:22",
    fingerprints: [],
    known: undefined,
    warn: (text: string) => void warned.push(text),
  };
  return { warned, ...hostKeyTrust({ ...options, ...changes }) };
}

test("a key may change until the first login, with a warning each time", () => {
  const { check, settle, warned } = trust();
  expect([check(KEY), check(OTHER)]).toEqual([undefined, undefined]);
  settle();
  expect(check(KEY)).toContain("has changed during the build");
  expect(warned).toHaveLength(2);
});

test("a revoked key is refused, however it is known", () => {
  const known = [{ key: KEY, type: "ssh-ed25519", revoked: true }];
  expect(trust({ known, fingerprints: [fingerprintOf(KEY)] }).check(KEY)).toContain("is revoked");
});

test("what is pinned holds through an announced restart", () => {
  const { check, settle, pin, expectChange } = trust();
  pin(`ssh-ed25519 ${KEY.toString("base64")}`);
  expect(check(KEY)).toBeUndefined();
  settle();
  expectChange();
  expect(check(OTHER)).toContain("as pinned");
});
