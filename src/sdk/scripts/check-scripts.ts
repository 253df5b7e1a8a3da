import type { Problems } from "../../spec/field.ts";
import type { Host } from "../host.ts";

interface ScriptOptions {
  readonly inline?: readonly string[] | undefined;
  readonly script?: string | undefined;
  readonly scripts?: readonly string[] | undefined;
  readonly environment_vars?: readonly string[] | undefined;
}

/** That each script that is named is a file here. */
export async function checkScriptFiles(config: ScriptOptions, problems: Problems, host: Host): Promise<void> {
  if (config.script !== undefined) await checkFile(config.script, "script", problems, host);
  for (const [index, path] of (config.scripts ?? []).entries()) {
    await checkFile(path, `scripts[${index}]`, problems, host);
  }
}

/** That each of `environment_vars` is `KEY=value`. */
export function checkEnvironment(config: ScriptOptions, problems: Problems): void {
  for (const [index, text] of (config.environment_vars ?? []).entries()) {
    if (text.indexOf("=") > 0) continue;
    problems.error(
      `environment_vars[${index}]`,
      "Environment variable not in format 'key=value'",
      `"${text}" has ${text.startsWith("=") ? "no name before" : "no"} "=".`,
    );
  }
}

/** Written, and not as an empty list; a value that is not known yet counts as written. */
export function isGiven(config: object, name: string, problems: Problems): boolean {
  if (!problems.has(name)) return false;
  const value: unknown = Object.entries(config).find(([key]) => key === name)?.[1];
  return !Array.isArray(value) || value.length > 0;
}

async function checkFile(path: string, field: string, problems: Problems, host: Host): Promise<void> {
  const stat = await host.files.stat(path);
  if (stat === undefined) {
    problems.error(field, `Bad script '${path}'`, `There is no such file in ${host.cwd}.`);
  } else if (stat.kind === "folder") {
    problems.error(field, `Bad script '${path}'`, "It is a folder.");
  }
}
