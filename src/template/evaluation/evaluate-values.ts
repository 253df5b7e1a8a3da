import { evaluate } from "../../hcl/evaluation/evaluate.ts";
import type { Scope } from "../../hcl/evaluation/scope.ts";
import type { Diagnostics } from "../../hcl/source/diagnostic.ts";
import { nearestName } from "../../hcl/source/nearest-name.ts";
import { type Traversal, variablesOf } from "../../hcl/syntax/variables-of.ts";
import { sensitive, type Value } from "../../hcl/values/value.ts";
import { type Edge, findCycles, forEachInOrder, type GraphNode } from "../graph/dependency-graph.ts";
import type { LocalDeclaration } from "../structure/locals.ts";
import { placeText } from "../structure/place-text.ts";
import type { TypedBlock } from "../structure/typed-blocks.ts";
import { FAULTY_VALUE } from "./faulty.ts";
import { valuesScope } from "./scopes.ts";

/** The values of all locals by name, and of all data sources by "type.name", in the order of the text. */
export interface EvaluatedValues {
  readonly locals: ReadonlyMap<string, Value>;
  readonly data: ReadonlyMap<string, Value>;
}

export interface ValuesToEvaluate {
  readonly locals: ReadonlyMap<string, LocalDeclaration>;
  readonly data: ReadonlyMap<string, TypedBlock>;
  /** `var`, `path`, `packer` and functions. */
  readonly scope: Scope;
  /** Gives the value of a data source, or FAULTY_VALUE for one that it reports. */
  readData(block: TypedBlock, scope: Scope, diagnostics: Diagnostics): Promise<Value>;
}

/** `broken`: it refers to something that does not exist, which has been reported. */
type ValueNode = GraphNode & { readonly broken: boolean } & (
    | { readonly local: LocalDeclaration }
    | { readonly block: TypedBlock }
  );

/**
 * Evaluates locals and data sources as one graph whose edges are the references between them; data sources that do not
 * need each other are read side by side. What is faulty, or depends on it, becomes a FAULTY_VALUE.
 */
export async function evaluateValues(input: ValuesToEvaluate, diagnostics: Diagnostics): Promise<EvaluatedValues> {
  const nodes = nodesOf(input, diagnostics);
  for (const cycle of findCycles(nodes)) reportCycle(cycle, diagnostics);

  const values = new Map<string, Value>();
  const bugs: unknown[] = [];
  await forEachInOrder(nodes, (node) => {
    if (node.broken) return undefined;
    const scope = scopeOf(node, values, input.scope);
    if ("local" in node) {
      values.set(node.key, evaluateLocal(node.local, scope, diagnostics));
      return undefined;
    }
    return input.readData(node.block, scope, diagnostics).then(
      (value) => void values.set(node.key, value),
      (bug: unknown) => void bugs.push(bug),
    );
  });
  if (bugs.length > 0) throw bugs[0];
  return {
    locals: new Map([...input.locals.keys()].map((name) => [name, values.get(localKey(name)) ?? FAULTY_VALUE])),
    data: new Map([...input.data.keys()].map((key) => [key, values.get(dataKey(key)) ?? FAULTY_VALUE])),
  };
}

function evaluateLocal(local: LocalDeclaration, scope: Scope, diagnostics: Diagnostics): Value {
  if (!local.expression) return FAULTY_VALUE;
  const before = diagnostics.all.length;
  const value = evaluate(local.expression, scope, diagnostics);
  const result = diagnostics.all.length > before ? FAULTY_VALUE : value;
  return local.sensitive ? sensitive(result) : result;
}

/** A scope with just what the node refers to: it is all there by now, whatever else is still being worked on. */
function scopeOf(node: ValueNode, values: ReadonlyMap<string, Value>, parent: Scope): Scope {
  const locals = new Map<string, Value>();
  const data = new Map<string, Value>();
  for (const { to } of node.edges) {
    const value = values.get(to) ?? FAULTY_VALUE;
    if (to.startsWith(LOCAL)) locals.set(to.slice(LOCAL.length), value);
    else data.set(to.slice(DATA.length), value);
  }
  return valuesScope(parent, locals, data);
}

const LOCAL = "local.";
const DATA = "data.";

function localKey(name: string): string {
  return `${LOCAL}${name}`;
}

function dataKey(key: string): string {
  return `${DATA}${key}`;
}

function nodesOf(input: ValuesToEvaluate, diagnostics: Diagnostics): ValueNode[] {
  const keys = new Set([...[...input.locals.keys()].map(localKey), ...[...input.data.keys()].map(dataKey)]);
  const connect = (key: string, references: readonly Traversal[]) => {
    const targets = references
      .filter(({ root }) => root === "local" || root === "data")
      .map((reference) => edgeOf(key, reference, keys, diagnostics));
    return { key, edges: targets.filter((edge) => edge !== undefined), broken: targets.includes(undefined) };
  };
  return [
    ...[...input.locals.values()].map((local) => ({
      ...connect(localKey(local.name), local.expression ? variablesOf(local.expression) : []),
      local,
    })),
    ...[...input.data.values()].map((block) => ({ ...connect(dataKey(block.key), block.body.references()), block })),
  ];
}

const UNPREPARED = "failed to prepare execution graph";

/** undefined, and reported, for a reference that leads nowhere. */
function edgeOf(
  from: string,
  reference: Traversal,
  keys: ReadonlySet<string>,
  diagnostics: Diagnostics,
): Edge | undefined {
  const wanted = reference.root === "local" ? 1 : 2;
  const names = reference.steps.slice(0, wanted).map((step) => (step.kind === "attribute" ? step.name : step.key));
  if (names.length < wanted) {
    diagnostics.error({
      code: "incomplete-reference",
      summary: `failed to process ${reference.root} dependency`,
      detail:
        reference.root === "local"
          ? "Here a local must be named, as in local.NAME: all of them at once cannot be used by a local or a data source."
          : "A data source is named by its type and its name, as in data.TYPE.NAME.",
      subject: reference.range,
    });
    return undefined;
  }
  const to = [reference.root, ...names].join(".");
  if (keys.has(to)) return { from, to, place: reference.range };
  diagnostics.error({
    code: "missing-dependency",
    summary: UNPREPARED,
    detail: `${to} is missing in template: ${from} needs it.${hint(to, keys)}`,
    subject: reference.range,
  });
  return undefined;
}

function hint(missing: string, keys: ReadonlySet<string>): string {
  const near = nearestName(missing, keys);
  if (near !== undefined) return ` Did you mean ${near}?`;
  const [root, first = ""] = missing.split(".");
  if (root !== "data") return "";
  const sameName = [...keys].find((key) => key.startsWith(DATA) && key.split(".")[2] === first);
  return sameName === undefined ? "" : ` A data source is named by its type too: did you mean ${sameName}?`;
}

function reportCycle(cycle: readonly Edge[], diagnostics: Diagnostics): void {
  const [first, ...others] = cycle;
  if (!first) return;
  const steps = cycle.map((edge) => `${edge.from} needs ${edge.to} (${placeText(edge.place)})`).join(", ");
  diagnostics.error({
    code: "dependency-cycle",
    summary: UNPREPARED,
    detail:
      others.length === 0
        ? `Self reference: ${first.from}. Its value would have to be known to find its value.`
        : `Cycle: ${cycle.map((edge) => edge.from).join(", ")}. ${steps}.`,
    subject: first.place,
  });
}
