import type { Scope } from "../../hcl/evaluation/scope.ts";
import type { Diagnostics } from "../../hcl/source/diagnostic.ts";
import type { BodyContent } from "../../hcl/syntax/body.ts";
import { readTexts } from "../structure/constant.ts";
import type { SourceFilter } from "./build-structure.ts";

/** The `only` and `except` of a provisioner or post-processor. */
export function readSourceFilter(content: BodyContent, scope: Scope, diagnostics: Diagnostics): SourceFilter {
  const only = readTexts(content.attributes.get("only"), scope, diagnostics);
  const attribute = content.attributes.get("except");
  const except = readTexts(attribute, scope, diagnostics);
  if (attribute && only && only.length > 0 && except && except.length > 0) {
    diagnostics.error({
      code: "only-and-except",
      summary: "only one of 'only' or 'except' may be specified",
      detail: '"only" names the sources that this is for, "except" those that it is not for: one of them says it all.',
      subject: attribute.range,
    });
  }
  return { only, except };
}
