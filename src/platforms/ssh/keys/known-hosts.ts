import { createHmac } from "node:crypto";

export interface KnownHost {
  /** The binary form of the key. */
  readonly key: Buffer;
  readonly type: string;
  readonly revoked: boolean;
}

/** The keys that a known_hosts file (of OpenSSH) has for a host. Lines of certificate authorities are passed over. */
export function knownHosts(text: string, host: string, port: number): readonly KnownHost[] {
  const names = port === 22 ? [host] : [`[${host}]:${port}`];
  return text.split("\n").flatMap((line) => {
    const words = line.trim().split(/\s+/);
    const marker = words[0]?.startsWith("@") ? words.shift() : undefined;
    const [patterns = "", type = "", key = ""] = words;
    if (patterns === "" || patterns.startsWith("#") || marker === "@cert-authority") return [];
    if (!names.some((name) => matches(patterns, name.toLowerCase()))) return [];
    return [{ type, key: Buffer.from(key, "base64"), revoked: marker === "@revoked" }];
  });
}

function matches(patterns: string, name: string): boolean {
  if (patterns.startsWith("|1|")) {
    const [, , salt = "", hash] = patterns.split("|");
    return createHmac("sha1", Buffer.from(salt, "base64")).update(name).digest("base64") === hash;
  }
  let found = false;
  for (const pattern of patterns.toLowerCase().split(",")) {
    const negated = pattern.startsWith("!");
    if (!globOf(negated ? pattern.slice(1) : pattern).test(name)) continue;
    if (negated) return false;
    found = true;
  }
  return found;
}

function globOf(pattern: string): RegExp {
  const source = pattern
    .replace(/[.+^${}()|[\]\\]/g, "\\$&")
    .replaceAll("*", ".*")
    .replaceAll("?", ".");
  return new RegExp(`^${source}$`);
}
