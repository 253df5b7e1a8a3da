import type { Scope } from "../../hcl/evaluation/scope.ts";
import type { Attribute, Block, Body, BodyContent } from "../../hcl/syntax/body.ts";

/**
 * A body whose `dynamic` blocks were expanded in one scope, to be evaluated in another: their iterators stay, and
 * behind them stands `to` instead of `from`. So a component sees `build` and `source`, which are not known when the
 * blocks of a build are expanded.
 */
export function rescopedBody(body: Body, from: Scope, to: Scope): Body {
  const attribute = (one: Attribute): Attribute => (one.scope ? { ...one, scope: rebased(one.scope, from, to) } : one);
  const block = (one: Block): Block => ({
    ...one,
    body: rescopedBody(one.body, from, to),
    ...(one.scope && { scope: rebased(one.scope, from, to) }),
  });
  const content = (all: BodyContent): BodyContent => ({
    missingItemRange: all.missingItemRange,
    attributes: new Map([...all.attributes].map(([name, one]) => [name, attribute(one)])),
    blocks: all.blocks.map(block),
  });
  return {
    missingItemRange: body.missingItemRange,
    content: (schema, diagnostics) => content(body.content(schema, diagnostics)),
    partialContent(schema, diagnostics) {
      const part = body.partialContent(schema, diagnostics);
      return { content: content(part.content), rest: rescopedBody(part.rest, from, to) };
    },
    attributes: (diagnostics) =>
      new Map([...body.attributes(diagnostics)].map(([name, one]) => [name, attribute(one)])),
    references: () => body.references(),
  };
}

/** The same chain of scopes, with `to` in the place of `from`. */
function rebased(scope: Scope, from: Scope, to: Scope): Scope {
  if (scope === from) return to;
  return scope.parent ? { ...scope, parent: rebased(scope.parent, from, to) } : scope;
}
