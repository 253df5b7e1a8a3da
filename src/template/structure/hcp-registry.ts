import { evaluate } from "../../hcl/evaluation/evaluate.ts";
import type { Scope } from "../../hcl/evaluation/scope.ts";
import type { Diagnostics } from "../../hcl/source/diagnostic.ts";
import type { Attribute, Block, BodySchema } from "../../hcl/syntax/body.ts";
import { ConversionFault, convert } from "../../hcl/values/convert.ts";
import { mapOf, STRING } from "../../hcl/values/type.ts";
import { readText, readTexts } from "./constant.ts";

const REGISTRY_SCHEMA: BodySchema = {
  attributes: [
    { name: "bucket_name" },
    { name: "description" },
    { name: "bucket_labels" },
    { name: "build_labels" },
    { name: "labels" },
    { name: "channels" },
  ],
  blocks: [],
};

/**
 * Checks the `hcp_packer_registry` blocks as Packer does. Nothing is published: that is said once, as a warning, and
 * the builds run.
 */
export function checkRegistries(
  atRoot: readonly Block[],
  inBuilds: readonly Block[],
  scope: Scope,
  diagnostics: Diagnostics,
): void {
  const [first, ...others] = [...atRoot, ...inBuilds];
  if (!first) return;
  for (const block of inBuilds) {
    diagnostics.warning({
      code: "deprecated-registry-place",
      summary: "Build block level hcp_packer_registry is deprecated",
      detail: "Put the hcp_packer_registry block at the top level of the template, beside the build block.",
      subject: block.header,
    });
  }
  for (const block of others) {
    diagnostics.error({
      code: "second-registry",
      summary: "Multiple HCP Packer registry block declaration",
      detail: "A template can have one hcp_packer_registry block, for all of its builds together.",
      subject: block.header,
    });
  }
  for (const block of [first, ...others]) checkRegistry(block, scope, diagnostics);
  diagnostics.warning({
    code: "registry-not-supported",
    summary: "Nothing is published to the HCP Packer registry",
    detail: "The builds run, but what they make is not registered with HCP: there is no support for it yet.",
    subject: first.header,
  });
}

function checkRegistry(block: Block, scope: Scope, diagnostics: Diagnostics): void {
  const { attributes } = block.body.content(REGISTRY_SCHEMA, diagnostics);
  const bucket = attributes.get("bucket_name");
  const name = readText(bucket, scope, diagnostics);
  if (bucket && name !== undefined && name !== "" && !/^[A-Za-z0-9-]{3,36}$/.test(name)) {
    diagnostics.error({
      code: "invalid-bucket-name",
      summary: "Invalid bucket_name",
      detail: "The name of a bucket has 3 to 36 letters, digits and dashes.",
      subject: bucket.expression.range,
    });
  }
  const description = attributes.get("description");
  if (description && [...(readText(description, scope, diagnostics) ?? "")].length > 255) {
    diagnostics.error({
      code: "description-too-long",
      summary: "Description is too long",
      detail: "The description of a bucket has at most 255 characters.",
      subject: description.expression.range,
    });
  }
  for (const labels of ["bucket_labels", "build_labels", "labels"]) {
    checkLabels(attributes.get(labels), scope, diagnostics);
  }
  readTexts(attributes.get("channels"), scope, diagnostics);
  const old = attributes.get("labels");
  if (!old) return;
  if (attributes.has("bucket_labels")) {
    diagnostics.error({
      code: "labels-twice",
      summary: "Both labels and bucket_labels are set",
      detail: '"labels" is the old name of "bucket_labels": only one of the two can be set.',
      subject: old.range,
    });
  } else {
    diagnostics.warning({
      code: "deprecated-argument",
      summary: 'Deprecated argument "labels"',
      detail: 'It is called "bucket_labels" now.',
      subject: old.nameRange,
    });
  }
}

function checkLabels(attribute: Attribute | undefined, scope: Scope, diagnostics: Diagnostics): void {
  if (!attribute) return;
  const labels = convert(evaluate(attribute.expression, attribute.scope ?? scope, diagnostics), mapOf(STRING));
  if (!(labels instanceof ConversionFault)) return;
  diagnostics.error({
    code: "unsuitable-value",
    summary: "Unsuitable value type",
    detail: `The value of "${attribute.name}" is not suitable: ${labels.message}.`,
    subject: attribute.expression.range,
  });
}
