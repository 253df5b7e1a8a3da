import type { Diagnostics } from "../../hcl/source/diagnostic.ts";
import type { Name } from "../../hcl/syntax/tree.ts";

const IDENTIFIER = /^[\p{ID_Start}_][\p{ID_Continue}-]*$/u;

/** Whether a template can refer to something of this name. */
export function isIdentifier(text: string): boolean {
  return IDENTIFIER.test(text);
}

/** Reports a name that nothing could refer to. `what`: "variable", "local". */
export function checkName(name: Name, what: string, diagnostics: Diagnostics): boolean {
  if (isIdentifier(name.text)) return true;
  diagnostics.error({
    code: "invalid-name",
    summary: `Invalid ${what} name`,
    detail: "A name must start with a letter or an underscore, and holds only letters, digits, underscores and dashes.",
    subject: name.range,
  });
  return false;
}
