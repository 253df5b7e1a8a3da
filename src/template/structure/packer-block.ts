import type { Diagnostics } from "../../hcl/source/diagnostic.ts";
import type { Attribute, Block } from "../../hcl/syntax/body.ts";
import { PACKER_VERSION } from "../packer-version.ts";
import { parseConstraints, satisfies } from "../versions/constraint.ts";
import { parseVersion } from "../versions/version.ts";
import { readText } from "./constant.ts";
import { type RequiredPlugin, readRequiredPlugins } from "./required-plugins.ts";
import { PACKER_SCHEMA } from "./root-schema.ts";

/** Whether every `required_version` of the `packer` blocks admits the version of Packer that this program stands for. */
export function checkRequiredVersions(blocks: readonly Block[], diagnostics: Diagnostics): boolean {
  let fits = true;
  for (const block of blocks) {
    const { content } = block.body.partialContent(PACKER_SCHEMA, diagnostics);
    const attribute = content.attributes.get("required_version");
    const text = readText(attribute, undefined, diagnostics);
    if (attribute && text !== undefined && !checkRequiredVersion(attribute, text, diagnostics)) fits = false;
  }
  return fits;
}

function checkRequiredVersion(attribute: Attribute, text: string, diagnostics: Diagnostics): boolean {
  const constraints = parseConstraints(text);
  if ("bad" in constraints) {
    diagnostics.error({
      code: "invalid-version-constraint",
      summary: "Invalid version constraint",
      detail: `"${constraints.bad}" is no version constraint. Write one like ">= 1.7.0" or "~> 1.11"; several are separated by commas.`,
      subject: attribute.expression.range,
    });
    return true;
  }
  const ours = parseVersion(PACKER_VERSION);
  if (ours && satisfies(ours, constraints)) return true;
  diagnostics.error({
    code: "unsupported-packer-version",
    summary: "Unsupported Packer Core version",
    detail: `This template needs a version of Packer that is "${text}", but this program does what Packer ${PACKER_VERSION} does. Nothing else of the template was looked at.`,
    subject: attribute.expression.range,
  });
  return false;
}

/** Reads the whole of all `packer` blocks, after their versions were checked. */
export function readPackerBlocks(blocks: readonly Block[], diagnostics: Diagnostics): RequiredPlugin[] {
  const requirements = blocks.flatMap((block) => block.body.content(PACKER_SCHEMA, diagnostics).blocks);
  return readRequiredPlugins(requirements, diagnostics);
}
