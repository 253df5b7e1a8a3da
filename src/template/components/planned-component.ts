import type { Scope } from "../../hcl/evaluation/scope.ts";
import { Diagnostics } from "../../hcl/source/diagnostic.ts";
import type { Range } from "../../hcl/source/source.ts";
import type { Builder, PostProcessor, Provisioner } from "../../sdk/component.ts";
import { Failure } from "../../sdk/failure.ts";
import type { DecodeContext, Layer, ValueLayer } from "../../spec/decode.ts";
import { decodeFields } from "../../spec/decode.ts";
import { problemsFor } from "../../spec/problems.ts";
import type { Explanation } from "../files/explain-missing-names.ts";
import type { ConfigureContext, Planned } from "../plan.ts";

/** Where a component's configuration comes from. */
export interface Configuration<C> {
  readonly type: string;
  readonly component: C;
  readonly range: Range;
  /** With `build.*` as far as it is known. */
  scope(context: ConfigureContext): Scope;
  /** In that scope, `dynamic` blocks expanded. */
  body(scope: Scope, diagnostics: Diagnostics): Layer;
  /** Wins over the body. */
  readonly override?: ValueLayer | undefined;
  interpolate(context: ConfigureContext): DecodeContext["interpolate"];
  readonly explain: Explanation;
  /** Title of what the component's own checks find, where Packer has one: its finding then goes into the detail. */
  readonly title?: string | undefined;
}

/** A component that decodes and checks its configuration when it is asked to, with the values known by then. */
export function plannedComponent<C extends Builder | Provisioner | PostProcessor>(
  configuration: Configuration<C>,
): Planned<C> {
  const { type, component, range } = configuration;
  return {
    type,
    component,
    range,
    async configure(context, diagnostics) {
      const found = new Diagnostics();
      const scope = configuration.scope(context);
      const body = configuration.body(scope, found);
      const layers = configuration.override ? [body, configuration.override] : body;
      const interpolate = configuration.interpolate(context);
      const decoded = decodeFields(layers, component.fields, { scope, interpolate, secret: context.secret }, found);
      const checked = new Diagnostics();
      await orReported(range, checked, async () =>
        component.check?.(decoded.config, problemsFor(decoded, checked, range), context.host),
      );
      await configuration.explain(found);
      diagnostics.append(found.all);
      diagnostics.append(checked.all.map((fault) => titled(fault, configuration.title)));
      if (found.hasErrors || checked.hasErrors) return undefined;
      // Decoded from the component's own fields: what `never` stands for in `Planned`.
      return { config: decoded.config as never, complete: decoded.complete, decoded };
    },
  };
}

/** What the world refuses to a check is a fault of what it checks. */
export async function orReported(range: Range, diagnostics: Diagnostics, check: () => Promise<void>): Promise<void> {
  try {
    await check();
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    const detail = error.hint ?? "";
    diagnostics.error({ code: "check-failed", summary: error.message, detail, subject: range });
  }
}

function titled(fault: Diagnostics["all"][number], title: string | undefined): Diagnostics["all"][number] {
  if (title === undefined || fault.severity === "warning") return fault;
  const sentence = /[.!?]$/.test(fault.summary) ? fault.summary : `${fault.summary}.`;
  return { ...fault, summary: title, detail: fault.detail === "" ? sentence : `${sentence} ${fault.detail}` };
}
