import { evaluate } from "../../hcl/evaluation/evaluate.ts";
import type { Scope } from "../../hcl/evaluation/scope.ts";
import type { Diagnostics } from "../../hcl/source/diagnostic.ts";
import type { Attribute, Block, BodySchema } from "../../hcl/syntax/body.ts";
import { isUnknown, type Value } from "../../hcl/values/value.ts";
import type { ValueLayer } from "../../spec/decode.ts";
import { placeOfPart } from "../../spec/decoding/place.ts";
import { parseGoDuration } from "../../spec/duration.ts";
import { readBoolean, readText, readWholeNumber } from "../structure/constant.ts";
import type { ProvisionerBlock } from "./build-structure.ts";
import { readSourceFilter } from "./source-filter.ts";

const PROVISIONER_SCHEMA: BodySchema = {
  attributes: [
    { name: "name" },
    { name: "only" },
    { name: "except" },
    { name: "override" },
    { name: "pause_before" },
    { name: "max_retries" },
    { name: "timeout" },
    { name: "continue_on_error" },
  ],
  blocks: [],
};

/** Reads what every provisioner can say; the rest of its body is for the component. `scope` serves blocks outside of `dynamic`. */
export function readProvisioner(block: Block, scope: Scope, diagnostics: Diagnostics): ProvisionerBlock {
  const { content, rest } = block.body.partialContent(PROVISIONER_SCHEMA, diagnostics);
  const { attributes } = content;
  const [type] = block.labels;
  return {
    kind: block.type === "error-cleanup-provisioner" ? "error-cleanup-provisioner" : "provisioner",
    type: type?.text ?? "",
    typeRange: type?.range ?? block.typeRange,
    name: readText(attributes.get("name"), scope, diagnostics),
    header: block.header,
    body: rest,
    filter: readSourceFilter(content, scope, diagnostics),
    pauseBefore: readDuration(attributes.get("pause_before"), scope, diagnostics),
    timeout: readDuration(attributes.get("timeout"), scope, diagnostics),
    maxRetries: readRetries(attributes.get("max_retries"), scope, diagnostics),
    continueOnError: readBoolean(attributes.get("continue_on_error"), scope, diagnostics) ?? false,
    overrides: readOverrides(attributes.get("override"), scope, diagnostics),
  };
}

/** Milliseconds. */
function readDuration(attribute: Attribute | undefined, scope: Scope, diagnostics: Diagnostics): number | undefined {
  const text = readText(attribute, scope, diagnostics);
  if (!attribute || text === undefined) return undefined;
  const parsed = parseGoDuration(text);
  if ("milliseconds" in parsed) return parsed.milliseconds;
  diagnostics.error({
    code: "invalid-duration",
    summary: `Failed to parse ${attribute.name} duration`,
    detail: `"${text}" is no duration. Write it with units, as in "10s", "5m" or "1h30m".`,
    subject: attribute.expression.range,
  });
  return undefined;
}

function readRetries(attribute: Attribute | undefined, scope: Scope, diagnostics: Diagnostics): number {
  return Math.max(0, readWholeNumber(attribute, scope, diagnostics) ?? 0);
}

function readOverrides(
  attribute: Attribute | undefined,
  scope: Scope,
  diagnostics: Diagnostics,
): ReadonlyMap<string, ValueLayer> {
  const overrides = new Map<string, ValueLayer>();
  if (!attribute) return overrides;
  const value = evaluate(attribute.expression, attribute.scope ?? scope, diagnostics);
  if (isUnknown(value) || value.data === null) return overrides;
  if (!(value.data instanceof Map)) {
    reportNoObject(attribute, attribute.expression.range, diagnostics);
    return overrides;
  }
  const place = { range: attribute.expression.range, expression: attribute.expression };
  const named: ReadonlyMap<string, Value> = value.data;
  for (const [name, options] of named) {
    const part = placeOfPart(place, name);
    if (options.data instanceof Map) overrides.set(name, { value: options, ...part });
    else if (!isUnknown(options) && options.data !== null) reportNoObject(attribute, part.range, diagnostics);
  }
  return overrides;
}

function reportNoObject(attribute: Attribute, subject: Attribute["range"], diagnostics: Diagnostics): void {
  diagnostics.error({
    code: "invalid-override",
    summary: "provisioner's override block must be an HCL object",
    detail:
      'An override gives, for the name of a source, other options: override = { NAME = { inline = ["…"] } }, with NAME as in source "TYPE" "NAME".',
    subject,
    context: attribute.range,
  });
}
