import type { JsonMember, JsonNode, JsonObject } from "../../../hcl/json/json-tree.ts";
import type { Diagnostics } from "../../../hcl/source/diagnostic.ts";
import { suggestion } from "../../../hcl/source/nearest-name.ts";
import type { Source } from "../../../hcl/source/source.ts";
import { readStrictJson } from "./json-faults.ts";
import type { LegacyTemplate, LegacyVariable, PlacedName } from "./legacy-template.ts";
import { readBuilders, readErrorCleanup, readPostProcessors, readProvisioners } from "./read-components.ts";

const SECTIONS = [
  "builders",
  "comments",
  "description",
  "error-cleanup-provisioner",
  "min_packer_version",
  "post-processors",
  "provisioners",
  "push",
  "sensitive-variables",
  "variables",
] as const;
type Section = (typeof SECTIONS)[number];

/** Reads the text of a template in Packer's old JSON format. undefined where it is no JSON object. */
export function readLegacyStructure(source: Source, diagnostics: Diagnostics): LegacyTemplate | undefined {
  const root = readStrictJson(source, diagnostics);
  if (!root) return undefined;
  if (root.kind !== "object") {
    diagnostics.error({
      code: "legacy-form",
      summary: "A template must be a JSON object",
      detail: 'It has sections by name, as in {"builders": [{"type": "docker", … }]}.',
      subject: root.range,
    });
    return undefined;
  }
  const sections = sectionsOf(root, diagnostics);
  const cleanup = sections.get("error-cleanup-provisioner");
  return {
    root,
    description: textOf("description", sections, diagnostics),
    minimumVersion: textOf("min_packer_version", sections, diagnostics),
    variables: readVariables(sections.get("variables"), diagnostics),
    sensitiveVariables: readNames("sensitive-variables", sections, diagnostics),
    builders: readBuilders(sections.get("builders"), diagnostics),
    provisioners: readProvisioners(sections.get("provisioners"), diagnostics),
    errorCleanupProvisioner: cleanup && readErrorCleanup(cleanup, diagnostics),
    postProcessors: readPostProcessors(sections.get("post-processors"), diagnostics),
  };
}

/** What is no section and no comment is reported. Packer does not tell cases apart here. */
function sectionsOf(root: JsonObject, diagnostics: Diagnostics): ReadonlyMap<Section, JsonNode> {
  const sections = new Map<Section, JsonNode>();
  for (const { name, value } of root.members) {
    if (name.text.startsWith("_")) {
      checkComment({ name, value }, diagnostics);
      continue;
    }
    const section = SECTIONS.find((known) => known === name.text.toLowerCase());
    if (section === undefined) {
      diagnostics.error({
        code: "unknown-root-key",
        summary: `Unknown root level key in template: '${name.text}'`,
        detail: `A template has these sections: ${SECTIONS.join(", ")}. A name that starts with "_" is a comment.${suggestion(name.text, SECTIONS)}`,
        subject: name.range,
      });
    } else if (value.kind !== "null") sections.set(section, value);
  }
  const comments = sections.get("comments");
  if (comments && comments.kind !== "array" && comments.kind !== "object") {
    reportType("comments", comments, "a list of objects", diagnostics);
  }
  return sections;
}

function checkComment({ name, value }: JsonMember, diagnostics: Diagnostics): void {
  if (value.kind === "string") return;
  diagnostics.error({
    code: "comment-not-text",
    summary: `Failed to cast root level comment value in comment "${name.text}" to string.`,
    detail: 'A comment, which is a name that starts with "_", has a text.',
    subject: value.range,
  });
}

function readVariables(node: JsonNode | undefined, diagnostics: Diagnostics): Map<string, LegacyVariable> {
  const variables = new Map<string, LegacyVariable>();
  if (!node) return variables;
  if (node.kind !== "object") {
    reportType("variables", node, "an object with a text for each variable", diagnostics);
    return variables;
  }
  for (const { name, value } of node.members) {
    if (value.kind !== "string" && value.kind !== "null") {
      const quoted = value.kind === "number" ? value.text : value.kind === "bool" ? String(value.value) : undefined;
      diagnostics.error({
        code: "variable-not-text",
        summary: `variable ${name.text}: expected type 'string'`,
        detail: `The value of a variable is a text${quoted === undefined ? "" : ` (write it in quotes: "${quoted}")`}, or null where a value must be given.`,
        subject: value.range,
      });
      continue;
    }
    const text = value.kind === "string" ? value.text : undefined;
    variables.set(name.text, { name: name.text, nameRange: name.range, default: text, range: value.range });
  }
  return variables;
}

function textOf(
  section: Section,
  sections: ReadonlyMap<Section, JsonNode>,
  diagnostics: Diagnostics,
): PlacedName | undefined {
  const node = sections.get(section);
  if (!node) return undefined;
  if (node.kind === "string") return { text: node.text, range: node.range };
  reportType(section, node, "a text", diagnostics);
  return undefined;
}

function readNames(section: Section, sections: ReadonlyMap<Section, JsonNode>, diagnostics: Diagnostics): PlacedName[] {
  const node = sections.get(section);
  if (!node) return [];
  return (node.kind === "array" ? node.items : [node]).flatMap((item) => {
    if (item.kind === "string") return [{ text: item.text, range: item.range }];
    reportType(section, item, "a list of names", diagnostics);
    return [];
  });
}

function reportType(section: Section, { range }: JsonNode, wanted: string, diagnostics: Diagnostics): void {
  diagnostics.error({
    code: "legacy-form",
    summary: `'${section}' has the wrong type`,
    detail: `"${section}" must be ${wanted}.`,
    subject: range,
  });
}
