import type { Diagnostics } from "../../hcl/source/diagnostic.ts";
import { Failure } from "../../sdk/failure.ts";
import { parseTemplate } from "../../template/parse-template.ts";
import type { RequiredPlugin } from "../../template/structure/required-plugins.ts";
import { showDiagnostics } from "../output/diagnostics.ts";
import { parseInputOf, type TemplateRequest } from "../plan-template.ts";

/** What a template requires. undefined where it could not be read, which is shown. Throws a Failure for the old format. */
export async function readRequiredPlugins(
  request: Pick<TemplateRequest, "path" | "host" | "flags" | "console" | "color">,
  diagnostics: Diagnostics,
): Promise<readonly RequiredPlugin[] | undefined> {
  const parsed = await parseTemplate(parseInputOf({ ...request, warnOnUndeclared: false }), diagnostics);
  if (diagnostics.hasErrors || !parsed) {
    showDiagnostics(request.console, diagnostics.all, { color: request.color });
    return undefined;
  }
  if (parsed.language === "hcl2") return parsed.requiredPlugins;
  throw new Failure("packer init only works with HCL2 templates", {
    hint: "A template of the old JSON format cannot name the plugins that it requires.",
  });
}
