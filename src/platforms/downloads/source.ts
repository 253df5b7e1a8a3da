import { fileURLToPath } from "node:url";
import { Failure } from "../../sdk/failure.ts";

export type Source =
  | { readonly kind: "http"; readonly url: string; readonly path: string }
  | { readonly kind: "file"; readonly path: string };

/** What a template names as a source: a URL, or a path of this machine. A Failure for what is understood elsewhere but not here. */
export function sourceOf(text: string): Source {
  if (/^https?:\/\//i.test(text)) return { kind: "http", url: text, path: decodeURIComponent(new URL(text).pathname) };
  if (/^file:\/\/\/?[^/]/i.test(text)) return { kind: "file", path: pathOf(text) };
  if (/^[a-z][a-z0-9+.-]+::/i.test(text) || /^[a-z][a-z0-9+.-]+:\/\//i.test(text)) {
    throw new Failure(`${shownSource(text)} cannot be downloaded: only http, https and files of this machine can`, {
      hint: "Fetch it before the build, and name the file.",
      permanent: true,
    });
  }
  return { kind: "file", path: text };
}

/** For people: without the password, and without the signature that a query may be. */
export function shownSource(text: string): string {
  return text.replace(/^([a-z0-9+.:-]+\/\/)[^/@]*@/i, "$1").replace(/\?.*$/s, "");
}

/** `file://relative/path` is no URL, but templates have it: it is relative to where the program runs. */
function pathOf(text: string): string {
  if (/^file:\/\/\//i.test(text)) return fileURLToPath(text);
  return decodeURIComponent(text.slice("file://".length));
}
