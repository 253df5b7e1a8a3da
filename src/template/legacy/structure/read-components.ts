import { type JsonNode, type JsonObject, memberOf } from "../../../hcl/json/json-tree.ts";
import type { Diagnostics } from "../../../hcl/source/diagnostic.ts";
import type { Range } from "../../../hcl/source/source.ts";
import { optionsOf } from "./json-value.ts";
import type { LegacyBuilder, LegacyPostProcessor, LegacyProvisioner, PlacedName } from "./legacy-template.ts";
import { MetaArguments } from "./meta-arguments.ts";

/** The builders of a template. Those without a type, and a second one of the same name, are reported and left out. */
export function readBuilders(node: JsonNode | undefined, diagnostics: Diagnostics): LegacyBuilder[] {
  const names = new Set<string>();
  return itemsOf(node, "builders", diagnostics).flatMap((item, index) => {
    const label = `builder ${index + 1}`;
    const object = objectOf(item, label, diagnostics);
    if (!object) return [];
    const type = typeOf(object, label, diagnostics);
    if (!type) return [];
    const written = new MetaArguments(object, label, diagnostics).text("name");
    const name = written && written.text !== "" ? written : type;
    if (names.has(name.text)) {
      diagnostics.error({
        code: "duplicate-builder",
        summary: `${label}: builder with name '${name.text}' already exists`,
        detail: `Each builder needs a name of its own; one without "name" is called by its type. Give this one another "name".`,
        subject: name.range,
      });
      return [];
    }
    names.add(name.text);
    return [{ type: type.text, typeRange: type.range, name, label, options: optionsOf(object, ["type", "name"]) }];
  });
}

const PROVISIONER_KEYS = ["type", "only", "except", "override", "pause_before", "max_retries", "timeout"];

export function readProvisioners(node: JsonNode | undefined, diagnostics: Diagnostics): LegacyProvisioner[] {
  return itemsOf(node, "provisioners", diagnostics).flatMap(
    (item, index) => readProvisioner(item, "provisioner", `provisioner ${index + 1}`, diagnostics) ?? [],
  );
}

export function readErrorCleanup(node: JsonNode, diagnostics: Diagnostics): LegacyProvisioner | undefined {
  return readProvisioner(node, "error-cleanup-provisioner", "error-cleanup-provisioner", diagnostics);
}

function readProvisioner(
  node: JsonNode,
  kind: LegacyProvisioner["kind"],
  label: string,
  diagnostics: Diagnostics,
): LegacyProvisioner | undefined {
  const object = objectOf(node, label, diagnostics);
  const type = object && typeOf(object, label, diagnostics);
  if (!object || !type) return undefined;
  const meta = new MetaArguments(object, label, diagnostics);
  return {
    kind,
    type: type.text,
    typeRange: type.range,
    label,
    options: optionsOf(object, PROVISIONER_KEYS),
    filter: meta.filter(),
    overrides: meta.overrides(),
    pauseBefore: meta.duration("pause_before"),
    timeout: meta.duration("timeout"),
    maxRetries: meta.retries(),
  };
}

const POST_PROCESSOR_KEYS = ["type", "name", "only", "except", "keep_input_artifact"];

/** The chains of post-processors: each item is one, or an array of them. */
export function readPostProcessors(node: JsonNode | undefined, diagnostics: Diagnostics): LegacyPostProcessor[][] {
  return itemsOf(node, "post-processors", diagnostics).map((item, index) => {
    const links = item.kind === "array" ? item.items : [item];
    return links.flatMap((link, place) => {
      const label = `post-processor ${index + 1}.${place + 1}`;
      return readPostProcessor(link, label, item.kind === "array", diagnostics) ?? [];
    });
  });
}

function readPostProcessor(
  node: JsonNode,
  label: string,
  inChain: boolean,
  diagnostics: Diagnostics,
): LegacyPostProcessor | undefined {
  if (node.kind === "string") return byType({ text: node.text, range: node.range }, label);
  if (node.kind === "array" && inChain) {
    diagnostics.error({
      code: "nested-post-processors",
      summary: `${label}: sequence not allowed to be nested in a sequence`,
      detail: "An array within post-processors is a chain of post-processors, and a chain holds no further chains.",
      subject: node.range,
    });
    return undefined;
  }
  const object = objectOf(node, label, diagnostics, "the name of its type, an object, or an array of these");
  const type = object && typeOf(object, label, diagnostics);
  if (!object || !type) return undefined;
  const meta = new MetaArguments(object, label, diagnostics);
  return {
    ...byType(type, label),
    options: optionsOf(object, POST_PROCESSOR_KEYS),
    name: meta.text("name")?.text,
    filter: meta.filter(),
    keepInputArtifact: meta.boolean("keep_input_artifact"),
  };
}

function byType(type: PlacedName, label: string): LegacyPostProcessor {
  const none: JsonObject = { kind: "object", members: [], range: type.range };
  return {
    kind: "post-processor",
    type: type.text,
    typeRange: type.range,
    label,
    options: optionsOf(none),
    filter: { only: [], except: [] },
  };
}

function itemsOf(node: JsonNode | undefined, section: string, diagnostics: Diagnostics): readonly JsonNode[] {
  if (!node || node.kind === "null") return [];
  if (node.kind === "array") return node.items;
  reportForm(
    `'${section}': must be an array`,
    `"${section}" is a list: write [ … ] around it.`,
    node.range,
    diagnostics,
  );
  return [];
}

function objectOf(
  node: JsonNode,
  label: string,
  diagnostics: Diagnostics,
  wanted = "an object with its type and options",
): JsonObject | undefined {
  if (node.kind === "object") return node;
  reportForm(`${label}: bad format`, `Here must be ${wanted}.`, node.range, diagnostics);
  return undefined;
}

function typeOf(object: JsonObject, label: string, diagnostics: Diagnostics): PlacedName | undefined {
  const before = diagnostics.all.length;
  const type = new MetaArguments(object, label, diagnostics).text("type");
  if (type && type.text !== "") return type;
  if (diagnostics.all.length > before) return undefined;
  const near = object.members.find(({ name }) => name.text.toLowerCase() === "type");
  const hint = near && near.name.text !== "type" ? ` Did you mean "type" instead of "${near.name.text}"?` : "";
  const subject = memberOf(object, "type")?.value.range ?? object.range;
  const title = label.startsWith("post") ? "type is required" : "missing 'type'";
  reportForm(`${label}: ${title}`, `"type" says which component it is.${hint}`, subject, diagnostics);
  return undefined;
}

function reportForm(summary: string, detail: string, subject: Range, diagnostics: Diagnostics): void {
  diagnostics.error({ code: "legacy-form", summary, detail, subject });
}
