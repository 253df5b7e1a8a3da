import { Failure } from "../../sdk/failure.ts";

const LABEL = /^[0-9A-Za-z](?:[0-9A-Za-z]|[-_](?![-_]))*$/;

/** The parts of a plugin's source address, "github.com/hashicorp/amazon". Throws a Failure for what is none. */
export function parseSourceAddress(text: string): readonly string[] {
  const parts = text.split("/");
  const name = parts.at(-1) ?? "";
  const fault = faultOf(text, parts, name);
  if (fault === undefined) return parts;
  throw new Failure(`Invalid plugin source "${text}": ${fault}`, {
    hint: "A source is host/owner/name, for example github.com/hashicorp/amazon.",
  });
}

function faultOf(text: string, parts: readonly string[], name: string): string | undefined {
  if (/[?#]|:\/\//.test(text)) return "it is no URL, so it has no scheme, query or fragment";
  if (parts.length < 3) return "it needs at least three parts";
  if (parts.length > 16) return "it can have at most 16 parts";
  if (parts.some((part) => part === "" || part === "." || part === ".." || part.includes("\\"))) {
    return "each part must be a name";
  }
  if (name.startsWith("packer-"))
    return `the name does not begin with "packer-", so write "${name.replace(/^packer-(plugin-)?/, "")}"`;
  return LABEL.test(name) ? undefined : "its name consists of letters and digits, with single dashes between them";
}
