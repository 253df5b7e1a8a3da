import type { PostProcessed } from "../../sdk/component.ts";

/** What is known about the input of a post-processor once it has run. */
export interface KeepQuestion {
  /** Made by the builder (other chains start from it, too), or by an earlier post-processor of the same chain. */
  readonly input: "built" | "between";
  /** The post-processor made something new, handed its input on, or ended the chain. */
  readonly result: "new" | "same" | "none";
  /** What the component says: "keep" unless the template says otherwise, "must" whatever the template says. */
  readonly component: "discard" | "keep" | "must";
  /** `keep_input_artifact`; undefined: not set. */
  readonly template: boolean | undefined;
}

/**
 * What becomes of it.
 * "keep": it stays and is listed. "pass-on": the next post-processor decides; at the end of the chain it stays.
 * "destroy-now": nobody needs it. "destroy-at-end": gone once all chains are done, unless one of them keeps it.
 */
export type Fate = "keep" | "pass-on" | "destroy-now" | "destroy-at-end";

/** The whole of the keep rules; the first row that fits counts. What a row leaves out fits anything. */
const RULES: readonly (Partial<KeepQuestion> & { readonly fate: Fate })[] = [
  { result: "same", template: true, fate: "keep" },
  { result: "same", fate: "pass-on" },
  { template: true, fate: "keep" },
  { component: "must", fate: "keep" },
  { template: false, input: "built", fate: "destroy-at-end" },
  { template: false, input: "between", fate: "destroy-now" },
  { component: "keep", fate: "keep" },
  { input: "built", fate: "destroy-at-end" },
  { input: "between", fate: "destroy-now" },
];

export function fateOfInput(question: KeepQuestion): Fate {
  const rule = RULES.find(
    (row) =>
      (row.input === undefined || row.input === question.input) &&
      (row.result === undefined || row.result === question.result) &&
      (row.component === undefined || row.component === question.component) &&
      (row.template === undefined || row.template === question.template),
  );
  if (!rule) throw new Error("the keep rules do not cover everything");
  return rule.fate;
}

/** How a component's answer reads in the rules. */
export function componentKeeps({ keepInput, mustKeepInput }: PostProcessed): KeepQuestion["component"] {
  if (mustKeepInput) return "must";
  return keepInput ? "keep" : "discard";
}
