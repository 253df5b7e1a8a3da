import { Diagnostics } from "../source/diagnostic.ts";
import type { Attribute, Block, Body, BodyContent, BodySchema } from "../syntax/body.ts";
import { reportUnsupportedBlock } from "../syntax/schema-faults.ts";
import { objectValue, UNKNOWN_VALUE, type Value } from "../values/value.ts";
import { type DynamicBlock, readDynamicBlock, readLabels } from "./read-dynamic-block.ts";
import { childScope, type Scope } from "./scope.ts";

/**
 * The body with its `dynamic` blocks replaced by the blocks that they stand for, at every depth. What lies in such a
 * block carries the scope that knows its iterator. Where a `for_each` is not known yet, it stands for one block in
 * which everything is unknown. A body is expanded when it is asked for content; faults are reported then.
 */
export function expandDynamicBlocks(body: Body, scope: Scope): Body {
  return viewOf(body, { scope, iterates: false, unknown: false }, []);
}

interface Surroundings {
  readonly scope: Scope;
  /** Within a dynamic block: attributes need its scope. */
  readonly iterates: boolean;
  readonly unknown: boolean;
}

/** `waiting`: dynamic blocks of types that earlier partial contents did not ask for. */
function viewOf(body: Body, around: Surroundings, waiting: readonly Block[]): Body {
  const split = (schema: BodySchema, blocks: readonly Block[], diagnostics: Diagnostics) => {
    const types = new Set(schema.blocks.map(({ type }) => type));
    const expanded: Block[] = [];
    const left: Block[] = [];
    for (const block of inTextOrder(blocks, waiting)) {
      if (block.type !== DYNAMIC) expanded.push(withBody(block, viewOf(block.body, around, []), around));
      else if (types.has(block.labels[0]?.text ?? "")) expanded.push(...expand(block, schema, around, diagnostics));
      else left.push(block);
    }
    return { expanded, left };
  };
  const finish = (content: BodyContent, blocks: readonly Block[]): BodyContent => ({
    attributes: withScope(content.attributes, around),
    blocks,
    missingItemRange: content.missingItemRange,
  });
  return {
    missingItemRange: body.missingItemRange,
    content(schema, diagnostics) {
      const content = body.content(withDynamic(schema), diagnostics);
      const { expanded, left } = split(schema, content.blocks, diagnostics);
      for (const { labels } of left) if (labels[0]) reportUnsupportedBlock(labels[0], [schema], diagnostics);
      return finish(content, expanded);
    },
    partialContent(schema, diagnostics) {
      const { content, rest } = body.partialContent(withDynamic(schema), diagnostics);
      const { expanded, left } = split(schema, content.blocks, diagnostics);
      return { content: finish(content, expanded), rest: viewOf(rest, around, left) };
    },
    attributes: (diagnostics) => withScope(body.attributes(diagnostics), around),
    references: () => body.references(),
  };
}

const DYNAMIC = "dynamic";

function withDynamic(schema: BodySchema): BodySchema {
  return { ...schema, blocks: [...schema.blocks, { type: DYNAMIC, labelNames: ["type"] }] };
}

/** Blocks that waited come where they stand in the text, among the others of their source. */
function inTextOrder(blocks: readonly Block[], waiting: readonly Block[]): readonly Block[] {
  const all = [...blocks];
  for (const late of waiting) {
    const { source, start } = late.typeRange;
    const next = all.findIndex(({ typeRange }) => typeRange.source === source && typeRange.start > start);
    all.splice(next < 0 ? all.length : next, 0, late);
  }
  return all;
}

function withScope(attributes: ReadonlyMap<string, Attribute>, around: Surroundings): Map<string, Attribute> {
  const { scope, iterates, unknown } = around;
  if (!iterates && !unknown) return new Map(attributes);
  return new Map(
    [...attributes].map(([name, attribute]) => {
      const expression = unknown
        ? ({ kind: "fault", range: attribute.expression.range } as const)
        : attribute.expression;
      return [name, { ...attribute, expression, scope: attribute.scope ?? scope }];
    }),
  );
}

function withBody(block: Block, body: Body, { scope, iterates, unknown }: Surroundings): Block {
  return { ...block, body, ...(iterates && { scope: block.scope ?? scope }), ...(unknown && { unknown }) };
}

function expand(block: Block, schema: BodySchema, around: Surroundings, diagnostics: Diagnostics): Block[] {
  const type = block.labels[0]?.text ?? "";
  const wanted = schema.blocks.find((candidate) => candidate.type === type);
  const dynamic = wanted && readDynamicBlock(block, wanted, around.scope, diagnostics);
  if (!dynamic) return [];
  const blocks: Block[] = [];
  for (const [key, value] of dynamic.entries ?? [[UNKNOWN_VALUE, UNKNOWN_VALUE] as const]) {
    const made = makeBlock(dynamic, block, key, value, around, diagnostics);
    if (made) blocks.push(made);
  }
  return blocks;
}

/** One turn: undefined where its labels are faulty, which is reported. */
function makeBlock(
  dynamic: DynamicBlock,
  block: Block,
  key: Value,
  value: Value,
  around: Surroundings,
  diagnostics: Diagnostics,
): Block | undefined {
  const scope = childScope(around.scope, new Map([[dynamic.iterator, objectValue({ key, value })]]));
  const unknown = around.unknown || dynamic.entries === undefined;
  const found = new Diagnostics();
  const labels = readLabels(dynamic.labels, scope, found);
  if (found.hasErrors) {
    // What is not known yet is no fault of labels that are made from it.
    if (!unknown) diagnostics.append(found.all);
    return undefined;
  }
  const inner: Surroundings = { scope, iterates: true, unknown };
  const {
    header,
    labels: [type],
  } = block;
  const made = {
    type: type?.text ?? "",
    labels,
    body: dynamic.content,
    header,
    typeRange: type?.range ?? block.typeRange,
  };
  return withBody(made, viewOf(dynamic.content, inner, []), inner);
}
