import { Failure } from "../sdk/failure.ts";
import { failureText, isBug } from "./failure-text.ts";

/** Several faults as one, in the text shape that Packer gives them: "2 error(s) occurred:", then one bullet each. */
export function errorList(faults: readonly { readonly prefix?: string; readonly fault: unknown }[]): Error {
  const bullets = faults.map(({ prefix, fault }) => {
    const text = failureText(fault);
    const said = [text.message, ...(text.causes ?? [])].join(": ");
    return `* ${prefix === undefined ? "" : `${prefix}: `}${said}`;
  });
  const message = `${faults.length} error(s) occurred:\n\n${bullets.join("\n")}`;
  const all = faults.map(({ fault }) => fault);
  // The cause leads back to what a person may have been asked about.
  const cause = all[0];
  if (all.some(isBug)) return new AggregateError(all, message, { cause });
  const hints = new Set(all.flatMap((fault) => (fault instanceof Failure && fault.hint ? [fault.hint] : [])));
  return new Failure(message, { cause, hint: hints.size > 0 ? [...hints].join("\n") : undefined });
}
