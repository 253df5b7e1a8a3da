import type { Scope } from "../../hcl/evaluation/scope.ts";
import type { Body } from "../../hcl/syntax/body.ts";

export function expandDynamicBlocks(body: Body, _scope: Scope): Body {
  return body;
}
