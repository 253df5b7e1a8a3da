import { evaluate } from "../../hcl/evaluation/evaluate.ts";
import type { Diagnostics } from "../../hcl/source/diagnostic.ts";
import type { Range } from "../../hcl/source/source.ts";
import type { Attribute, Block } from "../../hcl/syntax/body.ts";
import type { Value } from "../../hcl/values/value.ts";
import { type Constraint, parseConstraints } from "../versions/constraint.ts";
import { placeText } from "./place-text.ts";

/** A plugin that the template asks for. */
export interface RequiredPlugin {
  /** First part of the names of its components: "amazon" of "amazon-ebs". */
  readonly accessor: string;
  /** "github.com/hashicorp/amazon". */
  readonly source: string;
  readonly version: string;
  readonly constraints: readonly Constraint[];
  readonly range: Range;
}

/** Reads all `required_plugins` blocks. A faulty requirement is reported and left out. */
export function readRequiredPlugins(blocks: readonly Block[], diagnostics: Diagnostics): RequiredPlugin[] {
  const required = new Map<string, RequiredPlugin>();
  for (const block of blocks) {
    for (const attribute of block.body.attributes(diagnostics).values()) {
      const plugin = readRequirement(attribute, diagnostics);
      if (!plugin) continue;
      const earlier = required.get(plugin.accessor);
      if (earlier) {
        diagnostics.error({
          code: "duplicate-required-plugin",
          summary: `Duplicate required_plugin."${plugin.accessor}" block`,
          detail: `The plugin "${plugin.accessor}" is already required ${placeText(earlier.range)}. Keep one of the two.`,
          subject: attribute.nameRange,
        });
      } else required.set(plugin.accessor, plugin);
    }
  }
  return [...required.values()];
}

function readRequirement(attribute: Attribute, diagnostics: Diagnostics): RequiredPlugin | undefined {
  const accessor = attribute.name;
  const accessorIsGood = checkAccessor(attribute, diagnostics);
  const before = diagnostics.all.length;
  const value = evaluate(attribute.expression, undefined, diagnostics);
  if (diagnostics.all.length > before) return undefined;
  const range = attribute.expression.range;
  const fault = (summary: string, detail: string) =>
    diagnostics.error({ code: "invalid-plugin-requirement", summary, detail, subject: range });

  if (!(value.data instanceof Map)) {
    fault(
      "Invalid plugin requirement",
      `A plugin is required with its source and version: ${accessor} = { source = "github.com/…/${accessor}", version = ">= 1.0.0" }.`,
    );
    return undefined;
  }
  const entries: ReadonlyMap<string, Value> = value.data;
  const strange = [...entries.keys()].filter((key) => key !== "source" && key !== "version");
  if (strange.length > 0) {
    fault(
      "Invalid required_plugins object",
      `Only "source" and "version" can be set for a plugin, and not ${strange.map((key) => `"${key}"`).join(", ")}.`,
    );
  }
  const source = entries.get("source")?.data;
  const version = entries.get("version")?.data;
  if (source === undefined) {
    fault("No source was set", `Say where the plugin "${accessor}" comes from: source = "github.com/…/${accessor}".`);
  } else if (typeof source !== "string" || !isSource(source)) {
    fault(
      "Invalid plugin source string",
      `The source of a plugin is a text of at least three parts, host/owner/name, like "github.com/hashicorp/${accessor}".`,
    );
  }
  if (version === undefined) {
    fault(
      "No version constraint was set",
      `Say which versions of the plugin "${accessor}" will do: version = ">= 1.0.0".`,
    );
  }
  const constraints = version === undefined ? undefined : readConstraints(version);
  if (constraints === "faulty") {
    fault(
      "Invalid version constraint",
      'A version constraint is a text like ">= 1.2.0" or "~> 1.2"; several are separated by commas. Pre-releases are not possible.',
    );
  }
  if (!accessorIsGood || typeof source !== "string" || !isSource(source) || typeof version !== "string")
    return undefined;
  if (constraints === undefined || constraints === "faulty") return undefined;
  return { accessor, source, version, constraints, range: attribute.range };
}

function readConstraints(version: Value["data"]): readonly Constraint[] | "faulty" {
  if (typeof version !== "string") return "faulty";
  const constraints = parseConstraints(version);
  if ("bad" in constraints) return "faulty";
  return constraints.some((constraint) => constraint.version.preRelease !== "") ? "faulty" : constraints;
}

/** "github.com/hashicorp/amazon"; more parts are possible (GitLab groups), fewer are not. */
function isSource(text: string): boolean {
  const parts = text.split("/");
  return parts.length >= 3 && parts.every((part) => /^[0-9A-Za-z._:-]+$/.test(part));
}

function checkAccessor(attribute: Attribute, diagnostics: Diagnostics): boolean {
  if (/^[a-z0-9]+(?:-[a-z0-9]+)*$/.test(attribute.name)) return true;
  diagnostics.error({
    code: "invalid-plugin-name",
    summary: "Invalid plugin local name",
    detail: "The name of a plugin consists of small letters and digits, with single dashes between them.",
    subject: attribute.nameRange,
  });
  return false;
}
