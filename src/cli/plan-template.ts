import { openMasker } from "../engine/masking/masker.ts";
import { Diagnostics } from "../hcl/source/diagnostic.ts";
import type { Catalogue, Reading } from "../sdk/component.ts";
import type { Host } from "../sdk/host.ts";
import { checkPlan } from "../template/check-plan.ts";
import { evaluateTemplate } from "../template/evaluate-template.ts";
import type { LoadedTemplate } from "../template/loaded-template.ts";
import { parseTemplate } from "../template/parse-template.ts";
import type { Plan } from "../template/plan.ts";
import type { FlagValues } from "./arguments/flags.ts";
import type { templateFlags } from "./arguments/template-flags.ts";
import type { Console } from "./output/console.ts";
import { showDiagnostics } from "./output/diagnostics.ts";
import { warnMissingPlugins } from "./plugins/warn-missing.ts";
import { readStandardInput } from "./terminal/standard-input.ts";

export interface TemplateRequest {
  readonly path: string;
  readonly host: Host;
  readonly flags: FlagValues<typeof templateFlags>;
  readonly catalogue: Catalogue;
  readonly console: Console;
  readonly signal: AbortSignal;
  readonly color: boolean;
  /** Else data sources are not read, and their values are unknown. */
  readonly readDataSources: boolean;
  readonly warnOnUndeclared: boolean;
  /** Whether a variable without a value is a fault. */
  readonly requireValues: boolean;
  /** Whether every function is loaded, and not only those that the template calls. */
  readonly allFunctions?: boolean;
}

export interface LoadedForCommand {
  readonly parsed: NonNullable<Awaited<ReturnType<typeof parseTemplate>>>;
  readonly loaded: LoadedTemplate;
  readonly diagnostics: Diagnostics;
  /** Takes out every secret that is known so far. */
  readonly mask: (text: string) => string;
  /** Learns a secret. */
  readonly secret: (text: string) => void;
}

/**
 * Reads and plans a template, and shows everything that is wrong with it, once and in order. undefined where an error
 * was shown.
 */
export async function planTemplate(request: TemplateRequest): Promise<Plan | undefined> {
  const read = await loadTemplate(request);
  if (!read) return undefined;
  const { loaded, diagnostics, mask, secret } = read;
  const { only, except } = request.flags;
  const plan = await loaded.plan({ only, except }, diagnostics);
  if (diagnostics.hasErrors) {
    // Nothing will run: then what is wrong inside the components is shown too, and not only at the next attempt.
    for (const text of await checkPlan(plan, request.host, diagnostics)) secret(text);
  }
  showDiagnostics(request.console, diagnostics.all, { color: request.color, mask });
  return diagnostics.hasErrors ? undefined : plan;
}

/** Reads a template. What is wrong is shown only where nothing more can be done with it; else it is in `diagnostics`. */
export async function loadTemplate(request: TemplateRequest): Promise<LoadedForCommand | undefined> {
  const diagnostics = new Diagnostics();
  const masker = openMasker([]);
  const parsed = await parseTemplate(parseInputOf(request), diagnostics);
  if (!parsed) {
    showDiagnostics(request.console, diagnostics.all, { color: request.color });
    return undefined;
  }
  if (request.requireValues && parsed.language === "hcl2") {
    await warnMissingPlugins(parsed.requiredPlugins, request.host, request.catalogue, diagnostics);
  }
  const loaded = await evaluateTemplate(
    parsed,
    {
      catalogue: request.catalogue,
      requireValues: request.requireValues,
      allFunctions: request.allFunctions,
      ...(request.readDataSources && { reading: readingFor(request, masker) }),
    },
    diagnostics,
  );
  for (const secret of loaded.secrets) masker.add(secret);
  return { parsed, loaded, diagnostics, mask: masker.mask, secret: masker.add };
}

/** What `parseTemplate` needs, from the flags that every command has. */
export function parseInputOf(
  request: Pick<TemplateRequest, "path" | "host" | "flags" | "warnOnUndeclared">,
): Parameters<typeof parseTemplate>[0] {
  const { path, host, flags, warnOnUndeclared } = request;
  return {
    path,
    host,
    configType: flags["config-type"] as "json" | "hcl2" | undefined,
    standardInput: readStandardInput,
    variables: { vars: flags.var, varFiles: flags["var-file"], warnOnUndeclared },
  };
}

/** Data sources are read before there is a run: what they say goes straight to the console. */
function readingFor(
  request: TemplateRequest,
  masker: { add(secret: string): void; mask(text: string): string },
): Reading {
  const { host, signal, console } = request;
  const say = (text: string) => console.say(masker.mask(text));
  return {
    host,
    signal,
    say,
    warn: (text) => console.error(masker.mask(text)),
    output: (_stream, chunk) => say(String(chunk).trimEnd()),
    progress: () => ({ update() {}, done() {} }),
    secret: (text) => masker.add(text),
  };
}
