import { type JsonNode, type JsonObject, memberOf } from "../../../hcl/json/json-tree.ts";
import type { Diagnostics } from "../../../hcl/source/diagnostic.ts";
import type { Range } from "../../../hcl/source/source.ts";
import type { ValueLayer } from "../../../spec/decode.ts";
import { parseGoDuration } from "../../../spec/duration.ts";
import { optionsOf } from "./json-value.ts";
import type { BuilderFilter, LegacyProvisioner, PlacedName } from "./legacy-template.ts";

/** Reads what the template itself says about a component, each from the property of a name. */
export class MetaArguments {
  private readonly object: JsonObject;
  private readonly label: string;
  private readonly diagnostics: Diagnostics;

  constructor(object: JsonObject, label: string, diagnostics: Diagnostics) {
    this.object = object;
    this.label = label;
    this.diagnostics = diagnostics;
  }

  text(name: string): PlacedName | undefined {
    const node = this.node(name);
    if (!node) return undefined;
    if (node.kind === "string") return { text: node.text, range: node.range };
    this.misfit(name, node, 'a text, as in "name"');
    return undefined;
  }

  boolean(name: string): boolean | undefined {
    const node = this.node(name);
    if (!node) return undefined;
    if (node.kind === "bool") return node.value;
    this.misfit(name, node, "true or false, without quotes");
    return undefined;
  }

  filter(): BuilderFilter {
    return { only: this.names("only"), except: this.names("except") };
  }

  /** Milliseconds. A number counts nanoseconds. */
  duration(name: string): number | undefined {
    const node = this.node(name);
    if (!node) return undefined;
    if (node.kind === "number") return Number(node.text) / 1e6;
    if (node.kind !== "string") {
      this.misfit(name, node, 'a duration with units, as in "10s" or "1h30m"');
      return undefined;
    }
    const parsed = parseGoDuration(node.text);
    if ("milliseconds" in parsed) return parsed.milliseconds;
    this.report(name, `${parsed.problem}. Write it with units, as in "10s", "5m" or "1h30m".`, node.range);
    return undefined;
  }

  retries(): PlacedName | undefined {
    const node = this.node("max_retries");
    if (!node) return undefined;
    if (node.kind === "string" || node.kind === "number") return { text: node.text, range: node.range };
    this.misfit("max_retries", node, "a whole number");
    return undefined;
  }

  overrides(): LegacyProvisioner["overrides"] {
    const node = this.node("override");
    const overrides = new Map<string, { name: PlacedName; options: ValueLayer }>();
    if (!node) return overrides;
    if (node.kind !== "object") {
      this.misfit("override", node, "an object with other options for each builder named");
      return overrides;
    }
    for (const { name, value } of node.members) {
      if (value.kind === "object") overrides.set(name.text, { name, options: optionsOf(value) });
      else this.misfit("override", value, `an object with other options for the builder "${name.text}"`);
    }
    return overrides;
  }

  /** A single name is taken for a list of it, as Packer does. */
  private names(name: string): PlacedName[] {
    const node = this.node(name);
    if (!node) return [];
    const items = node.kind === "array" ? node.items : [node];
    return items.flatMap((item) => {
      if (item.kind === "string") return [{ text: item.text, range: item.range }];
      this.misfit(name, item, 'a list of the names of builders, as in ["a", "b"]');
      return [];
    });
  }

  /** Null is as not written. */
  private node(name: string): JsonNode | undefined {
    const node = memberOf(this.object, name)?.value;
    return node?.kind === "null" ? undefined : node;
  }

  private misfit(name: string, node: JsonNode, wanted: string): void {
    const given = node.kind === "bool" ? "boolean" : node.kind;
    this.report(name, `It must be ${wanted}, and not ${/^[aeo]/.test(given) ? "an" : "a"} ${given}.`, node.range);
  }

  private report(name: string, detail: string, subject: Range): void {
    this.diagnostics.error({
      code: "legacy-meta-argument",
      summary: `${this.label}: error decoding '${name}'`,
      detail,
      subject,
    });
  }
}
